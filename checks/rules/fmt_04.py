"""Data sets of a catalogue are offered in a form that programs can read.

What it asks
    Of every form of a data set whose address was fetched: do the bytes agree with the format that the catalogue, the
    ending and the Content-Type state, and can a program use them?

Why
    A catalogue's own word on formats is wrong often enough that a share counted from it says little.

Outcomes
    pass: a machine-readable format that parses, called by one right name at least.
    unclear: laid out for print, an old binary workbook, a password, an archive that cannot be looked into; data under
    wrong names only; a description of a service or of a format (capabilities, a schema), or a feed without entries,
    where data were promised.
    fail: a document or a picture; a page under the name of a file; a file that is empty or does not parse.
    not_observed: the address was not asked, gave no answer, or an error page; our own limits cut the file off.

Traps
    A dead link is no statement on formats; an address of a service is no file, nor is its
    description data, though both are well-formed; a catalogue says Excel, the file is CSV.

Law
    Criterion of the assessment of 2014; the pack holds no verified duty on formats.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, FileFacts
from checks.findings import Outcome, Result, SubjectKind
from checks.formats import DataClass, Judged, judge
from checks.reasons import reason_of
from checks.registry import rule
from checks.rules.fmt_evidence import OUTCOMES, called_no_data, contradicted, measures, tell
from checks.subjects import DistributionSubject
from config.formats import by_label, by_media_type


@rule(
    id="FMT-04", version=2, indicators=("machine_readable",), subject=SubjectKind.DISTRIBUTION,
    needs=frozenset({FactKind.RECORD, FactKind.FILE, FactKind.BODY}), none_found="no_data_files",
)  # fmt: skip
def distribution_readable(subject: DistributionSubject, context: RuleContext) -> Result | None:
    """Judge one form of a data set; services are none of this rule's business."""
    stated = subject.distribution
    if stated.service:
        return None
    facts, capture = subject.facts, subject.capture
    if facts is None:
        return Result(Outcome.NOT_OBSERVED, reason_of(capture) if capture else "not_asked")
    right, wrong = contradicted(facts, by_label(stated.format), by_media_type(stated.media_type))
    judged = judge(facts)
    if called_no_data(judged, right):
        return None
    outcome, reason = _judge(facts, judged, right, wrong)
    found = measures(facts, judged, context.pack) | {"called": [*right, *wrong], "wrongly_called": wrong}
    return Result(outcome, reason, found, subject.cite("text:type", tell(facts)))


def _judge(facts: FileFacts, judged: Judged, right: list[str], wrong: list[str]) -> tuple[Outcome, str]:
    if facts.sniffed_type == "html" and judged.data_class is DataClass.PARTLY and wrong and "html" not in right:
        return Outcome.FAIL, "html_disguise"
    if judged.data_class is DataClass.TIDY and wrong:
        return (Outcome.PASS, "one_name_right") if right else (Outcome.UNCLEAR, "other_type")
    return OUTCOMES[judged.data_class], judged.reason
