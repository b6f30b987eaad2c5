from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml

from config.loader import Loaded, load
from crawler.nights import Note, due_of, last_due, missing, read_note, spans, write_note


def day(number: int) -> date:
    return date(2026, 1, number)


@pytest.mark.parametrize(
    ("recorded", "due", "since", "gone"),
    [
        ([], None, None, []),
        ([], 5, None, []),  # nothing says since when
        ([], 5, 4, [4, 5]),  # a scheduler was started, and not one night came
        ([3], None, None, []),
        ([3, 4, 5], None, None, []),
        ([3, 5], None, None, [4]),
        ([5, 3], None, None, [4]),
        ([3], 5, None, [4, 5]),
        ([3, 4, 5], 5, None, []),
        ([7], 5, None, []),  # run ahead of the hour
        ([3, 7], 5, None, [4, 5, 6]),
        ([5], 6, 2, [2, 3, 4, 6]),
    ],
)
def test_missing_nights(recorded: list[int], due: int | None, since: int | None, gone: list[int]) -> None:
    found = missing(map(day, recorded), due and day(due), since and day(since))
    assert found == tuple(map(day, gone))


@pytest.mark.parametrize(
    ("at", "now", "night"),
    [
        ("02:00", "2026-01-05T20:59", 5),  # 01:59 on the 6th in Almaty
        ("02:00", "2026-01-05T21:04", 5),  # it has begun, and has five minutes to be put on record
        ("02:00", "2026-01-05T21:05", 6),
        ("23:30", "2026-01-05T18:00", 4),  # 23:00
        ("23:30", "2026-01-05T18:40", 5),  # 23:40
        ("23:30", "2026-01-05T20:00", 5),  # 01:00 on the 6th
    ],
)
def test_the_night_that_is_due(at: str, now: str, night: int) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert last_due(time.fromisoformat(at), "Asia/Almaty", moment) == day(night)


def test_clocks_that_change_lose_no_night() -> None:
    spring = datetime(2026, 3, 29, 0, tzinfo=UTC)  # in Berlin 02:00 to 03:00 do not exist on this day
    nights = [last_due(time(2, 30), "Europe/Berlin", spring + timedelta(hours=hours)) for hours in range(0, 49, 12)]
    assert nights == [date(2026, 3, 28), *[date(2026, 3, 29)] * 2, *[date(2026, 3, 30)] * 2]


@pytest.mark.parametrize(
    ("nights", "text"),
    [
        ([], ""),
        ([3], "2026-01-03"),
        ([4, 3, 7], "2026-01-03 to 2026-01-04, 2026-01-07"),
        ([1, 2, 3, 5, 7, 8], "2026-01-01 to 2026-01-03, 2026-01-05, 2026-01-07 to 2026-01-08"),
    ],
)
def test_nights_as_text(nights: list[int], text: str) -> None:
    assert spans(map(day, nights)) == text


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return settings(tmp_path)


def settings(folder: Path, **more: object) -> Loaded:
    data = {
        "pack": "kz",
        "workspace": "workspace",
        "operator": {"name": "Centre", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
        "agencies": [{"id": "good", "names": {"en": "Good"}, "sites": ["https://good.example.org/"]}],
    }
    path = folder / "odrc.yaml"
    path.write_text(yaml.safe_dump({**data, **more}), encoding="utf-8")
    return load(path)


NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_nothing_is_due_where_nothing_says_when(loaded: Loaded) -> None:
    assert due_of(loaded, NOON) == (None, None)


def test_the_settings_say_when_nights_begin(tmp_path: Path) -> None:
    assert due_of(settings(tmp_path, schedule={"at": "02:00"}), NOON) == (day(5), None)


def test_a_scheduler_leaves_a_note(loaded: Loaded) -> None:
    workspace = loaded.settings.workspace
    write_note(workspace, Note(time(2), day(4)))
    assert read_note(workspace) == Note(time(2), day(4))
    assert due_of(loaded, NOON) == (day(5), day(4))
    write_note(workspace, Note(time(2), day(6)))
    assert due_of(loaded, NOON) == (day(5), None), "it answers for no night before its first"
    (workspace / "schedule.json").write_text("no json", encoding="utf-8")
    assert due_of(loaded, NOON) == (None, None)
