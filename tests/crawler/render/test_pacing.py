"""The turns of a browser beside the downloader's, by a clock of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.core.downloader import Slot
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse

from config.model import Settings
from crawler.books import Visit
from crawler.capture import CaptureKey, How, Purpose
from crawler.render.pacing import BrowserTurns
from crawler.site import SiteSpider

SITE = "good.lab"


class Time:
    """A monotonic clock that goes on while somebody sleeps; `while_asleep` happens once, during the first sleep."""

    def __init__(self, while_asleep: Callable[[], None] = lambda: None) -> None:
        self.at, self._while_asleep = 1000.0, while_asleep

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        happens, self._while_asleep = self._while_asleep, lambda: None
        happens()


def turns(time: Time, slots: dict[str, Slot], gap: float) -> BrowserTurns:
    return BrowserTurns(lambda: slots, lambda _: gap, time.now, time.sleep)


def test_a_browser_waits_for_the_downloader_and_the_downloader_for_it() -> None:
    time, slot = Time(), Slot(2, 5.0, 0.0)
    slot.lastseen = 998.0
    asyncio.run(turns(time, {SITE: slot}, 5.0).wait(SITE))
    assert time.at == slot.lastseen == 1003.0


def test_what_the_downloader_sends_meanwhile_is_waited_for_again() -> None:
    slot = Slot(2, 5.0, 0.0)
    slot.lastseen = 998.0
    time = Time(while_asleep=lambda: setattr(slot, "lastseen", 1002.5))
    asyncio.run(turns(time, {SITE: slot}, 5.0).wait(SITE))
    assert time.at == 1007.5


def test_a_host_whose_slot_was_dropped_keeps_its_own_gap() -> None:
    time = Time()
    own = turns(time, {}, 30.0)

    async def twice() -> None:
        await own.wait(SITE)
        await own.wait(SITE)

    asyncio.run(twice())
    assert time.at == 1030.0


@pytest.mark.parametrize(("how", "answered", "troubled"), [(How.PLAIN, 5.0, 10.0), (How.RENDERED, 10.0, 10.0)])
def test_a_drawing_tells_nothing_of_the_speed_of_its_host(
    installation: Callable[..., Settings], how: How, answered: float, troubled: float
) -> None:
    settings = installation({"good": ["http://good.lab/"]}, delay=1, concurrency=1).crawl
    crawl: Any = SimpleNamespace(settings=settings, conditions=lambda _: {}, failed=lambda *_, **__: None)
    spider = SiteSpider(crawl, "agent")
    spider.crawler = SimpleNamespace(engine=SimpleNamespace(downloader=SimpleNamespace(slots={}, per_slot_settings={})))  # type: ignore[assignment]
    spider.pace.answered(SITE, 10.0, good=True)
    visit = Visit("http://good.lab/", CaptureKey("GET", "http://good.lab/"), Purpose.PAGE, how=how)
    spider._timed(HtmlResponse(visit.url, request=spider.request(visit)))
    assert spider.pace.gap(SITE) == answered
    spider._failed(visit, DownloadTimeoutError())
    assert spider.pace.gap(SITE) == troubled
