"""The handler of a run that may draw: plain requests go the plain way, pages to be drawn go to the browser.

The visit itself says which it is, so pacing by slot, robots.txt and stopping work for both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse, Request, Response

from config.urls import site_host
from crawler.books import Visit, site_of
from crawler.capture import How
from crawler.manners.cooloff import TURNED_AWAY
from crawler.manners.failures import HeldError, RefusedError, StoppedError
from crawler.manners.handler import ObservedHandler
from crawler.manners.robots import RobotsMiddleware
from crawler.render.browser import Chromium
from crawler.render.pacing import BrowserTurns
from crawler.render.page import Artist, Assets, Drawn, Wish
from crawler.render.proxy import Door
from crawler.render.rules import Manners, Rules
from crawler.render.wishes import browser_path

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.site import SiteSpider

_AT_ONCE = 2  # pages; a browser takes some 100 MB for each
_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36 {own}"
)


class DrawingHandler(ObservedHandler):
    """The handler for http and https, with a browser beside it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._scrapy = crawler
        self._chromium = Chromium(browser_path(self._crawl.settings.render) or "")
        self._turns = asyncio.Semaphore(_AT_ONCE)
        spider: SiteSpider = crawler.spider  # type: ignore[assignment]  # our spider is the only one
        self._pacing = BrowserTurns(lambda: crawler.engine.downloader.slots, spider.pace.gap)
        self._assets: dict[str, Assets] = {}

    async def download_request(self, request: Request) -> Response:
        """Make one exchange, or draw one page."""
        visit: Visit = request.cb_kwargs["visit"]
        if visit.how is How.PLAIN:
            return await super().download_request(request)
        self._check(request.url)
        site = site_of(request.url)
        async with self._turns:
            self._admit(site)
            visit.started = visit.started or self._crawl.clock.now()
            try:
                drawn = await self._draw(request, visit)
            except StoppedError:
                self._admit(site)
                raise HeldError from None  # its rest has just ended
        if drawn.status in TURNED_AWAY:
            self._crawl.rest.turned_away(visit, site, drawn.retry_after)
        request.meta["detail"] = drawn.detail
        return HtmlResponse(drawn.url, drawn.status, dict(drawn.headers), drawn.body, request=request)

    async def close(self) -> None:
        """End the browser, then the rest."""
        await self._chromium.close()
        await super().close()

    async def _draw(self, request: Request, visit: Visit) -> Drawn:
        settings = self._crawl.settings
        browser = await self._chromium.get()
        own = (request.headers.get("User-Agent") or b"").decode()
        agent = _AGENT.format(major=browser.version.partition(".")[0], own=own)
        wish = Wish(visit.url, agent, *_language(visit), timeout=settings.render.timeout)
        door = Door(
            {name.lower(): address for name, address in settings.resolve.items()},
            settings.allow_private,
            settings.proxy,
            settings.render.requests,
            settings.render.bytes,
        )
        artist = Artist(
            wish,
            Rules(visit.url, settings.render.hosts, self._crawl.frontier.refuses, self._at_home(visit)),
            door,
            Manners(self._pace, self._allowed, self._halted, partial(self._turned_away, visit)),
            self._assets.setdefault(site_of(visit.url), Assets()),
        )
        try:
            return await artist.draw(browser)
        finally:
            visit.asked = artist.asked

    def _at_home(self, visit: Visit) -> Callable[[str], bool]:
        """Return what tells whether a page may be led to an address, as for every other question."""
        return lambda url: url == visit.url or self._crawl.frontier.at_home(visit, url)

    def _halted(self, site: str) -> bool:
        """Tell whether the run ends, or the host rests, was paused or is closed meanwhile."""
        rest, site = self._crawl.rest, site_host(site)
        return self._crawl.reason is not None or not rest.may_ask(site) or rest.closed(site)

    async def _pace(self, site: str) -> None:
        """Wait for the host's turn, as its other requests do, and count the request. Raises HeldError."""
        site = site_host(site)
        await self._pacing.wait(site)
        if self._halted(site):
            raise HeldError
        self._crawl.asked(f"http://{site}/")

    def _turned_away(self, visit: Visit, site: str, status: int, retry_after: str | None) -> None:
        """Let a host rest that turned a page's request away, unless that is known for the page's own trouble."""
        own = site_host(site) == visit.site
        self._crawl.rest.turned_away(visit if own else None, site_host(site), retry_after)
        if own and str(status) not in visit.tries:
            visit.tries.append(str(status))

    async def _allowed(self, url: str) -> bool:
        """Ask the host's robots.txt, as for every other request."""
        middlewares = self._scrapy.engine.downloader.middleware.middlewares
        robots = next((item for item in middlewares if isinstance(item, RobotsMiddleware)), None)
        if robots is None:
            return False
        try:
            await robots.check(url)
        except (RefusedError, StoppedError, HeldError):
            return False
        return True


def _language(visit: Visit) -> tuple[dict[str, str], dict[str, str]]:
    """Return the headers and cookies that a visit's variant stands for."""
    pairs = [(name.partition(":"), text) for name, text in visit.key.variant]
    headers = {name: text for (kind, _, name), text in pairs if kind == "header"}
    return headers, {name: text for (kind, _, name), text in pairs if kind == "cookie"}
