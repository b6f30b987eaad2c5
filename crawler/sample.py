"""Chooses which distributions of a portal are fetched: spread over its publishers, the same ones every night."""

from __future__ import annotations

import hashlib
from heapq import nsmallest

from crawler.portals.publishers import publisher_key
from crawler.portals.services import capabilities_url
from crawler.records import Record

_SPARE = 4


class Sample:
    """Candidates by publisher. Which are chosen depends on their addresses alone, not on the order they came in."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._found: dict[str, dict[str, str]] = {}

    def add(self, record: Record) -> None:
        """Note the distributions of a record. Services are only asked what they offer, never for data."""
        for item in record.distributions if self._size else ():
            url = capabilities_url(item) or (None if item.service else item.url)
            if url:
                self.add_address(publisher_key(record), url)

    def add_address(self, publisher: str, url: str) -> None:
        """Note one address."""
        group = self._found.setdefault(publisher, {})
        group[_rank(url)] = url
        if len(group) > _SPARE * self._size:
            self._found[publisher] = dict(nsmallest(self._size, group.items()))

    def chosen(self) -> list[str]:
        """Return the chosen addresses: one of every publisher in turn, until there are enough."""
        groups = [sorted(self._found[name].items()) for name in sorted(self._found, key=_rank)]
        found: dict[str, None] = {}
        for turn in range(max(map(len, groups), default=0)):
            for group in groups:
                if turn < len(group) and len(found) < self._size:
                    found.setdefault(group[turn][1])
        return list(found)


def _rank(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
