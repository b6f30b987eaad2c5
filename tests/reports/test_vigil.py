from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from config.loader import Loaded, load
from crawler.heartbeat import Heart
from crawler.nights import Note, write_note
from reports.vigil import Vigil

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=20_000_000_000))


class At:
    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


def day(number: int) -> date:
    return date(2026, 1, number)


def installation(folder: Path, **more: object) -> Loaded:
    data = {
        "pack": "kz",
        "workspace": "workspace",
        "operator": {"name": "Centre", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
        "agencies": [{"id": "good", "names": {"en": "Good"}, "sites": ["https://good.example.org/"]}],
    }
    (folder / "workspace").mkdir(exist_ok=True)
    path = folder / "odrc.yaml"
    path.write_text(yaml.safe_dump({**data, **more}), encoding="utf-8")
    return load(path)


def vigil(loaded: Loaded, *nights: int, now: datetime = NOON) -> Vigil:
    runs: Any = [SimpleNamespace(night=day(number)) for number in nights]
    return Vigil(loaded, runs, now)


def test_gaps_are_told_and_no_alarm(tmp_path: Path) -> None:
    found = vigil(installation(tmp_path), 1, 4)
    assert list(found.told()) == ["nights missing since the first: 2026-01-02 to 2026-01-03", "disk: 20.0 GB free"]
    assert not found.alarm


@pytest.mark.parametrize(("nights", "alarm"), [((3, 4, 5), False), ((3, 5), False), ((3, 4), True)])
def test_the_newest_night_that_is_missing_is_an_alarm(tmp_path: Path, nights: tuple[int, ...], alarm: bool) -> None:
    assert vigil(installation(tmp_path, schedule={"at": "02:00"}), *nights).alarm is alarm


def test_a_scheduler_that_never_ran_a_night_is_an_alarm(tmp_path: Path) -> None:
    loaded = installation(tmp_path)
    write_note(loaded.settings.workspace, Note(time(2), day(4)))
    found = vigil(loaded)
    assert (found.missing, found.alarm) == ((day(4), day(5)), True)


def test_a_run_that_fell_silent_is_an_alarm_one_that_ended_is_not(tmp_path: Path) -> None:
    loaded = installation(tmp_path)
    heart = Heart(loaded.settings.workspace, "r1", day(5), At(NOON))
    heart.beat("crawl")
    assert not vigil(loaded, 5).alarm
    late = vigil(loaded, 5, now=NOON + timedelta(minutes=11))
    assert late.alarm
    assert next(late.told()) == "heartbeat 0:11:00 ago: run r1 of night 2026-01-05 silent at stage crawl"
    heart.beat("done", "complete")
    assert not vigil(loaded, 5, now=NOON + timedelta(days=9)).alarm


def test_room_on_the_disk_is_told_with_how_long_it_lasts(tmp_path: Path) -> None:
    loaded = installation(tmp_path)
    folder = loaded.settings.workspace / "archive" / "warc" / "2026-01-04"
    folder.mkdir(parents=True)
    with (folder / "r1-00001.warc.gz").open("wb") as file:
        file.truncate(4_000_000_000)  # sparse: it takes no room here
    assert list(vigil(loaded).told()) == [
        "disk: 20.0 GB free; 4000.0 MB a night, room for 5 nights (little: make room, or prune)"
    ]


def test_a_ledger_on_a_server_may_have_no_workspace_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("shutil.disk_usage", nowhere)
    found = vigil(installation(tmp_path))
    assert (found.disk, list(found.told())) == (None, [])
