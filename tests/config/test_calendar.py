from __future__ import annotations

from datetime import date

import pytest

from config.calendar import Holidays
from config.loader import load_pack
from config.pack import Calendar


@pytest.fixture(scope="module")
def holidays() -> Holidays:
    return Holidays(load_pack("kz").calendar)


def test_known_years(holidays: Holidays) -> None:
    assert [year for year in range(2019, 2029) if holidays.is_known(year)] == [2021, 2022, 2023, 2024, 2025, 2026]
    assert not Holidays(None).is_known(2026)


# Days off in a five-day week that fall on Monday to Friday, as published for each year.
DAYS_OFF = {
    2021: "01-01 01-04 01-07 03-08 03-22 03-23 03-24 05-03 05-07 05-10 07-05 07-06 07-20 08-30 12-01 12-16 12-17",
    2022: "01-03 01-04 01-07 03-07 03-08 03-21 03-22 03-23 05-02 05-09 05-10 07-06 08-29 08-30 10-24 10-25 12-16",
    2023: "01-02 01-03 03-08 03-21 03-22 03-23 05-01 05-08 05-09 06-28 07-06 07-07 08-30 10-25 12-18",
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 07-08 08-30 10-25 12-16",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16",
}


@pytest.mark.parametrize(("year", "expected"), DAYS_OFF.items())
def test_the_days_off_of_each_checked_year(holidays: Holidays, year: int, expected: str) -> None:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + number) for number in range(365)]
    assert " ".join(f"{day:%m-%d}" for day in days if day.weekday() < 5 and holidays.is_holiday(day)) == expected


def test_days_off_between_leaves_weekends_out(holidays: Holidays) -> None:
    assert holidays.days_off_between(date(2024, 5, 3), date(2024, 5, 9)) == 3
    assert holidays.days_off_between(date(2024, 5, 9), date(2024, 5, 9)) == 0
    assert holidays.days_off_between(date(2024, 5, 9), date(2024, 5, 1)) == 0


def test_a_saturday_may_be_worked(holidays: Holidays) -> None:
    assert holidays.is_working_day(date(2024, 5, 4))
    assert not holidays.is_working_day(date(2024, 5, 11))
    assert holidays.working_days_between(date(2024, 5, 3), date(2024, 5, 10)) == 3


def test_a_weekend_asked_for_first_is_known_too() -> None:
    assert Holidays(load_pack("kz").calendar).is_working_day(date(2024, 5, 4))


def test_the_pack_has_the_last_word() -> None:
    calendar = Calendar(
        country="KZ",
        years=(2025,),
        moved_working_days=(date(2025, 12, 16), date(2025, 12, 20)),
        moved_days_off=(date(2025, 12, 22),),
        source="test",
    )
    holidays = Holidays(calendar)
    assert holidays.is_working_day(date(2025, 12, 16))
    assert holidays.is_working_day(date(2025, 12, 20))
    assert not holidays.is_working_day(date(2025, 12, 22))


def test_without_a_calendar_only_weekends_are_off() -> None:
    holidays = Holidays(None)
    assert holidays.days_off_between(date(2025, 12, 1), date(2026, 1, 10)) == 0
    assert holidays.working_days_between(date(2025, 12, 14), date(2025, 12, 21)) == 5
