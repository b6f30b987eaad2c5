"""Asks each host for robots.txt and one start page before the first night, paced and guarded as the crawl is.

What comes says which hosts a night could not see: closed by robots.txt, blocked, or shells that only a browser fills.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from config.loader import Loaded
from config.model import Settings
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
    """Ask each host that carries a scope for robots.txt and one start page; only redirects are followed.

    Yields what came of it. Nothing is kept.
    """
    with tempfile.TemporaryDirectory() as folder:
        carry_over(loaded, Path(folder), SystemClock().now())
        settings = _frugal(loaded.settings, Path(folder))
        urls = _starts(settings, night)
        if not urls:
            return  # a crawl without addresses is one of whole scopes
        coverage = crawl_night(settings, loaded.pack, night, _RUN, FetchPolicy(), urls=urls)
        with Archive(settings.workspace) as archive:
            pages = {
                site_of(item.key.url): (item, classify(item, archive.body(item)) if item.sha256 else None)
                for item in archive.run(night, _RUN)
                if item.purpose is Purpose.PAGE
            }
    for host in coverage.hosts:
        capture, fact = pages.get(host.host, (None, None))
        yield _line(host, capture, fact, loaded.settings, night)


def _starts(settings: Settings, night: date) -> tuple[str, ...]:
    """Return the address of the first scope on each host."""
    first: dict[str, str] = {}
    for agency in settings.agencies:
        for scope in agency.scopes_on(night):
            first.setdefault(site_of(scope.url), scope.url)
    return tuple(first.values())


def _frugal(settings: Settings, folder: Path) -> Settings:
    """Return the settings without what is asked or drawn beside pages, and with a workspace of its own."""
    render = settings.crawl.render.model_copy(update={"budget": 0})
    crawl = settings.crawl.model_copy(update={"render": render, "control_probes": ()})
    return settings.model_copy(update={"workspace": folder, "portals": (), "crawl": crawl})


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
