"""Whether an update of a data set is due: what its record states, against what is seen beside it. No rule."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from checks.context import RuleContext
from checks.facts.dates import DateReader
from checks.facts.frequencies import read_day, read_frequency
from checks.facts.model import RecordFacts
from checks.findings import Outcome
from checks.marking.lateness import is_late
from checks.rules.fresh_evidence import Bytes, lies_behind
from checks.rules.lines import decide
from checks.rules.meta_evidence import only_listed
from config.frequencies import Frequency
from config.pack import Months, Pack, SectionLimit

GRACE = {1: 3, 7: 7, 31: 15, 92: 30, 366: 60}
"""Days of grace by period in days; a period that is not listed has the grace of the next shorter one."""
ARCHIVED = ("archived", "archive", "historicalarchive", "superseded", "deprecated", "obsolete", "withdrawn", "retired")
_READERS: dict[str, tuple[dict[str, Months], DateReader]] = {}
_KINDS = {"as_needed": "as_needed", "one_off": "one_off_set", "unknown": "frequency_unknown"}


class Stated(NamedTuple):
    """What a record states: how often it is updated, and when it was last; None for what cannot be read."""

    frequency: Frequency | None
    modified: date | None


class Seen(NamedTuple):
    """What is seen beside the catalogue's words.

    The files by night, the newest period inside them, the newest day that a feed or sitemap gives the set's page, and
    the night on which the catalogue was last heard: what it says is not older for our not hearing it.
    """

    bytes: Bytes
    period: str | None
    listed: date | None
    night: date


def stated(record: RecordFacts, pack: Pack) -> Stated:
    """Return what a record states."""
    return Stated(read_frequency(record.frequency), read_day(record.modified, _reader(pack)))


def judge(record: RecordFacts, said: Stated, seen: Seen, context: RuleContext) -> tuple[Outcome, str]:
    """Return outcome and reason for one record."""
    frequency, modified = said
    archived = (record.status or "").strip().lower() in context.params.get("archived", ARCHIVED)
    # The first line that is true decides.
    lines = (
        (record.kind == "service", Outcome.NOT_APPLICABLE, "service_record"),
        (archived, Outcome.NOT_APPLICABLE, "archived_set"),
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (not record.frequency, Outcome.NOT_OBSERVED, "frequency_not_stated"),
        (frequency is None, Outcome.UNCLEAR, "frequency_unknown"),
        (bool(frequency and frequency.kind != "period"), Outcome.UNCLEAR,
         _KINDS.get(frequency.kind if frequency else "", "")),
        (not record.modified, Outcome.NOT_OBSERVED, "modified_not_stated"),
        (modified is None, Outcome.UNCLEAR, "date_unreadable"),
        (bool(modified and modified > context.night), Outcome.UNCLEAR, "date_in_future"),
    )  # fmt: skip
    due = (
        _on_time(record, frequency.days, modified, seen, context) if frequency and frequency.days and modified else None
    )
    return decide(lines, due or (Outcome.UNCLEAR, "frequency_unknown"))


def _on_time(record: RecordFacts, days: int, modified: date, seen: Seen, context: RuleContext) -> tuple[Outcome, str]:
    grace = {int(key): int(value) for key, value in context.params.get("grace", GRACE).items()}
    spare = grace[max((key for key in grace if key <= days), default=min(grace))]
    limit = SectionLimit(max_days=days + spare, working_days=days == 1)
    late = is_late(modified, seen.night, limit, context.pack.calendar)

    def is_newer(day: date | None) -> bool:
        """Tell whether a day lies after the stated one and is in time itself."""
        return bool(day and day > modified) and not is_late(day or modified, seen.night, limit, context.pack.calendar)

    lines = (
        (late is None, Outcome.UNCLEAR, "no_calendar"),
        (record.current is not None and record.current == late, Outcome.UNCLEAR, "flag_contradicts"),
        (bool(late) and is_newer(seen.bytes.changed), Outcome.UNCLEAR, "changed_without_date"),
        (bool(late) and is_newer(seen.listed), Outcome.UNCLEAR, "listed_as_newer"),
        (bool(late), Outcome.FAIL, "late_as_declared"),
        (seen.bytes.touched, Outcome.UNCLEAR, "bytes_unchanged"),
        (lies_behind(seen.period, modified, days, spare), Outcome.UNCLEAR, "period_behind"),
    )
    return decide(lines, (Outcome.PASS, "updated_as_declared"))


def _reader(pack: Pack) -> DateReader:
    found = _READERS.get(pack.id)
    if found is None or found[0] is not pack.extraction.months:
        found = _READERS[pack.id] = (pack.extraction.months, DateReader(pack.extraction.months))
    return found[1]
