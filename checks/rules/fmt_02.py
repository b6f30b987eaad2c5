"""Files are what they are called.

What it asks
    Of every file whose ending or Content-Type its bytes contradict: which of the names is right, and what is it?

Why
    A program believes the name. An HTML page under the name of a CSV file, usually an error or a log-in page with
    status 200, breaks whatever was built on the data, and nobody is told.

Outcomes
    pass: one of the names is right and the file is machine-readable (a CSV file sent as text/html).
    unclear: all names are wrong, yet the file is data (an Excel workbook called CSV), or a spreadsheet for print,
    or the description of a service under the name of data.
    fail: a page under the name of a file, or a document, picture or broken file under the name of data.
    not_observed: what came instead of the file is a block page, a log-in wall or an error page.

Traps
    `application/octet-stream` and `text/plain` contradict little; Windows servers call CSV `application/vnd.ms-excel`;
    GeoJSON is JSON, a workbook is a zip. Files whose names agree with their bytes are FMT-01's.

Law
    Criterion of the assessment of 2014 (a link that gives HTML instead of data); no duty is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, FileFacts
from checks.findings import Outcome, Result, SubjectKind
from checks.formats import DataClass, Judged, judge
from checks.registry import rule
from checks.rules.fmt_evidence import OUTCOMES, contradicted, measures, tell
from checks.subjects import FileSubject
from config.formats import Readable, formats

SURE = 0.8


@rule(
    id="FMT-02", version=2, indicators=("machine_readable",), subject=SubjectKind.FILE,
    needs=frozenset({FactKind.FILE, FactKind.BODY}), none_found="types_agree",
)  # fmt: skip
def called_by_its_name(subject: FileSubject, context: RuleContext) -> Result | None:
    """Judge one file that some name contradicts, where it is called data or is data."""
    facts = subject.facts
    right, wrong = contradicted(facts) if facts else ([], [])
    if facts is None or not wrong or not _of_data(facts, [*right, *wrong]):
        return None
    judged = judge(facts)
    outcome, reason = _judge(facts, judged, right)
    found = measures(facts, judged, context.pack) | {"called": [*right, *wrong]}
    called = f"{facts.declared_type or 'none'}; {facts.declared_extension or 'no ending'}"
    evidence = (subject.cite("text:type", tell(facts)), subject.cite("header:content-type", called[:200]))
    return Result(outcome, reason, found, evidence)


def _of_data(facts: FileFacts, named: list[str]) -> bool:
    known = [formats()[item] for item in (*named, facts.sniffed_type) if item in formats()]
    return any(item.readable in (Readable.FULL, Readable.INSIDE) or item.family == "tabular" for item in known)


def _judge(facts: FileFacts, judged: Judged, right: list[str]) -> tuple[Outcome, str]:
    if judged.data_class is DataClass.UNSEEN:
        return Outcome.NOT_OBSERVED, judged.reason
    if facts.sniffed_type == "html" and "html" not in right:
        return Outcome.FAIL, "html_disguise"
    if facts.sniffed_type == "html" or (facts.confidence < SURE and not right):
        return Outcome.UNCLEAR, "type_doubtful"
    if judged.data_class is DataClass.TIDY:
        return (Outcome.PASS, "one_name_right") if right else (Outcome.UNCLEAR, "other_type")
    return OUTCOMES[judged.data_class], judged.reason
