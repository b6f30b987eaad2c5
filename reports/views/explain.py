"""The chain of proof: mark -> findings -> rule -> archived capture -> excerpt, checked against the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from functools import partial
from operator import itemgetter

from checks.assessment import Assessment, RuleInfo
from checks.findings import Evidence, Finding
from checks.marks import Mark
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from reports.documents import Document, MarkDocument, SubjectDocument, mark_document


class Link(Document, frozen=True):
    """Evidence at the end of the chain. `verified` is null when the archive is not at hand.

    `redacted`: the archive took the body out for good, and its excerpt is not shown.
    """

    capture: str
    url: str
    sha256: str | None
    fetched_at: datetime
    locator: str
    excerpt: str | None
    verified: bool | None
    problem: str | None
    file: str | None = None
    redacted: bool = False


class Step(Document, frozen=True):
    """A finding in the chain. `decides` tells whether the mark cites it."""

    id: str
    decides: bool
    rule: str
    version: int
    title: str | None
    subject: SubjectDocument
    outcome: str
    reason: str
    responsible: str
    evidence: tuple[Link, ...]
    counter_evidence: tuple[Link, ...]


class Chain(Document, frozen=True):
    """A mark and everything it rests on."""

    run: str
    night: date
    mark: MarkDocument
    findings: tuple[Step, ...]


class Proofs:
    """The findings of a night, arranged so that those behind a mark are found at once."""

    def __init__(self, assessment: Assessment) -> None:
        self._rules: dict[str, list[str]] = {}
        for rule in assessment.rules:
            for indicator in rule.indicators:
                self._rules.setdefault(indicator, []).append(rule.id)
        self._by_id: dict[str, tuple[int, Finding]] = {}
        self._by_rule: dict[tuple[str | None, str], list[str]] = {}
        for place, item in enumerate(assessment.findings):
            identity = item.id
            self._by_id[identity] = (place, item)
            self._by_rule.setdefault((item.agency, item.rule), []).append(identity)

    def behind(self, mark: Mark) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Return the findings that *mark* cites, and the others of the same body by rules that serve the indicator."""
        cited = set(mark.evidence)
        rules = self._rules.get(mark.indicator, ())
        others = {item for rule in rules for item in self._by_rule.get((mark.agency, rule), ())}
        return self._in_order(cited & self._by_id.keys()), self._in_order(others - cited)

    def _in_order(self, ids: set[str]) -> tuple[Finding, ...]:
        return tuple(item for _, item in sorted((self._by_id[one] for one in ids), key=itemgetter(0)))


def explain(
    run: str,
    mark: Mark,
    assessment: Assessment,
    archive: Archive | None = None,
    *,
    excerpts: bool = True,
    gone: Collection[str] = (),
) -> Chain:
    """Return the chain of *mark*; with the *archive* at hand, each body cited is read again.

    No excerpt is told of the bodies that are *gone*: digests of what was redacted in the archive.
    """
    quote = partial(_excerpt, gone=gone, excerpts=excerpts)
    deciding, others = Proofs(assessment).behind(mark)
    titles = {(item.id, item.version): item for item in assessment.rules}
    steps = [_step(item, titles, archive, decides=True, quote=quote) for item in deciding]
    steps += [_step(item, titles, archive, decides=False, quote=quote) for item in others]
    return Chain(run, assessment.night, mark_document(run, assessment.night, mark), tuple(steps))


def verify(evidence: Evidence, archive: Archive) -> str | None:
    """Return what is wrong with *evidence* according to the archive, or None when it stands there as cited."""
    capture = archive.capture(evidence.capture)
    if capture is None:
        return f"the archive holds no capture {evidence.capture}"
    if evidence.sha256 is None:
        return None if capture.sha256 is None else "the capture has a body that the evidence does not cite"
    try:
        digest = hashlib.sha256(archive.body(capture)).hexdigest()
    except ArchiveError as error:
        return str(error)
    return None if digest == evidence.sha256 else f"the archived body has SHA-256 {digest}"


def _step(
    finding: Finding,
    rules: dict[tuple[str, int], RuleInfo],
    archive: Archive | None,
    *,
    decides: bool,
    quote: Callable[[Evidence], tuple[str | None, bool]],
) -> Step:
    rule = rules.get((finding.rule, finding.version))
    subject = finding.subject
    return Step(
        id=finding.id,
        decides=decides,
        rule=finding.rule,
        version=finding.version,
        title=rule.title if rule else None,
        subject=SubjectDocument(subject.kind, subject.id, subject.url),
        outcome=finding.outcome.value,
        reason=finding.reason,
        responsible=finding.responsible.value,
        evidence=_links(finding.evidence, archive, quote),
        counter_evidence=_links(finding.counter_evidence, archive, quote),
    )


def _excerpt(item: Evidence, *, gone: Collection[str], excerpts: bool) -> tuple[str | None, bool]:
    """Return the excerpt as it may be told, and whether its body was redacted."""
    redacted = item.sha256 in gone
    return (item.excerpt if excerpts and not redacted else None), redacted


def _links(
    items: Iterable[Evidence], archive: Archive | None, quote: Callable[[Evidence], tuple[str | None, bool]]
) -> tuple[Link, ...]:
    links = []
    for item in items:
        excerpt, redacted = quote(item)
        problem = verify(item, archive) if archive else None
        links.append(
            Link(
                capture=item.capture,
                url=item.url,
                sha256=item.sha256,
                fetched_at=item.fetched_at,
                locator=item.locator,
                excerpt=excerpt,
                verified=None if archive is None else problem is None,
                problem=problem,
                file=_file(item, archive) if archive else None,
                redacted=redacted,
            )
        )
    return tuple(links)


def _file(evidence: Evidence, archive: Archive) -> str | None:
    """Return where the archive holds the record: file and offset, which only the index knows."""
    capture = archive.capture(evidence.capture)
    if capture is None or capture.sha256 is None:
        return None
    try:
        file, offset = archive.place(capture)
    except ArchiveError:
        return None
    return f"{file}@{offset}"
