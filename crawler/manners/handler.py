"""Scrapy's default HTTP handler, observed: when an exchange really began, how TLS went, what the guard kept back."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler

from crawler.capture import ExchangeOutcome
from crawler.frontier import site_of
from crawler.manners.addresses import AddressRefusedError, ascii_name, literal, port_refusal, refusal
from crawler.manners.agent import Exchange, KeptAgent
from crawler.manners.cooloff import TURNED_AWAY
from crawler.manners.failures import HeldError, RefusedError, StoppedError
from crawler.manners.head import CappedFactory
from crawler.manners.tls import ObservingContextFactory

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl

_HTTPS = 443


class ObservedHandler(HTTP11DownloadHandler):
    """The handler for http and https."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]  # our spider carries it
        self._pool._factory = CappedFactory  # noqa: SLF001  # as Scrapy does it itself
        self._agents: dict[float, KeptAgent] = {}
        self._tls = build_from_crawler(ObservingContextFactory, crawler)
        self._contextFactory = self._tls  # type: ignore[assignment]  # a zope interface, which mypy cannot see through
        # Scrapy's own limit counts requests that only wait for their host's turn, so it would starve other hosts.
        self._turnstile = asyncio.Semaphore(self._crawl.settings.total_concurrency)
        # Where there is no gap, a slot starts all that waits before it counts what is under way.
        most = self._crawl.settings.concurrency
        self._seats: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(most))

    async def download_request(self, request: Request) -> Response:
        """Make one exchange."""
        self._check(request.url)
        site = site_of(request.url)
        async with self._seats[site], self._turnstile:
            self._admit(site)
            visit = request.cb_kwargs["visit"]
            visit.started = visit.started or self._crawl.clock.now()
            self._crawl.asked(request.url)
            try:
                response = await self._exchange(request)
            except CannotResolveHostError as error:
                self._guarded(request.url)
                raise error from error.__cause__
            if response.status in TURNED_AWAY:  # at once: the host's next question is drawn before the spider is told
                retry_after = (response.headers.get("Retry-After") or b"").decode("latin-1")
                self._crawl.rest.turned_away(visit, site, retry_after)
            parts = urlsplit(request.url)
            if parts.scheme == "https":
                request.meta["tls"] = self._tls.results.get((parts.hostname or "", parts.port or _HTTPS))
            return response

    async def _exchange(self, request: Request) -> Response:
        """Do what Scrapy's own handler does, with agents that are kept."""
        exchange = Exchange(
            self._agents,
            contextFactory=self._contextFactory,
            pool=self._pool,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(exchange.download_request(request))

    def _admit(self, site: str) -> None:
        """Raise what keeps a question from being asked now: redirects and retries were drawn before it came about."""
        if self._crawl.reason:
            raise StoppedError
        if not self._crawl.rest.may_ask(site):
            raise HeldError
        if refusal := self._crawl.rest.refusal(site):
            raise RefusedError(*refusal)

    def _check(self, url: str) -> None:
        """Refuse what can be refused by the address alone: behind a proxy nobody asks our resolver."""
        parts = urlsplit(url)
        reason = port_refusal(parts.port or _HTTPS)
        if reason is None and not self._crawl.settings.allow_private:
            try:
                spelled = literal(parts.hostname or "")
            except AddressRefusedError as error:
                spelled, reason = None, error.reason
            if spelled and (why := refusal(spelled)):
                reason = f"{spelled}: {why}"
        if reason:
            raise RefusedError(ExchangeOutcome.GUARD, reason)

    def _guarded(self, url: str) -> None:
        from twisted.internet import reactor  # noqa: PLC0415  # only after Scrapy has installed it

        resolver: Any = reactor
        kept_back = getattr(resolver.nameResolver, "refused", {}).get(ascii_name(urlsplit(url).hostname or ""))
        if kept_back:
            raise RefusedError(ExchangeOutcome.GUARD, kept_back)
