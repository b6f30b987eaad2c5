"""Dates against limits: how late the newest entry is, and where the gaps are. Holidays are no days of delay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from config.calendar import Holidays
from config.pack import Calendar, SectionLimit


def is_late(newest: date, night: date, limit: SectionLimit, calendar: Calendar | None) -> bool | None:
    """Tell whether more than the limit (holidays set aside) passed from *newest* to *night*.

    None when that depends on a year that the pack's calendar does not know: such a year gives no `-`.
    """
    if (night - newest).days <= limit.max_days:
        return False
    holidays = Holidays(calendar)
    start = _countable(newest, night, holidays)
    if start is None:
        return None
    if limit.working_days:
        late = holidays.working_days_between(start, night) > limit.max_days
    else:
        late = (night - start).days > limit.max_days + holidays.days_off_between(start, night)
    # The years before the calendar begins could only make it later.
    return late if late or start == newest else None


def gaps(
    found: Sequence[date], night: date, window: int, limit: SectionLimit, calendar: Calendar | None
) -> list[tuple[date, date]]:
    """Return the pairs of neighbouring entries within the last *window* days that lie too far apart."""
    start = night - timedelta(days=window)
    past = sorted(day for day in found if day <= night)
    before = [start] if any(day < start for day in past) else []  # the last entry before bounds the first gap
    inside = [*before, *(day for day in past if day >= start)]
    return [(older, newer) for older, newer in pairwise(inside) if is_late(older, newer, limit, calendar) is not False]


def _countable(newest: date, night: date, holidays: Holidays) -> date | None:
    """Return the earliest day from which on every year is known, not before *newest*; None when the night's is not."""
    year = night.year
    if not holidays.is_known(year):
        return None
    while year > newest.year and holidays.is_known(year - 1):
        year -= 1
    return max(newest, date(year, 1, 1))
