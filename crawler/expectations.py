"""Assertions against silent under-collection: a night that brings too little ends as incomplete, and says what lacks.

Bounds are absolute (`expect` of a scope or portal) or seen from the nights before (`crawl.usual`). Nothing that was
collected is lost: the archive keeps the crawl's own statement, and the night is judged and recorded all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

import msgspec

from config.expect import Expectation
from config.model import Settings
from crawler.archive.reader import Archive
from crawler.books import NOT_DUE
from crawler.capture import ExchangeOutcome
from crawler.control import network_down
from crawler.coverage import RunCoverage, RunState, ScopeCoverage
from crawler.redact import redact_text
from crawler.secondlook import is_look

_TOLD = 5
# Why a scope may bring less without anything being wrong: we asked for less ourselves.
_OUR_OWN_LIMITS = frozenset({"budget", "host_budget", "deadline"})


class Shortfall(msgspec.Struct, frozen=True):
    """What a scope or portal brought less than it should: `seen` pages or records of `least`, and whence the bound."""

    scope: str
    what: str
    seen: int
    least: int
    bound: str

    def text(self) -> str:
        """Return the shortfall as a few words."""
        return f"{self.scope}: {self.seen} {self.what}, at least {self.least} expected ({self.bound})"


def shortfalls(settings: Settings, coverage: RunCoverage, earlier: Sequence[RunCoverage] = ()) -> tuple[Shortfall, ...]:
    """Return what a run brought less than expected. *earlier* are the complete runs of the nights before.

    What an operator paused is not missed, and what our own budgets kept out is not held against the median.
    """
    asked = _expectations(settings)
    found = (_of_scope(item, asked.get(item.scope, Expectation()), settings, earlier) for item in coverage.scopes)
    return tuple(item for each in found for item in each)


def seen(scope: ScopeCoverage) -> int:
    """Return what a night saw of a scope: records of a portal, else pages. One left out as not due still stands."""
    return scope.fetched + scope.skipped.get(NOT_DUE, 0) if scope.records is None else scope.records


def concluded(settings: Settings, coverage: RunCoverage) -> RunCoverage:
    """Return the statement of a crawl as the night's end: incomplete, with the reason, when too little came of it."""
    if coverage.state is not RunState.COMPLETE:
        return coverage
    with Archive(settings.workspace) as archive:
        reason = _nothing(coverage) or _down(settings, archive, coverage)
        short = () if reason else shortfalls(settings, coverage, _earlier(settings, archive, coverage))
    if short:
        more = f"; and {len(short) - _TOLD} more" if len(short) > _TOLD else ""
        reason = f"less than expected: {'; '.join(item.text() for item in short[:_TOLD])}{more}"
    if reason is None:
        return coverage
    return msgspec.structs.replace(coverage, state=RunState.INCOMPLETE, reason=reason)


def _expectations(settings: Settings) -> dict[str, Expectation]:
    sites = {scope.id: scope.expect for agency in settings.agencies for scope in agency.sites}
    return sites | {redact_text(portal.url): portal.expect for portal in settings.portals}


def _of_scope(
    scope: ScopeCoverage, asked: Expectation, settings: Settings, earlier: Sequence[RunCoverage]
) -> Iterator[Shortfall]:
    if ExchangeOutcome.PAUSED.value in scope.failed:
        return
    what, least = ("pages", asked.pages) if scope.records is None else ("records", asked.records)
    if least is not None and seen(scope) < least:
        yield Shortfall(scope.scope, what, seen(scope), least, "settings")
        return
    usual, drop = settings.crawl.usual, asked.drop
    drop = usual.drop if drop is None else drop
    before = [seen(item) for run in earlier for item in run.scopes if item.scope == scope.scope][: usual.nights]
    if len(before) < usual.fewest or median(before) < usual.floor or _OUR_OWN_LIMITS & scope.skipped.keys():
        return
    bound = median(before) * (1 - drop)
    if seen(scope) < bound:
        yield Shortfall(
            scope.scope, what, seen(scope), -int(-bound // 1), f"median of {len(before)} nights {median(before):g}"
        )


def _earlier(settings: Settings, archive: Archive, coverage: RunCoverage) -> list[RunCoverage]:
    """Return the last complete run of each night before, newest first, for as many nights as a median needs.

    Looks count for nothing: they see a part only.
    """
    nights = [night for night in archive.series_nights() if night < coverage.night][-settings.crawl.usual.nights :]
    found = (_last(archive.coverage(night)) for night in reversed(nights))
    return [item for item in found if item]


def _last(runs: Iterable[RunCoverage]) -> RunCoverage | None:
    whole = [item for item in runs if item.state is RunState.COMPLETE and not is_look(item.run)]
    return max(whole, key=lambda item: item.started, default=None)


def _nothing(coverage: RunCoverage) -> str | None:
    """Say that a night reached no host at all: the fault may be ours."""
    if not coverage.scopes or any(item.fetched or NOT_DUE in item.skipped for item in coverage.scopes):
        return None
    failed = sorted({outcome for item in coverage.scopes for outcome in item.failed})
    hosts = ", ".join(item.host for item in coverage.hosts)
    return f"nothing could be fetched from {hosts} ({', '.join(failed)})"


def _down(settings: Settings, archive: Archive, coverage: RunCoverage) -> str | None:
    if not settings.crawl.control_probes or not network_down(archive.run(coverage.night, coverage.run)):
        return None
    return "our own network was down: no control probe answered"
