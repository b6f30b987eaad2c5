"""Runs a night's crawl in a process of its own and brings back its closing statement."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

import msgspec

from config.errors import ConfigError
from config.model import Settings
from config.pack import Pack
from crawler.archive.index import Index
from crawler.archive.layout import Layout
from crawler.archive.reader import Archive
from crawler.archive.recovery import recover
from crawler.archive.writer import WarcWriter
from crawler.clock import Clock, SystemClock
from crawler.coverage import RunCoverage, RunState
from crawler.disk import is_full
from crawler.display import Plain, Watcher, watching
from crawler.heartbeat import Heart
from crawler.job import Job, Word
from crawler.lock import workspace_lock
from crawler.logs import Events, LogFormat
from crawler.policy import FetchPolicy
from crawler.signs import labels, spellings
from crawler.varying import varying_of

Hear = Callable[[Word], None]


def crawl_night(  # noqa: PLR0913 - what is crawled, and how much of it
    settings: Settings,
    pack: Pack,
    night: date,
    run: str,
    policy: FetchPolicy,
    *,
    only: frozenset[str] | None = None,
    urls: tuple[str, ...] = (),
    progress: Watcher | Events | None = None,
) -> RunCoverage:
    """Crawl and return what was seen. A run that was cut short goes on where it stopped; a complete one is returned.

    *progress* hears how far it is, or is the night's log, which shows it. *only* names agencies; with *urls* just these
    addresses are asked (`crawler.job.Job`). A policy of robots files alone asks each host for robots.txt only.
    Raises ConfigError when the workspace cannot be used or another crawl has it.
    """
    job = Job(
        settings.model_dump_json(), pack.zone, night, run, policy, only, os.getpid(), varying_of(pack.varying),
        min(profile.defaults.max_age for profile in pack.profiles), spellings(pack), labels(pack),
        progress.form if isinstance(progress, Events) else LogFormat.TEXT, urls,
    )  # fmt: skip
    heart = Heart(settings.workspace, run, night, SystemClock())
    with _watched(progress, job) as watch:
        last, status = _supervise(job, partial(_hear, heart, watch))
    if last.error:
        raise ConfigError(last.error)
    return last.coverage or _died(settings, night, run, status, SystemClock())


def _watched(progress: Watcher | Events | None, job: Job) -> AbstractContextManager[Watcher]:
    return watching(progress, job.night, job.run) if isinstance(progress, Events) else nullcontext(progress or Plain())


def _hear(heart: Heart, watch: Watcher, word: Word) -> None:
    """Take in a word of the crawl: what it tells of a host, or a bare sign of life."""
    if word.progress:
        heart.crawling(word.progress.host, word.progress.captures)
        watch(word.progress)
    elif word == Word():
        heart.crawling()


def _supervise(job: Job, hear: Hear) -> tuple[Word, int]:
    """Start the crawl process, hear it out, and return its last word and exit status."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.shard"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("pipes were asked for")
    try:
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(msgspec.json.encode(job))
        with process.stdout, _terminations(process):
            last = _listen(process.stdout, hear)
    except BaseException:
        process.terminate()  # nobody listens any more: the crawl closes in order
        raise
    finally:
        status = _wait(process)
    return last, status


@contextmanager
def _terminations(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass a first SIGTERM on to the crawl, which closes in order; a second one ends this process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def pass_on(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        sys.stderr.write("stopping: finishing what is under way\n")
        process.terminate()

    before = signal.signal(signal.SIGTERM, pass_on)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _environment() -> dict[str, str]:
    """Return this process's environment, with the rooms importable from wherever it was started."""
    here = str(Path(__file__).resolve().parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}


def _listen(stream: IO[bytes], hear: Hear) -> Word:
    """Pass every word on until the process falls silent, and return its last word."""
    last, lines = Word(), iter(stream)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return last
        except KeyboardInterrupt:
            # The terminal told the crawl process too; it closes the archive and says so.
            sys.stderr.write("stopping: finishing what is under way\n")
            continue
        word = msgspec.json.decode(line, type=Word)
        hear(word)
        if not word.progress:
            last = word


def _wait(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def _died(settings: Settings, night: date, run: str, status: int, clock: Clock) -> RunCoverage:
    """Make the closing statement that a process which died could not make. A full disk may not take even this."""
    cause = f"signal {-status}" if status < 0 else f"exit code {status}"
    now = clock.now()
    reason = f"crawl process ended early ({cause})"
    coverage = RunCoverage(run, night, settings.crawl.vantage, RunState.INCOMPLETE, now, now, reason=reason)
    with workspace_lock(settings.workspace):
        try:
            recover(settings.workspace)
            return _stated(settings.workspace, coverage, clock)
        except (OSError, sqlite3.Error) as error:
            if not is_full(error):
                raise
    return msgspec.structs.replace(coverage, reason=f"{reason}; archive: no room left on the disk")


def _stated(workspace: Path, coverage: RunCoverage, clock: Clock) -> RunCoverage:
    """Write the statement of a run that died, with the time of its first capture."""
    with Archive(workspace) as archive:
        moments = [capture.started for capture in archive.run(coverage.night, coverage.run)]
    coverage = msgspec.structs.replace(coverage, started=min(moments, default=coverage.started))
    writer = WarcWriter(workspace, coverage.night, coverage.run, clock)
    with closing(Index(Layout(workspace).index)) as index, closing(writer):
        writer.closed = index.seal
        index.add_coverage(coverage, writer.write_coverage(coverage))
    return coverage
