"""Data are offered in a form that programs can read.

What it asks
    Of every file that is offered as data (linked from a section of open data, statistics or budget, or holding a table
    of at least 5 rows and 3 columns): can a program use what stands in it?

Why
    A table in a PDF has to be typed off again. The assessment asks for the same information as CSV, JSON, XML, GeoJSON
    or a tidy spreadsheet.

Outcomes
    pass: a machine-readable format that parses, with rows under one line of names where it is a table.
    unclear: a spreadsheet laid out for print, an old binary workbook, an archive that cannot be looked into, a
    password; a document with data beside it; a document in a section that only unverified words call one of data; a
    description of a service or of a format (capabilities, a schema), or a feed without entries, under another name.
    fail: a document or a picture only; a file that is empty or does not parse.
    not_observed: nothing answered, an error page answered, or our own limits cut the file off.

Traps
    Names and Content-Types lie: the bytes decide, and a contradiction is left to FMT-02. A dead link is no statement on
    formats. Word, Excel and HTML met the rules of their time (`meets` names the
    pack's classes of formats, which a profile may accept); how open a format is stands beside it (`open_format`,
    `stars`). Legal acts, forms and news are no data.

Law
    Criterion of the assessment of 2014; the pack holds no verified duty on formats.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, FileFacts
from checks.findings import Outcome, Result, SubjectKind
from checks.formats import DataClass, judge
from checks.reasons import reason_of
from checks.registry import rule
from checks.rules.fmt_evidence import (
    OUTCOMES,
    called_no_data,
    contradicted,
    data_section,
    has_table,
    is_kind,
    measures,
    tell,
    twins,
)
from checks.subjects import FileSubject


@rule(
    id="FMT-01", version=2, indicators=("machine_readable",), subject=SubjectKind.FILE,
    needs=frozenset({FactKind.FILE, FactKind.PAGE, FactKind.BODY}), none_found="no_data_files",
)  # fmt: skip
def machine_readable(subject: FileSubject, context: RuleContext) -> Result | None:
    """Judge one file; what is not offered as data is none of this rule's business."""
    section = data_section(subject.page, context)
    facts = subject.facts
    if facts is None:
        return Result(Outcome.NOT_OBSERVED, reason_of(subject.capture)) if section is not False else None
    right, wrong = contradicted(facts)
    judged = judge(facts)
    if not _is_data(subject, facts, context) or wrong or called_no_data(judged, right):
        return None
    outcome, reason = OUTCOMES[judged.data_class], judged.reason
    if judged.data_class is DataClass.UNREADABLE:
        outcome, reason = _document(subject, reason, verified=section is True)
    return Result(outcome, reason, measures(facts, judged, context.pack), (subject.cite("text:type", tell(facts)),))


def _is_data(subject: FileSubject, facts: FileFacts, context: RuleContext) -> bool:
    """Tell whether a file is offered as data. A page without an extension or type of a file is a page."""
    if facts.sniffed_type == "html" and facts.declared_extension in (None, "html"):
        return False
    if data_section(subject.page, context) is not False:
        return True
    news = subject.page is not None and bool(subject.page.facts.section_kinds)
    return has_table(facts, context) and not news and not is_kind(facts, "pdf", "doc", "docx", "odt")


def _document(subject: FileSubject, reason: str, *, verified: bool) -> tuple[Outcome, str]:
    """Fail a document only where verified words promise data and no data stand beside it."""
    if any(judge(item).data_class is DataClass.TIDY for item in twins(subject)):
        return Outcome.UNCLEAR, "data_beside"
    return (Outcome.FAIL, reason) if verified else (Outcome.UNCLEAR, "section_unverified")
