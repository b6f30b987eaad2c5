"""What a frozen period is made of: the files of its bundle, and what a verification says of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from checks.findings import Measure, Outcome, Responsible
from reports.analysts.documents import StandingDocument
from reports.documents import Document, FindingId, RuleVersion, Sha256, SubjectDocument

KeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]


class KeyDocument(Document, frozen=True):
    """A public key that signs or signed here. `endorsement` is the signature of the key whose place it took."""

    id: KeyId
    public: str
    created: datetime
    retired: datetime | None
    endorsed_by: KeyId | None
    endorsement: str | None


class FileLine(Document, frozen=True):
    """A file of the bundle."""

    path: str
    sha256: Sha256
    size: int


class ManifestDocument(Document, frozen=True):
    """What was frozen, when, by whom, and the digest of every file. Its bytes are what is signed.

    `night` is the newest recorded night of the period: its marks are the period's. `journal` names the newest line of
    the journal, so that the audit trail up to there cannot be written anew.
    """

    format: Literal[1]
    period: str
    first: date
    last: date
    profile: str
    state: Literal["draft", "final"]
    frozen_at: datetime
    by: str
    key: KeyId
    operator: str
    version: str
    night: date
    run: str
    nights: int
    incomplete: tuple[date, ...]
    config_digest: Sha256
    pack_digest: Sha256
    lock_digest: Sha256 | None
    rules: tuple[RuleVersion, ...]
    journal: int
    journal_digest: Sha256
    marks: int
    annex: int
    findings: int
    files: tuple[FileLine, ...]


class StretchDocument(Document, frozen=True):
    """Nights of the period on which the machine's mark kept value, reason and method."""

    first: date
    last: date
    mark: Literal["+", "-", "0"] | None
    reason: str
    rules: tuple[RuleVersion, ...]


class FrozenMarkDocument(Document, frozen=True):
    """A mark of the period. In the `annex` stands what nobody has made the office's own."""

    standing: StandingDocument
    annex: bool
    course: tuple[StretchDocument, ...]


class FrozenEvidenceDocument(Document, frozen=True):
    """Evidence without its excerpt, which stands in a file of its own and is bound by a salted digest.

    `quoted` tells that the excerpt stands in the body word for word; else it is a measure of it.
    """

    capture: str
    url: str
    sha256: Sha256 | None
    locator: str
    fetched_at: datetime
    excerpt_digest: Sha256
    quoted: bool


class FrozenFindingDocument(Document, frozen=True):
    """A finding that a mark rests on, or that speaks about its indicator."""

    id: FindingId
    agency: str | None
    scope: str | None
    rule: str
    version: int
    subject: SubjectDocument
    outcome: Outcome
    reason: str
    responsible: Responsible
    measures: dict[str, Measure]
    evidence: tuple[FrozenEvidenceDocument, ...]
    counter_evidence: tuple[FrozenEvidenceDocument, ...]


class ExcerptLine(Document, frozen=True):
    """An excerpt: SHA-256 of salt and text is the digest that evidence names."""

    digest: Sha256
    salt: str
    text: str


class CaptureLine(Document, frozen=True):
    """A cited capture: in the bundle, or left out for a reason (a personal identifier, gone from the archive)."""

    capture: str
    sha256: Sha256 | None
    left_out: str | None = None


class TakenOut(Document, frozen=True):
    """A body that was redacted after the freeze, with its excerpts."""

    sha256: Sha256
    reason: str
    by: str


class SupplementDocument(Document, frozen=True):
    """A dated addition to a frozen period: what was taken out since, and the files that stand in others' place."""

    format: Literal[1]
    period: str
    number: int
    manifest: Sha256
    previous: Sha256 | None
    at: datetime
    by: str
    key: KeyId
    taken_out: tuple[TakenOut, ...]
    files: tuple[FileLine, ...]


class TakenOutDocument(Document, frozen=True):
    """What a verification says was taken out after the freeze, and when."""

    sha256: Sha256
    on: datetime
    reason: str
    by: str


class VerifyDocument(Document, frozen=True):
    """What a verification found. `problems` empty: everything that is there is what was signed.

    `bodies` were read and have the digest that evidence cites; of the excerpts, `quoted` stand in them word for word
    and `measured` are measures, which only the rule can give again.
    """

    bundle: str
    period: str | None
    state: Literal["draft", "final"] | None
    key: str | None
    frozen_at: datetime | None
    marks: int
    findings: int
    bodies: int
    quoted: int
    measured: int
    left_out: dict[str, int]
    taken_out: tuple[TakenOutDocument, ...]
    problems: tuple[str, ...]


class FrozenDocument(Document, frozen=True):
    """A frozen period as it is listed."""

    name: str
    manifest: ManifestDocument
    supplements: int
