"""The crawl process: reads a job from stdin, crawls, writes progress and the closing statement to stdout.

A reactor does not start twice, so each run has a process of its own. Started by `crawler.run` as
`python -m crawler.shard`; the job comes by stdin because it may hold secrets, which belong in no file or argument.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sqlite3
import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

import msgspec

from config.errors import ConfigError
from config.model import Settings
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.archive.recovery import recover
from crawler.assembly import assembled, begin, engage
from crawler.clock import Clock, SystemClock
from crawler.coverage import RunCoverage, RunState
from crawler.crawl import Crawl
from crawler.disk import is_full
from crawler.heap import seldom_collected
from crawler.hosts import Progress
from crawler.job import Job, Word
from crawler.lock import workspace_lock
from crawler.logs import library_logs
from crawler.manners.identity import user_agent
from crawler.manners.permissions import pace_of
from crawler.resumption import restore
from crawler.window import seconds_left

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1


def work(job: Job, clock: Clock) -> RunCoverage:
    """Do the job in this process, from recovery to the closing statement."""
    settings = Settings.model_validate_json(job.settings)
    workspace = settings.workspace
    with workspace_lock(workspace):
        try:
            recover(workspace)
            return _finished(workspace, job) or _crawl(settings, job, clock)
        except (OSError, sqlite3.Error, ArchiveError) as error:
            if is_full(error):
                return unsaved(job.night, job.run, settings.crawl.vantage, clock)
            raise ConfigError(f"workspace {workspace} cannot be used: {error}") from error


def unsaved(night: date, run: str, vantage: str, clock: Clock) -> RunCoverage:
    """Return the closing statement of a run that a full disk let write nothing, not even this."""
    now = clock.now()
    return RunCoverage(run, night, vantage, RunState.INCOMPLETE, now, now, reason="archive: no room left on the disk")


def _finished(workspace: Path, job: Job) -> RunCoverage | None:
    """Return the statement of a run that is complete already: asking for it again changes nothing."""
    with Archive(workspace) as archive:
        known = (item for item in archive.coverage(job.night) if item.run == job.run)
        return next((item for item in known if item.state is RunState.COMPLETE), None)


@seldom_collected()
def _crawl(settings: Settings, job: Job, clock: Clock) -> RunCoverage:
    """Crawl, and state what was seen; when something breaks on the way too, marked as incomplete."""
    crawl = assembled(settings, job, clock)
    crawl.tell = _tell
    crash = None
    try:
        with Archive(settings.workspace) as archive:
            engage(crawl, settings, job)
            restore(crawl, archive)
        begin(crawl, settings, job)
        _react(crawl, settings, _stops(settings, job, clock))
    except Exception as error:
        logger.exception("the crawl broke")
        crash = f"crash: {type(error).__name__}"
    coverage = crawl.finish(crash)
    crawl.close()
    return coverage


def _tell(progress: Progress | None) -> None:
    say(Word(progress=progress))


def _stops(settings: Settings, job: Job, clock: Clock) -> list[tuple[float, str]]:
    left = seconds_left(settings.crawl.window, clock.now(), job.zone)
    ways = ((settings.crawl.deadline, "deadline"), (left, "window"))
    return [(seconds, reason) for seconds, reason in ways if seconds is not None]


def _react(crawl: Crawl, settings: Settings, stops: list[tuple[float, str]]) -> None:
    """Run Scrapy until the frontier is empty or the crawl is stopped."""
    for seconds, reason in stops:
        if seconds <= 0:
            crawl.stop(reason)
    if crawl.reason or crawl.idle:
        return
    # Imported here, so that a job that ends sooner never waits for Scrapy and Twisted to load.
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415

    from crawler.manners.settings import scrapy_settings  # noqa: PLC0415
    from crawler.site import SiteSpider  # noqa: PLC0415

    process = AsyncCrawlerProcess(scrapy_settings(settings.crawl))
    agent, pace = user_agent(settings.operator), pace_of(settings, crawl.recorder.info.night)
    process.crawl(SiteSpider, crawl=crawl, pace=pace, user_agent=agent, stops=stops)
    process.start(install_signal_handlers=False)  # the spider sets its own, which know how to stop in order


def say(word: Word) -> None:
    """Write one line to the parent."""
    sys.stdout.buffer.write(msgspec.json.encode(word) + b"\n")
    sys.stdout.buffer.flush()


def _die_with(parent: int | None) -> None:
    """Ask the system to end this process when its parent ends, so that no crawl runs unwatched."""
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we asked
        sys.exit(1)


def main() -> int:
    """Read the job from stdin and do it."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    _die_with(job.parent)
    try:
        with library_logs(job.log_format, Settings.model_validate_json(job.settings).workspace, job.night):
            say(Word(coverage=work(job, SystemClock())))
    except ConfigError as error:
        say(Word(error=str(error)))
        return 2
    return 0


def leave(status: int) -> NoReturn:
    """End the process at once: all is closed and said, and taking a grown heap down costs a fifth of a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
