"""How often a page is looked at again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from crawler.archive.history import HistoryEntry, write_night
from crawler.conditional import unchanged_days
from crawler.paces import FILE, Paces
from crawler.revisit import LONGEST, SHORTEST, Pace, due, first_pace, pace_of
from tests.crawler.support import capture

FIRST = date(2026, 1, 1)


def night(number: int) -> date:
    return FIRST + timedelta(days=number)


def look(number: int, digest: str | None, outcome: str = "ok", **more: object) -> HistoryEntry:
    return HistoryEntry("GET http://good.lab/", night(number), "c", outcome, sha256=digest, **more)  # type: ignore[arg-type]


def nights_asked(digests: list[str]) -> list[int]:
    """The nights on which a page that shows *digests*, night by night, is asked."""
    looks: list[HistoryEntry] = []
    for number, digest in enumerate(digests):
        if due(pace_of(looks), night(number)):
            looks.append(look(number, digest))
    return [(item.night - FIRST).days for item in looks]


def test_what_never_changes_is_asked_less_and_less() -> None:
    asked = nights_asked(["a"] * 120)
    assert asked[:6] == [0, 1, 3, 7, 15, 31]
    assert [later - sooner for sooner, later in pairwise(asked[5:])] == [30, 30]


def test_what_changes_every_night_is_asked_every_night() -> None:
    assert nights_asked([str(number) for number in range(20)]) == list(range(20))


def test_a_change_after_a_quiet_time_halves_the_wait() -> None:
    asked = nights_asked(["a"] * 15 + ["b"] * 40)
    assert asked[:7] == [0, 1, 3, 7, 15, 19, 27]


def test_the_main_text_counts_where_there_is_one() -> None:
    nonces = [look(number, f"nonce {number}", main_text="same") for number in range(2)]
    assert pace_of(nonces) == Pace(night(1), "same", timedelta(days=2))


def test_a_failed_look_asks_for_another() -> None:
    pace = pace_of([look(0, "a"), look(1, "a"), look(3, None, "timeout")])
    assert pace is not None
    assert due(pace, night(4))
    assert pace_of([look(0, "a"), look(1, "a"), look(3, None, "timeout"), look(4, "a")]) == Pace(
        night(4), "a", timedelta(days=2)
    )


@pytest.mark.parametrize(("days", "wait"), [(None, 1.0), (0, 0.5), (20, 2.0), (1000, 30.0)])
def test_the_first_wait_is_a_tenth_of_the_age(days: int | None, wait: float) -> None:
    age = None if days is None else timedelta(days=days)
    assert first_pace(FIRST, "a", age).wait == timedelta(days=wait)
    assert pace_of([look(0, "a", unchanged_days=days)]) == first_pace(FIRST, "a", age)


def test_nobody_waits_longer_than_the_evidence_lasts() -> None:
    pace = first_pace(FIRST, "a", timedelta(days=1000))
    assert not due(pace, night(13), timedelta(days=14))
    assert due(pace, night(14), timedelta(days=14))
    assert due(pace, FIRST)  # a second run of the same night
    assert due(None, FIRST)


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["a", "b", None])), max_size=40))
def test_waits_stay_in_bounds(looks: list[tuple[int, str | None]]) -> None:
    pace = pace_of(look(number, digest, "ok" if digest else "timeout") for number, digest in looks)
    assert pace is None or SHORTEST <= pace.wait <= LONGEST


@pytest.mark.parametrize(
    ("headers", "days"),
    [
        ((("Last-Modified", "Thu, 01 Jan 2026 08:00:00 GMT"), ("Date", "Sun, 11 Jan 2026 08:00:00 GMT")), 10),
        ((("Last-Modified", "Thu, 01 Jan 2026 08:00:00 GMT"),), 1),
        ((("Last-Modified", "Thu, 01 Jan 2099 08:00:00 GMT"),), None),
        ((("Last-Modified", "soon"),), None),
        ((), None),
    ],
)
def test_the_age_is_what_the_answer_says(headers: tuple[tuple[str, str], ...], days: int | None) -> None:
    assert unchanged_days(capture(headers=headers)) == days


def test_paces_are_the_history_folded(tmp_path: Path) -> None:
    key = "GET http://good.lab/"
    looks = [look(0, "a"), look(1, "a"), look(3, "b"), look(4, "b")]
    for item in looks[:2]:
        write_night(tmp_path, item.night, [item])
    paces = Paces(tmp_path, night(2))
    assert (paces.pace(key), paces.due(key), paces.due("GET http://good.lab/new")) == (pace_of(looks[:2]), False, True)
    paces.close()
    for item in looks[2:]:
        write_night(tmp_path, item.night, [item])
    for _ in range(2):  # folded bit by bit, and all at once
        paces = Paces(tmp_path, night(5))
        assert paces.pace(key) == pace_of(looks)
        paces.close()
        (tmp_path / FILE).unlink()


def test_a_spoiled_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(ConfigError, match="may be deleted"):
        Paces(tmp_path, FIRST)
