from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.marking.lateness import gaps, is_late
from config.pack import Calendar, SectionLimit
from tests.checks.marking.support import CALENDAR

WEEK = SectionLimit(max_days=7)
WORKING = SectionLimit(max_days=3, working_days=True)
DAILY = SectionLimit(max_days=1)
NOVEMBER = date(2026, 11, 16)  # a Monday


@pytest.mark.parametrize(
    ("newest", "night", "limit", "expected"),
    [
        (NOVEMBER, NOVEMBER, WEEK, False),
        (date(2026, 11, 9), NOVEMBER, WEEK, False),
        (date(2026, 11, 8), NOVEMBER, WEEK, True),
        (date(2026, 11, 20), NOVEMBER, WEEK, False),  # an entry of the future
        # 25 October is Republic Day, a Sunday in 2026, so Monday the 26th is off: one day more.
        (date(2026, 10, 22), date(2026, 10, 30), WEEK, False),
        (date(2026, 10, 21), date(2026, 10, 30), WEEK, True),
        # Three working days: Friday to Wednesday.
        (date(2026, 11, 13), date(2026, 11, 18), WORKING, False),
        (date(2026, 11, 13), date(2026, 11, 19), WORKING, True),
        (date(2026, 10, 23), date(2026, 10, 29), WORKING, False),  # the 26th is off
        (date(2026, 10, 23), date(2026, 10, 30), WORKING, True),
        (date(2026, 11, 15), NOVEMBER, DAILY, False),
        (date(2026, 11, 14), NOVEMBER, DAILY, True),
        # Years that the calendar does not know.
        (date(2027, 3, 1), date(2027, 3, 8), WEEK, False),
        (date(2027, 3, 1), date(2027, 3, 31), WEEK, None),
        (date(2026, 11, 1), date(2027, 3, 1), WEEK, None),
        # The unknown year before can only make it later.
        (date(2024, 6, 1), date(2025, 1, 31), WEEK, True),
        (date(2024, 12, 20), date(2025, 1, 6), WEEK, None),
    ],
)
def test_lateness(newest: date, night: date, limit: SectionLimit, expected: bool | None) -> None:
    assert is_late(newest, night, limit, CALENDAR) is expected


def test_without_a_calendar_nothing_is_late_for_sure() -> None:
    assert is_late(date(2026, 1, 1), NOVEMBER, WEEK, None) is None
    assert is_late(date(2026, 11, 10), NOVEMBER, WEEK, None) is False


@given(st.dates(date(2025, 1, 1), date(2026, 12, 1)), st.integers(0, 60), st.integers(0, 30), st.booleans())
def test_lateness_grows_with_time_and_shrinks_with_the_limit(newest: date, age: int, days: int, working: bool) -> None:
    night = min(newest + timedelta(days=age), date(2026, 12, 31))
    late = is_late(newest, night, SectionLimit(max_days=days, working_days=working), CALENDAR)
    assert late is not None
    if late:
        assert is_late(
            newest,
            min(night + timedelta(days=1), date(2026, 12, 31)),
            SectionLimit(max_days=days, working_days=working),
            CALENDAR,
        )
    else:
        assert not is_late(newest, night, SectionLimit(max_days=days + 1, working_days=working), CALENDAR)


def test_a_holiday_never_makes_anything_later() -> None:
    bare = Calendar(country="KZ", years=(2026,), source="test")
    more = Calendar(country="KZ", years=(2026,), moved_days_off=(date(2026, 11, 12),), source="test")
    for age in range(20):
        newest = NOVEMBER - timedelta(days=age)
        assert is_late(newest, NOVEMBER, WEEK, more) <= is_late(newest, NOVEMBER, WEEK, bare)  # type: ignore[operator]
    assert is_late(date(2026, 11, 8), NOVEMBER, WEEK, more) is False


def ages(*numbers: int) -> list[date]:
    return [NOVEMBER - timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (ages(0, 7, 14), []),
        (ages(0, 8, 14), [(8, 0)]),
        (ages(0, 20, 40), [(40, 20), (20, 0)]),
        (ages(0, 6, -20), []),  # the future is no gap
        (ages(0), []),  # one entry shows no gap: the list may have been cut
        (ages(0, 200), [(90, 0)]),  # the window begins within the gap
        (ages(0, 86, 97), [(86, 0)]),  # of 11 days between, 4 lie in the window
        ([], []),
    ],
)
def test_gaps_within_the_window(days: list[date], expected: list[tuple[int, int]]) -> None:
    found = gaps(days, NOVEMBER, 90, WEEK, CALENDAR)
    assert [((NOVEMBER - older).days, (NOVEMBER - newer).days) for older, newer in found] == expected
