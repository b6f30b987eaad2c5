"""What people do with marks, as plain data. The journal keeps these for good: fields are added, never renamed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Literal, TypeAlias

import msgspec

from checks.marks import MarkValue


class Seen(msgspec.Struct, frozen=True):
    """What a person had before them: the machine's value and reason, and the digest and ids of what it rested on."""

    digest: str
    value: MarkValue | None = None
    reason: str | None = None
    findings: tuple[str, ...] = ()


class Confidentiality(StrEnum):
    """Who may read a source: anybody, the bodies concerned, or only the office."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"


class Attachment(msgspec.Struct, frozen=True):
    """A stored file: SHA-256 of its bytes, the name it came with, its size in bytes."""

    sha256: str
    name: str
    size: int


class SourceKind(StrEnum):
    """What sort of source it is."""

    INTERVIEW = "interview"
    LETTER = "letter"
    DOCUMENT = "document"


class Source(msgspec.Struct, frozen=True):
    """What a person's own mark rests on."""

    kind: SourceKind
    title: str
    dated: date
    confidentiality: Confidentiality
    attachment: Attachment | None = None


class Act(msgspec.Struct, frozen=True, tag_field="act", omit_defaults=True):
    """Base of all acts."""


class Adopted(Act, frozen=True, tag="adopted"):
    """The machine's proposal of `night` is made the office's own, from that night on."""

    night: date
    value: MarkValue | None
    reason: str
    seen: Seen


class Overridden(Act, frozen=True, tag="overridden"):
    """Another value than the machine's, from `night` up to `expires`, both included."""

    night: date
    expires: date
    value: MarkValue | None
    text: str
    seen: Seen


class Withdrawn(Act, frozen=True, tag="withdrawn"):
    """The decision `of` (a number in the journal) holds no longer from `night` on."""

    of: int
    night: date
    text: str


class Stated(Act, frozen=True, tag="stated"):
    """A person's own mark of a statement, from `night` on."""

    night: date
    value: MarkValue | None
    text: str
    sources: tuple[Source, ...]


class Reviewed(Act, frozen=True, tag="reviewed"):
    """A second person's word on the decision `of`."""

    of: int
    agrees: bool
    text: str = ""


class Noted(Act, frozen=True, tag="noted"):
    """A note on an item."""

    text: str


class Assigned(Act, frozen=True, tag="assigned"):
    """The item is somebody's to look after."""

    to: str


class Left(Act, frozen=True, tag="left"):
    """A person works here no more; what was theirs goes `to` another."""

    to: str
    items: tuple[str, ...]


class ContestOpened(Act, frozen=True, tag="contest_opened"):
    """An agency objects to a mark on some nights. `objector` and `contact` never leave the office."""

    mark: str
    first: date
    last: date
    said: MarkValue | None
    text: str
    received: date
    acknowledge_by: date
    decide_by: date
    calendar_known: bool
    seen: Seen
    objector: str = ""
    contact: str = ""


class ContestAcknowledged(Act, frozen=True, tag="contest_acknowledged"):
    """The office has told the agency that the objection arrived and who looks at it."""

    on: date
    text: str = ""


class ContestOutcome(StrEnum):
    """How an objection ends.

    upheld: it is right, and the mark is withdrawn for the nights affected. corrected: it is right, and another value
    stands in the mark's place. rejected: the mark stands.
    """

    UPHELD = "upheld"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class ContestDecided(Act, frozen=True, tag="contest_decided"):
    """The decision on an objection, with the nights it affects (both included) and the value that now stands there."""

    on: date
    outcome: ContestOutcome
    text: str
    first: date
    last: date
    value: MarkValue | None = None


class Redacted(Act, frozen=True, tag="redacted"):
    """The bodies of the lines `of` were taken out of the journal; `kept` is what they said without words and names."""

    of: tuple[int, ...]
    text: str
    kept: tuple[AnyAct, ...]
    attachments: tuple[str, ...] = ()


class Froze(Act, frozen=True, tag="froze"):
    """A period was frozen, or a supplement (`number` over 0) was added to it."""

    period: str
    manifest: str
    state: Literal["draft", "final"]
    key: str
    number: int = 0


AnyAct: TypeAlias = (
    Adopted
    | Overridden
    | Withdrawn
    | Stated
    | Reviewed
    | Noted
    | Assigned
    | Left
    | ContestOpened
    | ContestAcknowledged
    | ContestDecided
    | Redacted
    | Froze
)


def without_words(act: AnyAct) -> AnyAct:
    """Return *act* without what a person wrote or was called: decisions and dates stay, words, names and files go."""
    changes: dict[str, Any] = {name: "" for name in ("text", "objector", "contact") if hasattr(act, name)}
    if isinstance(act, Stated):
        changes["sources"] = tuple(msgspec.structs.replace(one, title="", attachment=None) for one in act.sources)
    return msgspec.structs.replace(act, **changes)
