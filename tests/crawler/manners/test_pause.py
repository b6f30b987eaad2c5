from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from config.errors import ConfigError
from crawler.cli import mount
from crawler.pausing import moment


@pytest.fixture
def config(tmp_path: Path) -> Path:
    data = {
        "pack": "kz",
        "workspace": "workspace",
        "operator": {"name": "Centre", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
        "agencies": [{"id": "good", "names": {"en": "Good"}, "sites": ["https://www.good.kz/"]}],
        "permissions": [
            {"host": "www.good.kz", "by": "IT", "date": "2026-01-01", "allows": ["rate"], "delay": 0.2},
            {"host": "stat.kz", "by": "IT", "date": "2026-01-01", "allows": ["api"], "valid_to": "2026-01-02"},
        ],
    }
    path = tmp_path / "odrc.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def call(config: Path, *arguments: str) -> Result:
    app = typer.Typer()
    mount(app)
    return CliRunner().invoke(app, [*arguments, "-c", str(config)])


def test_a_host_is_paused_listed_and_resumed(config: Path) -> None:
    said = ("--reason", "moving  servers", "--by", "A. Clerk")
    assert call(config, "pause").stdout == "no host is paused\n"
    done = call(config, "pause", "https://www.good.kz/news", "--until", "2099-11-30", *said)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "good.kz: paused until 2099-11-30 00:00 by A. Clerk: moving servers\n"
    other = call(config, "pause", "far.kz", "--until", "2099-11-30T06:00", *said)
    assert other.stderr == "note: no scope or portal of these settings lies on far.kz\n"
    looked = call(config, "doctor")
    assert "warn  paused good.kz: until 2099-11-30 00:00 by A. Clerk: moving servers" in looked.stdout
    ended = call(config, "resume", "good.kz", "--by", "B. Clerk")
    assert ended.stdout == "far.kz: paused until 2099-11-30 06:00 by A. Clerk: moving servers\n"
    document = json.loads(call(config, "resume", "--json").stdout)
    assert [item["host"] for item in document["paused"]] == ["far.kz"]
    assert [(item["action"], item["host"], item["by"]) for item in document["trail"]] == [
        ("pause", "good.kz", "A. Clerk"), ("pause", "far.kz", "A. Clerk"), ("resume", "good.kz", "B. Clerk"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("pause", "good.kz", "--reason", "r", "--by", "b"), "--until is missing"),
        (("pause", "good.kz", "--until", "soon", "--reason", "r", "--by", "b"), "'soon' is no time; accepted: a day"),
        (("pause", "good.kz", "--until", "2020-01-01", "--reason", "r", "--by", "b"), "has passed"),
        (("pause", "good.kz", "--until", "2099-01-01", "--by", "b"), "--reason is empty"),
        (("pause", "good.kz", "--until", "2099-01-01", "--reason", "r"), "--by is empty"),
        (("pause", "a b", "--until", "2099-01-01", "--reason", "r", "--by", "b"), "names no host"),
        (("resume", "good.kz", "--by", "b"), "good.kz is not paused; paused: none is"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_kept(config: Path, arguments: tuple[str, ...], why: str) -> None:
    done = call(config, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert why in done.stderr
    assert json.loads(call(config, "pause", "--json").stdout) == {"paused": [], "trail": []}


def test_moments_are_of_the_packs_zone() -> None:
    assert moment("2026-11-30", "Asia/Almaty") == datetime(2026, 11, 29, 19, tzinfo=UTC)
    assert moment("2026-11-30T06:00+00:00", "Asia/Almaty") == datetime(2026, 11, 30, 6, tzinfo=UTC)
    with pytest.raises(ConfigError):
        moment("30.11.2026", "Asia/Almaty")


def test_doctor_shows_permissions(config: Path) -> None:
    looked = call(config, "doctor", "--night", "2026-11-25").stdout
    assert "ok    permission www.good.kz: rate by IT, 2026-01-01, 0.2 s between requests" in looked
    assert "warn  permission stat.kz: api by IT, 2026-01-01 (not in force this night)" in looked
