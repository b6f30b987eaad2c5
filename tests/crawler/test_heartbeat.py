from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from crawler import heartbeat
from crawler.heartbeat import Heart, Heartbeat, Stage, State
from tests.crawler.support import NIGHT

NOW = datetime(2026, 1, 2, 20, tzinfo=UTC)
HERE = heartbeat._machine()


class HandClock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("stage", "machine", "ended", "minutes", "state"),
    [
        ("crawl", HERE, False, 0, "alive"),
        ("crawl", HERE, False, 10, "alive"),
        ("crawl", HERE, False, 11, "silent"),
        ("judge", HERE, False, 11, "alive"),  # judging says nothing in between
        ("judge", HERE, False, 121, "silent"),
        ("crawl", HERE, True, 0, "died"),
        ("judge", HERE, True, 500, "died"),
        ("done", HERE, True, 9999, "ended"),
        ("crawl", "elsewhere", True, 1, "alive"),  # a number of another machine says nothing
        ("crawl", "elsewhere", True, 11, "silent"),
    ],
)
def test_what_a_beat_says(stage: Stage, machine: str, ended: bool, minutes: int, state: State, dead: int) -> None:
    pid = dead if ended else os.getpid()
    beat = Heartbeat(NOW, "r", NIGHT, stage, pid, machine)
    assert beat.state(NOW + timedelta(minutes=minutes)) == state


def test_a_beat_is_written_every_few_seconds_and_read_again(tmp_path: Path) -> None:
    clock = HandClock()
    heart = Heart(tmp_path, "r1", NIGHT, clock)
    heart.crawling("a", 3)
    clock.at += timedelta(seconds=4)
    heart.crawling("b", 4)
    first = heartbeat.read(tmp_path)
    assert first == Heartbeat(NOW, "r1", NIGHT, "crawl", os.getpid(), HERE, 3)
    clock.at += timedelta(seconds=1)
    heart.crawling()
    second = heartbeat.read(tmp_path)
    assert second == msgspec.structs.replace(first, at=NOW + timedelta(seconds=5), captures=7)
    assert second.text(NOW + timedelta(seconds=65)) == (
        "heartbeat 0:01:00 ago: run r1 of night 2026-01-02 alive at stage crawl, 7 captures"
    )
    heart.beat("done", "complete")
    last = heartbeat.read(tmp_path)
    assert last is not None
    assert last.text(clock.at).endswith("run r1 of night 2026-01-02 ended (complete), 7 captures")
    assert [path.name for path in tmp_path.iterdir()] == ["heartbeat.json"]


def test_a_beat_that_cannot_be_written_or_read_costs_nothing(tmp_path: Path) -> None:
    Heart(tmp_path / "nowhere", "r", NIGHT, HandClock()).beat("judge")
    assert heartbeat.read(tmp_path / "nowhere") is None
    (tmp_path / "heartbeat.json").write_text('{"at": 3', encoding="utf-8")
    assert heartbeat.read(tmp_path) is None
