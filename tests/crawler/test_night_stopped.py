"""Nights that end before they are done: by a deadline, a full disk, a signal; and workspaces that cannot be used."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.pack import Pack
from crawler.archive import Archive
from crawler.capture import Purpose
from crawler.coverage import RunState
from crawler.lock import workspace_lock
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.shelf import NAME as SHELF
from crawler.shelf import discard
from tests.crawler.support import NIGHT, Reply, Web, html
from tests.crawler.wholenight import Make, Night, captures


def test_two_crawls_do_not_share_a_workspace(installation: Make, night: Night, web: Web) -> None:
    settings = installation({"good": [web.url("good.lab")]})
    with (
        workspace_lock(settings.workspace),
        pytest.raises(ConfigError, match=r"another crawl \(process \d+\) is working"),
    ):
        night(settings)
    assert web.seen == []


def test_a_workspace_that_cannot_be_written(installation: Make, night: Night, tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"workspace .* cannot be written"):
        night(installation({"good": ["http://good.lab/"]}))


def test_the_deadline_ends_the_night(installation: Make, night: Night, web: Web) -> None:
    web.pages["/"] = html("home", *[f"/{number}" for number in range(200)])
    web.fallback = Reply(b"<p>slow", headers={"Content-Type": "text/html"}, delay=0.2)
    settings = installation({"good": [web.url("good.lab")]}, deadline=1.5, concurrency=1)
    coverage = night(settings)
    assert (coverage.state, coverage.reason) == (RunState.INCOMPLETE, "deadline")
    (scope,) = coverage.scopes
    assert scope.pending == 0
    assert scope.skipped["deadline"] > 100
    assert not scope.exhausted["links"]


_FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
from crawler.shard import main
sys.exit(main())
"""


def test_a_full_disk_ends_the_night_in_order(
    installation: Make, night: Night, pack: Pack, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = [random.Random(number).randbytes(9000) for number in range(20)]
    web.pages["/"] = html("home", *[f"/{number}" for number in range(20)])
    for number, body in enumerate(noise):
        web.pages[f"/{number}"] = Reply(body, headers={"Content-Type": "text/plain"})
    settings = installation({"good": [web.url("good.lab")]})
    start = subprocess.Popen
    monkeypatch.setattr("crawler.run.subprocess.Popen", lambda _, **more: start([sys.executable, "-c", _FULL], **more))
    coverage = crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None)
    assert coverage.state is RunState.INCOMPLETE
    assert coverage.reason
    assert "archive" in coverage.reason or "ended early" in coverage.reason
    monkeypatch.undo()
    whole = night(settings)
    assert whole.state is RunState.COMPLETE
    assert whole.scopes[0].fetched == 21


class Stopper:
    """Sends a signal to the crawl's process once the server has been asked often enough."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._number = number
        start = subprocess.Popen

        def remember(*args: Any, **more: Any) -> subprocess.Popen[bytes]:
            self._process = start(*args, **more)
            return self._process

        monkeypatch.setattr("crawler.run.subprocess.Popen", remember)

    def __call__(self) -> None:
        if self._process:
            self._process.send_signal(self._number)


def _country(web: Web, pages: int, stop_at: int, stop: Callable[[], None]) -> None:
    """A site of *pages* pages, four links each; *stop* is called during the stop_at-th request."""
    lock, count = threading.Lock(), [0]

    def page(path: str) -> Reply:
        with lock:
            count[0] += 1
            now = count[0]
        if now == stop_at:
            stop()
        place = int(path.strip("/") or 0)
        return _unhurried(html(path, *[f"/{place * 4 + step}" for step in range(1, 5) if place * 4 + step < pages]))

    web.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /7\n")
    web.fallback = page


def _unhurried(reply: Reply) -> Reply:
    reply.delay = 0.01
    return reply


@pytest.mark.parametrize(("stop_at", "shelf"), [(1, "kept"), (6, "deleted"), (23, "kept"), (23, "broken")])
def test_a_killed_night_goes_on_where_it_stopped(
    installation: Make,
    night: Night,
    pack: Pack,
    web: Web,
    monkeypatch: pytest.MonkeyPatch,
    stop_at: int,
    shelf: str,
) -> None:
    _country(web, 40, stop_at, Stopper(monkeypatch, signal.SIGKILL))
    settings = installation({"good": [web.url("good.lab")]}, pages_per_site=35, concurrency=3)
    cut = crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None)
    assert (cut.state, cut.reason) == (RunState.INCOMPLETE, "crawl process ended early (signal 9)")
    before = captures(settings, None)
    if shelf != "kept":  # the list of addresses is a memory: the archive alone is enough
        discard(settings.workspace / SHELF)
    if shelf == "broken":
        (settings.workspace / SHELF).write_bytes(b"no database" * 1_000)

    whole = night(settings)
    assert whole.state is RunState.COMPLETE
    (scope,) = whole.scopes
    # Of 40 pages /7 is refused, and what only /7 names (/29 to /32) stays unknown: the budget of 35 is just enough.
    assert (scope.known, scope.fetched, scope.failed, scope.skipped) == (36, 35, {"robots": 1}, {})
    after = captures(settings, None)
    assert [item for item in after if item in before] == before  # nothing lost
    assert len([item for item in after if item.purpose is Purpose.ROBOTS]) == 1 or not before
    asked = Counter(web.paths())
    assert max(asked.values()) <= 2  # only what was under way is asked twice
    assert sum(count - 1 for count in asked.values()) <= 5
    assert not list(settings.workspace.rglob("*.open"))


def test_ctrl_c_closes_in_order(installation: Make, night: Night, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    _country(web, 40, 8, Stopper(monkeypatch, signal.SIGINT))
    settings = installation({"good": [web.url("good.lab")]})
    cut = night(settings)
    assert (cut.state, cut.reason) == (RunState.INCOMPLETE, "interrupted")
    assert cut.scopes[0].pending > 0
    assert not list(settings.workspace.rglob("*.open"))
    whole = night(settings)
    assert (whole.state, whole.scopes[0].pending) == (RunState.COMPLETE, 0)
    assert max(Counter(web.paths()).values()) == 1
    with Archive(settings.workspace) as archive:
        assert archive.coverage(NIGHT) == (whole,)
