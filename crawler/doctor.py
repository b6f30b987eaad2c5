"""Looks at an installation before a night: what is in order, what to mind, what would stop a crawl."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import msgspec

from config.errors import ConfigError
from config.loader import Loaded
from config.scopes import ScopeMap
from crawler import heartbeat
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.clock import SystemClock
from crawler.disk import room
from crawler.frontier import site_of
from crawler.lock import workspace_lock
from crawler.manners.identity import user_agent
from crawler.nights import due_of, missing, spans
from crawler.pausing import standing, told
from crawler.render.wishes import NO_BROWSER, allowed_hosts, browser_path

Level = Literal["ok", "warn", "fail"]
_PACKAGES = ("scrapy", "twisted", "isal", "selectolax", "lxml", "msgspec", "pydantic", "protego")
_PYTHON = (3, 11)


class Line(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    level: Level
    name: str
    text: str


def examine(loaded: Loaded, night: date) -> Iterator[Line]:
    """Yield what can be said without asking anybody."""
    settings = loaded.settings
    yield Line("ok", "config", f"{loaded.digest[:12]}, pack {loaded.pack.id} {loaded.pack_digest[:12]}, night {night}")
    yield Line("ok", "user agent", user_agent(settings.operator))
    yield from _machine()
    yield from _workspace(settings.workspace)
    yield from _guard(loaded)
    yield from _permissions(loaded, night)
    yield from _paused(loaded)
    yield from _nights(loaded)
    yield _browser(loaded, night)
    yield from _hosts(loaded, night)


def _machine() -> Iterator[Line]:
    running = sys.version_info[:2]
    yield Line("ok" if running >= _PYTHON else "fail", "python", ".".join(map(str, sys.version_info[:3])))
    for name in _PACKAGES:
        try:
            yield Line("ok", name, version(name))
        except PackageNotFoundError:
            yield Line("fail", name, "not installed")


def _workspace(workspace: Path) -> Iterator[Line]:
    try:
        with workspace_lock(workspace):
            yield Line("ok", "workspace", f"{workspace} can be written")
    except ConfigError as error:
        yield Line("fail", "workspace", str(error))
        return
    found = room(workspace)
    yield Line(found.level, "disk", found.text())


def _guard(loaded: Loaded) -> Iterator[Line]:
    crawl = loaded.settings.crawl
    if crawl.allow_private:
        yield Line("warn", "guard", "allow_private is on: names may lead into private networks")
    if crawl.resolve:
        yield Line("warn", "resolve", f"{len(crawl.resolve)} names are looked up in the settings, not in DNS")
    ignored = [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "all_proxy")]
    if ignored and not crawl.proxy:
        yield Line("warn", "proxy", f"{', '.join(sorted(ignored))} ignored; set crawl.proxy to use one")


def _permissions(loaded: Loaded, night: date) -> Iterator[Line]:
    for item in loaded.settings.permissions:
        level: Level = "ok" if item.holds(night) else "warn"
        state = "" if item.holds(night) else " (not in force this night)"
        gap = "" if item.delay is None else f", {item.delay:g} s between requests"
        yield Line(level, f"permission {item.host}", f"{', '.join(item.allows)} by {item.by}, {item.date}{gap}{state}")


def _paused(loaded: Loaded) -> Iterator[Line]:
    try:
        lines = told(standing(loaded, SystemClock().now()), loaded.pack.zone)
    except ConfigError as error:
        yield Line("fail", "pauses", str(error))
        return
    for line in lines:
        host, _, text = line.partition(": paused ")
        if text:
            yield Line("warn", f"paused {host}", text)


def _nights(loaded: Loaded) -> Iterator[Line]:
    """Say which nights are not on record, and how the last run went on."""
    workspace, now = loaded.settings.workspace, SystemClock().now()
    try:
        with Archive(workspace) as archive:
            recorded = archive.series_nights()
    except ArchiveError as error:
        yield Line("fail", "archive", str(error))
        return
    missed = missing(recorded, *due_of(loaded, now))
    if missed:
        yield Line("warn", "nights", f"missing since the first: {spans(missed)}")
    elif recorded:
        yield Line("ok", "nights", f"{len(recorded)} on record, none missing; the newest is {recorded[-1]}")
    beat = heartbeat.read(workspace)
    if beat:
        yield Line("ok" if beat.state(now) in ("alive", "ended") else "warn", "heartbeat", beat.text(now))


def _browser(loaded: Loaded, night: date) -> Line:
    settings = loaded.settings.crawl.render
    path, hosts = browser_path(settings), allowed_hosts(loaded.settings.permissions, night)
    if path:
        return Line("ok", "browser", f"{path} draws at most {settings.budget} pages per scope on {len(hosts)} hosts")
    missing = f"{settings.browser} is no file" if settings.browser not in (None, NO_BROWSER) else "no Chromium"
    return Line("warn" if hosts else "ok", "browser", f"{missing}: pages that need JavaScript are not observed")


def _hosts(loaded: Loaded, night: date) -> Iterator[Line]:
    owners = ScopeMap(loaded.settings, night).owners
    if not owners:
        yield Line("fail", "scopes", f"no scope is in force on {night}")
    by_host: dict[str, list[str]] = {}
    for owner in owners:
        by_host.setdefault(site_of(owner.scope.url), []).append(owner.agency.id)
    crawl = loaded.settings.crawl
    for host, agencies in sorted(by_host.items()):
        minutes = len(agencies) * crawl.pages_per_site * crawl.delay / 60
        yield Line("ok", f"host {host}", f"{len(agencies)} scopes, at most {minutes:.0f} minutes at this delay")
