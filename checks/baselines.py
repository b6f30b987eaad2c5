"""Soft 404 by comparison with the night's baselines, over facts that know nothing of a night.

Facts hold what a page is by itself. Whether its host shows the same for an address that names nothing changes with the
baseline, so it is a fact of its own, kept under both digests (docs/decisions/0017-soft-404-is-a-fact-of-its-own.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import msgspec

from checks.facts.extract import FactsSource
from checks.facts.model import PageFacts
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.baselines import Baseline, baseline_of, index, nearest
from crawler.capture import Capture, How, Purpose
from crawler.platforms import reader_of
from crawler.verdicts import Verdict

_log = logging.getLogger(__name__)
_Keys = dict[str, list[Capture]]


class Comparer:
    """Judges pages against the newest baselines of a view. Baselines are read when the first page asks for one."""

    def __init__(self, archive: Archive, source: FactsSource, keys: Callable[[], _Keys]) -> None:
        self._archive, self._source, self._keys = archive, source, keys
        self._known: dict[tuple[str, tuple[tuple[str, str], ...], How], Baseline] | None = None

    def judged(self, capture: Capture, facts: PageFacts) -> PageFacts:
        """Return the facts with the verdict that the comparison gives."""
        if facts.verdict is not Verdict.PAGE or reader_of(
            capture.key.url
        ):  # data does not look like a page of its host
            return facts
        if self._known is None:
            self._known = index(self._read())
        baseline = nearest(self._known, capture)
        if baseline is None or not baseline.lies:
            return facts
        fact = self._source.compared(capture, baseline)
        if fact is None or fact.verdict is Verdict.PAGE:
            return facts
        return msgspec.structs.replace(facts, verdict=fact.verdict, verdict_reason=fact.reason)

    def _read(self) -> Iterator[tuple[Capture, Baseline]]:
        for captures in self._keys().values():
            if captures[0].purpose is not Purpose.BASELINE:
                continue
            for how in How:
                newest = next((item for item in captures if item.how is how and item.sha256), None)
                found = self._baseline(newest) if newest else None
                if newest and found:
                    yield newest, found

    def _baseline(self, capture: Capture) -> Baseline | None:
        try:
            return baseline_of(capture, self._archive.body(capture))
        except ArchiveError as error:
            _log.warning("baseline %s cannot be read: %s", capture.key.url, error)
            return None
