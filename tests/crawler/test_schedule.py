from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time as clock_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
import yaml
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobExecutionEvent, JobSubmissionEvent
from typer.testing import CliRunner

from crawler.cli import mount
from crawler.clock import SystemClock
from crawler.heartbeat import Heart
from crawler.lock import workspace_lock
from crawler.nights import Note, read_note, write_note
from crawler.schedule import Nights, scheduler, tell, trigger, under_way, watch
from crawler.schedulecli import night_now
from tests.crawler.support import NIGHT

ROOT = Path(__file__).parents[2]
ALMATY = ZoneInfo("Asia/Almaty")
WAITS = """
import pathlib, signal, sys, time
def stop(*_):
    pathlib.Path(sys.argv[1], "stopped").touch()
    sys.exit(3)
signal.signal(signal.SIGTERM, stop)
pathlib.Path(sys.argv[1], "ready").touch()
time.sleep(60)
"""


def until(true: Callable[[], bool]) -> None:
    end = clock_time.monotonic() + 60
    while not true():
        assert clock_time.monotonic() < end
        clock_time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


def nights_of(folder: Path, said: list[str], program: str = "import sys; sys.exit(3)") -> Nights:
    return Nights(
        lambda night: [sys.executable, "-c", program, str(folder), str(night)], folder, SystemClock(), said.append
    )


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-01-05T01:00", "2026-01-05T02:00"),
        ("2026-01-05T02:00:01", "2026-01-06T02:00"),
        ("2026-12-31T23:00", "2027-01-01T02:00"),
    ],
)
def test_a_night_begins_in_the_packs_zone(now: str, begins: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ALMATY)
    found = trigger(time(2), "Asia/Almaty").get_next_fire_time(None, moment.astimezone(UTC))
    assert found == datetime.fromisoformat(begins).replace(tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("now", "night"),
    [("2026-01-05T02:00", 5), ("2026-01-05T07:59", 5), ("2026-01-05T01:59", 4), ("2026-01-05T23:00", 5)],
)
def test_a_late_start_belongs_to_the_night_it_is_late_for(now: str, night: int) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ALMATY).astimezone(UTC)
    assert night_now(time(2), "Asia/Almaty", moment) == date(2026, 1, night)


def test_a_night_is_a_process_and_its_exit_code_is_told(tmp_path: Path, said: list[str]) -> None:
    program = "import pathlib, sys; pathlib.Path(sys.argv[1], sys.argv[2]).touch(); sys.exit(3)"
    assert nights_of(tmp_path, said, program).start(NIGHT) == 3
    assert (tmp_path / "2026-01-02").exists()
    assert said[0].startswith("night 2026-01-02: started as process ")
    assert said[1:] == ["night 2026-01-02: ended with exit code 3"]


def test_no_night_begins_beside_another(tmp_path: Path, said: list[str]) -> None:
    nights = nights_of(tmp_path, said)
    with workspace_lock(tmp_path):
        assert nights.start(NIGHT) is None
    assert "another crawl" in said[0]
    Heart(tmp_path, "r1", NIGHT, SystemClock()).beat("judge")
    assert nights.start(NIGHT) is None
    assert said[1:] == [
        "night 2026-01-02: not started, run r1 of night 2026-01-02 is still going on (stage judge)",
    ]
    Heart(tmp_path, "r1", NIGHT, SystemClock()).beat("done", "complete")
    assert under_way(tmp_path, SystemClock()) is None
    assert nights.start(NIGHT) == 3


def test_stopping_lets_the_night_end_in_order(tmp_path: Path, said: list[str]) -> None:
    nights, codes = nights_of(tmp_path, said, WAITS), []
    running = threading.Thread(target=lambda: codes.append(nights.start(NIGHT)))
    running.start()
    until((tmp_path / "ready").exists)
    nights.stop()
    running.join(60)
    assert codes == [3]
    assert (tmp_path / "stopped").exists()
    assert nights.start(NIGHT) is None, "nothing is started any more"


def test_a_night_that_does_not_end_in_order_is_ended(tmp_path: Path, said: list[str], monkeypatch: Any) -> None:
    monkeypatch.setattr("crawler.schedule._LAST_WAIT", 0.05)
    deaf = WAITS.replace("signal.signal(signal.SIGTERM, stop)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    nights, codes = nights_of(tmp_path, said, deaf), []
    running = threading.Thread(target=lambda: codes.append(nights.start(NIGHT)))
    running.start()
    until((tmp_path / "ready").exists)
    nights.end()
    running.join(60)
    assert codes == [-signal.SIGKILL]


def test_one_night_at_a_time_late_ones_are_told(said: list[str]) -> None:
    made = scheduler(lambda: None, time(2), "Asia/Almaty", said.append)
    (job,) = made.get_jobs()
    assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, 6 * 3600)
    moment = datetime(2026, 1, 5, 2, tzinfo=ALMATY)
    made._dispatch_event(JobExecutionEvent(EVENT_JOB_MISSED, "night", "default", moment))
    made._dispatch_event(JobSubmissionEvent(EVENT_JOB_MAX_INSTANCES, "night", "default", [moment]))
    assert said == [
        "missed: the night of 2026-01-05 02:00 could not begin within 6 hours",
        "not started: the night before is still going on",
    ]
    assert len(scheduler(lambda: None, time(2), "Asia/Almaty", said.append, now=True).get_jobs()) == 2


@pytest.mark.parametrize(("at", "tells"), [(time(2), "08:10"), (time(20, 30), "02:40")])
def test_a_night_is_told_of_when_it_cannot_begin_any_more(said: list[str], at: time, tells: str) -> None:
    made = scheduler(lambda: None, at, "Asia/Almaty", said.append)
    watch(made, lambda: None, at, "Asia/Almaty")
    (alerts,) = (job for job in made.get_jobs() if job.id == "alerts")
    fires = alerts.trigger.get_next_fire_time(None, datetime(2026, 1, 5, 12, tzinfo=ALMATY))
    assert f"{fires:%H:%M}" == tells
    watch(scheduler(lambda: None, at, "Asia/Almaty", said.append), lambda: None, at, "Asia/Almaty", now=True)


def test_telling_that_fails_is_said(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert tell([sys.executable, "-c", "print('shown to nobody')"], said.append) == 0
    assert said == []
    assert tell([sys.executable, "-c", "raise SystemExit(3)"], said.append) == 3
    monkeypatch.setattr("crawler.schedule._TELLING", 0.2)
    assert tell([sys.executable, "-c", "import time; time.sleep(60)"], said.append) is None
    assert [line.partition(";")[0] for line in said] == ["alerts: exit code 3", "alerts: ended after 0.2 seconds"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    data: dict[str, Any] = {
        "pack": "kz",
        "workspace": "workspace",
        "operator": {"name": "Centre", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
        "agencies": [{"id": "good", "names": {"en": "Good"}, "sites": ["https://good.example.org/"]}],
    }
    path = tmp_path / "odrc.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], 'no time is given; accepted: --at 02:00, or `schedule: {at: "02:00"}` in the settings'),
        (["--at", "25:00"], "--at '25:00' is no time of day; accepted: hours and minutes such as 02:00"),
        (["--at", "two"], "is no time of day"),
    ],
)
def test_a_time_that_is_none_starts_nothing(config: Path, arguments: list[str], message: str) -> None:
    app = typer.Typer()
    mount(app)
    told = CliRunner().invoke(app, ["schedule", "-c", str(config), *arguments])
    assert (told.exit_code, message in told.stderr) == (2, True)
    assert not (config.parent / "workspace").exists()


def start(config: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "odrc", "schedule", "-c", str(config), *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_the_scheduler_names_missed_nights_and_stops_in_order(config: Path) -> None:
    workspace = config.parent / "workspace"
    now = datetime.now(UTC).astimezone(ALMATY)
    at = now - timedelta(hours=1)
    since = at.date() - timedelta(days=2)
    write_note(workspace, Note(time(at.hour, at.minute), since))
    process = start(config, "--at", f"{at:%H:%M}")
    assert process.stderr is not None
    try:
        first, second = process.stderr.readline(), process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.stderr.close()
    assert first == f"odrc: missed nights: {since} to {at.date()}\n"
    assert second.startswith(f"odrc: a night begins every day at {at:%H:%M} Asia/Almaty; the next on ")
    note = read_note(workspace)
    assert note == Note(time(at.hour, at.minute), since)


@pytest.mark.full
def test_a_missed_night_is_caught_up_and_sigterm_ends_it_in_order(config: Path) -> None:
    """The night asks a server that never answers; SIGTERM passes through scheduler and run to the crawl."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        data = yaml.safe_load(config.read_text(encoding="utf-8"))
        data["agencies"][0]["sites"] = [f"http://good.lab:{port}/"]
        data["crawl"] = {"allow_private": True, "resolve": {"good.lab": "127.0.0.1"}, "timeout": 4, "retries": 0}
        config.write_text(yaml.safe_dump(data), encoding="utf-8")
        workspace = config.parent / "workspace"
        at = datetime.now(UTC).astimezone(ALMATY) - timedelta(hours=1)
        write_note(workspace, Note(time(at.hour, at.minute), at.date()))
        process = start(config, "--at", f"{at:%H:%M}", "--catch-up")
        assert process.stderr is not None
        try:
            asked, _ = server.accept()  # the night asks for robots.txt
            process.send_signal(signal.SIGTERM)
            said = process.stderr.read()
            assert process.wait(120) == 0
        finally:
            process.kill()
            process.stderr.close()
            asked.close()
    assert f"night {at.date()}: ended with exit code 3" in said
    beat = json.loads((workspace / "heartbeat.json").read_text(encoding="utf-8"))
    assert (beat["stage"], beat["result"], beat["night"]) == ("done", "incomplete", str(at.date()))
    assert not list((workspace / "archive" / "warc").rglob("*.open")), "the archive was closed in order"
