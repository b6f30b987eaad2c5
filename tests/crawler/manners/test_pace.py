from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.pace import SLOWEST, Pace


def pace(delay: float = 1.0, permitted: float | None = None) -> Pace:
    return Pace(delay, 2, 30.0, lambda site: permitted if site == "a.kz" else None)


def test_the_settings_gap_is_the_least() -> None:
    assert pace().gap("a.kz") == 1.0
    assert pace().answered("a.kz", 0.01, good=True) == 1.0


def test_a_crawl_delay_is_kept_up_to_the_cap_by_whatever_is_learned() -> None:
    hosts = pace()
    for asked, gap in ((5.0, 5.0), (3.0, 5.0), (float("inf"), 30.0), (float("nan"), 30.0), (-1.0, 30.0), (None, 30.0)):
        hosts.ask("a.kz", asked)
        assert hosts.gap("a.kz") == gap
        assert hosts.answered("a.kz", 0.01, good=True) == gap
    assert hosts.gap("b.kz") == 1.0


def test_a_slow_host_is_asked_more_slowly_and_a_fast_one_gradually_faster() -> None:
    hosts = pace()
    assert hosts.answered("a.kz", 8.0, good=True) == 4.0
    assert hosts.answered("a.kz", 0.0, good=False) == 4.0
    assert hosts.answered("a.kz", 0.0, good=True) == 2.0
    assert hosts.answered("a.kz", 9.0, good=False) == 4.5
    assert hosts.answered("a.kz", 1000.0, good=True) == SLOWEST


def test_a_host_that_does_not_answer_is_asked_half_as_often() -> None:
    hosts = pace()
    assert [hosts.troubled("a.kz") for _ in range(7)] == [2, 4, 8, 16, 32, 60, 60]


def test_what_the_owner_allowed_goes_before_settings_and_crawl_delay() -> None:
    hosts = pace(permitted=0.25)
    hosts.ask("a.kz", 10.0)
    hosts.ask("b.kz", 10.0)
    assert (hosts.gap("a.kz"), hosts.gap("b.kz")) == (0.25, 10.0)
    assert hosts.answered("a.kz", 4.0, good=True) == 2.0


def test_without_a_gap_nothing_is_paced_but_what_the_host_asks_for() -> None:
    hosts = pace(0)
    assert (hosts.answered("a.kz", 8.0, good=True), hosts.troubled("a.kz")) == (0, 0)
    hosts.ask("a.kz", 2.0)
    assert hosts.answered("a.kz", 0.0, good=True) == 2.0


@given(st.lists(st.tuples(st.floats(allow_nan=True), st.booleans())), st.floats(0.01, 100), st.floats(0, 100))
def test_never_faster_than_allowed(answers: list[tuple[float, bool]], delay: float, asked: float) -> None:
    hosts = Pace(delay, 2, 30.0, lambda _: None)
    hosts.ask("a.kz", asked)
    for latency, good in answers:
        assert max(delay, min(asked, 30.0)) <= hosts.answered("a.kz", latency, good=good) <= max(SLOWEST, delay)
