"""Statistics come with what they are made of: passport, series to take away, and a breakdown by area.

What it asks
    Of every data set of the statistics body: can the series be taken away as data, does it say its period and unit,
    and is it broken down by area?

Why
    An aggregate alone is no open data: who wants to compare regions or check a figure needs the parts and the series.

Outcomes
    pass: offered as data, with a period, and broken down by area.
    unclear: offered as data, as an aggregate without a breakdown; or the columns are not described and no file tells.
    fail: offered only as text, picture or print.
    not_applicable: not a data set of the body that the pack names for statistics; a service.
    not_observed: only a line of a list was seen, or nothing of what is offered.

Traps
    Columns are told by the words of the pack (parameters `area` and `period`), in any language, and by the dimensions
    of SDMX structures. A code list or register is no aggregate: a set without a period is unclear, never a fail.

Law
    Criterion of the assessment of 2014; no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules import meta_series as series
from checks.rules.meta_evidence import cite, only_listed
from checks.subjects import DatasetSubject


@rule(
    id="META-09", version=1, indicators=("aggregated_indicators",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.FILE, FactKind.BODY}),
)  # fmt: skip
def aggregated_indicators(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    body = context.pack.bodies.get("statistics")
    if subject.agency is None or subject.agency.id != body or subject.record.kind == "service":
        return Result(Outcome.NOT_APPLICABLE, "not_statistics")
    if only_listed(subject.record):
        return Result(Outcome.NOT_OBSERVED, "details_not_seen")
    made = series.of(subject, context.params)
    outcome, reason = _judge(made)
    measures: dict[str, Measure] = {
        "by_area": made.by_area, "has_period": made.has_period, "has_unit": made.has_unit, "as_data": made.as_data,
        "forms": list(made.forms),
    }  # fmt: skip
    text = f"{', '.join(made.forms) or 'no form'}; by area: {made.by_area}; period: {made.has_period}"
    return Result(outcome, reason, measures, cite(subject, text))


def _judge(made: series.Series) -> tuple[Outcome, str]:
    lines = (
        (not made.forms, Outcome.NOT_OBSERVED, "no_form_seen"),
        (made.as_data is False, Outcome.FAIL, "figures_in_print_only"),
        (made.by_area is None or made.has_period is None, Outcome.UNCLEAR, "columns_unknown"),
        (not made.by_area, Outcome.UNCLEAR, "aggregate_only"),
        (not made.has_period, Outcome.UNCLEAR, "period_unsaid"),
    )
    found = next(((item[1], item[2]) for item in lines if item[0]), None)
    return found or (Outcome.PASS, "series_broken_down")
