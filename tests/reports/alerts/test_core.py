"""What is told of a night: transitions alone, confirmed, one alert for one cause."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from report_country import NIGHT, PACK, STARTED, settings

from config.model import Agency, Duty, Settings
from config.pack import Calendar, Pack
from crawler.coverage import HostCoverage, RunCoverage, RunState, ScopeCoverage
from reports.alerts.core import View, alerts_of
from reports.alerts.model import Alert, Kind
from reports.analysts.todo import Need, Task
from reports.ledger import Cause, Course, MarkChange, MarkSpan, Run, RunKind, Step

VALUES = {".": None, "+": "+", "-": "-", "0": "0"}
DUTY = {"id": "d", "law": "L", "article": "1", "verified": True}


def day(number: int) -> date:
    return NIGHT + timedelta(days=number)


def course(values: str, agency: str | None = "finance") -> Course:
    spans = [MarkSpan(day(number), day(number), VALUES[value], "r") for number, value in enumerate(values)]
    return Course(agency, None, "lang_coverage", "assessment_2014", tuple(spans), ())


def marks(values: str, agency: str | None = "finance", **changes: Any) -> tuple[Alert, ...]:
    nights = [day(number) for number in range(len(values))]
    view = View(nights, courses=[course(values, agency)], **changes)
    return alerts_of(view, settings(), PACK, nights[-1])


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("++-", None),
        ("++--", ("mark_worse", "+", "-", 2)),
        ("++---", None),
        ("--00", ("mark_better", "-", "0", 2)),
        ("++-+-+", None),
        ("++-+--", ("mark_worse", "+", "-", 4)),
        ("++-.-", ("mark_worse", "+", "-", 2)),
        ("++..", None),
        ("++..++", None),
        ("++-0-0", None),
        ("--", None),
        ("+--", None),
    ],
)
def test_a_change_is_told_once_when_it_is_confirmed(values: str, told: tuple[str, str, str, int] | None) -> None:
    found = [
        (item.kind, item.moved.before, item.moved.after, (item.since - NIGHT).days)
        for item in marks(values)
        if item.moved
    ]
    assert found == ([told] if told else [])


def test_the_first_mark_of_a_body_is_no_change_whatever_its_predecessor_had() -> None:
    old = {"id": "old", "names": {"en": "Old"}, "successors": ["new"], "valid_to": str(day(1))}
    new = {"id": "new", "names": {"en": "New"}, "predecessors": ["old"], "valid_from": str(day(2))}
    bodies = settings(agencies=(old, new))
    nights = [day(number) for number in range(4)]
    before = Course("old", None, "lang_coverage", "p", (MarkSpan(day(0), day(1), "+", "r"),), ())
    after = Course("new", None, "lang_coverage", "p", (MarkSpan(day(2), day(3), "-", "r"),), ())
    assert alerts_of(View(nights, courses=[before, after]), bodies, PACK, day(3)) == ()


def test_a_body_that_has_ended_is_not_alarmed_about() -> None:
    assert [item.kind for item in marks("++--", "finance")] == [Kind.MARK_WORSE]
    assert marks("++--", "gone") == ()


@pytest.mark.parametrize(
    ("cause", "own"),
    [(Cause.SITE, True), (Cause.RULE, False), (Cause.COVERAGE, False), (Cause.CONFIGURATION, False)],
)
def test_only_what_the_body_publishes_is_its_doing(cause: Cause, own: bool) -> None:
    steps = (Step(cause, "-", "r"),)
    change = MarkChange(day(2), day(1), "finance", None, "lang_coverage", "assessment_2014", "-", "r", steps)
    elsewhere = msgspec.structs.replace(change, agency="health", steps=(Step(Cause.SITE, "-", "r"),))
    (told,) = marks("++--", changes=[change, elsewhere])
    assert told.moved is not None
    assert (told.moved.causes, told.moved.own) == ((cause,), own)


def test_what_people_decided_is_what_changes() -> None:
    assert marks("++--", counted=lambda _course, _night, _value, _reason: ("+", "override")) == ()


def test_an_alert_keeps_its_identity() -> None:
    assert marks("++--")[0].id == marks("++--")[0].id
    assert marks("++--")[0].id != marks("++00")[0].id


def run(
    number: int, fetched: int = 100, incidents: int = 0, state: RunState = RunState.COMPLETE, **changes: Any
) -> Run:
    """A night of ten scopes on one shared host, and one elsewhere."""
    shared = [ScopeCoverage(f"https://shared.example/{name}/", fetched, fetched) for name in range(10)]
    hosts = (HostCoverage("shared.example", incidents=("503",) * incidents), HostCoverage("other.example"))
    started = STARTED + timedelta(days=number)
    covered = RunCoverage(
        "r", day(number), "default", RunState.COMPLETE, started, started,
        (*shared, ScopeCoverage("https://other.example/", 100, 100)), hosts,
    )  # fmt: skip
    return Run(f"r{number}", day(number), RunKind.NIGHTLY, state, started, started, "c", "p", None, "default",
               changes.get("reason"), (covered,))  # fmt: skip


def shared() -> Settings:
    bodies = [
        {"id": f"b{name}", "names": {"en": "B"}, "sites": [f"https://shared.example/{name}/"]} for name in range(10)
    ]
    return settings(agencies=(*bodies, {"id": "other", "names": {"en": "O"}, "sites": ["https://other.example/"]}))


def went(*runs: Run) -> tuple[Alert, ...]:
    nights = {item.night: item for item in runs}
    return alerts_of(View(sorted(nights), runs=nights), shared(), PACK, max(nights))


def test_one_incident_of_a_host_is_one_alert_for_all_its_scopes() -> None:
    usual = [run(number) for number in range(5)]
    (told,) = went(*usual, run(5, fetched=10, incidents=1))
    assert (told.kind, told.subject, told.agencies) == (
        Kind.INCIDENT,
        "shared.example",
        tuple(f"b{n}" for n in range(10)),
    )
    assert len(told.details) == 11  # the incident, and what each scope lacks


def test_an_incident_that_goes_on_or_flickers_is_not_told_again() -> None:
    assert went(run(0), run(1, incidents=1), run(2, incidents=1)) == ()
    assert went(run(0), run(1, incidents=1), run(2), run(3, incidents=1)) == ()
    assert len(went(run(0, incidents=1), run(1), run(2), run(3, incidents=1))) == 1


@pytest.mark.parametrize(("fetched", "told"), [(50, 0), (49, 1)])
def test_far_less_than_the_nights_before_is_told_by_host(fetched: int, told: int) -> None:
    found = went(*[run(number) for number in range(4)], run(4, fetched=fetched))
    assert [item.kind for item in found] == [Kind.SAW_LESS] * told


def test_too_few_nights_are_no_measure() -> None:
    assert went(run(0), run(1, fetched=1)) == ()


def test_a_night_that_lacks_is_told() -> None:
    (told,) = went(run(0), run(3))
    assert (told.kind, told.since, told.details) == (Kind.NIGHT_MISSING, day(1), (f"{day(1)} – {day(2)}",))
    assert went(run(0), run(1)) == ()


def test_the_first_incomplete_night_is_told() -> None:
    cut = run(1, state=RunState.INCOMPLETE, reason="deadline")
    (told,) = went(run(0), cut)
    assert (told.kind, told.details) == (Kind.NIGHT_INCOMPLETE, ("deadline",))
    assert went(run(0), cut, run(2, state=RunState.INCOMPLETE)) == ()


def dated(pack: Pack, night: date, *bodies: Agency) -> list[tuple[Kind, str, date | None]]:
    chosen = settings().model_copy(update={"agencies": bodies})
    return [(item.kind, item.subject, item.day) for item in alerts_of(View(()), chosen, pack, night)]


@pytest.mark.parametrize(("left", "told"), [(61, False), (60, True), (0, True), (-5, True)])
def test_an_end_of_the_calendar_is_told_sixty_days_ahead(left: int, told: bool) -> None:
    pack = PACK.model_copy(update={"calendar": Calendar(country="KZ", years=(2025, 2026, 2028), source="s")})
    ends = date(2026, 12, 31)
    found = dated(pack, ends - timedelta(days=left))
    assert found == ([(Kind.CALENDAR_EXPIRES, "KZ", ends)] if told else [])


@pytest.mark.parametrize(("left", "told"), [(61, False), (60, True), (0, True), (-1, False)])
def test_an_end_of_a_duty_is_told_sixty_days_ahead(left: int, told: bool) -> None:
    ends = date(2026, 6, 30)
    pack = PACK.model_copy(update={"duties": (Duty.model_validate({**DUTY, "valid_to": ends}),)})
    found = dated(pack, ends - timedelta(days=left))
    assert found == ([(Kind.DUTY_EXPIRES, "d", ends)] if told else [])


def test_a_duty_that_goes_on_is_not_told_and_an_own_one_is_its_bodys() -> None:
    ends = date(2026, 6, 30)
    first = {**DUTY, "valid_to": str(ends)}
    later = {**DUTY, "valid_from": "2026-07-01"}
    body = Agency.model_validate({"id": "a", "names": {"en": "A"}, "duties": [first]})
    assert dated(PACK, ends, body) == [(Kind.DUTY_EXPIRES, "a/d", ends)]
    assert dated(PACK, ends, body.model_copy(update={"duties": tuple(map(Duty.model_validate, (first, later)))})) == []


def test_what_is_late_or_ends_is_told_and_what_waits_is_not() -> None:
    late = Task(Need.CONTEST_LATE, "contest/2026-001", None, day(0))
    waits = [Task(need, "x", None) for need in (Need.CONTEST_OPEN, Need.NEW, Need.TO_REVIEW)]
    (told,) = alerts_of(View((), tasks=[*waits, late]), settings(), PACK, day(1))
    assert (told.kind, told.details, told.day) == (Kind.DUE, ("contest/2026-001",), day(0))
