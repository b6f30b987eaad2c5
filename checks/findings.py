"""What a rule says: outcomes, subjects, evidence, findings. Plain frozen data without a clock."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import msgspec

EXCERPT_LIMIT = 300
Measure: TypeAlias = str | int | float | bool | list[str] | dict[str, int] | None


class Outcome(StrEnum):
    """What a rule answers. An error is never `fail`; what was not seen is `not_observed`."""

    PASS = "pass"  # noqa: S105 - an outcome, no password
    FAIL = "fail"
    UNCLEAR = "unclear"
    NOT_APPLICABLE = "not_applicable"
    NOT_OBSERVED = "not_observed"


class SubjectKind(StrEnum):
    """What a rule speaks of."""

    PAGE = "page"
    PAGE_PAIR = "page_pair"
    SECTION = "section"
    FILE = "file"
    TABLE = "table"
    DATASET = "dataset"
    DISTRIBUTION = "distribution"
    SERVICE = "service"
    SCOPE = "scope"
    AGENCY = "agency"
    PORTAL = "portal"
    BODY = "body"
    COUNTRY = "country"


class Responsible(StrEnum):
    """Who can mend what was found."""

    AGENCY = "agency"
    PLATFORM_OWNER = "platform_owner"
    PORTAL_OWNER = "portal_owner"


class SubjectRef(msgspec.Struct, frozen=True):
    """The subject of a finding: its kind, its permanent id within the agency, and an address a person can open."""

    kind: SubjectKind
    id: str
    url: str | None = None


class Evidence(msgspec.Struct, frozen=True):
    """Bytes that anyone can look at again. `sha256` (decoded body), `locator` and `excerpt` say what and where.

    `capture` and `fetched_at` are the sighting: they may change from night to night without changing the finding.
    A locator is `css:`, `xpath:`, `header:`, `line:` or `text:` followed by the place.
    """

    sha256: str | None
    url: str
    locator: str
    excerpt: str
    capture: str
    fetched_at: datetime


class Result(msgspec.Struct, frozen=True):
    """What a rule function returns; the engine adds rule, version, subject and agency to make a Finding.

    `reason` is a code of the message catalogues. `measures` never vary with the night (`newest_date`, not `age`).
    """

    outcome: Outcome
    reason: str
    measures: dict[str, Measure] = msgspec.field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    counter_evidence: tuple[Evidence, ...] = ()
    responsible: Responsible = Responsible.AGENCY


class Finding(msgspec.Struct, frozen=True):
    """A result about a subject of an agency (None: of the country or of a portal without owner)."""

    agency: str | None
    scope: str | None
    rule: str
    version: int
    subject: SubjectRef
    outcome: Outcome
    reason: str
    responsible: Responsible = Responsible.AGENCY
    measures: dict[str, Measure] = msgspec.field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    counter_evidence: tuple[Evidence, ...] = ()

    @property
    def rule_version(self) -> str:
        """The rule as marks cite it: `LANG-01@1`."""
        return f"{self.rule}@{self.version}"

    @property
    def id(self) -> str:
        """Identity: equal for equal verdicts on equal bytes, whatever the night. 32 hex digits."""
        cited = [[item.sha256, item.locator] for item in (*self.evidence, *self.counter_evidence)]
        parts = [
            self.rule_version, self.agency, self.scope, self.subject.kind, self.subject.id,
            self.outcome, self.reason, self.responsible, self.measures, cited,
        ]  # fmt: skip
        return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()[:32]
