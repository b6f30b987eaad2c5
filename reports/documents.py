"""The machine-readable documents: what other programs read. Their JSON Schemas stand in docs/schemas."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from checks.assessment import RuleInfo, Visibility
from checks.findings import Evidence, Finding, Measure, Outcome, Responsible, SubjectKind
from checks.marks import Bounds, Mark
from crawler.coverage import RunState
from crawler.disk import Room
from crawler.heartbeat import Heartbeat
from reports.ledger import Run, RunKind

Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]
RuleVersion = Annotated[str, Meta(pattern=r"^[A-Z]{2,8}-[0-9]{2,3}@[0-9]+$")]
FindingId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all documents: no keys but those named."""


class MarkDocument(Document, frozen=True):
    """A proposed mark. `agency` null is the country, `group` then its role group (null: all bodies)."""

    run: str
    night: date
    agency: str | None
    group: str | None
    indicator: str
    profile: str
    mark: Literal["+", "-", "0"] | None
    reason: str
    passed: Count
    failed: Count
    unclear: Count
    not_applicable: Count
    not_observed: Count
    interval: tuple[Share, Share] | None
    bounds: Bounds | None
    coverage: Share | None
    evidence_age: Count | None
    rules: tuple[RuleVersion, ...]
    evidence: tuple[FindingId, ...]


class SubjectDocument(Document, frozen=True):
    """What a finding speaks of."""

    kind: SubjectKind
    id: str
    url: str | None


class EvidenceDocument(Document, frozen=True):
    """Bytes that anyone can look at again. `excerpt` is null where excerpts are not published.

    `redacted` tells that the archive took the body out for good; its excerpt is then shown nowhere.
    """

    capture: str
    url: str
    sha256: Sha256 | None
    locator: str
    excerpt: str | None
    fetched_at: datetime
    redacted: bool = False


class FindingDocument(Document, frozen=True):
    """A finding. `run` and `night` are null for a check outside any night."""

    id: FindingId
    run: str | None
    night: date | None
    agency: str | None
    scope: str | None
    rule: str
    version: Annotated[int, Meta(ge=1)]
    subject: SubjectDocument
    outcome: Outcome
    reason: str
    responsible: Responsible
    measures: dict[str, Measure]
    evidence: tuple[EvidenceDocument, ...]
    counter_evidence: tuple[EvidenceDocument, ...]


class CheckDocument(Document, frozen=True):
    """What the rules say of one target: the facts read from it, and the findings."""

    target: str
    facts: dict[str, Any]
    findings: tuple[FindingDocument, ...]


class RuleDocument(Document, frozen=True):
    """A rule as it is listed."""

    id: str
    version: Annotated[int, Meta(ge=1)]
    indicators: tuple[str, ...]
    subject: SubjectKind
    needs: tuple[str, ...]
    title: str
    visibility: Visibility


class RunDocument(Document, frozen=True):
    """A run as it is listed."""

    run: str
    night: date
    kind: RunKind
    state: RunState
    started: datetime
    finished: datetime | None
    vantage: str
    reason: str | None
    config_digest: str
    pack_digest: str
    lock_digest: str | None


class UnseenDocument(Document, frozen=True):
    """What could not be seen of one scope, by reason."""

    scope: str
    known: Count
    fetched: Count
    pending: Count
    failed: dict[str, Count]
    skipped: dict[str, Count]


class StatusDocument(Document, frozen=True):
    """How the installation stands: the newest recorded night, its totals, what was not seen, the newest runs.

    `missing` are nights since the first that are not on record; `heartbeat` is the last sign of life of a run; `disk`
    is how many bytes are free in the workspace, how many a night takes as a rule, and for how many nights that lasts.
    """

    night: date | None
    state: RunState | None
    known: Count
    fetched: Count
    failed: Count
    skipped: Count
    pending: Count
    unseen: tuple[UnseenDocument, ...]
    incidents: dict[str, tuple[str, ...]]
    runs: tuple[RunDocument, ...]
    missing: tuple[date, ...] = ()
    heartbeat: Heartbeat | None = None
    disk: Room | None = None


def mark_document(run: str, night: date, mark: Mark) -> MarkDocument:
    """Return *mark* as a document."""
    return MarkDocument(
        run=run,
        night=night,
        agency=mark.agency,
        group=mark.group,
        indicator=mark.indicator,
        profile=mark.profile,
        mark=mark.value.value if mark.value else None,
        reason=mark.reason,
        **msgspec.structs.asdict(mark.counts),
        interval=mark.interval,
        bounds=mark.bounds,
        coverage=mark.coverage,
        evidence_age=mark.evidence_age,
        rules=mark.rules,
        evidence=mark.evidence,
    )


def finding_document(
    finding: Finding,
    run: str | None = None,
    night: date | None = None,
    *,
    excerpts: bool = True,
    gone: Collection[str] = (),
) -> FindingDocument:
    """Return *finding* as a document, without excerpts that are not published or are of bodies that are *gone*.

    *gone* are the digests of the bodies that were redacted in the archive.
    """
    subject = finding.subject
    return FindingDocument(
        id=finding.id,
        run=run,
        night=night,
        agency=finding.agency,
        scope=finding.scope,
        rule=finding.rule,
        version=finding.version,
        subject=SubjectDocument(subject.kind, subject.id, subject.url),
        outcome=finding.outcome,
        reason=finding.reason,
        responsible=finding.responsible,
        measures=finding.measures,
        evidence=_evidence(finding.evidence, gone, excerpts=excerpts),
        counter_evidence=_evidence(finding.counter_evidence, gone, excerpts=excerpts),
    )


def rule_documents(rules: Iterable[RuleInfo]) -> tuple[RuleDocument, ...]:
    """Return *rules* as documents."""
    return tuple(
        RuleDocument(
            item.id, item.version, item.indicators, SubjectKind(item.subject), item.needs, item.title, item.visibility
        )
        for item in rules
    )


def run_document(run: Run) -> RunDocument:
    """Return *run* as a document."""
    names = [name for name in RunDocument.__struct_fields__ if name != "run"]
    return RunDocument(run=run.id, **{name: getattr(run, name) for name in names})


def _evidence(items: Iterable[Evidence], gone: Collection[str], *, excerpts: bool) -> tuple[EvidenceDocument, ...]:
    return tuple(
        EvidenceDocument(
            capture=item.capture,
            url=item.url,
            sha256=item.sha256,
            locator=item.locator,
            excerpt=item.excerpt if excerpts and item.sha256 not in gone else None,
            fetched_at=item.fetched_at,
            redacted=item.sha256 in gone,
        )
        for item in items
    )
