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
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from config.errors import ConfigError
from config.model import CrawlSettings, Settings
from config.scopes import ScopeMap
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.archive.recovery import recover
from crawler.capture import CaptureKey, Purpose
from crawler.clock import Clock, SystemClock
from crawler.control import Controls
from crawler.coverage import RunCoverage, RunState
from crawler.crawl import Crawl
from crawler.disk import is_full
from crawler.finding import Finder
from crawler.frontier import Frontier, Plan, Visit
from crawler.harvest import Harvest
from crawler.job import Job, Word
from crawler.leaving import Leaving
from crawler.lock import workspace_lock
from crawler.logs import library_logs
from crawler.manners.identity import software, user_agent
from crawler.manners.notes import HostNotes
from crawler.manners.permissions import pace_of
from crawler.manners.rest import Rest
from crawler.paces import Paces
from crawler.platforms import PlatformReader, platform_readers
from crawler.platforms.tours import Tours
from crawler.portals import PortalAdapter, portal_adapters, row_guard
from crawler.readings import Readings
from crawler.recorder import Recorder, RunInfo
from crawler.render.wishes import Wishes, allowed_hosts, browser_path
from crawler.secondlook import is_look
from crawler.shelf import NAME as SHELF
from crawler.shelf import Shelf
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


def _crawl(settings: Settings, job: Job, clock: Clock) -> RunCoverage:
    scopes = ScopeMap(settings, job.night)
    dry = job.policy.purposes == {Purpose.ROBOTS}
    purposes = frozenset({Purpose.PAGE}) if dry else job.policy.purposes
    look = is_look(job.run)  # it leaves no trace in what the next nights go by
    plan = Plan(job.night, settings.crawl.pages_per_site, settings.crawl.pages_per_host, job.languages)
    shelf = Shelf(None if dry or look else settings.workspace / SHELF)
    if look:
        shelf.filled()  # it goes by what it finds itself: no nights are read for what they knew
    frontier = Frontier(scopes, plan, frozenset() if job.urls else purposes, job.only, shelf)
    info = RunInfo(settings.workspace, job.night, job.run, settings.crawl.vantage, software(), settings.crawl.warc_size)
    recorder = Recorder(info, clock)
    crawl = Crawl(_own(settings, job), job.policy, frontier, recorder, clock)
    crawl.dry = dry
    crawl.readings = Readings(settings.workspace)
    crawl.finder = Finder(frontier, job.labels, lists=not job.urls)
    crawl.rest = Rest(settings.crawl, clock, HostNotes(settings.workspace, job.night))
    if settings.crawl.adaptive and not dry and not look:
        crawl.leaving = Leaving(Paces(settings.workspace, job.night), job.night, job.evidence_nights)
    crawl.controls = Controls(() if dry else settings.crawl.control_probes, clock)
    frontier.varying = () if job.urls else job.varying
    hosts, browser = allowed_hosts(settings.permissions, job.night), browser_path(settings.crawl.render)
    crawl.looks.wishes = Wishes(settings.crawl.render.budget, hosts, browser)
    crawl.tell = lambda progress: say(Word(progress=progress))
    crash = None
    try:
        with Archive(settings.workspace) as archive:
            adapters = portal_adapters() if settings.portals else {}
            # Whoever's crawl it is, and whatever it is after: rows of registers are asked by none.
            frontier.refuses = row_guard(settings.portals, adapters)
            crawl.harvest = _harvest(settings, job, frontier, adapters)
            crawl.tours = Tours(
                frontier,
                () if dry or job.urls else [item.scope for item in frontier.addresses.owners],
                _readers(settings),
            )
            crawl.restore(archive)
        _begin(crawl, settings, job)
        _react(crawl, settings, _stops(settings, job, clock))
    except Exception as error:  # what was seen is stated all the same, and marked as incomplete
        logger.exception("the crawl broke")
        crash = f"crash: {type(error).__name__}"
    coverage = crawl.finish(crash)
    crawl.readings.close()
    if crawl.leaving:
        crawl.leaving.close()
    shelf.close()
    try:
        recorder.close()
    except (OSError, sqlite3.Error):
        # A full disk: the statement says so already, and the next start recovers what was written.
        logger.exception("the archive could not be closed")
    return coverage


def _own(settings: Settings, job: Job) -> CrawlSettings:
    """Return the crawl's settings; where just some addresses are asked, no baselines are asked beside them."""
    return settings.crawl.model_copy(update={"baselines": 0}) if job.urls else settings.crawl


def _begin(crawl: Crawl, settings: Settings, job: Job) -> None:
    """Put the first questions on the list: of the whole night, or the addresses that a look is at."""
    frontier = crawl.frontier
    if job.urls:
        for url in job.urls:
            frontier.ask(Visit(url, CaptureKey("GET", url), Purpose.PAGE, frontier.scopes_of(url)))
        return
    crawl.seed()
    for visit in probes(settings, job):
        frontier.ask(visit)


def _readers(settings: Settings) -> dict[str, PlatformReader]:
    """Return the platform readers, where a scope wants one."""
    wanted = any(scope.platform for agency in settings.agencies for scope in agency.sites)
    return platform_readers() if wanted else {}


def _harvest(settings: Settings, job: Job, frontier: Frontier, adapters: dict[str, PortalAdapter]) -> Harvest:
    """Return the harvest of the portals: of all, or of those whose owner is among the agencies asked for."""
    portals = settings.portals if Purpose.PORTAL in job.policy.purposes else ()
    chosen = [item for item in portals if job.only is None or item.owner in job.only]
    distributions = settings.crawl.distributions_per_portal if Purpose.DISTRIBUTION in job.policy.purposes else 0
    return Harvest(frontier, chosen, adapters, settings.crawl.records_per_portal, distributions)


def probes(settings: Settings, job: Job) -> Iterator[Visit]:
    """Yield the questions that the agencies' probes are: asked once a night, not followed."""
    for agency in settings.agencies if Purpose.PROBE in job.policy.purposes else ():
        if agency.holds(job.night) and (job.only is None or agency.id in job.only):
            for probe in agency.probes:
                yield Visit(probe.url, CaptureKey("GET", probe.url), Purpose.PROBE)


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


if __name__ == "__main__":
    sys.exit(main())
