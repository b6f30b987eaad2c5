"""The frontier behind Scrapy's scheduler interface."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Self

from scrapy.core.scheduler import BaseScheduler
from scrapy.http import Request

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.site import SiteSpider


class FrontierScheduler(BaseScheduler):
    """Draws from the frontier; requests that continue a visit (redirects, second tries) come before new ones."""

    def __init__(self, spider: SiteSpider) -> None:
        self._spider = spider
        self._again: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for Scrapy."""
        return cls(crawler.spider)  # type: ignore[arg-type]  # our spider is the only one

    def has_pending_requests(self) -> bool:
        """Tell whether there is something left that may be asked."""
        crawl = self._spider.crawl
        return not crawl.reason and (bool(self._again) or not crawl.idle)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that continues a visit."""
        self._again.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return the next request that may be made now, or None."""
        if self._spider.crawl.reason:
            return None
        if self._again:
            return self._again.popleft()
        visit = self._spider.crawl.draw()
        return self._spider.request(visit) if visit else None
