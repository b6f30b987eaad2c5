"""A night that did not run is told of, by whoever keeps the time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from queue import Queue
from zoneinfo import ZoneInfo

import pytest
import yaml
from pytest_httpserver import HTTPServer
from report_country import NIGHT, assessment, coverage, record, settings
from werkzeug import Request, Response

from config.loader import load
from crawler.clock import SystemClock
from crawler.heartbeat import Heart
from crawler.nights import Note, write_note
from reports.alerts.deliver import overdue_of
from reports.alerts.gather import gather
from reports.alerts.model import Kind
from reports.ledger import Ledger

ROOT = Path(__file__).parents[3]
ALMATY = ZoneInfo("Asia/Almaty")


def installation(folder: Path, at: str, **more: object) -> Path:
    told = settings(folder / "space").model_dump(mode="json", exclude_defaults=True)
    path = folder / "odrc.yaml"
    values = {**told, "pack": "kz", "workspace": str(folder / "space"), "schedule": {"at": at}, **more}
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    (folder / "space").mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize(
    ("now", "late"),
    [("07:00", None), ("08:04", None), ("08:06", "today"), ("23:00", "today")],
)
def test_todays_night_lacks_when_it_cannot_begin_any_more(tmp_path: Path, now: str, late: str | None) -> None:
    loaded = load(installation(tmp_path, "02:00"))
    today = NIGHT + timedelta(days=1)
    at = datetime.combine(today, time.fromisoformat(now), ALMATY).astimezone(UTC)
    overdue = overdue_of(loaded, at)
    assert overdue == (today if late else NIGHT)
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        record(ledger, assessment(NIGHT, coverage=(coverage(NIGHT),)), 0)
        kinds = [(item.kind, item.since) for item in gather(ledger, loaded, (), today, overdue)]
    assert kinds == ([(Kind.NIGHT_MISSING, today)] if late else [])


def test_a_run_that_goes_on_is_no_missing_night(tmp_path: Path) -> None:
    loaded = load(installation(tmp_path, "02:00"))
    Heart(tmp_path / "space", "r1", NIGHT, SystemClock()).beat("judge")
    assert overdue_of(loaded, SystemClock().now()) is None
    Heart(tmp_path / "space", "r1", NIGHT, SystemClock()).beat("done", "complete")
    assert overdue_of(loaded, SystemClock().now()) is not None


@pytest.mark.full
def test_the_scheduler_lets_it_be_told(tmp_path: Path, httpserver: HTTPServer) -> None:
    got: Queue[dict[str, str]] = Queue()

    def take(request: Request) -> Response:
        got.put(json.loads(request.data))
        return Response("ok")

    httpserver.expect_request("/chief").respond_with_handler(take)
    now = datetime.now(UTC).astimezone(ALMATY)
    at = now - timedelta(hours=7)
    last: date = at.date() - timedelta(days=2)
    to = f"json://{httpserver.host}:{httpserver.port}/chief"
    path = installation(tmp_path, f"{at:%H:%M}", alerts={"recipients": [{"id": "chief", "to": to, "language": "en"}]})
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        record(ledger, assessment(last, coverage=(coverage(last),)), 0)
    write_note(tmp_path / "space", Note(time(at.hour, at.minute), last + timedelta(days=1)))
    process = subprocess.Popen(
        [sys.executable, "-m", "odrc", "schedule", "-c", str(path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        process.stderr.readline()
        digest = got.get(timeout=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.stderr.close()
    assert got.empty()
    assert str(last + timedelta(days=1)) in digest["message"]
    assert str(at.date()) in digest["message"]
