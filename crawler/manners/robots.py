"""robots.txt after RFC 9309: asked once per origin and run, archived, obeyed.

4xx: there is none, everything is allowed. 5xx: nothing is. No connection: the same trouble stands for every page. A
host that turns the question away (429, 503) rests and is asked again.
"""

from __future__ import annotations

import asyncio
import codecs
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy.http import Request

from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.frontier import Visit, site_of
from crawler.manners.failures import HeldError, RefusedError, StoppedError
from crawler.manners.identity import ROBOTS_TOKEN

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl
    from crawler.site import SiteSpider

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CLIENT_ERRORS = range(400, 500)
_SAME_TROUBLE = frozenset(
    {
        ExchangeOutcome.DNS,
        ExchangeOutcome.TLS,
        ExchangeOutcome.TIMEOUT,
        ExchangeOutcome.REFUSED,
        ExchangeOutcome.RESET,
        ExchangeOutcome.GUARD,
    }
)


class RobotsFile:
    """What one origin allows. `state` goes into the coverage: ok, absent, or the outcome that stands for all pages."""

    def __init__(self, capture: Capture, body: bytes) -> None:
        self.trouble = _trouble(capture)
        readable = capture.outcome is ExchangeOutcome.OK
        self.state = self.trouble.value if self.trouble else ("ok" if readable else "absent")
        self._rules = Protego.parse(_text(body, cut=capture.truncated) if readable else "")

    def check(self, url: str) -> None:
        """Raise RefusedError when the address may not be asked."""
        if self.trouble:
            raise RefusedError(self.trouble, f"robots.txt: {self.trouble.value}")
        if not self._rules.can_fetch(url, ROBOTS_TOKEN):
            raise RefusedError(ExchangeOutcome.ROBOTS, "disallowed by robots.txt")

    @property
    def delay(self) -> float | None:
        """The gap asked of us, in seconds: Crawl-delay or Request-rate, neither of which is in RFC 9309."""
        rate = self._rules.request_rate(ROBOTS_TOKEN)
        asked = (
            self._rules.crawl_delay(ROBOTS_TOKEN),
            rate.seconds / rate.requests if rate and rate.requests else None,
        )
        return max((item for item in asked if item is not None and item >= 0), default=None)


class RobotsMiddleware:
    """Lets a request pass once its origin's robots.txt is known and allows it."""

    def __init__(self, crawler: Crawler) -> None:
        self._spider: SiteSpider = crawler.spider  # type: ignore[assignment]  # our spider is the only one
        self._crawl: Crawl = self._spider.crawl
        self._files: dict[str, asyncio.Future[RobotsFile]] = {}
        self._old = {_origin(capture.key.url): (capture, body) for capture, body in self._crawl.robots}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Hold the request until the robots file is there, then let it pass or refuse it."""
        if request.cb_kwargs["visit"].purpose is Purpose.ROBOTS:
            return
        await self.check(request.url)
        if self._crawl.dry:
            raise RefusedError(ExchangeOutcome.PAUSED, "dry run: only robots.txt is asked for")

    async def check(self, url: str) -> None:
        """Raise RefusedError when the address may not be asked, once its origin's robots file is there."""
        origin = _origin(url)
        if origin not in self._files:
            self._files[origin] = asyncio.ensure_future(self._file(origin))
        try:
            file = await asyncio.shield(self._files[origin])
        except HeldError:  # the next question asks again
            self._files.pop(origin, None)
            raise
        file.check(url)

    async def _file(self, origin: str) -> RobotsFile:
        url = f"{origin}/robots.txt"
        capture, body = self._old.get(origin) or await self._ask(url)
        file = RobotsFile(capture, body)
        self._crawl.note_robots(site_of(url), file.state)
        self._spider.slow_down(site_of(url), file.delay)
        return file

    async def _ask(self, url: str) -> tuple[Capture, bytes]:
        visit: Visit | None = Visit(url, CaptureKey("GET", url), Purpose.ROBOTS)
        asked = visit
        while visit:
            visit = await self._spider.exchange(visit)
        if asked is None or asked.capture is None:  # the run is stopping, or the host rests
            raise StoppedError if self._crawl.reason else HeldError
        return asked.capture, asked.body


def _text(body: bytes, *, cut: bool) -> str:
    """Return the text: UTF-8 (RFC 9309) unless a byte order mark says otherwise; without a last line that was *cut*."""
    mark, coding = next((item for item in _MARKS if body.startswith(item[0])), (b"", "utf-8"))
    text = body.removeprefix(mark).decode(coding, "replace")
    return text[: max(text.rfind("\n"), text.rfind("\r"), 0)] if cut else text


def _trouble(capture: Capture) -> ExchangeOutcome | None:
    """Return the outcome that stands for every page of the origin, or None."""
    if capture.outcome in (ExchangeOutcome.OK, ExchangeOutcome.REDIRECT_LOOP, ExchangeOutcome.INVALID):
        return None
    if capture.outcome is ExchangeOutcome.COOLED_OFF:
        return capture.outcome
    if capture.status in _CLIENT_ERRORS:
        return None
    return capture.outcome if capture.outcome in _SAME_TROUBLE else ExchangeOutcome.ROBOTS_UNREACHABLE


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
