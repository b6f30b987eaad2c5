"""Bounds for a share, by what is known of the whole.

Exact when every subject was seen; hypergeometric (test inversion) when the number of subjects is known; Clopper and
Pearson (1934) when it is not. All are monotone: one more passing subject never lowers a bound.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from math import comb

Interval = tuple[float, float]
_TAIL = 0.025


def share_interval(passed: int, seen: int, known: int | None) -> Interval:
    """Return the 95 % bounds of the share of passing subjects.

    *known* is the number of all subjects, None when it is unknown. Raises ValueError for impossible counts.
    """
    if not 0 <= passed <= seen or (known is not None and known < seen) or seen == 0:
        raise ValueError(f"impossible counts: {passed} of {seen} seen, {known} known")
    if known is None:
        return clopper_pearson(passed, seen)
    if known == seen:
        return passed / seen, passed / seen
    return hypergeometric(passed, seen, known)


def clopper_pearson(passed: int, seen: int) -> Interval:
    """Return the exact binomial bounds (Clopper and Pearson, Biometrika 26, 1934)."""
    from scipy.special import betaincinv  # noqa: PLC0415 - a third of a second at start-up; only samples need it

    low = 0.0 if passed == 0 else float(betaincinv(passed, seen - passed + 1, _TAIL))
    high = 1.0 if passed == seen else float(betaincinv(passed + 1, seen - passed, 1 - _TAIL))
    return low, high


@lru_cache(maxsize=4096)
def hypergeometric(passed: int, seen: int, known: int) -> Interval:
    """Return bounds of the share in a finite whole: the totals under which the sample is not too unlikely."""
    totals = range(passed, known - (seen - passed) + 1)
    first = bisect_left(totals, x=True, key=lambda total: _tail_from(passed, seen, known, total) > _TAIL)
    after = bisect_left(totals, x=True, key=lambda total: _tail_to(passed, seen, known, total) <= _TAIL)
    return totals[first] / known, totals[after - 1] / known


def _tail_from(passed: int, seen: int, known: int, total: int) -> float:
    """P(at least *passed* of *seen*) when *total* of *known* pass."""
    ways = sum(comb(total, k) * comb(known - total, seen - k) for k in range(passed, min(seen, total) + 1))
    return ways / comb(known, seen)


def _tail_to(passed: int, seen: int, known: int, total: int) -> float:
    """P(at most *passed* of *seen*) when *total* of *known* pass."""
    ways = sum(comb(total, k) * comb(known - total, seen - k) for k in range(passed + 1))
    return ways / comb(known, seen)
