"""What a night could not see, by scope and host, and the totals over all crawls of the night."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from crawler.coverage import HostCoverage, RunCoverage, ScopeCoverage
from crawler.disk import Room
from crawler.heartbeat import Heartbeat
from crawler.summary import totals
from reports.documents import StatusDocument, UnseenDocument, run_document
from reports.ledger import Run


def scopes(coverage: Iterable[RunCoverage]) -> tuple[ScopeCoverage, ...]:
    """Return the scopes of all crawls, ordered by address."""
    return tuple(sorted((scope for run in coverage for scope in run.scopes), key=lambda item: item.scope))


def hosts(coverage: Iterable[RunCoverage]) -> tuple[HostCoverage, ...]:
    """Return the hosts of all crawls, ordered by name."""
    return tuple(sorted((host for run in coverage for host in run.hosts), key=lambda item: item.host))


def of_scopes(coverage: Iterable[RunCoverage], wanted: Iterable[str]) -> tuple[ScopeCoverage, ...]:
    """Return what was seen of the scopes *wanted*."""
    ids = set(wanted)
    return tuple(item for item in scopes(coverage) if item.scope in ids)


def status(
    run: Run | None,
    newest: Sequence[Run],
    missing: tuple[date, ...] = (),
    heartbeat: Heartbeat | None = None,
    disk: Room | None = None,
) -> StatusDocument:
    """Return how things stand: totals of *run*, whose word counts for the newest night, and the *newest* runs.

    *missing* are nights that are not on record although they should be, *disk* is the room in the workspace.
    """
    seen = scopes(run.coverage) if run else ()
    sums = totals(seen)
    return StatusDocument(
        night=run.night if run else None,
        state=run.state if run else None,
        known=sums.known,
        fetched=sums.fetched,
        failed=sums.failed,
        skipped=sums.skipped,
        pending=sums.pending,
        unseen=tuple(_unseen(item) for item in seen if item.known != item.fetched),
        incidents={item.host: item.incidents for item in hosts(run.coverage) if item.incidents} if run else {},
        runs=tuple(run_document(item) for item in newest),
        missing=missing,
        heartbeat=heartbeat,
        disk=disk,
    )


def _unseen(item: ScopeCoverage) -> UnseenDocument:
    return UnseenDocument(item.scope, item.known, item.fetched, item.pending, item.failed, item.skipped)
