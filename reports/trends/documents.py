"""What `trend` and `diff` print: the types are the reference of docs/schemas."""

from __future__ import annotations

from datetime import date

import msgspec

from reports.documents import Document
from reports.ledger import Cause


class Moved(msgspec.Struct, frozen=True):
    """Why two figures cannot be held against each other: `method`, `denominator` or `lineage`, and what it was."""

    kind: str
    before: str
    after: str


class Stretch(Document, frozen=True):
    """Recorded nights on which a mark stood. `of` is the body that carried it, a predecessor perhaps.

    `observed` and `passed` are the mark's counts on the last night of the stretch; `moved` says why the stretch cannot
    be compared with the one before it.
    """

    of: str
    first: date
    last: date
    nights: int
    mark: str | None
    reason: str
    rules: tuple[str, ...]
    passed: int
    observed: int
    moved: tuple[Moved, ...] = ()
    causes: tuple[Cause, ...] = ()


class Compliance(Document, frozen=True):
    """On how many nights the criterion was met: only nights count on which a mark could be given.

    `duty` is the duty in force that the nights are counted for; None: the assessment's criterion alone, on all nights.
    """

    met: int
    over: int
    duty: str | None = None


class TrendDocument(Document, frozen=True):
    """One mark of one body between two nights. Days are calendar days between recorded nights.

    `failing_since` is the first night of a `-` that no other mark has interrupted, `last_met` the last night with `+`,
    `days_to_fix` one number for each `-` that came to an end. A successor inherits no `-` of its predecessor.
    """

    agency: str | None
    group: str | None
    indicator: str
    profile: str
    first: date
    last: date
    nights: int
    unobserved: int
    stretches: tuple[Stretch, ...]
    compliance: Compliance
    failing_since: date | None
    last_met: date | None
    days_to_fix: tuple[int, ...]


class Side(Document, frozen=True):
    """A mark on one of two nights; a reason None: there was none."""

    of: str | None
    mark: str | None
    reason: str | None
    passed: int = 0
    observed: int = 0


class DiffLine(Document, frozen=True):
    """One mark that is not the same on both nights. `moved` not empty: not comparable, and why."""

    agency: str | None
    group: str | None
    indicator: str
    profile: str
    before: Side
    after: Side
    causes: tuple[Cause, ...]
    moved: tuple[Moved, ...]


class DiffDocument(Document, frozen=True):
    """Two nights side by side. `same` counts the marks that are equal on both."""

    before: date
    after: date
    same: int
    lines: tuple[DiffLine, ...]
