"""The mark: what an assessment says of one indicator of one body on one night, in one profile."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class MarkValue(StrEnum):
    """The three marks of the assessment. No mark at all is None, with a reason."""

    PLUS = "+"
    MINUS = "-"
    ZERO = "0"


class Bounds(StrEnum):
    """What the bounds of a share are: exact, those of a random sample, or mere bounds for what was seen."""

    EXACT = "exact"
    SAMPLING = "sampling"
    SEEN = "seen"


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
    findings that decide. `bounds` says what the interval is: `exact`, `sampling` (95 %, selection was random within
    strata) or `seen` (95 % for as many as were seen, however they were chosen).
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
    bounds: Bounds | None = None
