"""Scrapy's default HTTP handler, observed: when an exchange really began, how TLS went, what the guard kept back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request, Response
from scrapy.utils.misc import build_from_crawler

from crawler.capture import ExchangeOutcome
from crawler.manners.failures import RefusedError, StoppedError
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
        self._tls = build_from_crawler(ObservingContextFactory, crawler)
        self._contextFactory = self._tls  # type: ignore[assignment]  # a zope interface, which mypy cannot see through
        # Scrapy's own limit counts requests that only wait for their host's turn, so it would starve other hosts.
        self._turnstile = asyncio.Semaphore(self._crawl.settings.total_concurrency)

    async def download_request(self, request: Request) -> Response:
        """Make one exchange."""
        async with self._turnstile:
            if self._crawl.reason:
                raise StoppedError
            visit = request.cb_kwargs["visit"]
            visit.started = visit.started or self._crawl.clock.now()
            self._crawl.asked(request.url)
            try:
                response = await super().download_request(request)
            except CannotResolveHostError as error:
                self._guarded(request.url)
                raise error from error.__cause__
            parts = urlsplit(request.url)
            if parts.scheme == "https":
                request.meta["tls"] = self._tls.results.get((parts.hostname or "", parts.port or _HTTPS))
            return response

    def _guarded(self, url: str) -> None:
        from twisted.internet import reactor  # noqa: PLC0415  # only after Scrapy has installed it

        resolver: Any = reactor
        kept_back = getattr(resolver.nameResolver, "refused", {}).get((urlsplit(url).hostname or "").lower())
        if kept_back:
            raise RefusedError(ExchangeOutcome.GUARD, kept_back)
