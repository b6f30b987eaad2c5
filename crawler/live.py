"""Asks each host for one page before the first night, as the crawl would: robots.txt first, paced, guarded.

What comes says which hosts a night could not see: closed by robots.txt, blocked, or shells that only a browser fills.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from config.loader import Loaded
from config.model import Agency, Settings
from crawler.archive.reader import Archive
from crawler.capture import Capture, Purpose
from crawler.clock import SystemClock
from crawler.coverage import HostCoverage
from crawler.doctor import Level, Line
from crawler.frontier import site_of
from crawler.pausing import carry_over
from crawler.policy import FetchPolicy
from crawler.render.wishes import allowed_hosts, browser_path, is_allowed
from crawler.run import crawl_night
from crawler.verdicts import Verdict, VerdictFact, classify

_RUN = "doctor"


def ask_hosts(loaded: Loaded, night: date) -> Iterator[Line]:
    """Ask each host that carries a scope for one page, and yield what came of it. Nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        carry_over(loaded, Path(folder), SystemClock().now())
        settings = _frugal(loaded.settings, night, Path(folder))
        coverage = crawl_night(settings, loaded.pack, night, _RUN, FetchPolicy())
        with Archive(settings.workspace) as archive:
            pages = {
                site_of(item.key.url): (item, classify(item, archive.body(item)) if item.sha256 else None)
                for item in archive.run(night, _RUN)
                if item.purpose is Purpose.PAGE
            }
    for host in coverage.hosts:
        capture, fact = pages.get(host.host, (None, None))
        yield _line(host, capture, fact, loaded.settings, night)


def _frugal(settings: Settings, night: date, folder: Path) -> Settings:
    """Return the settings with one scope for each host, one page for each scope, and nothing beside."""
    seen: set[str] = set()
    agencies: list[Agency] = []
    for agency in settings.agencies:
        scopes = []
        for scope in agency.scopes_on(night):
            if site_of(scope.url) not in seen:
                seen.add(site_of(scope.url))
                scopes.append(scope)
        agencies.append(agency.model_copy(update={"sites": tuple(scopes)}))
    render = settings.crawl.render.model_copy(update={"budget": 0})
    crawl = settings.crawl.model_copy(
        update={"pages_per_site": 1, "baselines": 0, "render": render, "control_probes": ()}
    )
    given = {"workspace": folder, "agencies": tuple(agencies), "portals": (), "crawl": crawl}
    return settings.model_copy(update=given)


def _line(
    host: HostCoverage, capture: Capture | None, fact: VerdictFact | None, settings: Settings, night: date
) -> Line:
    if "paused" in host.incidents:
        return Line("warn", f"live {host.host}", "paused, not asked")
    level, text = _told(capture, fact, settings, night)
    if host.robots not in ("ok", "absent"):
        level = "fail"
    return Line(level, f"live {host.host}", f"robots.txt: {host.robots}; {text}")


def _told(capture: Capture | None, fact: VerdictFact | None, settings: Settings, night: date) -> tuple[Level, str]:
    if capture is None:
        return "fail", "no page was asked"
    if fact is None:
        return "fail", f"page: {capture.outcome.value}"
    if fact.verdict is Verdict.PAGE:
        return "ok", "page: seen"
    if fact.verdict is not Verdict.JS_SHELL:
        return "warn", f"page: {fact.verdict.value} ({fact.reason})"
    return _shell(capture, settings, night)


def _shell(capture: Capture, settings: Settings, night: date) -> tuple[Level, str]:
    """Say what a host of shells needs so that its pages can be seen."""
    allowed = is_allowed(capture.url, allowed_hosts(settings.permissions, night))
    needs = [] if allowed else ["a permission that allows render"]
    needs += [] if browser_path(settings.crawl.render) else ["a browser (crawl.render.browser, or chromium on PATH)"]
    if not needs:
        return "ok", "page: a shell, which the browser will fill"
    return "warn", f"page: a shell without text; its pages are not observed without {' and '.join(needs)}"
