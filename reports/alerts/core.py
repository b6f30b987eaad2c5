"""What there is to tell of one night: a pure function of what the ledger holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from config.model import Settings
from config.pack import Pack
from reports.alerts import dates, nights
from reports.alerts.marks import Counted, mark_alerts, series
from reports.alerts.model import Alert, Kind
from reports.analysts.todo import Task
from reports.ledger import Course, MarkChange, Run


def as_proposed(_course: Course, _night: date, value: str | None, reason: str) -> tuple[str | None, str]:
    """Let the machine's proposal count: nobody decided otherwise."""
    return value, reason


@dataclass(frozen=True)
class View:
    """What the ledger holds of the last nights. `runs` are the finished runs that count, by night.

    `counted` lets people's decisions in.
    """

    nights: Sequence[date]
    runs: Mapping[date, Run] = field(default_factory=dict)
    courses: Sequence[Course] = ()
    changes: Sequence[MarkChange] = ()
    tasks: Sequence[Task] = ()
    counted: Counted = as_proposed


def alerts_of(view: View, settings: Settings, pack: Pack, night: date) -> tuple[Alert, ...]:
    """Return the alerts of *night*, the most pressing kind first. Nothing here remembers what was told before."""
    order = list(Kind)
    found = (
        *_of_nights(view, settings, night),
        *_of_marks(view, settings, night),
        *_of_dates(view, settings, pack, night),
    )
    return tuple(sorted(found, key=lambda item: (order.index(item.kind), item.subject)))


def _of_nights(view: View, settings: Settings, night: date) -> Iterator[Alert]:
    limits, run = settings.alerts, view.runs.get(night)
    yield from nights.missing(view.nights, night)
    if run is None:
        return
    earlier = [view.runs[day] for day in sorted(view.runs, reverse=True) if day < night]
    yield from nights.incomplete(run, earlier[: limits.confirm_nights])
    yield from nights.hosts(settings, run, earlier, limits.confirm_nights)


def _of_marks(view: View, settings: Settings, night: date) -> Iterator[Alert]:
    known = [day for day in view.nights if day <= night]
    for course in view.courses:
        body = settings.agency(course.agency) if course.agency else None
        if course.agency and (body is None or not body.holds(night)):
            continue  # what has ended is not alarmed about; its successor begins anew
        seen = series(course, known, view.counted)
        yield from mark_alerts(course, seen, night, settings.alerts.confirm_nights, view.changes)


def _of_dates(view: View, settings: Settings, pack: Pack, night: date) -> Iterator[Alert]:
    days = settings.alerts.expiry_days
    yield from dates.calendar(pack, night, days)
    yield from dates.duties(settings, pack, night, days)
    yield from dates.due(view.tasks)
