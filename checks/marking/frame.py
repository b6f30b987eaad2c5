"""The frame: what the crawl says of how an agency's pages were chosen, and the bounds that a share has for it.

Pages asked for certain are counted as they are; only what was drawn at random stands for the rest. Bounds are called
those of a sample only where selection was random within strata.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from checks.findings import Finding
from checks.marking.intervals import Interval, share_interval
from checks.view import ScopeView
from crawler.capture import Capture
from crawler.coverage import Stratum
from crawler.strata import is_certain, of_documents


@dataclass(frozen=True)
class Frame:
    """How an agency's pages were chosen. `known` and `seen` are pages of random strata; `certain` ids of captures.

    `finished` says whether link discovery came to its end: `known` are then all there are.
    """

    certain: frozenset[str] = frozenset()
    known: int = 0
    seen: int = 0
    finished: bool = False

    def is_certain(self, finding: Finding) -> bool:
        """Tell whether a finding speaks of something that was looked at for certain."""
        return any(item.capture in self.certain for item in finding.evidence)

    def rest(self, drawn: int) -> int | None:
        """Return how many subjects there are outside the certain part when *drawn* were seen; None when unknown.

        A kind of subject is taken to be seen in the same share as the pages that carry it.
        """
        if not self.finished or not self.seen:
            return None
        return max(drawn, ceil(drawn * max(self.known, self.seen) / self.seen))


def frame_bounds(frame: Frame, passed: Collection[Finding], seen: Collection[Finding]) -> Interval:
    """Return the 95 % bounds of the share of *passed* among all subjects, of which some were *seen*."""
    certain = [item for item in seen if frame.is_certain(item)]
    good = sum(frame.is_certain(item) for item in passed)
    drawn = len(seen) - len(certain)
    if not drawn:
        return _alone(frame, good, len(certain))
    rest = frame.rest(drawn)
    low, high = share_interval(len(passed) - good, drawn, rest)
    if not certain:
        return low, high
    share, weight = good / len(certain), len(certain) / (len(certain) + (drawn if rest is None else rest))
    if rest is not None:
        return weight * share + (1 - weight) * low, weight * share + (1 - weight) * high
    # How much the certain part weighs is unknown: between nothing and what it weighs among the seen.
    mixed = [part * share + (1 - part) * bound for part in (0.0, weight) for bound in (low, high)]
    return min(mixed), max(mixed)


def _alone(frame: Frame, good: int, certain: int) -> Interval:
    """Return the bounds when only the certain part was seen: nothing is known of the rest, unless there is none."""
    if frame.finished and not frame.known:
        return good / certain, good / certain
    return 0.0, 1.0


def frames(scopes: Iterable[ScopeView]) -> dict[str, Frame]:
    """Return the frame of each agency all of whose scopes say how their pages were chosen."""
    by_agency: dict[str, list[ScopeView]] = {}
    for scope in scopes:
        by_agency.setdefault(scope.agency.id, []).append(scope)
    return {agency: _frame(mine) for agency, mine in by_agency.items() if all(scope.facts.strata for scope in mine)}


def _frame(scopes: list[ScopeView]) -> Frame:
    strata = [item for scope in scopes for item in scope.facts.strata]
    captures = [page.capture for scope in scopes for page in scope.pages]
    return frame_of(strata, captures, finished=all(scope.facts.discovered for scope in scopes))


def frame_of(strata: Iterable[Stratum], captures: Collection[Capture], *, finished: bool) -> Frame:
    """Return the frame of pages: *strata* as the crawl states them, *captures* of the pages that can be judged."""
    drawn = [item for item in captures if not is_certain(item.stratum or "")]
    certain = frozenset(item.id for item in captures if is_certain(item.stratum or ""))
    known = sum(item.known for item in strata if item.random and not of_documents(item.name))
    return Frame(certain, known, sum(not item.key.variant for item in drawn), finished)
