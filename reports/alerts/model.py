"""What is told: one alert for one thing that happened, with an identity that makes it told once."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

import msgspec

from reports.documents import Document
from reports.ledger import Cause


class Kind(StrEnum):
    """What happened.

    `mark_worse` and `mark_better`: a mark changed and the new one stood on enough nights. `incident`: a host had
    trouble. `night_missing`, `night_incomplete`: a night did not run, or not whole. `saw_less`: scopes of a host
    brought far less than usual. `calendar_expires`, `duty_expires`: pack or settings need care. `due`: a contest is
    late or an override ends.
    """

    NIGHT_MISSING = "night_missing"
    NIGHT_INCOMPLETE = "night_incomplete"
    INCIDENT = "incident"
    SAW_LESS = "saw_less"
    MARK_WORSE = "mark_worse"
    MARK_BETTER = "mark_better"
    CALENDAR_EXPIRES = "calendar_expires"
    DUTY_EXPIRES = "duty_expires"
    DUE = "due"


class MarkMoved(Document, frozen=True):
    """A mark before and after, and what brought it. `own` tells that what the body itself publishes is among that."""

    indicator: str
    profile: str
    group: str | None
    before: str
    after: str
    reason: str
    causes: tuple[Cause, ...]
    evidence: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        """Whether the change may be called the body's doing."""
        return Cause.SITE in self.causes


class Shown(Document, frozen=True):
    """A piece of evidence as it is told. `public` False: for the operator and the owner of the data alone."""

    reason: str
    url: str
    capture: str
    excerpt: str | None
    public: bool = True


class Alert(Document, frozen=True):
    """One thing that happened. `subject` is a host, a duty, a mark; `since` the night or day from which it counts.

    `agencies` are those it concerns; `country` True: the country's own mark. `details` are lines in no language:
    addresses and numbers. `day` is a day by which something is due.
    """

    kind: Kind
    subject: str
    since: date
    agencies: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    day: date | None = None
    moved: MarkMoved | None = None
    shown: tuple[Shown, ...] = ()

    @property
    def id(self) -> str:
        """Identity: equal whenever the same thing is looked at again. 16 hex digits."""
        said = self.moved.after if self.moved else None
        parts = [self.kind, self.subject, self.since, said]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:16]
