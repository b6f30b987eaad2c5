from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, hypergeom

from checks.marking.intervals import clopper_pearson, hypergeometric, share_interval


@pytest.mark.parametrize(
    ("passed", "seen"), [(0, 1), (1, 1), (0, 20), (20, 20), (7, 20), (1, 3), (45, 50), (500, 1000)]
)
def test_clopper_pearson_is_scipys(passed: int, seen: int) -> None:
    known = binomtest(passed, seen).proportion_ci(0.95, method="exact")
    assert clopper_pearson(passed, seen) == pytest.approx((known.low, known.high), abs=1e-12)


@pytest.mark.parametrize(
    ("passed", "seen", "known"), [(0, 5, 50), (5, 5, 50), (3, 10, 40), (9, 10, 11), (1, 1, 2), (20, 30, 500), (0, 1, 1000)]
)  # fmt: skip
def test_hypergeometric_holds_every_total_that_is_not_too_unlikely(passed: int, seen: int, known: int) -> None:
    likely = [
        total
        for total in range(passed, known - seen + passed + 1)
        if hypergeom.sf(passed - 1, known, total, seen) > 0.025 and hypergeom.cdf(passed, known, total, seen) > 0.025
    ]
    assert hypergeometric(passed, seen, known) == (min(likely) / known, max(likely) / known)


def test_textbook_values() -> None:
    assert clopper_pearson(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert clopper_pearson(10, 10) == pytest.approx((0.6915, 1), abs=1e-4)
    assert clopper_pearson(5, 10) == pytest.approx((0.1871, 0.8129), abs=1e-4)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int, int | None]:
    seen = draw(st.integers(1, 60))
    passed = draw(st.integers(0, seen))
    return passed, seen, draw(st.none() | st.integers(seen, 200))


@given(counts())
def test_an_interval_holds_the_share_seen(given_counts: tuple[int, int, int | None]) -> None:
    passed, seen, known = given_counts
    low, high = share_interval(passed, seen, known)
    assert 0 <= low <= high <= 1
    if known is None or known == seen:
        assert low - 1e-9 <= passed / seen <= high + 1e-9
    else:  # a finite whole: the totals that can be, not the share as a fraction
        assert passed / known <= high
        assert low <= (known - seen + passed) / known
        assert low - 1 / known <= passed / seen <= high + 1 / known


@given(counts())
def test_one_more_pass_never_lowers_a_bound(given_counts: tuple[int, int, int | None]) -> None:
    passed, seen, known = given_counts
    if passed < seen:
        low, high = share_interval(passed, seen, known)
        better_low, better_high = share_interval(passed + 1, seen, known)
        assert low <= better_low
        assert high <= better_high


@given(counts())
def test_passes_and_failures_are_treated_alike(given_counts: tuple[int, int, int | None]) -> None:
    passed, seen, known = given_counts
    low, high = share_interval(passed, seen, known)
    mirrored = share_interval(seen - passed, seen, known)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(st.integers(1, 500), st.data())
def test_exact_when_everything_was_seen(seen: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, seen))
    assert share_interval(passed, seen, seen) == (passed / seen, passed / seen)


@given(counts(), st.integers(1, 100))
def test_knowing_the_whole_never_widens(given_counts: tuple[int, int, int | None], more: int) -> None:
    passed, seen, _ = given_counts
    finite, endless = share_interval(passed, seen, seen + more), share_interval(passed, seen, None)
    assert finite[0] >= endless[0] - 1 / (seen + more)
    assert finite[1] <= endless[1] + 1 / (seen + more)


@pytest.mark.parametrize(("passed", "seen", "known"), [(-1, 3, None), (4, 3, None), (0, 0, None), (0, 0, 0), (1, 3, 2)])
def test_impossible_counts(passed: int, seen: int, known: int | None) -> None:
    with pytest.raises(ValueError, match="impossible counts"):
        share_interval(passed, seen, known)


def test_a_large_whole_takes_bounded_time() -> None:
    begun = time.monotonic()
    low, high = hypergeometric(100, 200, 20_000)
    assert low < 0.5 < high
    assert time.monotonic() - begun < 3
