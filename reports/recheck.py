"""What came out otherwise when nights were judged again: as published and as said now, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from checks.assessment import Assessment
from config.errors import ConfigError
from crawler.archive.reader import Archive
from reports.documents import Document, RuleVersion
from reports.ledger import Run


class MarkChange(Document, frozen=True):
    """A mark that came out otherwise."""

    agency: str | None
    group: str | None
    indicator: str
    profile: str
    before: str | None
    after: str | None


class Comparison(Document, frozen=True):
    """How a night judged again differs from what was published: ids of findings, and marks of another value.

    `rules` are the versions that differ from those that judged the night when it was published.
    """

    night: date
    recorded_as: str | None
    identical: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    marks_changed: tuple[MarkChange, ...]
    rules: tuple[RuleVersion, ...] = ()


class RecheckDocument(Document, frozen=True):
    """A range of nights judged again: what each says now beside what was published, which stays as it was.

    `changed` counts marks by what they said and say: `+ -> -`.
    """

    first: date
    last: date
    trial: bool
    nights: tuple[Comparison, ...]
    changed: dict[str, int]


def require_archived(workspace: Path, night: date) -> None:
    """Refuse a night of which the archive holds no run of the series.

    Judging nothing would wipe out what was recorded.
    """
    with Archive(workspace) as archive:
        nights = archive.series_nights()
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
        rules=_other_rules(recorded, again),
    )


def document(comparisons: Sequence[Comparison], *, trial: bool) -> RecheckDocument:
    """Return *comparisons*, oldest first, as one document."""
    counted = Counter(
        f"{item.before or 'none'} -> {item.after or 'none'}" for one in comparisons for item in one.marks_changed
    )
    return RecheckDocument(
        comparisons[0].night, comparisons[-1].night, trial, tuple(comparisons), dict(sorted(counted.items()))
    )


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


def _other_rules(recorded: Assessment | None, again: Assessment) -> tuple[str, ...]:
    before = {(item.id, item.version) for item in recorded.rules} if recorded else set()
    now = {(item.id, item.version) for item in again.rules}
    return tuple(f"{name}@{version}" for name, version in sorted(now - before))
