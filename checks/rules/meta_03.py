"""A record that claims a metadata standard is valid by it.

What it asks
    Of every data set whose record came as ISO 19139, ISO 19115-3 or DCAT: is the record valid by the standard's own
    schema (XML Schema for ISO, the application profile's SHACL shapes for DCAT), and if not, what is wrong where?

Why
    An invalid record is dropped or misread by the catalogues that gather it. The publisher needs the element and the
    defect, not a score.

Outcomes
    pass: valid, and nothing of weight is missing (what is only recommended is named).
    unclear: valid by the schema, but texts are empty or conditional elements missing; plain DCAT that lacks what
    DCAT-AP asks for (the profile was not claimed).
    fail: the schema or shapes are broken, or mandatory content is an empty shell.
    not_applicable: the record came in a form that claims no such standard.
    not_observed: the document behind the record is not at hand or cannot be read.

Traps
    Two editions of ISO 19139 differ only in the namespace of GML; SHACL shapes of another version; results that need
    a vocabulary are no false alarm; one document holds many records, and only the record's own defects count.

Law
    The standards are recommended by the assessment of 2014; no breach of law is stated.
"""

from __future__ import annotations

from functools import lru_cache

from checks.context import RuleContext
from checks.facts.metadata import dcat, iso
from checks.facts.metadata.dcat import DcatFacts
from checks.facts.metadata.iso import IsoFacts
from checks.facts.metadata.isochecks import RECOMMENDED
from checks.facts.model import FactKind
from checks.findings import Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.meta_evidence import capture_of, cite
from checks.subjects import DatasetSubject
from crawler.archive.layout import ArchiveError
from crawler.records import Standard

MOST_DEFECTS = 20


@rule(
    id="META-03", version=1, indicators=("metadata_standard",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.BODY}),
)  # fmt: skip
def record_valid(subject: DatasetSubject, _context: RuleContext) -> Result:
    """Judge one record."""
    standard = subject.record.standard
    if standard not in (Standard.DCAT, Standard.ISO_19139, Standard.ISO_19115_3):
        return Result(Outcome.NOT_APPLICABLE, "no_standard_claimed", {"standard": standard.value})
    found = capture_of(subject)
    if found is None:
        return Result(Outcome.NOT_OBSERVED, "not_observed", {"standard": standard.value})
    try:
        body = found[0].body(found[1])
    except ArchiveError:
        return Result(Outcome.NOT_OBSERVED, "archive_damaged", {"standard": standard.value})
    if standard is Standard.DCAT:
        return _dcat(subject, _dcat_facts(body, found[1].header("content-type"), found[1].url))
    return _iso(subject, _iso_facts(body))


@lru_cache(maxsize=2)  # the records of one answer come one after the other
def _dcat_facts(body: bytes, media_type: str | None, base: str) -> DcatFacts:
    return dcat.read(body, media_type, base)


@lru_cache(maxsize=2)
def _iso_facts(body: bytes) -> tuple[IsoFacts, ...]:
    return iso.read_all(body)


def _iso(subject: DatasetSubject, records: tuple[IsoFacts, ...]) -> Result:
    mine = [item for item in records if item.fields.identifier == subject.record.id] or list(records[:1])
    if len(records) > 1 and mine[0].fields.identifier != subject.record.id:
        return Result(Outcome.NOT_OBSERVED, "record_not_found")
    facts = mine[0] if mine else IsoFacts(None, "no_record")
    if facts.valid is None:
        return Result(Outcome.NOT_OBSERVED, "metadata_unreadable", {"problem": facts.problem})
    defects = [f"{item.code} {item.element}" for item in facts.defects]
    texts = [f"{item.code} {item.element}: {item.detail}" for item in facts.defects if item.unlawful or facts.valid]
    weak = [item for item in facts.defects if item.code != RECOMMENDED]
    broken = any(item.code == "schema" for item in facts.defects)
    who = Responsible.PORTAL_OWNER if broken else Responsible.AGENCY
    return _result(subject, defects, texts, who, valid=facts.valid, weak=bool(weak))


def _dcat(subject: DatasetSubject, facts: DcatFacts) -> Result:
    if facts.problem:
        return Result(Outcome.NOT_OBSERVED, "metadata_unreadable", {"problem": facts.problem})
    names = dict.fromkeys((subject.record.locator, subject.record.id, subject.record.url or ""))
    own = [item for name in names for item in facts.of_focus.get(name, ())]
    defects = [f"{item.action.value} {item.path}" for item in own]
    good = not own or facts.holds is True
    return _result(subject, defects, defects, Responsible.PORTAL_OWNER, valid=good, weak=bool(own))


def _result(
    subject: DatasetSubject, defects: list[str], texts: list[str], who: Responsible, *, valid: bool, weak: bool
) -> Result:
    kinds = sorted(set(defects))[:MOST_DEFECTS]
    evidence = cite(subject, "; ".join(texts) or "valid")
    measures = {"standard": subject.record.standard.value, "defects": kinds}
    if not valid:
        return Result(Outcome.FAIL, "record_invalid", {**measures}, evidence, responsible=who)
    outcome, reason = (Outcome.UNCLEAR, "record_weak") if weak else (Outcome.PASS, "record_valid")
    return Result(outcome, reason, {**measures}, evidence, responsible=who if weak else Responsible.AGENCY)
