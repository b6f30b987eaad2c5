"""Public holidays and working days of a pack's calendar.

Spans are read as `start < day <= end`: from an item's date to the night that looks at it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from config.pack import Calendar

if TYPE_CHECKING:
    from holidays import HolidayBase

_SATURDAY = 5


class Holidays:
    """Days off of one country. Without a calendar no year is known and only weekends are days off."""

    def __init__(self, calendar: Calendar | None) -> None:
        self.calendar = calendar

    def is_known(self, year: int) -> bool:
        """Tell whether the days off of *year* were checked: in other years lateness proves nothing."""
        return self.calendar is not None and year in self.calendar.years

    def is_holiday(self, day: date) -> bool:
        """Tell whether *day* is a public or transferred day off; weekends by themselves are none."""
        if self.calendar is None or day in self.calendar.moved_working_days:
            return False
        return day in self.calendar.moved_days_off or (self._library is not None and day in self._library)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on *day* in a five-day week, Saturdays that make up for a day off included."""
        if self.is_holiday(day):
            return False
        return day.weekday() < _SATURDAY or self._makes_up(day)

    def days_off_between(self, start: date, end: date) -> int:
        """Count the public holidays after *start* and up to *end* that do not fall on a weekend."""
        return sum(day.weekday() < _SATURDAY and self.is_holiday(day) for day in _days(start, end))

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after *start* and up to *end*."""
        return sum(self.is_working_day(day) for day in _days(start, end))

    def _makes_up(self, day: date) -> bool:
        if self.calendar is None:
            return False
        if day in self.calendar.moved_working_days:
            return True
        # The library fills a year when a day of it is asked for, and only then knows its working Saturdays.
        return self._library is not None and day not in self._library and day in self._library.weekend_workdays

    @cached_property
    def _library(self) -> HolidayBase | None:
        # Imported on first use: most commands never ask for a holiday, and the library is large.
        from holidays import country_holidays  # noqa: PLC0415

        return country_holidays(self.calendar.country) if self.calendar else None


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
