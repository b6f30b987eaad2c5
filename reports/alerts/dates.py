"""What ends soon: the days off that are known, duties, and what the office has to do by a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from config.model import Agency, Duty, Settings
from config.pack import Pack
from reports.alerts.model import Alert, Kind
from reports.analysts.todo import Need, Task

_TOLD = frozenset({Need.CONTEST_LATE, Need.OVERRIDE_EXPIRED, Need.OVERRIDE_EXPIRES})


def calendar(pack: Pack, night: date, days: int) -> Iterator[Alert]:
    """Yield that days off are known for less than *days* from *night* on, or not at all."""
    if pack.calendar is None:
        return
    year = night.year
    while year in pack.calendar.years:
        year += 1
    ends = date(year - 1, 12, 31)
    if (ends - night).days <= days:
        yield Alert(Kind.CALENDAR_EXPIRES, pack.calendar.country, ends, day=ends)


def duties(settings: Settings, pack: Pack, night: date, days: int) -> Iterator[Alert]:
    """Yield each duty in force that ends within *days*, and that nothing of the same id carries on."""
    yield from _ending(pack.duties, None, night, days)
    for agency in settings.agencies:
        if agency.holds(night):
            yield from _ending(agency.duties, agency, night, days)


def due(tasks: Iterable[Task]) -> Iterator[Alert]:
    """Yield contests that are late and overrides that end."""
    for item in tasks:
        if item.need in _TOLD:
            yield Alert(Kind.DUE, f"{item.need}:{item.item}", item.due or date.min, details=(item.item,), day=item.due)


def _ending(known: Iterable[Duty], agency: Agency | None, night: date, days: int) -> Iterator[Alert]:
    listed = tuple(known)
    for item in listed:
        if item.valid_to is None or not item.holds(night) or (item.valid_to - night).days > days:
            continue
        later = date.fromordinal(item.valid_to.toordinal() + 1)
        if any(other.id == item.id and other.holds(later) for other in listed):
            continue
        subject = f"{agency.id}/{item.id}" if agency else item.id
        yield Alert(
            Kind.DUTY_EXPIRES, subject, item.valid_to, (agency.id,) if agency else (),
            (f"{item.law}, {item.article}",), item.valid_to,
        )  # fmt: skip
