"""Features of administrative units carry the code of the units' register, each its own.

What it asks
    Of every data set of boundaries of administrative units whose GeoJSON was seen: is there a property with the code of
    the register that the pack names, is it filled for every feature, and is no code given twice?

Why
    Only a code of a register joins a map to tables about the same units; names are spelled in many ways.

Outcomes
    pass: every feature has a code of the register's form, and each another one.
    unclear: some features lack the code, share it, or write it otherwise.
    fail: no property holds the code.
    not_applicable: no boundaries of administrative units (a lake has no such code), or a service.
    not_observed: no GeoJSON of the data set was seen.

Traps
    Words of titles tell boundaries (parameter `boundaries`); a table about districts is none. Codes are counted, never
    kept. One unit may consist of several features: a code given twice is unclear, never a fail.

Law
    Criterion of the assessment of 2014; no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules import meta_codes as codes
from checks.rules.meta_evidence import cite
from checks.subjects import DatasetSubject


@rule(
    id="META-10", version=1, indicators=("spatial_identifiers",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.FILE, FactKind.BODY}),
)  # fmt: skip
def unit_codes(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    if subject.record.kind == "service" or not codes.of_units(subject.record, context.params):
        return Result(Outcome.NOT_APPLICABLE, "no_units")
    found = codes.counted(subject, context.params)
    if found is None:
        return Result(Outcome.NOT_OBSERVED, "no_layer_seen")
    outcome, reason = _judge(found)
    measures: dict[str, Measure] = {
        "features": found.features, "coded": found.coded, "distinct": found.distinct, "odd": found.odd,
    }  # fmt: skip
    text = f"{found.features} features, {found.coded} with a code, {found.distinct} different codes"
    return Result(outcome, reason, measures, cite(subject, text))


def _judge(found: codes.Codes) -> tuple[Outcome, str]:
    if found.coded == 0:
        return Outcome.FAIL, "no_unit_codes"
    whole = found.features == found.coded == found.distinct and found.odd == 0
    return (Outcome.PASS, "units_coded") if whole else (Outcome.UNCLEAR, "unit_codes_partly")
