"""A catalogue that is one JSON list, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from config.model import Portal
from crawler.capture import Capture, Purpose
from crawler.portals import Ask
from crawler.records import Distribution, Record


class JsonList:
    """Reads `{"items": [{"id", "title", "publisher", "files"}], "next": url}`."""

    def first_requests(self, portal: Portal) -> Iterable[Ask]:
        """Return the first page."""
        yield Ask(f"{portal.url}sets.json", Purpose.PORTAL)

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Ask]:
        """Return the next page and the files."""
        del portal, capture
        data = _data(body)
        if data.get("next"):
            yield Ask(data["next"], Purpose.PORTAL)
        for item in data["items"]:
            yield from (Ask(url, Purpose.DISTRIBUTION) for url in item.get("files", ()))

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Record]:
        """Return one record per item."""
        for item in _data(body)["items"]:
            yield Record(
                item["id"],
                portal.id,
                capture.id,
                publisher_id=item.get("publisher"),
                titles={"und": item["title"]},
                distributions=tuple(Distribution(url) for url in item.get("files", ())),
            )


def _data(body: bytes) -> dict[str, Any]:
    data = json.loads(body)
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ValueError("no list of items")  # noqa: TRY004 - the contract of adapters
    return data
