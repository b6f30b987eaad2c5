"""The files under docs/deploy, as far as a machine without a service manager or cluster can try them."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from apscheduler.triggers.cron import CronTrigger
from typer.testing import CliRunner

import odrc
from config.loader import load
from crawler.nights import given_up

FOLDER = Path(__file__).parents[2] / "docs" / "deploy"
SERVICES = ["odrc.service", "odrc-schedule.service", "odrc-alerts.service"]
JOBS = ["odrc", "odrc-alerts"]
TIMERS = ["odrc.timer", "odrc-alerts.timer"]


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((FOLDER / name).read_text(encoding="utf-8"))
    return parser


def lines() -> list[str]:
    text = (FOLDER / "odrc.crontab").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#") and not re.match(r"\w+=", line)]


def documents() -> dict[str, dict[str, Any]]:
    """The cluster's objects by kind; jobs by their names."""
    found = yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {item["metadata"]["name"] if item["kind"] == "CronJob" else item["kind"]: item for item in found}


def container(name: str) -> dict[str, Any]:
    (found,) = documents()[name]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return dict(found)


def words_of() -> dict[str, list[str]]:
    """The command lines of all files, without what a shell takes for itself."""
    found = {name: shlex.split(unit(name)["Service"]["ExecStart"]) for name in SERVICES}
    for number, line in enumerate(lines()):
        command = line.split(maxsplit=5)[5].split("&&", 1)[1]
        found[f"crontab {number}"] = shlex.split(re.split(r"\s(?:\d?>|\|\|)", command)[0])
    for name in JOBS:
        found[f"kubernetes {name}"] = [*container(name)["command"], *container(name)["args"]]
    return found


@pytest.mark.parametrize("name", sorted(words_of()))
def test_each_command_line_is_one_that_the_program_takes(name: str) -> None:
    program, command, *options = words_of()[name]
    assert Path(program).name == "odrc"
    app: Any = typer.main.get_command(odrc.app)
    context = app.commands[command].make_context(command, list(options))  # raises for what it does not know
    assert str(context.params.get("config") or context.params["config_file"]).endswith("odrc.yaml")
    told = CliRunner().invoke(odrc.app, [command, *options, "--help"])
    assert told.exit_code == 0, told.output


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in (*SERVICES, *TIMERS):
        text = (FOLDER / name).read_text(encoding="utf-8")
        here = re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(
            re.sub(r"^(User|Group)=\S+", r"\1=root", here, flags=re.MULTILINE), encoding="utf-8"
        )
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in (*SERVICES, *TIMERS))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in checked.stderr.splitlines() if "odrc" in line]
    assert ours == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
@pytest.mark.parametrize("name", TIMERS)
def test_systemd_reads_the_hour(name: str) -> None:
    hour = unit(name)["Timer"]["OnCalendar"]
    assert subprocess.run(["systemd-analyze", "calendar", hour], capture_output=True, check=False).returncode == 0


def test_units_pass_sigterm_to_the_main_process_alone() -> None:
    for name in SERVICES:
        assert unit(name)["Service"]["KillMode"] == "mixed"
    for name in TIMERS:
        assert unit(name)["Timer"]["Persistent"] == "true"


@pytest.mark.parametrize("expression", [" ".join(line.split()[:5]) for line in lines()])
def test_cron_expressions_are_some(expression: str) -> None:
    found = CronTrigger.from_crontab(expression, timezone="UTC")
    begins = found.get_next_fire_time(None, datetime(2026, 1, 5, 12, tzinfo=UTC))
    assert (begins.day, begins.minute) == (6, 0)


@pytest.mark.parametrize(("name", "hour"), [("odrc", 2), ("odrc-alerts", 9)])
def test_the_cluster_runs_one_night_at_a_time(name: str, hour: int) -> None:
    job = documents()[name]["spec"]
    zone = job["timeZone"]
    begins = CronTrigger.from_crontab(job["schedule"], timezone=zone).get_next_fire_time(
        None, datetime(2026, 1, 5, 12, tzinfo=UTC)
    )
    assert begins.hour == hour
    assert job["concurrencyPolicy"] == "Forbid"
    pod = job["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    mounts = {item["name"]: item["mountPath"] for item in container(name)["volumeMounts"]}
    assert set(mounts) == {item["name"] for item in pod["volumes"]}


def test_the_clusters_settings_are_right_and_name_the_hour(tmp_path: Path) -> None:
    text = documents()["ConfigMap"]["data"]["odrc.yaml"]
    path = tmp_path / "odrc.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load(path)
    job = documents()["odrc"]["spec"]
    assert loaded.settings.schedule is not None
    assert loaded.settings.schedule.at.strftime("%-M %-H * * *") == job["schedule"]
    assert loaded.pack.zone == job["timeZone"] == unit("odrc.timer")["Timer"]["OnCalendar"].split()[-1]
    assert str(loaded.settings.workspace).startswith("/data/")


def test_all_ways_tell_of_a_night_that_did_not_run_when_it_cannot_begin_any_more() -> None:
    hours = {
        "systemd": [unit(name)["Timer"]["OnCalendar"].split()[1] for name in TIMERS],
        "cron": [f"{line.split()[1]:0>2}:00:00" for line in lines() if re.search(r"odrc (run|alerts --send) ", line)],
        "kubernetes": [f"{documents()[name]['spec']['schedule'].split()[1]:0>2}:00:00" for name in JOBS],
    }
    for way, (begins, tells) in hours.items():
        assert given_up(time.fromisoformat(begins)) < time.fromisoformat(tells), way
