"""Marks that changed for good: a new value counts once it stood on enough nights on which there was a mark."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from reports.alerts.model import Alert, Kind, MarkMoved
from reports.ledger import Cause, Course, MarkChange

_ORDER = {"-": 0, "0": 1, "+": 2}

Counted = Callable[[Course, date, str | None, str], tuple[str | None, str]]
"""Returns value and reason of a mark on a night as they count, from those that the machine proposed."""


class Seen(NamedTuple):
    """A mark on one night on which there was one."""

    night: date
    value: str
    reason: str


class Turn(NamedTuple):
    """A confirmed change: the last night of the old value, the first of the new one, the night that confirmed it."""

    before: Seen
    first: Seen
    confirmed: Seen


def series(course: Course, nights: Sequence[date], counted: Counted) -> tuple[Seen, ...]:
    """Return the nights of *course* on which a mark counted, oldest first: a night that saw nothing says nothing."""
    found = []
    for span in course.marks:
        for night in nights[bisect_left(nights, span.first) : bisect_right(nights, span.last)]:
            value, reason = counted(course, night, span.value, span.reason)
            if value is not None:
                found.append(Seen(night, value, reason))
    return tuple(found)


def turns(seen: Iterable[Seen], confirm: int) -> Iterator[Turn]:
    """Yield each change whose new value stood *confirm* times in a row; what flaps in between is passed over."""
    standing: Seen | None = None
    first: Seen | None = None
    stood = 0
    for item in seen:
        stood = stood + 1 if first and first.value == item.value else 1
        first = item if first is None or stood == 1 else first
        if standing and item.value == standing.value:
            standing = item
        elif stood >= confirm:
            if standing:
                yield Turn(standing, first, item)
            standing = item


def mark_alerts(
    course: Course, seen: Sequence[Seen], night: date, confirm: int, changes: Iterable[MarkChange]
) -> Iterator[Alert]:
    """Yield the alert of *night* about one mark, if a change of it was confirmed that night."""
    for turn in turns(seen, confirm):
        if turn.confirmed.night != night:
            continue
        worse = _ORDER[turn.confirmed.value] < _ORDER[turn.before.value]
        causes = _causes(course, turn, changes)
        moved = MarkMoved(
            course.indicator, course.profile, course.group, turn.before.value, turn.confirmed.value,
            turn.confirmed.reason, causes,
        )  # fmt: skip
        subject = "/".join((course.agency or "", course.group or "", course.indicator, course.profile))
        bodies = (course.agency,) if course.agency else ()
        yield Alert(
            Kind.MARK_WORSE if worse else Kind.MARK_BETTER, subject, turn.first.night, agencies=bodies, moved=moved
        )


def _causes(course: Course, turn: Turn, changes: Iterable[MarkChange]) -> tuple[Cause, ...]:
    """Return the causes that the ledger keeps of the nights between the old value and the new one."""
    mine = (
        item
        for item in changes
        if (item.agency, item.group, item.indicator, item.profile)
        == (course.agency, course.group, course.indicator, course.profile)
        and turn.before.night < item.night <= turn.confirmed.night
    )
    return tuple(dict.fromkeys(cause for item in mine for cause in item.causes))
