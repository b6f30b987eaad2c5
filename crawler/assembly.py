"""Puts one run's crawl together from settings and job: its memory, its manners, its readers, its first questions."""

from __future__ import annotations

from collections.abc import Iterator

from config.model import CrawlSettings, Settings
from config.scopes import ScopeMap
from crawler.capture import CaptureKey, Purpose
from crawler.clock import Clock
from crawler.control import Controls
from crawler.crawl import Crawl
from crawler.finding import Finder
from crawler.frontier import Frontier, Plan, Visit
from crawler.harvest import Harvest
from crawler.job import Job
from crawler.leaving import Leaving
from crawler.manners.identity import software
from crawler.manners.notes import HostNotes
from crawler.manners.rest import Rest
from crawler.paces import Paces
from crawler.platforms import PlatformReader, platform_readers
from crawler.platforms.tours import Tours
from crawler.portals import PortalAdapter, portal_adapters, row_guard
from crawler.readings import Readings
from crawler.recorder import Recorder, RunInfo
from crawler.render.wishes import Wishes, allowed_hosts, browser_path
from crawler.shelf import NAME as SHELF
from crawler.shelf import Shelf


def assembled(settings: Settings, job: Job, clock: Clock) -> Crawl:
    """Return the crawl of a job, with its files of the workspace open. Nothing waits in it yet."""
    own, frontier = settings.crawl, _frontier(settings, job)
    info = RunInfo(settings.workspace, job.night, job.run, own.vantage, software(), own.warc_size)
    crawl = Crawl(_own(settings, job), job.policy, frontier, Recorder(info, clock, frontier.apart), clock)
    crawl.dry = job.dry
    crawl.readings = Readings(settings.workspace)
    crawl.finder = Finder(frontier, job.labels, lists=not job.urls and not job.dry, usual=own.usual_sitemaps)
    crawl.rest = Rest(own, clock, HostNotes(settings.workspace, job.night))
    if own.adaptive and not job.dry and not job.look:
        crawl.leaving = Leaving(Paces(settings.workspace, job.night), job.night, job.evidence_nights)
    crawl.controls = Controls(() if job.dry else own.control_probes, clock)
    hosts = allowed_hosts(settings.permissions, job.night)
    crawl.looks.wishes = Wishes(own.render.budget, hosts, browser_path(own.render))
    return crawl


def engage(crawl: Crawl, settings: Settings, job: Job) -> None:
    """Engage the readers of portals and of shared site software. One that does not load raises ConfigError."""
    adapters = portal_adapters() if settings.portals else {}
    # Whoever's crawl it is, and whatever it is after: rows of registers are asked by none.
    crawl.frontier.refuses = row_guard(settings.portals, adapters)
    crawl.harvest = _harvest(settings, job, crawl.frontier, adapters)
    owners = () if job.dry or job.urls else crawl.frontier.addresses.owners
    crawl.tours = Tours(crawl.frontier, [item.scope for item in owners], _readers(settings))


def begin(crawl: Crawl, settings: Settings, job: Job) -> None:
    """Put the first questions on the list: of the whole night, or the addresses that a look is at."""
    frontier = crawl.frontier
    if job.urls:
        for url in job.urls:
            frontier.ask(Visit(url, CaptureKey("GET", url), Purpose.PAGE, frontier.scopes_of(url)))
        return
    crawl.seed()
    for visit in probes(settings, job):
        frontier.ask(visit)


def probes(settings: Settings, job: Job) -> Iterator[Visit]:
    """Yield the questions that the agencies' probes are: asked once a night, not followed."""
    for agency in settings.agencies if Purpose.PROBE in job.policy.purposes else ():
        if agency.holds(job.night) and (job.only is None or agency.id in job.only):
            for probe in agency.probes:
                yield Visit(probe.url, CaptureKey("GET", probe.url), Purpose.PROBE)


def _own(settings: Settings, job: Job) -> CrawlSettings:
    """Return the crawl's settings; where just some addresses are asked, no baselines are asked beside them."""
    return settings.crawl.model_copy(update={"baselines": 0}) if job.urls else settings.crawl


def _frontier(settings: Settings, job: Job) -> Frontier:
    """Return the list of addresses, with the shelf that remembers them from night to night."""
    own = settings.crawl
    plan = Plan(job.night, own.pages_per_site, own.pages_per_host, job.languages)
    purposes = frozenset({Purpose.PAGE}) if job.dry else job.policy.purposes
    asked = frozenset[Purpose]() if job.urls else purposes
    frontier = Frontier(ScopeMap(settings, job.night), plan, asked, job.only, _shelf(settings, job))
    frontier.varying = () if job.urls else job.varying
    return frontier


def _shelf(settings: Settings, job: Job) -> Shelf:
    """Return the shelf of the series' nights. A look leaves no trace in what the next nights go by."""
    shelf = Shelf(None if job.dry or job.look else settings.workspace / SHELF)
    if job.look:
        shelf.filled()  # it goes by what it finds itself: no nights are read for what they knew
    return shelf


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
