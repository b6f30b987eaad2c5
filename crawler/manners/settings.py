"""Scrapy's settings for a run. Each override states Scrapy's default beside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from config.model import CrawlSettings

HANDLER = "crawler.render.handler.DrawingHandler"


def scrapy_settings(crawl: CrawlSettings) -> dict[str, Any]:
    """Return the settings of a run. Who we are goes out with each request, not through these."""
    return {
        "ODRC_RESOLVE": dict(crawl.resolve),
        "ODRC_ALLOW_PRIVATE": crawl.allow_private,
        "ODRC_PROXY_HOST": urlsplit(crawl.proxy).hostname if crawl.proxy else None,
        "TWISTED_DNS_RESOLVER": "crawler.manners.guard.GuardedResolver",  # CachingThreadedResolver
        "SCHEDULER": "crawler.scheduler.FrontierScheduler",  # scrapy.core.scheduler.Scheduler
        "DOWNLOAD_HANDLERS_BASE": {"http": HANDLER, "https": HANDLER},  # also data, file, s3, ftp
        "DOWNLOADER_MIDDLEWARES_BASE": {  # 14; redirects, retries, robots and codings are our own business
            "crawler.manners.robots.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
        },
        "SPIDER_MIDDLEWARES_BASE": {},  # 5; statuses, depth and referrers are our own business
        "EXTENSIONS_BASE": {},  # 11, two of which open a port
        "TELNETCONSOLE_ENABLED": False,  # True
        "REMOTE_CONTROL_ENABLED": False,  # True
        "COOKIES_ENABLED": False,  # True
        "CONCURRENT_ITEMS": 1,  # 100: a hundred asyncio tasks per response, 40 % of Scrapy's processor time
        "CONCURRENT_REQUESTS": 0,  # 16; the handler's turnstile counts exchanges, not requests that wait their turn
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.concurrency,  # 8
        "DOWNLOAD_DELAY": crawl.delay,  # 0
        "DOWNLOAD_DELAY_JITTER": 0,  # 0.5: half a Crawl-delay is not the delay that was asked for
        "DOWNLOAD_TIMEOUT": crawl.timeout,  # 180; each request names it too, since no middleware passes it on
        "DOWNLOAD_MAXSIZE": 0,  # 1 GiB; the spider's own limit keeps the first bytes instead of none
        "DOWNLOAD_WARNSIZE": 0,  # 32 MiB
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # True: a body that was cut is kept, and marked as cut
        "LOG_LEVEL": "WARNING",  # DEBUG
        "LOG_INSTALL_ROOT_HANDLER": False,  # True; crawler.logs has handlers of its own
        "LOG_STDOUT": False,  # False; stdout carries the parent's protocol
        "STATS_DUMP": False,  # True
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",  # MemoryStatsCollector; the archive counts
    }
