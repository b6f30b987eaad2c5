"""Data sets are under an open licence.

What it asks
    Of every data set of a catalogue: what does its record say on re-use, by identifier, title, address or text, is that
    a known licence, and does the licence conform to the Open Definition?

Why
    Without a licence re-users must ask for permission, or guess. A licence that forbids change or commerce is no open
    one, whatever the catalogue calls it.

Outcomes
    pass: the licence is known and conforms to the Open Definition.
    fail: it is known and does not conform, or its text restricts re-use in a phrase the pack holds verified; none is
    stated because the portal's record model has no place for it (its owner's to mend).
    unclear: a licence that nobody reviewed, words that no list knows, own purposes or another condition, fields that
    contradict each other.
    not_applicable: records of services.
    not_observed: the record states no licence, or only a line of a list was seen.

Traps
    The same licence under many names; catalogues that flag known open licences as closed; a licence field filled with
    "not specified"; a file's licence that differs from its set's.

Law
    Criterion of the assessment of 2014; statuses are those of the Open Definition, not of a law.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.licences import LicenceReading, read_licence
from checks.facts.model import FactKind, RecordFacts
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.lic_evidence import worded
from checks.rules.lines import decide
from checks.rules.meta_evidence import cite, only_listed
from checks.subjects import DatasetSubject
from config.licences import OpenStatus
from config.pack import Pack
from crawler.records import Licence, Standard

WITHOUT_FIELD = (Standard.OWN.value,)
"""Record models that have no place for a licence, where the pack's `without_field` names no others."""
_JUDGED = {
    OpenStatus.APPROVED: (Outcome.PASS, "open_licence"),
    OpenStatus.REJECTED: (Outcome.FAIL, "restricted_licence"),
    OpenStatus.NOT_REVIEWED: (Outcome.UNCLEAR, "licence_not_reviewed"),
}


@rule(
    id="LIC-02", version=2, indicators=("open_licence",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def open_licence(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record = subject.record
    stated = _stated(record)
    found = read_licence(stated)
    lacks = record.standard.value in context.params.get("without_field", WITHOUT_FIELD)
    outcome, reason = _judge(record, found, stated, context.pack, lacks=lacks)
    who = Responsible.PORTAL_OWNER if reason == "licence_field_lacking" else Responsible.AGENCY
    measures: dict[str, Measure] = {"licence": found.id, "status": found.status.value if found.status else None}
    return Result(outcome, reason, measures, cite(subject, found.basis or "no licence stated"), responsible=who)


def _stated(record: RecordFacts) -> Licence:
    """Return the record's licence, else the one that all its files state alike."""
    of_files = {item.licence for item in record.distributions if item.licence}
    return record.licence if record.licence.stated() or len(of_files) != 1 else Licence(text=of_files.pop())


def _judge(
    record: RecordFacts, found: LicenceReading, stated: Licence, pack: Pack, *, lacks: bool
) -> tuple[Outcome, str]:
    none = found.status is OpenStatus.NONE
    said = worded(stated, pack) if found.status is None else None
    lines = (
        (record.kind == "service", Outcome.NOT_APPLICABLE, "service_record"),
        (none and only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (none and lacks, Outcome.FAIL, "licence_field_lacking"),
        (none, Outcome.NOT_OBSERVED, "licence_not_stated"),
        (found.contradiction, Outcome.UNCLEAR, "licence_contradicts"),
    )
    judged = _JUDGED.get(found.status) if found.status else None
    return decide(lines, judged or said or (Outcome.UNCLEAR, "licence_unknown"))
