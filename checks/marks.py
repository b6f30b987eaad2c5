"""The mark: what an assessment says of one indicator of one body on one night, in one profile."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class MarkValue(StrEnum):
    """The three marks of the assessment. No mark at all is None, with a reason."""

    PLUS = "+"
    MINUS = "-"
    ZERO = "0"


class Counts(msgspec.Struct, frozen=True):
    """Findings (or, for the country, agencies) by outcome."""

    passed: int = 0
    failed: int = 0
    unclear: int = 0
    not_applicable: int = 0
    not_observed: int = 0

    @property
    def observed(self) -> int:
        """How many count in a share."""
        return self.passed + self.failed + self.unclear


class Mark(msgspec.Struct, frozen=True):
    """A proposed mark. `agency` None means the country; `group` then names the role group (None: all bodies).

    `interval` bounds the share of passing subjects (0..1), `coverage` is the share of known subjects that were
    observed (0..1), `evidence_age` the age of the oldest cited evidence in nights, `evidence` the ids of the
    findings that decide.
    """

    agency: str | None
    indicator: str
    profile: str
    value: MarkValue | None
    reason: str
    counts: Counts = Counts()
    interval: tuple[float, float] | None = None
    coverage: float | None = None
    evidence_age: int | None = None
    rules: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    group: str | None = None
