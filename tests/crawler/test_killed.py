"""Killed anywhere, out of room anywhere: the next start goes on, nothing is lost and nothing is there twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import odrc
from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.archive.layout import Layout
from crawler.archive.recovery import rebuild
from crawler.archive.verify import verify
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Reply, Web, html
from tests.crawler.test_archive import rows

pytestmark = [pytest.mark.full, pytest.mark.filterwarnings("ignore::crawler.archive.ArchiveDamageWarning")]

Make = Callable[..., Settings]
MOMENTS = 20
PAGES = 24

# A crawl process that counts its steps at the archive and is killed at one of them: before it, or in the midst of a write.
KILLER = """
import os, pathlib, signal, sqlite3, sys
from crawler.archive import index, layout, recovery, writer

at, torn, told = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
count = 0


def stepping(owner, name):
    plain = getattr(owner, name)

    def step(*args, **more):
        global count
        count += 1
        if count == at:
            if torn and name == "_append":
                args[0]._file.write(args[1][: len(args[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(*args, **more)

    setattr(owner, name, step)


for owner, names in (
    (writer.WarcWriter, ("_append", "close", "_open")),
    (index.Index, ("add", "commit", "seal", "close")),
    (pathlib.Path, ("rename", "unlink")),
    (os, ("fsync",)),
    (writer, ("sync_folder",)),
    (recovery, ("_cut", "index_file")),
):
    for name in names:
        stepping(owner, name)

from crawler.shard import main

code = main()
told.write_text(str(count))
sys.exit(code)
"""


@pytest.fixture
def site(web: Web) -> Web:
    """Pages of some size, so that the archive goes over several files."""

    web.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /7\n")
    web.pages["/sitemap.xml"] = Reply(b"none", 404)
    web.fallback = pages_of(3_000)
    return web


def pages_of(noise: int) -> Callable[[str], Reply]:
    """Pages with so many bytes of what cannot be compressed."""

    def page(path: str) -> Reply:
        number = int(path.strip("/") or 0)
        links = [f"/{number * 3 + step}" for step in range(1, 4) if number * 3 + step < PAGES]
        return html(random.Random(number).randbytes(noise).hex(), *links)

    return page


@pytest.fixture
def crawl(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Callable[..., RunCoverage]:
    start = subprocess.Popen

    def run(settings: Settings, *words: object) -> RunCoverage:
        with monkeypatch.context() as patch:
            if words:
                command = [sys.executable, "-c", KILLER, *map(str, words)]
                patch.setattr("crawler.run.subprocess.Popen", lambda _, **more: start(command, **more))
            return crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None)

    return run


def captures(settings: Settings) -> list[Capture]:
    with Archive(settings.workspace) as archive:
        found = list(archive.captures(until=NIGHT))
        assert all(archive.body(item) for item in found if item.sha256)
    return found


def check_whole(settings: Settings, coverage: RunCoverage) -> list[Capture]:
    """Every key once, the books say what the archive says, every record is right, the index can be made again."""
    found = captures(settings)
    keys = [item.key.text() for item in found]
    assert len(keys) == len(set(keys))
    (scope,) = coverage.scopes
    assert scope.balanced()
    pages = [item for item in found if item.purpose is Purpose.PAGE]
    assert Counter(item.outcome.value for item in pages) == Counter({"ok": scope.fetched, **scope.failed})
    assert scope.pending == 0
    assert not list(settings.workspace.rglob("*.open"))
    assert verify(settings.workspace).problems == ()
    before = rows(settings.workspace)
    rebuild(settings.workspace)
    assert rows(settings.workspace) == before
    return found


def test_killed_at_twenty_moments(
    installation: Make, crawl: Callable[..., RunCoverage], site: Web, workspace: Path, tmp_path: Path
) -> None:
    settings = installation({"good": [site.url("good.lab")]}, warc_size=20_000)
    steps = tmp_path / "steps"
    undisturbed = check_whole(settings, crawl(settings, 0, 0, steps))
    assert len(Layout(workspace).files()) > 2
    total = int(steps.read_text(encoding="utf-8"))
    chance = random.Random(20_261_125)
    for at in sorted(chance.sample(range(1, total + 1), MOMENTS)):
        shutil.rmtree(workspace)
        cut = crawl(settings, at, chance.randrange(2), steps)
        assert cut.state is RunState.INCOMPLETE, at
        assert cut.reason == f"crawl process ended early (signal {signal.SIGKILL.value})"
        before = captures(settings)
        again = crawl(settings, chance.randrange(1, total), chance.randrange(2), steps)  # killed once more, or not
        whole = crawl(settings) if again.state is RunState.INCOMPLETE else again
        assert whole.state is RunState.COMPLETE, at
        after = check_whole(settings, whole)
        assert [item for item in after if item in before] == before
        assert {item.key for item in after} == {item.key for item in undisturbed}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or not _mounted(folder, "size=900k"):
        pytest.skip("a small file system needs root and the right to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _mounted(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_full_disk_ends_in_order_and_goes_on(
    installation: Make, site: Web, small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    workspace = small_disk / "workspace"
    site.fallback = pages_of(30_000)
    settings = installation({"good": [site.url("good.lab")]}).model_copy(update={"workspace": workspace})
    file = tmp_path / "odrc.yaml"
    file.write_text(settings.model_dump_json(exclude_none=True), encoding="utf-8")

    def run() -> Any:
        monkeypatch.setattr(sys, "argv", ["odrc", "crawl", "-c", str(file), "--night", str(NIGHT)])
        with pytest.raises(SystemExit) as ended:
            odrc.main()
        return ended.value.code, capsys.readouterr()

    filler = small_disk / "filler"
    room = shutil.disk_usage(small_disk).free
    filler.write_bytes(b"x" * (room - 4_096))
    code, said = run()  # not even a start
    assert code == 3
    assert "no room left" in said.out + said.err
    filler.write_bytes(b"x" * 1_000)
    for _ in range(2):  # and a second time, in the midst of it
        code, said = run()
        assert code == 3, said
        assert "archive: " in said.out
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    code, said = run()
    assert code == 0, said
    with Archive(workspace) as archive:
        found = list(archive.captures(until=NIGHT))
    keys = [item.key.text() for item in found]
    assert len(keys) == len(set(keys))
    assert sum(item.outcome is ExchangeOutcome.OK for item in found if item.purpose is Purpose.PAGE) >= PAGES - 5
    assert verify(workspace).problems == ()
