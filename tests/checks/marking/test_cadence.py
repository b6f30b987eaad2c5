from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from checks.findings import Finding, Outcome, Responsible
from checks.marking.question import Decision
from checks.marking.summaries import decide
from config.indicators import Sum
from tests.checks.lab import NIGHT
from tests.checks.marking.support import NO, F, P, Past, U, finding, question

WEEKLY: dict[str, Any] = {"max_days": 7, "window_days": 90, "confirm_nights": 2, "minimum": 1}
STRICT: dict[str, Any] = {
    "max_days": 3, "working_days": True, "sections": {"news": {"max_days": 1}}, "window_days": 90, "confirm_nights": 2,
}  # fmt: skip


def ago(*numbers: int) -> list[date]:
    return [NIGHT - timedelta(days=number) for number in numbers]


def a_list(*ages: int, name: str = "news", kind: str = "news", **given: Any) -> Finding:
    days = [day.isoformat() for day in ago(*ages)]
    measures = {"keys": [name], "kinds": [kind], "event_driven": False, "dates": days, **given.pop("measures", {})}
    outcome = given.pop("outcome", P if ages and min(ages) <= 7 else F)
    return finding(outcome, number=len(name), measures=measures, **given)


def judge(*lists: Finding, history: Past | None = None, **params: Any) -> Decision:
    return decide(Sum.CADENCE, question(lists, history=history, **(params or WEEKLY)))


def told(decision: Decision) -> tuple[str | None, str]:
    return decision.value.value if decision.value else None, decision.reason


@pytest.mark.parametrize(
    ("lists", "value", "reason"),
    [
        ([a_list(0, 7, 14)], "+", "weekly"),
        ([a_list(7)], "+", "weekly"),
        ([a_list(0, 9, 14)], "0", "gaps"),
        ([a_list(0, 200)], "0", "gaps"),
        ([a_list(20, 30), a_list(0, 5, 10, name="events", kind="events")], "0", "gaps"),
        ([a_list(8, 16), a_list(0, 4, 12, 20, name="events", kind="events")], "+", "weekly"),  # the union
        ([a_list(8)], None, "stale_unconfirmed"),
        ([a_list(outcome=U)], None, "few_items"),
        ([a_list(outcome=U, reason="month_precise")], "0", "month_precise"),
        ([a_list(0, 6, measures={"lagging": ["GET https://good.kz/kk/news"]})], "0", "language_lags"),
        ([a_list(0, 6, outcome=U, reason="reposts")], "0", "reposts"),
        ([a_list(0, 6, outcome=U, reason="reposts"), a_list(1, name="events")], "+", "weekly"),
        ([a_list(100, kind="vacancies", outcome=U, measures={"event_driven": True})], None, "few_items"),
        ([a_list(0, 6), a_list(100, name="jobs", kind="vacancies", outcome=U, measures={"event_driven": True})], "+", "weekly"),
        ([a_list(20, outcome=U, measures={"feed_newest": ago(2)[0].isoformat()})], "0", "dual"),  # pages and feed differ
        ([a_list(20, measures={"feed_newest": ago(20)[0].isoformat()})], None, "stale_unconfirmed"),
        ([a_list(0, 6, measures={"feed_newest": ago(200)[0].isoformat()})], "+", "weekly"),
        ([a_list(0, 6, measures={"dates_by": "feed"})], "+", "weekly"),
        ([a_list(20, outcome=U, measures={"dates_by": "feed"})], None, "feed_alone"),
        ([a_list(20, outcome=U, measures={"dates_by": "feed"}), a_list(30, name="ads")], None, "stale_unconfirmed"),
        ([finding(U, reason="sitemap_alone", measures={"keys": [], "kinds": ["news"]})], None, "few_items"),
        ([finding(NO, reason="no_dated_list")], None, "no_dated_list"),
        ([], None, "not_observed"),
    ],
)  # fmt: skip
def test_one_night(lists: list[Finding], value: str | None, reason: str) -> None:
    assert told(judge(*lists)) == (value, reason)


def nights(*ages_and_days: tuple[int, list[date]], name: str = "news") -> tuple[tuple[str, date, list[date]], ...]:
    return tuple((name, NIGHT - timedelta(days=age), days) for age, days in ages_and_days)


def test_a_minus_needs_late_nights_of_this_spell() -> None:
    newest = ago(30)
    late = a_list(30)
    assert told(judge(late, history=Past(*nights((1, newest))))) == ("-", "stale")
    assert told(judge(late, history=Past(*nights((1, newest), (2, newest))))) == ("-", "stale")
    assert told(judge(late, history=Past(*nights((0, newest))))) == (None, "stale_unconfirmed")  # tonight itself
    assert told(judge(late, history=Past(*nights((25, newest))))) == (None, "stale_unconfirmed")  # then it was not late
    another_spell = Past(*nights((300, ago(350))))
    assert told(judge(late, history=another_spell)) == (None, "stale_unconfirmed")
    assert told(judge(late, history=Past())) == (None, "stale_unconfirmed")


def test_a_night_on_which_the_list_was_not_read_is_no_second_one() -> None:
    newest = ago(30)
    assert told(judge(a_list(30), history=Past(*nights((1, newest), (0, []))))) == (None, "stale_unconfirmed")
    assert told(judge(a_list(30), history=Past(*nights((1, newest), (0, newest))))) == ("-", "stale")


def test_no_minus_beside_a_list_that_names_this_month_alone() -> None:
    past = Past(*nights((1, ago(30)), (2, ago(30))))
    for month, said in ((ago(0)[0], (None, "stale_unconfirmed")), (ago(300)[0], ("-", "stale"))):
        beside = a_list(name="events", outcome=U, measures={"newest_month": f"{month:%Y-%m}", "keys": []})
        assert told(judge(a_list(30), beside, history=past)) == said


def test_no_minus_rests_on_a_feed_or_stands_against_one() -> None:
    newest = ago(30)
    past = Past(*nights((1, newest), (2, newest)))
    assert told(judge(a_list(30, outcome=U, measures={"dates_by": "feed"}), history=past)) == (None, "feed_alone")
    beside = a_list(30, outcome=U, measures={"feed_newest": ago(1)[0].isoformat()})
    assert told(judge(beside, history=past)) == ("0", "dual")


def test_more_confirmation_nights() -> None:
    params = {**WEEKLY, "confirm_nights": 3}
    assert told(judge(a_list(30), history=Past(*nights((1, ago(30)))), **params))[0] is None
    assert told(judge(a_list(30), history=Past(*nights((1, ago(30)), (2, ago(30)))), **params))[0] == "-"


def test_no_minus_beside_a_list_that_could_not_be_read() -> None:
    past = Past(*nights((1, ago(30))))
    assert told(judge(a_list(30), history=past)) == ("-", "stale")
    unread = finding(NO, 9, reason="robots")
    assert told(judge(a_list(30), unread, history=past)) == (None, "stale_unconfirmed")


def test_an_earlier_night_counts_only_when_every_list_was_read() -> None:
    two = (a_list(30), a_list(40, name="events", kind="events"))
    half = nights((1, ago(30)))
    whole = (*half, *nights((1, ago(40)), name="events"))
    assert told(judge(*two, history=Past(*half))) == (None, "stale_unconfirmed")
    assert told(judge(*two, history=Past(*whole))) == ("-", "stale")
    alive_then = (*half, *nights((1, ago(3)), name="events"))
    assert told(judge(*two, history=Past(*alive_then))) == (None, "stale_unconfirmed")


def test_an_unverified_limit_gives_at_most_a_zero() -> None:
    past = Past(*nights((1, ago(30))))
    assert told(judge(a_list(30), history=past, **{**WEEKLY, "verified": False})) == ("0", "basis_unverified")


def test_a_year_without_a_calendar_gives_no_minus() -> None:
    lists = [a_list(30)]
    asked = question(lists, history=Past(*nights((1, ago(30)))), **WEEKLY)
    unknown = type(asked)(**{**vars(asked), "calendar": None})
    assert told(decide(Sum.CADENCE, unknown)) == (None, "no_calendar")


@pytest.mark.parametrize(
    ("lists", "value", "reason"),
    [
        ([a_list(*range(90))], "+", "weekly"),  # news every day
        ([a_list(0, 2)], "0", "gaps"),
        ([a_list(2, 3)], None, "stale_unconfirmed"),
        # each kind by its own limit; the strictest answer is the mark
        ([a_list(*range(90)), a_list(0, 3, name="jobs", kind="events")], "+", "weekly"),
        ([a_list(*range(90)), a_list(7, name="jobs", kind="events")], None, "stale_unconfirmed"),
        ([a_list(7), a_list(*range(90), name="jobs", kind="events")], None, "stale_unconfirmed"),
    ],
)  # fmt: skip
def test_limits_by_kind_of_section(lists: list[Finding], value: str | None, reason: str) -> None:
    assert told(judge(*lists, **STRICT)) == (value, reason)


def test_lists_of_a_shared_platform_are_not_the_agencys() -> None:
    shared = a_list(100, responsible=Responsible.PLATFORM_OWNER)
    assert told(judge(shared)) == (None, "inherited")
    assert told(judge(shared, a_list(0, 5, 9))) == ("+", "weekly")


def test_future_days_do_not_hide_lateness() -> None:
    """The rule leaves future days out; a list that tells only such days has none."""
    assert told(judge(a_list(outcome=Outcome.UNCLEAR, measures={"dates": []}))) == (None, "few_items")
