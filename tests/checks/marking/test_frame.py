from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.frontier import agreement, memory
from checks.findings import Finding
from checks.marking.frame import Frame, frame_bounds, frame_of
from checks.marking.intervals import clopper_pearson, hypergeometric, share_interval
from checks.marking.summaries import decide
from checks.marks import Bounds
from config.indicators import Sum
from crawler.coverage import Stratum
from tests.checks.lab import page_capture
from tests.checks.marking.support import F, P, finding, question

CERTAIN = frozenset(f"capture-{number}" for number in range(10))


def drawn(passed: int, failed: int, start: int = 100) -> list[Finding]:
    outcomes = [P] * passed + [F] * failed
    return [finding(outcome, start + number) for number, outcome in enumerate(outcomes)]


def bounds(frame: Frame, found: list[Finding]) -> tuple[float, float]:
    return frame_bounds(frame, [item for item in found if item.outcome is P], found)


def test_the_rest_is_hypergeometric_when_discovery_finished() -> None:
    frame = Frame(known=500, seen=50, finished=True)
    assert bounds(frame, drawn(45, 5)) == hypergeometric(45, 50, 500)
    unfinished = Frame(known=500, seen=50)
    assert bounds(unfinished, drawn(45, 5)) == clopper_pearson(45, 50)


def test_a_kind_of_subject_is_seen_in_the_share_of_its_pages() -> None:
    frame = Frame(known=300, seen=30, finished=True)
    assert frame.rest(10) == 100  # sections of three pages each
    assert bounds(frame, drawn(9, 1)) == hypergeometric(9, 10, 100)
    assert Frame(known=30, seen=30, finished=True).rest(10) == 10
    assert Frame(finished=True).rest(10) is None


def test_what_was_asked_for_certain_is_counted_as_it_is() -> None:
    certain = drawn(10, 0, start=0)
    frame = Frame(CERTAIN, known=90, seen=20, finished=True)
    low, high = hypergeometric(10, 20, 90)
    found = bounds(frame, [*certain, *drawn(10, 10)])
    assert found == pytest.approx((0.1 + 0.9 * low, 0.1 + 0.9 * high))
    whole = Frame(CERTAIN, known=20, seen=20, finished=True)
    assert bounds(whole, [*certain, *drawn(10, 10)]) == pytest.approx((20 / 30, 20 / 30))


def test_the_certain_part_may_weigh_anything_while_the_whole_is_unknown() -> None:
    certain, frame = drawn(10, 0, start=0), Frame(CERTAIN, known=90, seen=20)
    low, high = clopper_pearson(5, 20)
    found = bounds(frame, [*certain, *drawn(5, 15)])
    assert found == pytest.approx((low, (10 + 20 * high) / 30))


def test_certain_pages_alone_say_nothing_of_the_rest() -> None:
    certain = drawn(10, 0, start=0)
    assert bounds(Frame(CERTAIN, known=90), certain) == (0.0, 1.0)
    assert bounds(Frame(CERTAIN, known=90, finished=True), certain) == (0.0, 1.0)
    assert bounds(Frame(CERTAIN, finished=True), certain) == (1.0, 1.0)


@given(st.integers(0, 10), st.integers(0, 30), st.integers(1, 30), st.integers(0, 300), st.booleans())
def test_one_more_that_passes_never_lowers_a_bound(
    good: int, passed: int, failed: int, rest: int, finished: bool
) -> None:
    seen = passed + failed
    frame = Frame(CERTAIN, known=seen + rest, seen=seen, finished=finished)
    certain = drawn(good, 10 - good, start=0)
    before = bounds(frame, [*certain, *drawn(passed, failed)])
    after = bounds(frame, [*certain, *drawn(passed + 1, failed - 1)])
    assert 0 <= before[0] <= before[1] <= 1
    assert all(new >= old - 1e-12 for new, old in zip(after, before, strict=True))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"exhausted": True}, Bounds.EXACT),
        ({"exhausted": False}, Bounds.SEEN),
        ({"exhausted": False, "frame": Frame(known=500, seen=30)}, Bounds.SAMPLING),
    ],
)
def test_intervals_are_called_what_they_are(given: dict[str, Any], kind: Bounds) -> None:
    asked = replace(question(drawn(30, 0), exhausted=given["exhausted"]), frame=given.get("frame"))
    assert decide(Sum.SHARE, asked).bounds is kind


def test_the_frame_of_a_scope() -> None:
    strata = [
        Stratum("required:menu", False, 8, 8), Stratum("news kk", True, 200, 20), Stratum("acts", True, 50, 5),
        Stratum("documents acts", True, 70, 7),
    ]  # fmt: skip
    captures = [
        page_capture(f"https://good.kz/{number}", id=f"c{number}", stratum="required:menu") for number in range(8)
    ]
    captures += [page_capture(f"https://good.kz/n{number}", id=f"n{number}", stratum="news kk") for number in range(24)]
    captures.append(page_capture("https://good.kz/n1", id="again"))
    frame = frame_of(strata, captures, finished=True)
    assert (frame.known, frame.seen, frame.finished) == (250, 25, True)
    assert frame.certain == {f"c{number}" for number in range(8)}
    assert share_interval(9, 10, frame.rest(10)) == hypergeometric(9, 10, 100)


@pytest.mark.parametrize(
    ("exhausted", "absence", "reason"),
    [(True, False, "worst_pass"), (False, True, "worst_pass"), (False, False, "not_exhausted")],
)
def test_nothing_restrictive_is_said_where_menus_sections_and_sitemaps_were_seen(
    exhausted: bool, absence: bool, reason: str
) -> None:
    found = [finding(P, number, measures={"by_absence": True}) for number in range(5)]
    assert decide(Sum.WORST, replace(question(found, exhausted=exhausted), absence=absence)).reason == reason


@pytest.mark.full
def test_marks_of_a_tenth_of_the_pages_do_not_contradict_those_of_all() -> None:
    found = agreement(10, 0.1, seed=7)
    assert found["marks"] == 40
    assert found["no_contradiction"] == 1.0
    assert found["undecided"] <= 0.25


def test_a_large_site_is_known_in_little_memory() -> None:
    found = memory(20_000)
    assert (found["known"], found["file_mb"] < 20) == (20_000, True)
