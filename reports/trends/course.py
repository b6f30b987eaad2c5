"""One mark over time: its stretches, how long it failed, and the share of nights on which the criterion was met."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from checks.marks import Counts, MarkValue
from config.model import Agency, Duty
from reports.ledger import Cause, Course, MarkChange
from reports.trends import moved
from reports.trends.documents import Compliance, Moved, Stretch, TrendDocument

_MET, _FAILED = MarkValue.PLUS.value, MarkValue.MINUS.value


@dataclass(frozen=True)
class Line:
    """What a trend is made of: the courses of a mark by the bodies that carried it, oldest first, and the nights.

    `changes` are those of the same nights; `duties` those that the indicator answers, for the body's roles.
    """

    courses: tuple[tuple[str, Course], ...]
    nights: Sequence[date]
    changes: tuple[MarkChange, ...] = ()
    duties: tuple[Duty, ...] = ()


def duties_of(agency: Agency | None, pack_duties: Iterable[Duty], indicator: str) -> tuple[Duty, ...]:
    """Return the verified duties that an indicator answers and that bind the body by its roles."""
    own = agency.duties if agency else ()
    bound = (
        item for item in pack_duties if agency and (not item.roles or not set(item.roles).isdisjoint(agency.roles))
    )
    return tuple(item for item in (*own, *bound) if item.verified and indicator in item.indicators)


def trend_of(line: Line) -> TrendDocument:
    """Return the trend of one mark. Raises ValueError when no night shows it."""
    stretches = tuple(_stretches(line))
    if not stretches:
        raise ValueError("no recorded night shows this mark")
    of, course = line.courses[-1]
    own = [item for item in stretches if item.of == of]
    return TrendDocument(
        course.agency, course.group, course.indicator, course.profile,
        stretches[0].first, stretches[-1].last, sum(item.nights for item in stretches),
        sum(item.nights for item in stretches if item.mark is None), stretches, _compliance(stretches, line),
        _failing_since(own), _last(own, _MET), tuple(_fixes(own)),
    )  # fmt: skip


def _stretches(line: Line) -> Iterable[Stretch]:
    before: Stretch | None = None
    for of, course in line.courses:
        for span in course.marks:
            counts = _counts(course, span.last)
            item = Stretch(
                of, span.first, span.last, _between(line.nights, span.first, span.last), span.value, span.reason,
                span.rules, counts.passed, counts.observed, causes=_causes(line, of, span.first),
            )  # fmt: skip
            item = _held_against(before, item)
            yield item
            before = item


def _held_against(before: Stretch | None, item: Stretch) -> Stretch:
    if before is None:
        return item
    notes: list[Moved] = [
        *moved.lineage(before.of, item.of),
        *moved.method(before.rules, item.rules),
        *moved.denominator(before.observed, item.observed),
    ]
    return _with(item, tuple(notes))


def _with(item: Stretch, notes: tuple[Moved, ...]) -> Stretch:
    return Stretch(
        item.of, item.first, item.last, item.nights, item.mark, item.reason, item.rules, item.passed, item.observed,
        notes, item.causes,
    )  # fmt: skip


def _counts(course: Course, night: date) -> Counts:
    return next((item.counts for item in course.tallies if item.first <= night <= item.last), Counts())


def _causes(line: Line, of: str, night: date) -> tuple[Cause, ...]:
    found = (item.causes for item in line.changes if item.night == night and (item.agency or "") == of)
    return next(found, ())


def _between(nights: Sequence[date], first: date, last: date) -> int:
    return bisect_right(nights, last) - bisect_left(nights, first)


def _compliance(stretches: Sequence[Stretch], line: Line) -> Compliance:
    """Return the share of observed nights with a `+`, while a duty was in force where there is one."""
    met = over = 0
    for item in stretches:
        if item.mark is None:
            continue
        nights = line.nights[bisect_left(line.nights, item.first) : bisect_right(line.nights, item.last)]
        bound = sum(not line.duties or any(duty.holds(night) for duty in line.duties) for night in nights)
        over += bound
        met += bound if item.mark == _MET else 0
    return Compliance(met, over, line.duties[0].id if line.duties else None)


def _failing_since(own: Sequence[Stretch]) -> date | None:
    """Return since when the mark is `-`: nights without a mark in between do not end it, and never begin it."""
    since: date | None = None
    for item in own:
        if item.mark == _FAILED:
            since = since or item.first
        elif item.mark is not None:
            since = None
    return since


def _last(own: Sequence[Stretch], value: str) -> date | None:
    return next((item.last for item in reversed(own) if item.mark == value), None)


def _fixes(own: Sequence[Stretch]) -> Iterable[int]:
    """Yield the days from the first night of each `-` to the first night of another mark."""
    since: date | None = None
    for item in own:
        if item.mark == _FAILED:
            since = since or item.first
        elif item.mark is not None and since is not None:
            yield (item.first - since).days
            since = None
