"""What the crawl promises to the other rooms: plain modules stay plain, and no crawl outlives who started it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.errors import ConfigError
from config.model import Settings, Window
from config.pack import Pack
from crawler.coverage import RunState
from crawler.job import Job
from crawler.lock import workspace_lock
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.window import seconds_left
from tests.crawler.support import NIGHT, Reply, Web, html

ROOT = Path(__file__).parents[2]
PLAIN = [
    "crawler.archive", "crawler.archive.index", "crawler.archive.history", "crawler.archive.reader", "crawler.capture",
    "crawler.coverage", "crawler.crawl", "crawler.frontier", "crawler.html", "crawler.policy", "crawler.redact",
    "crawler.run", "crawler.verdicts", "crawler.cli",
]  # fmt: skip


def test_plain_modules_bring_no_reactor() -> None:
    code = f"import sys, {', '.join(PLAIN)}; print([name for name in ('scrapy', 'twisted') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


_START = """
import sys, pathlib, msgspec
from crawler.job import Job
from crawler.run import crawl_night
from config.model import Settings
from config.pack import Pack
job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
pack = Pack.model_validate_json(pathlib.Path(sys.argv[1]).read_text())
crawl_night(Settings.model_validate_json(job.settings), pack, job.night, job.run, job.policy)
"""


def test_a_crawl_ends_with_its_parent(
    installation: Callable[..., Settings], pack: Pack, web: Web, tmp_path: Path
) -> None:
    web.pages["/robots.txt"] = Reply(status=404)
    web.fallback = html("page", *[f"/{number}" for number in range(30)])
    settings = installation({"good": [web.url("good.lab")]}, delay=0.05)
    (tmp_path / "pack.json").write_text(pack.model_dump_json(), encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, "-c", _START, str(tmp_path / "pack.json")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdin
    with parent.stdin:
        parent.stdin.write(
            msgspec.json.encode(Job(settings.model_dump_json(), pack.zone, NIGHT, "nightly", FetchPolicy()))
        )
    try:
        _until(lambda: len(web.seen) > 3)
    finally:
        parent.kill()
        parent.wait()
    _until(lambda: _free(settings.workspace))
    whole = crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None)
    assert (whole.state, whole.scopes[0].fetched) == (RunState.COMPLETE, 31)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def _free(workspace: Path) -> bool:
    try:
        with workspace_lock(workspace):
            return True
    except ConfigError:
        return False


@pytest.mark.parametrize(
    ("start", "end", "now", "left"),
    [
        ("08:00", "20:00", "10:00", 10),
        ("08:00", "20:00", "07:59", 0),
        ("08:00", "20:00", "20:00", 0),
        ("22:00", "06:00", "23:00", 7),
        ("22:00", "06:00", "05:00", 1),
        ("22:00", "06:00", "12:00", 0),
        ("00:00", "00:00", "12:00", 12),
    ],
)
def test_hours_of_the_window(start: str, end: str, now: str, left: float) -> None:
    window = Window.model_validate({"start": start, "end": end})
    moment = datetime.fromisoformat(f"2026-01-02T{now}").replace(tzinfo=ZoneInfo("Asia/Almaty"))
    assert seconds_left(window, moment, "Asia/Almaty") == left * 3600
    assert seconds_left(None, moment, "Asia/Almaty") is None
