from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.base import Period
from config.model import Agency, Scope

DAYS = st.none() | st.dates(date(2000, 1, 1), date(2030, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start, end = draw(DAYS), draw(DAYS)
    if start and end and end < start:
        start, end = end, start
    return Period(valid_from=start, valid_to=end)


@given(periods(), periods())
def test_overlap_is_symmetric(left: Period, right: Period) -> None:
    assert left.overlaps(right) == right.overlaps(left)


@given(periods())
def test_a_period_overlaps_itself_and_the_open_one(period: Period) -> None:
    assert period.overlaps(period)
    assert period.overlaps(Period())


@given(periods(), periods(), st.dates(date(1999, 1, 1), date(2031, 12, 31)))
def test_a_day_in_both_means_overlap(left: Period, right: Period, day: date) -> None:
    if left.holds(day) and right.holds(day):
        assert left.overlaps(right)


def test_both_ends_belong_to_a_period() -> None:
    period = Period(valid_from=date(2024, 1, 1), valid_to=date(2024, 1, 31))
    assert period.holds(date(2024, 1, 1))
    assert period.holds(date(2024, 1, 31))
    assert not period.holds(date(2024, 2, 1))
    assert not period.overlaps(Period(valid_from=date(2024, 2, 1)))


def test_a_renamed_agency_has_the_name_of_the_night() -> None:
    agency = Agency.model_validate(
        {
            "id": "a",
            "names": [
                {"names": {"en": "Old", "kk": "Ескі"}, "valid_to": "2019-12-31"},
                {"names": {"en": "New"}, "valid_from": "2020-01-01"},
            ],
        }
    )
    assert agency.name("kk", date(2019, 12, 31)) == "Ескі"
    assert agency.name("kk", date(2020, 1, 1)) == "New"


def test_a_body_that_is_gone_has_no_scopes() -> None:
    agency = Agency.model_validate(
        {"id": "a", "names": {"en": "A"}, "sites": ["https://a.example.org"], "valid_to": "2020-01-01"}
    )
    assert [scope.id for scope in agency.scopes_on(date(2020, 1, 1))] == ["https://a.example.org/"]
    assert agency.scopes_on(date(2020, 1, 1) + timedelta(days=1)) == ()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Scope(url="https://a.example.org").url = "https://b.example.org"  # type: ignore[misc]
