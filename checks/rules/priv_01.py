"""Published tables hold no identifiers of persons.

What it asks
    Of every table, on a page, in a file or in a data set that was fetched: does a column hold identifiers of natural
    persons, as the pack describes them (form and checksum)?

Why
    A register that was opened together with its personal numbers harms the people in it, and cannot be called back.
    The owner must hear of it before anybody else does: these findings are for owner and operator, and never published.

Outcomes
    pass: no column holds such numbers.
    unclear: few numbers, or a column that mixes them with others (sole traders among companies may have to be shown).
    fail: a column mostly of identifiers, at least `least` of them.
    not_observed: no table of the scope was seen.

Traps
    Other numbers have the same length: the check must hold far more often than by chance. Numbers of companies have the
    same checksum and another fifth digit. Spreadsheets drop zeros in front. Only names of columns and counts leave the
    file; a row is never stored, cited or shown.

Law
    Personal data and their protection; the pack states no article, so nothing is marked and the owner is told.
"""

from __future__ import annotations

from checks.assessment import Visibility
from checks.context import RuleContext
from checks.facts.model import FactKind, PersonalColumn
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.subjects import TableSubject

LEAST = 5
CHANCE = 0.3
"""Of numbers alike, the check holds for about one in eleven by chance."""
MOSTLY = 0.5


@rule(
    id="PRIV-01", version=1, indicators=(), subject=SubjectKind.TABLE,
    needs=frozenset({FactKind.FILE, FactKind.PAGE, FactKind.RECORD, FactKind.BODY}), none_found="no_tables",
    visibility=Visibility.OWNER,
)  # fmt: skip
def no_personal_numbers(subject: TableSubject, context: RuleContext) -> Result | None:
    """Judge one table by its columns; a table without rows says nothing."""
    if not subject.shape.rows:
        return None
    found = [item for item in subject.shape.personal if item.valid >= CHANCE * item.alike]
    least = int(context.params.get("least", LEAST))
    certain = [item for item in found if item.valid >= least and item.valid >= MOSTLY * item.cells]
    measures: dict[str, Measure] = {
        "rows": subject.shape.rows, "columns": [_name(item) for item in found],
        "numbers": {_name(item): item.valid for item in found},
    }  # fmt: skip
    told = ", ".join(f"{_name(item)}: {item.pattern} {item.valid} of {item.cells}" for item in found)
    evidence = subject.cite((told or f"{subject.shape.rows} rows, none")[:300])
    if not found:
        return Result(Outcome.PASS, "no_personal_numbers", measures, evidence)
    outcome, reason = (Outcome.FAIL, "personal_numbers") if certain else (Outcome.UNCLEAR, "personal_numbers_mixed")
    return Result(outcome, reason, measures, evidence)


def _name(column: PersonalColumn) -> str:
    return column.name or f"#{column.number}"
