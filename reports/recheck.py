"""Judges a night again on the archive, with today's rules, and says what came out otherwise."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from checks.assessment import Assessment
from checks.facts.store import lock_digest
from config.errors import ConfigError
from config.loader import Loaded
from crawler.archive.reader import Archive
from crawler.clock import Clock
from crawler.coverage import RunState
from reports.documents import Document
from reports.ledger import Ledger, Run, RunKind, inputs_of


class MarkChange(Document, frozen=True):
    """A mark that came out otherwise."""

    agency: str | None
    group: str | None
    indicator: str
    profile: str
    before: str | None
    after: str | None


class Comparison(Document, frozen=True):
    """How a night judged again differs from what was recorded: ids of findings, and marks of another value."""

    night: date
    recorded_as: str | None
    identical: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    marks_changed: tuple[MarkChange, ...]


def require_archived(workspace: Path, night: date) -> None:
    """Refuse a night that the archive does not hold: judging nothing would wipe out what was recorded."""
    with Archive(workspace) as archive:
        nights = archive.nights()
    if night not in nights:
        held = f"it holds {nights[0]} to {nights[-1]}" if nights else "it is empty"
        raise ConfigError(
            f"the archive in {workspace} holds nothing of night {night} ({held}); nothing was judged again"
        )


def compare(recorded: Assessment | None, again: Assessment, recorded_as: str | None = None) -> Comparison:
    """Return how *again* differs from what was *recorded*."""
    before = {item.id for item in recorded.findings} if recorded else set()
    after = {item.id for item in again.findings}
    return Comparison(
        night=again.night,
        recorded_as=recorded_as,
        identical=len(before & after),
        new=tuple(sorted(after - before)),
        gone=tuple(sorted(before - after)),
        marks_changed=_changes(recorded, again),
    )


def restate(ledger: Ledger, loaded: Loaded, again: Assessment, clock: Clock, vantage: str) -> Run:
    """Record *again* as what the night says restated; what was published stays. Incomplete if its crawl was."""
    started = clock.now()
    run_id = f"restate-{again.night.isoformat()}-{started:%Y%m%dT%H%M%S%fZ}"
    ledger.begin_run(run_id, again.night, RunKind.RESTATE, started, inputs_of(loaded, lock_digest()), vantage=vantage)
    whole = bool(again.coverage) and all(item.state is RunState.COMPLETE for item in again.coverage)
    state = RunState.COMPLETE if whole else RunState.INCOMPLETE
    return ledger.conclude(run_id, again, state, clock.now())


def with_record(comparison: Comparison, run: Run) -> Comparison:
    """Return *comparison*, naming the run that now holds the night."""
    return msgspec.structs.replace(comparison, recorded_as=run.id)


def _changes(recorded: Assessment | None, again: Assessment) -> tuple[MarkChange, ...]:
    before = {_asked(item): item.value for item in recorded.marks} if recorded else {}
    after = {_asked(item): item.value for item in again.marks}
    return tuple(
        MarkChange(agency or None, group or None, indicator, profile, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        for agency, group, indicator, profile in [key]
        if before.get(key) != after.get(key)
    )


def _asked(mark: msgspec.Struct) -> tuple[str, str, str, str]:
    fields = msgspec.structs.asdict(mark)
    return (fields["agency"] or "", fields["group"] or "", fields["indicator"], fields["profile"])
