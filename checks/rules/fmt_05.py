"""Tables of a page are offered as files too.

What it asks
    Of every table of data that a page shows (at least 5 rows and 3 columns): is it there as a file for programs too?

Why
    A table that only stands in a page must be copied out by hand or by a program that breaks with the next design.

Outcomes
    unclear: the table stands in the page only; programs can read it in part.
    not_observed: the page links to files, none of which could be seen.

Traps
    Tables that lay out a page, calendars and forms are no data; nor is what a list of news shows. Where a file with
    data is linked from the page, the information is counted there (FMT-01), not twice.

Law
    Criterion of the assessment of 2014; the pack holds no verified duty on formats.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.formats import DataClass, Judged, judge, met_classes
from checks.reasons import reason_of
from checks.registry import rule
from checks.rules.fmt_evidence import LEAST_COLUMNS, LEAST_ROWS
from checks.subjects import TableSubject
from checks.view import Page

_DATA = frozenset({DataClass.TIDY, DataClass.LAID_OUT, DataClass.PARTLY})


@rule(
    id="FMT-05", version=1, indicators=("machine_readable",), subject=SubjectKind.TABLE,
    needs=frozenset({FactKind.PAGE, FactKind.FILE, FactKind.BODY}), none_found="no_html_tables",
)  # fmt: skip
def table_as_file(subject: TableSubject, context: RuleContext) -> Result | None:
    """Judge one table of a page; tables of files are judged with their file."""
    shape, page = subject.shape, subject.of
    rows = int(context.params.get("least_rows", LEAST_ROWS))
    columns = int(context.params.get("least_columns", LEAST_COLUMNS))
    if not isinstance(page, Page) or shape.rows < rows or shape.columns < columns:
        return None
    if page.facts.section_kinds:
        return None
    seen = [item.facts for item in subject.beside if item.facts]
    if any(judge(item).data_class in _DATA for item in seen):
        return None
    if subject.beside and not seen:
        return Result(Outcome.NOT_OBSERVED, reason_of(subject.beside[0].capture))
    measures: dict[str, Measure] = {
        "rows": shape.rows,
        "columns": shape.columns,
        "meets": met_classes(Judged(DataClass.PARTLY, "", "html"), context.pack.format_classes),
        "open_format": True,
        "stars": 1,
    }
    evidence = subject.cite(f"table of {shape.rows} rows and {shape.columns} columns")
    return Result(Outcome.UNCLEAR, "html_table_only", measures, evidence)
