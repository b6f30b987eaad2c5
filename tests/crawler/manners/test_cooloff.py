from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.cooloff import CoolOffs, seconds_asked
from crawler.manners.notes import HostNotes

NOW = datetime(2026, 11, 25, 20, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), (" 5 ", 5), ("0", 0), ("9" * 12, 999999999999), ("9" * 5000, float("inf")),
        ("Wed, 25 Nov 2026 20:02:00 GMT", 120), ("Wednesday, 25-Nov-26 20:02:00 GMT", 120),
        ("Wed Nov 25 20:02:00 2026", 120), ("Wed, 25 Nov 2026 19:00:00 GMT", 0), ("Wed, 25 Nov 2026 22:01:00 +0200", 60),
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("٣", None), ("1e9", None),
        ("Wed, 99 Nov 2026 20:02:00 GMT", None), ("Wed, 25 Nov 99999 20:02:00 GMT", None),
    ],
)  # fmt: skip
def test_what_a_host_asks_for(header: str | None, seconds: float | None) -> None:
    assert seconds_asked(header, NOW) == seconds


@given(st.text(max_size=60) | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ \S*", fullmatch=True))
def test_any_header_can_be_read(header: str) -> None:
    asked = seconds_asked(header, NOW)
    assert asked is None or asked >= 0


def rest(cool: CoolOffs, retry_after: str | None = None, now: datetime = NOW) -> float:
    return (cool.turned_away("a.kz", retry_after, now).until - now).total_seconds()


def test_rests_double_up_to_the_cap_and_then_the_host_is_closed() -> None:
    cool, now = CoolOffs(60, 200, 3), NOW
    for seconds in (60, 120, 200):
        assert rest(cool, now=now) == seconds
        assert cool.resting("a.kz", now)
        now += timedelta(seconds=seconds)
        assert not cool.resting("a.kz", now)
        assert not cool.closed("a.kz")
    rest(cool, now=now)
    assert cool.closed("a.kz")
    assert not cool.resting("a.kz", now)
    assert cool.states()["a.kz"].rests == 3
    assert not cool.closed("b.kz")


@pytest.mark.parametrize(
    ("header", "seconds"), [("5", 5), ("0", 1), ("9" * 5000, 900), ("Wed, 25 Nov 2099 20:02:00 GMT", 900), ("x", 60)]
)
def test_the_hosts_word_counts_within_bounds(header: str, seconds: float) -> None:
    assert rest(CoolOffs(60, 900, 3), header) == seconds


def test_a_host_that_turns_away_after_its_own_word_rests_longer() -> None:
    cool = CoolOffs(60, 900, 3)
    rest(cool, "1")
    assert rest(cool, "1", NOW + timedelta(seconds=1)) == 120


def test_answers_that_were_under_way_are_no_further_rest() -> None:
    cool = CoolOffs(60, 900, 3)
    rest(cool)
    rest(cool, "500", NOW + timedelta(seconds=1))
    assert cool.states()["a.kz"].rests == 1
    assert cool.any_resting(NOW)


def test_no_rests_allowed_closes_at_once() -> None:
    cool = CoolOffs(60, 900, 0)
    rest(cool)
    assert cool.closed("a.kz")


def test_a_crawl_that_starts_again_the_same_night_knows_the_rests(workspace: Path) -> None:
    notes = HostNotes(workspace, date(2026, 11, 25))
    rest(CoolOffs(60, 900, 1, notes))
    notes.close()
    again = CoolOffs(60, 900, 1, HostNotes(workspace, date(2026, 11, 25)))
    assert again.resting("a.kz", NOW)
    rest(again, now=NOW + timedelta(seconds=60))
    assert again.closed("a.kz")
    assert CoolOffs(60, 900, 1, HostNotes(workspace, date(2026, 11, 25))).closed("a.kz")
    assert not CoolOffs(60, 900, 1, HostNotes(workspace, date(2026, 11, 26))).states()


def test_a_host_that_answers_well_for_long_is_forgiven_by_halves(workspace: Path) -> None:
    notes = HostNotes(workspace, date(2026, 11, 25))
    cool, now = CoolOffs(60, 900, 4, notes, row=10), NOW
    for _ in range(4):
        rest(cool, now=now)
        now += timedelta(hours=1)
    for left in (4, 2, 1, 0):
        assert cool.states()["a.kz"].rests == left
        for _ in range(9):
            cool.answered("a.kz", well=True)
        assert cool.states()["a.kz"].rests == left
        cool.answered("a.kz", well=True)
    assert list(notes.cool_offs()) == ["a.kz"], "that it had rested stays known"
    assert notes.cool_offs()["a.kz"].rests == 0
    assert rest(cool, now=now) == 60


def test_a_row_is_broken_by_trouble_and_by_the_next_rest() -> None:
    cool = CoolOffs(60, 900, 4, row=10)
    rest(cool)
    rest(cool, now=NOW + timedelta(hours=1))
    for well in ([True] * 9 + [False]) * 5:
        cool.answered("a.kz", well=well)
    assert cool.states()["a.kz"].rests == 2
    for _ in range(9):
        cool.answered("a.kz", well=True)
    rest(cool, now=NOW + timedelta(hours=2))
    for _ in range(9):
        cool.answered("a.kz", well=True)
    assert cool.states()["a.kz"].rests == 3


def test_a_closed_host_is_not_opened_again() -> None:
    cool = CoolOffs(60, 900, 1, row=1)
    rest(cool)
    rest(cool, now=NOW + timedelta(hours=1))
    cool.answered("a.kz", well=True)
    assert cool.closed("a.kz")


@given(st.lists(st.sampled_from(["away", "well", "ill"]), max_size=300))
def test_rests_never_exceed_what_was_given_and_only_closing_ends_a_night(course: list[str]) -> None:
    cool, now, away = CoolOffs(1, 1, 3, row=10), NOW, 0
    for step in course:
        now += timedelta(minutes=1)
        if step == "away":
            away += 1
            rest(cool, now=now)
        else:
            cool.answered("a.kz", well=step == "well")
        state = cool.states().get("a.kz")
        assert state is None or 0 <= state.rests <= min(away, 3)
        assert away > 3 or not cool.closed("a.kz")
