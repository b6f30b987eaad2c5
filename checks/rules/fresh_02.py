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
    contradicts the dates; the date moved and the bytes did not, or the bytes changed and the date did not; a feed or
    sitemap says that it changed later than stated; the data inside end long before the stated update; the calendar does
    not know the year.
    not_applicable: archived and superseded sets; records of services.
    not_observed: no frequency or no date of modification is stated, or only a line of a list was seen.

Traps
    The date of harvest is not the date of the data; a touched date is no update; the world may not have changed;
    "biannually" is twice a year; day stands before month. What a feed or sitemap says of the set's page is shown, and
    never makes a set current by itself.

Law
    An update is measured against the set's own declaration. Grace by period is a parameter of the pack.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Responsible, Result, SubjectKind
from checks.listings import listings
from checks.registry import rule
from checks.rules.fresh_due import Seen, Stated, judge, stated
from checks.rules.fresh_evidence import Bytes, bytes_of, newest_period
from checks.rules.meta_evidence import cite, lacking
from checks.subjects import DatasetSubject


@rule(
    id="FRESH-02", version=3, indicators=("freshness_declared",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.FILE, FactKind.LIST, FactKind.HISTORY}),
)  # fmt: skip
def updated_as_declared(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record, view = subject.record, subject.view
    said = stated(record, context.pack)
    bytes_seen = bytes_of(record, said.modified, context.history) if said.modified else Bytes()
    listed = listings(view).of(record.url) if view else None
    night = view.seen_on(record.capture) if view else None
    seen = Seen(bytes_seen, newest_period(record, view), listed.day if listed else None, night or context.night)
    outcome, reason = judge(record, said, seen, context)
    lacks = reason == "frequency_not_stated" and "frequency" in lacking(record.standard)
    who = Responsible.PORTAL_OWNER if lacks else Responsible.AGENCY
    against = (listed.evidence,) if listed and reason == "listed_as_newer" else ()
    measures = _measures(subject, said, seen) | ({"listed_by": listed.method.value} if listed else {})
    evidence = cite(subject, f"{record.frequency}: {record.modified}")
    return Result(outcome, reason, measures, evidence, against, who)


def _measures(subject: DatasetSubject, said: Stated, seen: Seen) -> dict[str, Measure]:
    record = subject.record
    found: dict[str, Measure] = {
        "frequency": said.frequency.id if said.frequency else record.frequency,
        "newest_date": said.modified.isoformat() if said.modified else None,
        "current": record.current,
        "newest_period": seen.period,
        "bytes_changed": seen.bytes.changed.isoformat() if seen.bytes.changed else None,
        "touched": seen.bytes.touched,
    }
    return found | ({"listed_newest": seen.listed.isoformat()} if seen.listed else {})
