"""What every accuracy area returns: metrics with a Wilson interval, and the rows that were wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import Any

_Z = 1.959963984540054


@dataclass(frozen=True)
class Metric:
    """A share with its number of rows and its 95 % Wilson interval. No rows: no value."""

    value: float | None
    n: int
    low: float | None
    high: float | None


@dataclass
class Tally:
    """Counts right rows of one metric, by and by."""

    right: int = 0
    n: int = 0

    def add(self, *, right: bool) -> None:
        """Count one row."""
        self.n += 1
        self.right += right

    def metric(self) -> Metric:
        """Return the share of right rows."""
        return share(self.right, self.n)

    def count(self) -> Metric:
        """Return the number of right rows itself, with the interval of the share times n: for things that must be 0."""
        found = share(self.right, self.n)
        scaled = [None if bound is None else bound * self.n for bound in (found.low, found.high)]
        return Metric(self.right, self.n, *scaled)


@dataclass
class AreaReport:
    """One area's figures. An error says metric, item, what was expected and found, and why where that is known."""

    area: str
    n: int = 0
    metrics: dict[str, Metric] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def error(self, metric: str, item: str, expected: object, found: object, **more: object) -> None:
        """Keep one wrong row."""
        self.errors.append({"metric": metric, "item": item, "expected": expected, "found": found, **more})


def share(right: int, n: int) -> Metric:
    """Return right / n with the Wilson score interval."""
    if n == 0:
        return Metric(None, 0, None, None)
    value = right / n
    middle = (value + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * sqrt(value * (1 - value) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return Metric(value, n, max(0.0, middle - half), min(1.0, middle + half))
