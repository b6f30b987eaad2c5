"""A portal's record model has a place for the licence.

What it asks
    Of every portal: does at least one of its records state a licence, or is their model one that has a field for it?

Why
    Where the record model has no such field, no publisher can say on which terms a data set may be used. That is one
    thing for the portal's owner to mend, not one for each of its publishers.

Outcomes
    pass: a record states a licence, or the records are of a model with a field for it (DCAT, CKAN, ISO 19115).
    fail: the portal gives records of its own model, and none of those seen can state a licence.
    not_observed: no record was seen, or only lines of lists.

Traps
    Lists leave out what passports hold: only records whose details were seen count. A model may gain the field later:
    one record that states a licence is enough.

Law
    Criterion of the assessment of 2014, read by marking's decision on portals without a licence field.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, RecordFacts
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lic_02 import WITHOUT_FIELD
from checks.rules.meta_evidence import captures_by_id, cite_capture, only_listed
from checks.subjects import PortalSubject

MOST_CITED = 3


@rule(
    id="LIC-04", version=1, indicators=("open_licence",), subject=SubjectKind.PORTAL,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def has_licence_field(subject: PortalSubject, context: RuleContext) -> Result:
    """Judge one portal."""
    listed = [record for owner, record in subject.view.records() if owner.id == subject.portal.id]
    seen = [record for record in listed if not only_listed(record)]
    without = context.params.get("without_field", WITHOUT_FIELD)
    stated = [item for item in seen if item.licence.stated() or any(form.licence for form in item.distributions)]
    lacking = [item for item in seen if item.standard.value in without]
    measures: dict[str, Measure] = {"records": len(seen), "with_licence": len(stated), "without_field": len(lacking)}
    if not seen:
        return Result(Outcome.NOT_OBSERVED, "details_not_seen" if listed else "not_observed", measures)
    if stated or len(lacking) < len(seen):
        return Result(Outcome.PASS, "licence_field_there", measures, _cite(subject, stated or seen))
    return Result(Outcome.FAIL, "licence_field_lacking", measures, _cite(subject, lacking))


def _cite(subject: PortalSubject, records: list[RecordFacts]) -> tuple[Evidence, ...]:
    captures = captures_by_id(subject.view)
    cited = {item.capture: item for item in records if item.capture in captures}
    return tuple(
        cite_capture(captures[name], f"text:{item.locator or item.id}", _told(item), subject.view)
        for name, item in sorted(cited.items())[:MOST_CITED]
    )


def _told(record: RecordFacts) -> str:
    return f"{record.id}: {record.licence.title or record.licence.id or record.licence.url or 'no licence'}"
