"""The catalogue offers its metadata in a standard, DCAT or ISO 19115, and the documents are valid.

What it asks
    Of every portal: in which form did its catalogue give the records, and do the documents that claim to be DCAT or
    ISO hold to what they claim?

Why
    Only standard metadata can be gathered by other catalogues, so that data are found by people who never heard of
    the portal. A form of one's own locks them in.

Outcomes
    pass: DCAT or ISO documents were seen, and all that were looked at are valid.
    unclear: some are valid; only schema.org, Dublin Core, data.json or the native interface of known software; the
    documents are in a form that cannot be decided here.
    fail: only a form of the portal's own; or the documents that claim a standard are invalid or empty.
    not_observed: the catalogue did not answer, or no records could be read.

Traps
    The shapes of DCAT-AP bind those who claim DCAT-AP, not plain DCAT; constraints that need vocabularies are set
    apart; an RDF catalogue may be spread over many pages; the first answers stand for the rest, and the measures say
    how many were looked at.

Law
    ISO 19139 is the form the assessment of 2014 recommends; DCAT is this project's addition. No breach of law is
    stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.metadata import dcat, iso
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.reasons import commonest, reason_of
from checks.registry import rule
from checks.rules.meta_evidence import captures_by_id, cite_capture
from checks.subjects import PortalSubject
from config.urls import under
from crawler.archive.layout import ArchiveError
from crawler.capture import Capture, Purpose
from crawler.records import Standard

MOST = 10
MOST_CITED = 3
STANDARDS = frozenset({Standard.DCAT, Standard.ISO_19139, Standard.ISO_19115_3})


@rule(
    id="META-02", version=1, indicators=("metadata_standard",), subject=SubjectKind.PORTAL,
    needs=frozenset({FactKind.RECORD, FactKind.BODY}),
)  # fmt: skip
def standard_offered(subject: PortalSubject, context: RuleContext) -> Result:
    """Judge one portal."""
    forms = {record.capture: record.standard for owner, record in subject.view.records() if owner == subject.portal}
    if not forms:
        return Result(Outcome.NOT_OBSERVED, _unseen(subject), responsible=Responsible.PORTAL_OWNER)
    captures = captures_by_id(subject.view)
    seen = sorted((captures[name] for name in forms if name in captures), key=lambda item: item.key)
    documents = [item for item in seen if forms[item.id] in STANDARDS]
    said = [_valid(subject, item, forms[item.id]) for item in documents[: int(context.params.get("documents", MOST))]]
    outcome, reason = _judge(said, set(forms.values()))
    measures: dict[str, Measure] = {
        "standards": sorted({form.value for form in forms.values()}), "documents": len(documents),
        "documents_valid": said.count(True), "documents_invalid": said.count(False),
    }  # fmt: skip
    evidence = tuple(
        cite_capture(item, "text:record", f"{forms[item.id].value}: {item.url}", subject.view)
        for item in (documents or seen)[:MOST_CITED]
    )
    return Result(outcome, reason, measures, evidence, responsible=Responsible.PORTAL_OWNER)


def _unseen(subject: PortalSubject) -> str:
    url = subject.portal.url
    asked = [item for item in subject.view.captures(Purpose.PORTAL) if url in item.scopes or under(item.key.url, url)]
    return commonest((reason_of(item) for item in asked if not item.answered), "no_records")


def _judge(said: list[bool | None], forms: set[Standard]) -> tuple[Outcome, str]:
    decided = [item for item in said if item is not None]
    if said and not decided:
        return Outcome.UNCLEAR, "standard_undecided"
    if decided:
        if all(decided):
            return Outcome.PASS, "standard_valid"
        return (Outcome.UNCLEAR, "standard_partly_valid") if any(decided) else (Outcome.FAIL, "standard_invalid")
    return (Outcome.FAIL, "own_format_only") if forms <= {Standard.OWN} else (Outcome.UNCLEAR, "native_format_only")


def _valid(subject: PortalSubject, capture: Capture, form: Standard) -> bool | None:
    try:
        body = subject.view.body(capture)
    except ArchiveError:
        return None
    if form is Standard.DCAT:
        return dcat.read(body, capture.header("content-type"), capture.url).holds
    found = [item.valid for item in iso.read_all(body) if item.valid is not None]
    return all(found) if found else None
