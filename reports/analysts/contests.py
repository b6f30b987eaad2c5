"""An agency's objection to a mark: opened, acknowledged, decided, with time limits in working days of the pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from checks.marks import MarkValue
from config.calendar import Holidays
from config.errors import ConfigError
from reports.analysts.acts import ContestAcknowledged, ContestDecided, ContestOpened, ContestOutcome
from reports.analysts.bench import Bench
from reports.analysts.effective import Effective
from reports.analysts.items import contest_item, seen
from reports.analysts.journal import Entry
from reports.analysts.people import ANYBODY, DECIDES
from reports.analysts.state import Contest, State


def after_working_days(holidays: Holidays, start: date, days: int) -> date:
    """Return the day on which the *days*-th working day after *start* falls."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= holidays.is_working_day(day)
    return day


@dataclass(frozen=True)
class Objection:
    """What an agency says: about the nights from `first` to `last`, in words; who said it stays in the office."""

    first: date
    last: date
    text: str
    received: date | None = None
    objector: str = ""
    contact: str = ""


def open_contest(bench: Bench, mark: Effective, objection: Objection, by: str) -> str:
    """List an *objection* to *mark* and return its id: the year and a number."""
    _openable(bench, mark, objection)
    came = objection.received or bench.today
    acknowledge_by, decide_by, known = deadlines(bench, came)
    act = ContestOpened(
        mark=mark.item, first=objection.first, last=objection.last, said=mark.value, text=objection.text,
        received=came, acknowledge_by=acknowledge_by, decide_by=decide_by, calendar_known=known,
        seen=seen(mark.proposed), objector=objection.objector, contact=objection.contact,
    )  # fmt: skip
    with bench.acting(by, ANYBODY) as (pen, state):
        name = _next(state, came.year)
        bench.write(pen, by, contest_item(name), act)
    return name


def _openable(bench: Bench, mark: Effective, objection: Objection) -> None:
    if mark.proposed.agency is None:
        raise ConfigError("only an agency's mark can be contested; accepted: an agency and an indicator")
    if objection.last < objection.first or not objection.text.strip():
        raise ConfigError("a contest names its nights in order, and what the agency says in words")
    if objection.received and objection.received > bench.today:
        raise ConfigError(f"received on {objection.received}, which is yet to come; accepted: {bench.today} or earlier")


def deadlines(bench: Bench, received: date) -> tuple[date, date, bool]:
    """Return by when to acknowledge and to decide, and whether the pack's calendar was checked for all those days."""
    times, holidays = bench.settings.contests, Holidays(bench.pack.calendar)
    acknowledge = after_working_days(holidays, received, times.acknowledge_days)
    decide = after_working_days(holidays, received, times.decide_days)
    known = all(holidays.is_known(year) for year in range(received.year, max(acknowledge, decide).year + 1))
    return acknowledge, decide, known


def acknowledge(bench: Bench, contest: str, by: str, text: str = "") -> Entry:
    """Record that the agency was told that its objection arrived."""
    with bench.acting(by, DECIDES) as (pen, state):
        found = contest_of(state, contest)
        if found.acknowledged or found.decided:
            raise ConfigError(f"contest {contest} is {found.state} already")
        return bench.write(pen, by, contest_item(contest), ContestAcknowledged(bench.today, text))


def decide(
    bench: Bench, contest: str, outcome: ContestOutcome, text: str, by: str, *, value: MarkValue | None = None,
    nights: tuple[date, date] | None = None,
) -> Entry:  # fmt: skip
    """Decide an objection. A correction gives the value that stands there now; an upheld one leaves no mark there."""
    if not text.strip():
        raise ConfigError("a decision needs a reason in words")
    with bench.acting(by, DECIDES) as (pen, state):
        found = contest_of(state, contest)
        first, last = nights or (found.opened.first, found.opened.last)
        _decidable(found, outcome, value, first, last)
        act = ContestDecided(bench.today, outcome, text, first, last, value)
        return bench.write(pen, by, contest_item(contest), act)


def contest_of(state: State, contest: str) -> Contest:
    """Return the contest of that id. Raises ConfigError when there is none."""
    found = state.contests.get(contest)
    if found is None:
        raise ConfigError(f"no contest {contest!r}; known: {', '.join(state.contests) or 'none'}")
    return found


def _decidable(found: Contest, outcome: ContestOutcome, value: MarkValue | None, first: date, last: date) -> None:
    if found.decided:
        raise ConfigError(f"contest {found.id} is decided: {found.state}; a new objection can be opened")
    if not found.acknowledged:
        raise ConfigError(f"contest {found.id} is open; acknowledge it first")
    if last < first:
        raise ConfigError(f"nights {first} to {last} are not in order")
    if (outcome is ContestOutcome.CORRECTED) != (value is not None):
        raise ConfigError("`corrected` names the value that stands now; `upheld` and `rejected` name none")
    if value is not None and value == found.opened.said:
        raise ConfigError(f"the mark says {value.value} already; accepted: another value, or `rejected`")


def _next(state: State, year: int) -> str:
    numbers = [int(name.partition("-")[2]) for name in state.contests if name.startswith(f"{year}-")]
    return f"{year}-{max(numbers, default=0) + 1:03d}"
