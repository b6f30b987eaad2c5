from __future__ import annotations

import io
import json
import logging
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from crawler.display import Plain, table, watching
from crawler.hosts import HostBook, Progress, Pulse
from crawler.logs import LogFormat, events, log_path
from tests.crawler.support import NIGHT

UNTIL = datetime(2026, 1, 2, 21, 30, tzinfo=UTC)


def lines(workspace: Path, night: date = NIGHT) -> list[dict[str, object]]:
    return [json.loads(line) for line in log_path(workspace, night).read_text(encoding="utf-8").splitlines()]


def test_plain_lines_come_by_steps_and_when_a_host_rests() -> None:
    out = io.StringIO()
    plain = Plain(out)
    for captures in (1, 24, 25, 26, 49, 50):
        plain(Progress("a.lab", captures + 1, captures, 2))
    plain(Progress("a.lab", 60, 51, 2, "resting", UNTIL))
    plain(Progress("a.lab", 60, 51, 2, "resting", UNTIL))
    plain(Progress("a.lab", 60, 51, 2))
    plain(Progress("b.lab", 1, 0, 0, "closed"))
    assert out.getvalue().splitlines() == [
        "a.lab: 26 requests, 25 captures, 2 failed",
        "a.lab: 51 requests, 50 captures, 2 failed",
        "a.lab: 60 requests, 51 captures, 2 failed, resting until 21:30 UTC",
        "a.lab: 60 requests, 51 captures, 2 failed",
        "b.lab: 1 requests, 0 captures, 0 failed, closed",
    ]


def test_the_table_shows_each_host_and_the_sum() -> None:
    hosts = {f"host{number}.lab": Progress(f"host{number}.lab", 2, 1, 0) for number in range(40)}
    hosts["paused.lab"] = Progress("paused.lab", 1000, 2, 3, "paused", UNTIL)
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(table(hosts))
    text = console.export_text()
    assert "paused until 21:30 UTC" in text
    assert "host39.lab" in text
    assert "host5.lab" not in text, "no more than fit on a screen"
    (last,) = [line.split() for line in text.splitlines() if "in all" in line]
    assert last == ["and", "11", "more,", "41", "hosts", "in", "all", "1080", "42", "3"]


def test_a_pulse_tells_news_only() -> None:
    pulse, book = Pulse(), HostBook(requests=1)
    assert pulse.news(book.progress("a"))
    assert not pulse.news(book.progress("a"))
    assert pulse.news(book.progress("a", "resting", UNTIL))
    assert pulse.news(book.progress("b"))


def test_events_are_json_lines_in_the_workspace_and_words_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with events(LogFormat.TEXT, tmp_path, NIGHT) as log, watching(log, NIGHT, "r1") as watch:
        for _ in range(2):
            watch(Progress("a.lab", 30, 25, 0))
        log.say("report", "report: here", page="here")
        logging.getLogger("somebody").warning("odd: %s", "https://x.example/?api_key=verysecret")
    assert capsys.readouterr().err.splitlines()[:2] == ["a.lab: 30 requests, 25 captures, 0 failed", "report: here"]
    found = lines(tmp_path)
    assert [item["event"] for item in found] == [
        "crawl_started", "host", "report", "odd: https://x.example/?api_key=REDACTED", "crawl_ended",
    ]  # fmt: skip
    assert found[1] | {"at": 0} == {
        "event": "host", "level": "info", "at": 0, "run": "r1", "night": "2026-01-02",
        "host": "a.lab", "requests": 30, "captures": 25, "failed": 0,
    }  # fmt: skip
    assert found[2]["page"] == "here"
    assert (found[3]["level"], found[3]["logger"]) == ("warning", "somebody")
    assert all(datetime.fromisoformat(str(item["at"])).tzinfo for item in found)


def test_json_on_stderr_is_json_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    with events(LogFormat.JSON, tmp_path, NIGHT) as log, watching(log, NIGHT, "r1") as watch:
        watch(Progress("a.lab", 30, 25, 0))
        log.say("report", "report: here")
        logging.getLogger("somebody").error("it broke", exc_info=ValueError("two\nlines"))
    err = capsys.readouterr().err.splitlines()
    told = [json.loads(line) for line in err]
    assert [item["event"] for item in told] == ["crawl_started", "host", "report", "it broke", "crawl_ended"]
    assert "ValueError: two\nlines" in told[3]["exception"]
    assert told == lines(tmp_path)
    assert logging.getLogger().handlers == before


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    with events(LogFormat.TEXT, tmp_path, NIGHT) as log:
        log.say("report", "report: here")
    assert capsys.readouterr().err == "report: here\n"


def test_a_terminal_gets_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with events(LogFormat.TEXT, tmp_path, NIGHT) as log, watching(log, NIGHT, "r1") as watch:
        watch(Progress("a.lab", 30, 25, 0, "resting", UNTIL))
    assert "a.lab" in terminal.getvalue()
    assert "resting until 21:30 UTC" in terminal.getvalue()
