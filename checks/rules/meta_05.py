"""Spatial data sets have an identifier that stays, and say in which reference system their coordinates are.

What it asks
    Of every data set with coordinates: does its record state an identifier of its own, is it the one of the nights
    before, and is the reference system named by a code that machines resolve (EPSG, OGC)?

Why
    Two layers fit on one map only if their systems are known, and other registers can point at a data set only if its
    name stays the same.

Outcomes
    pass: an identifier that stayed, and a resolvable reference system.
    unclear: the system is named in words only; the record model has no place for it and no file tells it; the
    extent lies outside the country, or fits only when its sides are swapped.
    fail: the record states no identifier; the identifier changed; coordinates without any reference system where the
    record model has a place for it.
    not_applicable: no coordinates, or a service.
    not_observed: only a line of a list was seen.

Traps
    GeoJSON is always in WGS 84 (RFC 7946). An identifier changed when the same title of the same publisher on the
    same portal has another one than before, and a catalogue that was read whole does not list the old one any more;
    a second data set of one title is no change. The finding holds for the night of the change: the night after knows
    the new identifier. The first night says nothing of change.

Law
    Criterion of the assessment of 2014; no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.metadata.crs import resolvable
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules import meta_space as space
from checks.rules.meta_evidence import cite, only_listed
from checks.subjects import DatasetSubject


@rule(
    id="META-05", version=2, indicators=("spatial_identifiers",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.HISTORY, FactKind.FILE}),
)  # fmt: skip
def spatial_identifiers(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record = subject.record
    systems = space.systems(subject)
    codes = sorted({code for said in systems if (code := resolvable(said))})
    outcome, reason = _judge(subject, context, systems, codes)
    modelled = reason != "reference_system_unseen"
    measures: dict[str, Measure] = {"systems": codes, "named_in_words": len(systems) - len(codes)}
    text = f"{record.id}: {', '.join(systems) or 'no reference system'}"
    who = Responsible.AGENCY if modelled else Responsible.PORTAL_OWNER
    return Result(outcome, reason, measures, cite(subject, text), responsible=who)


def _judge(subject: DatasetSubject, context: RuleContext, systems: list[str], codes: list[str]) -> tuple[Outcome, str]:
    record = subject.record
    lines = (
        (record.kind == "service", Outcome.NOT_APPLICABLE, "service_record"),
        (not space.is_spatial(subject), Outcome.NOT_APPLICABLE, "not_spatial"),
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (record.id.startswith("no-id:"), Outcome.FAIL, "identifier_missing"),
        (space.changed(subject, context), Outcome.FAIL, "identifier_changed"),
        (not systems and space.has_place(record), Outcome.FAIL, "no_reference_system"),
        (not systems, Outcome.UNCLEAR, "reference_system_unseen"),
        (not codes, Outcome.UNCLEAR, "reference_system_in_words"),
        (space.misplaced(record, context.params), Outcome.UNCLEAR, "extent_misplaced"),
    )
    found = next(((item[1], item[2]) for item in lines if item[0]), None)
    return found or (Outcome.PASS, "identifier_and_system")
