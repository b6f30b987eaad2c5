from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from crawler.cli import mount
from crawler.lock import workspace_lock
from tests.crawler.support import Reply, Web, html


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    mount(made)
    return made


@pytest.fixture
def config(tmp_path: Path, web: Web) -> Path:
    data: dict[str, Any] = {
        "pack": "kz",
        "workspace": "workspace",
        "operator": {"name": "Centre", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
        "agencies": [{"id": "good", "names": {"en": "Good"}, "sites": [web.url("good.lab")]}],
        "crawl": {"delay": 0, "allow_private": True, "resolve": {"good.lab": "127.0.0.1"}},
    }
    path = tmp_path / "odrc.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def call(app: typer.Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_crawl_is_told_in_text_and_in_json(app: typer.Typer, config: Path, web: Web) -> None:
    web.pages["/"] = html("home", "/gone")
    told = call(app, "crawl", "-c", str(config), "--night", "2026-01-02")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("2026-01-02 nightly: complete, 0 links out of scope\n")
    assert f"http://good.lab:{web.port}/: 2 known, 1 fetched, 1 http_error" in told.stdout
    again = call(app, "crawl", "-c", str(config), "--night", "2026-01-02", "--format", "json")
    data = json.loads(again.stdout)
    assert (data["state"], data["night"], data["scopes"][0]["fetched"]) == ("complete", "2026-01-02", 1)
    assert "  1 scopes: 2 known = 1 fetched + 1 failed (http_error 1) + 0 skipped + 0 pending\n" in told.stdout


def test_a_crawl_tells_machines_in_json_lines_and_leaves_a_heartbeat(app: typer.Typer, config: Path, web: Web) -> None:
    web.pages["/"] = html("home")
    told = call(app, "crawl", "-c", str(config), "--night", "2026-01-02", "--log-format", "json")
    assert told.exit_code == 0, told.output
    events = [json.loads(line) for line in told.stderr.splitlines()]
    assert [item["event"] for item in events if item["event"] != "host"] == [
        "crawl_started", "crawl_ended", "night_ended",
    ]  # fmt: skip
    log = config.with_name("workspace") / "logs" / "2026-01-02.jsonl"
    assert [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] == events
    beat = json.loads((config.with_name("workspace") / "heartbeat.json").read_text(encoding="utf-8"))
    assert (beat["stage"], beat["run"], beat["result"]) == ("done", "nightly", "complete")
    lines = call(app, "doctor", "-c", str(config)).stdout
    assert "ok    nights: 1 on record, none missing; the newest is 2026-01-02" in lines
    assert "ok    heartbeat: heartbeat " in lines


def test_the_doctor_names_missed_nights(app: typer.Typer, config: Path, web: Web) -> None:
    web.pages["/"] = html("home")
    for night in ("2026-01-02", "2026-01-04"):
        assert call(app, "crawl", "-c", str(config), "--night", night).exit_code == 0
    assert "warn  nights: missing since the first: 2026-01-03" in call(app, "doctor", "-c", str(config)).stdout


def test_a_night_that_falls_short_of_what_is_expected_is_3(app: typer.Typer, config: Path, web: Web) -> None:
    web.pages["/"] = html("home")
    data = yaml.safe_load(config.read_text(encoding="utf-8"))
    data["agencies"][0]["sites"] = [{"url": web.url("good.lab"), "expect": {"pages": 2}}]
    config.write_text(yaml.safe_dump(data), encoding="utf-8")
    told = call(app, "crawl", "-c", str(config), "--night", "2026-01-02")
    assert told.exit_code == 3
    assert "incomplete (less than expected: " in told.stdout


def test_an_incomplete_night_is_3(app: typer.Typer, config: Path, web: Web) -> None:
    web.fallback = Reply(b"x", delay=0.2)
    data = yaml.safe_load(config.read_text(encoding="utf-8"))
    data["crawl"]["deadline"] = 0.05
    config.write_text(yaml.safe_dump(data), encoding="utf-8")
    told = call(app, "crawl", "-c", str(config), "--night", "2026-01-02")
    assert told.exit_code == 3
    assert "incomplete (deadline)" in told.stdout


def test_wrong_input_is_2_and_nothing_is_started(app: typer.Typer, config: Path, web: Web) -> None:
    missing = call(app, "crawl", "-c", str(config.with_name("none.yaml")))
    assert (missing.exit_code, "no such file" in missing.stderr) == (2, True)
    stranger = call(app, "crawl", "-c", str(config), "--only", "nobody")
    assert (stranger.exit_code, "accepted: good" in stranger.stderr) == (2, True)
    with workspace_lock(config.with_name("workspace")):
        locked = call(app, "crawl", "-c", str(config), "--night", "2026-01-02")
    assert (locked.exit_code, "another crawl" in locked.stderr) == (2, True)
    assert web.seen == []


def test_the_doctor_asks_nobody_unless_told(app: typer.Typer, config: Path, web: Web) -> None:
    web.pages["/"] = html("home")
    told = call(app, "doctor", "-c", str(config), "--night", "2026-01-02")
    assert told.exit_code == 0, told.output
    assert f"ok    host good.lab:{web.port}: 1 scopes" in told.stdout
    assert "warn  guard: allow_private is on" in told.stdout
    assert web.seen == []
    live = call(app, "doctor", "-c", str(config), "--night", "2026-01-02", "--live", "--format", "json")
    lines = json.loads(live.stdout)
    assert lines[-1] == {"level": "ok", "name": f"live good.lab:{web.port}", "text": "robots.txt: absent; page: seen"}
    assert web.paths() == ["/robots.txt", "/"]


def test_the_doctor_asks_each_host_for_robots_and_one_page(app: typer.Typer, config: Path, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(f"Sitemap: {web.url('good.lab', '/sitemap.xml')}\n".encode())
    web.pages["/"] = html("home", "/a", "/feed.xml")
    data = yaml.safe_load(config.read_text(encoding="utf-8"))
    data["crawl"]["resolve"]["other.lab"] = "127.0.0.1"
    platform = {"url": web.url("other.lab", "/memleket/entities/x"), "platform": "govkz"}
    data["agencies"][0]["sites"] = [web.url("good.lab"), platform, web.url("good.lab", "/b/")]
    config.write_text(yaml.safe_dump(data), encoding="utf-8")
    told = call(app, "doctor", "-c", str(config), "--night", "2026-01-02", "--live", "--format", "json")
    assert sum(item["name"].startswith("live ") for item in json.loads(told.stdout)) == 2
    assert web.paths("good.lab") == ["/robots.txt", "/"]
    assert web.paths("other.lab") == ["/robots.txt", "/memleket/entities/x"]


def test_the_doctor_finds_what_would_stop_a_crawl(app: typer.Typer, config: Path) -> None:
    config.with_name("workspace").write_text("in the way", encoding="utf-8")
    told = call(app, "doctor", "-c", str(config))
    assert told.exit_code == 2
    assert "fail  workspace: " in told.stdout
    assert msgspec.json.decode(call(app, "doctor", "-c", str(config), "--format", "json").stdout)


SHELL = Reply(
    b"<html><body><div id=root></div><script src=/x.js></script></body></html>", headers={"Content-Type": "text/html"}
)


@pytest.mark.parametrize(
    ("allowed", "browser", "level", "words"),
    [
        (False, "none", "warn", ["not observed without a permission that allows render and a browser"]),
        (True, "none", "warn", ["not observed without a browser"]),
        (False, sys.executable, "warn", ["not observed without a permission that allows render"]),
        (True, sys.executable, "ok", ["a shell, which the browser will fill"]),
    ],
)
def test_the_doctor_says_which_hosts_answer_with_shells(
    app: typer.Typer, config: Path, web: Web, allowed: bool, browser: str, level: str, words: list[str]
) -> None:
    web.pages["/"] = SHELL
    data = yaml.safe_load(config.read_text(encoding="utf-8"))
    data["crawl"]["render"] = {"browser": browser}
    if allowed:
        grant = {"host": "good.lab", "by": "owner", "date": "2026-01-01", "allows": ["render"]}
        data["permissions"] = [grant]
    config.write_text(yaml.safe_dump(data), encoding="utf-8")
    told = call(app, "doctor", "-c", str(config), "--night", "2026-01-02", "--live", "--format", "json")
    line = json.loads(told.stdout)[-1]
    assert (line["name"], line["level"]) == (f"live good.lab:{web.port}", level)
    assert all(word in line["text"] for word in words)
    assert web.paths() == ["/robots.txt", "/"], "one page, and nothing is drawn"
