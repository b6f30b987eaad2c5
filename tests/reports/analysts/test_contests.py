from __future__ import annotations

from datetime import date, timedelta

import pytest
from office_desk import HOLIDAYS, Hands
from report_country import NIGHT

from checks.marks import Mark, MarkValue
from config.calendar import Holidays
from config.errors import ConfigError
from reports.analysts.acts import ContestOutcome
from reports.analysts.bench import Bench
from reports.analysts.changes import What, changes
from reports.analysts.contests import Objection, acknowledge, after_working_days, deadlines, decide, open_contest
from reports.analysts.documents import contest_document
from reports.analysts.effective import Basis, effective
from reports.analysts.todo import Need, tasks

OBJECTION = Objection(
    NIGHT - timedelta(days=2), NIGHT, "All pages are there in Kazakh.", None, "A. Person", "a@example.org"
)


def opened(office: Bench, mark: Mark, objection: Objection = OBJECTION) -> str:
    return open_contest(office, effective(mark, office.state(), NIGHT), objection, "p1")


def needs(office: Bench, today: date) -> list[tuple[Need, date | None]]:
    found = tasks((), office.state(), NIGHT, today)
    return [(item.need, item.due) for item in found if item.item.startswith("contest/")]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 10, 23), 1, date(2026, 10, 27)),  # 26 October is a day off for the 25th, a Sunday
        (date(2026, 12, 14), 5, date(2026, 12, 22)),  # 16 December is Independence Day
    ],
)
def test_working_days_follow_the_packs_calendar(start: date, days: int, end: date) -> None:
    assert after_working_days(Holidays(HOLIDAYS), start, days) == end


def test_time_limits_say_when_the_calendar_does_not_reach(office: Bench) -> None:
    assert deadlines(office, date(2026, 11, 24)) == (date(2026, 12, 1), date(2026, 12, 23), True)
    assert deadlines(office, date(2026, 12, 20))[2] is False


def test_from_open_to_corrected(office: Bench, mark: Mark) -> None:
    assert isinstance(office.clock, Hands)
    name = opened(office, mark)
    assert name == "2026-001"
    assert needs(office, office.today) == [(Need.CONTEST_OPEN, date(2026, 12, 1))]
    assert needs(office, date(2026, 12, 2)) == [(Need.CONTEST_LATE, date(2026, 12, 1))]
    with pytest.raises(ConfigError, match="contest 2026-001 is open; acknowledge it first"):
        decide(office, name, ContestOutcome.REJECTED, "why", "p1")
    acknowledge(office, name, "p1", "we look at it")
    with pytest.raises(ConfigError, match="acknowledged already"):
        acknowledge(office, name, "p1")
    assert needs(office, date(2026, 12, 2)) == [(Need.CONTEST_OPEN, date(2026, 12, 23))]

    office.clock.to(date(2026, 12, 10))
    decide(office, name, ContestOutcome.CORRECTED, "the menu was read wrong", "p2", value=MarkValue.PLUS)
    assert needs(office, date(2027, 1, 10)) == []
    state = office.state()
    one = effective(mark, state, NIGHT)
    assert (one.value, one.basis, one.text) == (MarkValue.PLUS, Basis.ERRATUM, "the menu was read wrong")
    assert one.erratum is not None
    assert (one.erratum.said, one.erratum.on) == (MarkValue.MINUS, date(2026, 12, 10))
    assert effective(mark, state, NIGHT + timedelta(days=1)).basis is Basis.PROPOSED
    found = changes(state, NIGHT - timedelta(days=2), NIGHT + timedelta(days=1))
    assert [(item.night, item.what) for item in found] == [
        (NIGHT - timedelta(days=2), What.CORRECTED),
        (NIGHT + timedelta(days=1), What.CORRECTION_ENDED),
    ]


def test_an_upheld_one_leaves_no_mark_and_a_rejected_one_leaves_it(office: Bench, mark: Mark) -> None:
    for outcome, value, basis in (
        (ContestOutcome.REJECTED, MarkValue.MINUS, Basis.PROPOSED),
        (ContestOutcome.UPHELD, None, Basis.ERRATUM),
    ):
        name = opened(office, mark)
        acknowledge(office, name, "p1")
        decide(office, name, outcome, "why", "p1")
        one = effective(mark, office.state(), NIGHT)
        assert (one.value, one.basis) == (value, basis)
        with pytest.raises(ConfigError, match=f"is decided: {outcome.value}"):
            decide(office, name, outcome, "why", "p1")


def test_a_correction_is_stronger_than_an_override(office: Bench, mark: Mark) -> None:
    office.override(mark, NIGHT, MarkValue.ZERO, NIGHT + timedelta(days=9), "why", "p1")
    name = opened(office, mark)
    acknowledge(office, name, "p1")
    with pytest.raises(ConfigError, match="the mark says 0 already"):
        decide(office, name, ContestOutcome.CORRECTED, "why", "p1", value=MarkValue.ZERO)
    decide(office, name, ContestOutcome.CORRECTED, "why", "p1", value=MarkValue.PLUS, nights=(NIGHT, NIGHT))
    assert effective(mark, office.state(), NIGHT).value is MarkValue.PLUS
    assert effective(mark, office.state(), NIGHT + timedelta(days=1)).value is MarkValue.ZERO


def test_who_objected_stays_in_the_office(office: Bench, mark: Mark) -> None:
    name = opened(office, mark)
    document = contest_document(office.state().contests[name], office.today)
    assert (document.agency, document.indicator, document.said) == ("finance", "lang_coverage", "-")
    assert "Person" not in repr(document)
    assert "example.org" not in repr(document)
    assert office.state().contests[name].opened.contact == "a@example.org"


@pytest.mark.parametrize(
    ("objection", "message"),
    [
        (Objection(NIGHT, NIGHT - timedelta(days=1), "x"), "names its nights in order"),
        (Objection(NIGHT, NIGHT, " "), "what the agency says in words"),
        (Objection(NIGHT, NIGHT, "x", date(2026, 11, 25)), "which is yet to come"),
    ],
)
def test_a_wrong_objection_is_told(office: Bench, mark: Mark, objection: Objection, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        opened(office, mark, objection)


@pytest.mark.parametrize(
    ("outcome", "value"), [(ContestOutcome.CORRECTED, None), (ContestOutcome.REJECTED, MarkValue.PLUS)]
)
def test_only_a_correction_names_a_value(
    office: Bench, mark: Mark, outcome: ContestOutcome, value: MarkValue | None
) -> None:
    name = opened(office, mark)
    acknowledge(office, name, "p1")
    with pytest.raises(ConfigError, match="`corrected` names the value"):
        decide(office, name, outcome, "why", "p1", value=value)
    with pytest.raises(ConfigError, match="no contest '2026-009'; known: 2026-001"):
        acknowledge(office, "2026-009", "p1")
