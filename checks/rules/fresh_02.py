"""Data sets are updated as often as they declare.

What it asks
    Of every data set of a catalogue: how often is it said to be updated, when was it last, and has more than that
    period and a grace passed?

Why
    A frequency is a promise to those who build on the data. A catalogue that states it can be held to it; one that is
    silently late breaks what was built.

Outcomes
    pass: the last update lies within the declared period and its grace.
    fail: it lies further back, and the catalogue does not say otherwise.
    unclear: "as needed", a one-off set, an unknown word; a date that cannot be read or lies ahead; the catalogue's flag
    contradicts the dates; the date moved and the bytes did not, or the bytes changed and the date did not; the data
    inside end long before the stated update; the calendar does not know the year.
    not_applicable: archived and superseded sets; records of services.
    not_observed: no frequency or no date of modification is stated, or only a line of a list was seen.

Traps
    The date of harvest is not the date of the data; a touched date is no update; the world may not have changed;
    "biannually" is twice a year; day stands before month.

Law
    An update is measured against the set's own declaration. Grace by period is a parameter of the pack.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from checks.context import RuleContext
from checks.facts.dates import DateReader
from checks.facts.frequencies import read_day, read_frequency
from checks.facts.model import FactKind, RecordFacts
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.marking.lateness import is_late
from checks.registry import rule
from checks.rules.fresh_evidence import Bytes, bytes_of, lies_behind, newest_period
from checks.rules.meta_evidence import cite, lacking, only_listed
from checks.subjects import DatasetSubject
from config.frequencies import Frequency
from config.pack import Months, Pack, SectionLimit

GRACE = {1: 3, 7: 7, 31: 15, 92: 30, 366: 60}
"""Days of grace by period in days; a period that is not listed has the grace of the next shorter one."""
ARCHIVED = ("archived", "archive", "historicalarchive", "superseded", "deprecated", "obsolete", "withdrawn", "retired")
_READERS: dict[str, tuple[dict[str, Months], DateReader]] = {}
_KINDS = {"as_needed": "as_needed", "one_off": "one_off_set", "unknown": "frequency_unknown"}


class _Seen(NamedTuple):
    """What the files themselves show beside what the catalogue says of them."""

    bytes: Bytes
    period: str | None


@rule(
    id="FRESH-02", version=2, indicators=("freshness_declared",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.FILE, FactKind.HISTORY}),
)  # fmt: skip
def updated_as_declared(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record = subject.record
    frequency, modified = read_frequency(record.frequency), read_day(record.modified, _reader(context.pack))
    bytes_seen = bytes_of(record, modified, context.history) if modified else Bytes()
    seen = _Seen(bytes_seen, newest_period(record, subject.view))
    outcome, reason = _judge(record, frequency, modified, seen, context)
    measures: dict[str, Measure] = {
        "frequency": frequency.id if frequency else record.frequency,
        "newest_date": modified.isoformat() if modified else None,
        "current": record.current,
        "newest_period": seen.period,
        "bytes_changed": seen.bytes.changed.isoformat() if seen.bytes.changed else None,
        "touched": seen.bytes.touched,
    }
    lacks = reason == "frequency_not_stated" and "frequency" in lacking(record.standard)
    who = Responsible.PORTAL_OWNER if lacks else Responsible.AGENCY
    return Result(outcome, reason, measures, cite(subject, f"{record.frequency}: {record.modified}"), responsible=who)


def _judge(
    record: RecordFacts, frequency: Frequency | None, modified: date | None, seen: _Seen, context: RuleContext
) -> tuple[Outcome, str]:
    archived = (record.status or "").strip().lower() in context.params.get("archived", ARCHIVED)
    # The first line that is true decides.
    lines = (
        (record.kind == "service", Outcome.NOT_APPLICABLE, "service_record"),
        (archived, Outcome.NOT_APPLICABLE, "archived_set"),
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (not record.frequency, Outcome.NOT_OBSERVED, "frequency_not_stated"),
        (frequency is None, Outcome.UNCLEAR, "frequency_unknown"),
        (
            bool(frequency and frequency.kind != "period"),
            Outcome.UNCLEAR,
            _KINDS.get(frequency.kind if frequency else "", ""),
        ),
        (not record.modified, Outcome.NOT_OBSERVED, "modified_not_stated"),
        (modified is None, Outcome.UNCLEAR, "date_unreadable"),
        (bool(modified and modified > context.night), Outcome.UNCLEAR, "date_in_future"),
    )
    found = next(((outcome, reason) for true, outcome, reason in lines if true), None)
    return found or _on_time(record, frequency.days if frequency else None, modified, seen, context)


def _on_time(
    record: RecordFacts, days: int | None, modified: date | None, seen: _Seen, context: RuleContext
) -> tuple[Outcome, str]:
    if days is None or modified is None:
        return Outcome.UNCLEAR, "frequency_unknown"
    grace = {int(key): int(value) for key, value in context.params.get("grace", GRACE).items()}
    spare = grace[max((key for key in grace if key <= days), default=min(grace))]
    limit = SectionLimit(max_days=days + spare, working_days=days == 1)
    late = is_late(modified, context.night, limit, context.pack.calendar)
    again = seen.bytes.changed
    moved = again is not None and again > modified and not is_late(again, context.night, limit, context.pack.calendar)
    lines = (
        (late is None, Outcome.UNCLEAR, "no_calendar"),
        (record.current is not None and record.current == late, Outcome.UNCLEAR, "flag_contradicts"),
        (bool(late) and moved, Outcome.UNCLEAR, "changed_without_date"),
        (bool(late), Outcome.FAIL, "late_as_declared"),
        (seen.bytes.touched, Outcome.UNCLEAR, "bytes_unchanged"),
        (lies_behind(seen.period, modified, days, spare), Outcome.UNCLEAR, "period_behind"),
    )
    found = next(((outcome, reason) for true, outcome, reason in lines if true), None)
    return found or (Outcome.PASS, "updated_as_declared")


def _reader(pack: Pack) -> DateReader:
    found = _READERS.get(pack.id)
    if found is None or found[0] is not pack.extraction.months:
        found = _READERS[pack.id] = (pack.extraction.months, DateReader(pack.extraction.months))
    return found[1]
