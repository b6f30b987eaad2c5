"""The spider: carries the run's questions out and its answers in. What they mean is decided in `crawler.crawl`."""

from __future__ import annotations

import signal
from asyncio import get_running_loop
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider, signals
from scrapy.exceptions import StopDownload
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.capture import ExchangeOutcome, How, Purpose
from crawler.coding import ACCEPT_ENCODING
from crawler.frontier import Visit, site_of
from crawler.manners.failures import HeldError, RefusedError, StoppedError, outcome_of
from crawler.manners.pace import Pace
from crawler.pagereading import told
from crawler.policy import PEEK_BYTES
from crawler.reader import Reader
from crawler.readingwork import Read
from crawler.recorder import Answer
from crawler.sight import Sight
from crawler.varying import headers_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl

_LOOK = 2.0  # seconds between two looks at pauses and rests
_OK = 200
_TROUBLE = frozenset({ExchangeOutcome.TIMEOUT, ExchangeOutcome.RESET})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


_FILES = frozenset({Purpose.DOCUMENT, Purpose.DISTRIBUTION, Purpose.TAIL})
_PARTIAL = 206


class SiteSpider(Spider):
    """Fetches the pages of all scopes, breadth first, within their budgets."""

    name = "site"

    def __init__(
        self, crawl: Crawl, user_agent: str, stops: Iterable[tuple[float, str]] = (), pace: Pace | None = None
    ) -> None:
        super().__init__()
        self.crawl, own = crawl, crawl.settings
        self.pace = pace or Pace(own.delay, own.concurrency, own.crawl_delay_cap, lambda _: None)
        self._headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
        self._stops = tuple(stops)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build for Scrapy, with the size limits connected."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.headers_received, signals.headers_received)
        crawler.signals.connect(spider.bytes_received, signals.bytes_received)
        crawler.signals.connect(spider.broken, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Set the ways to stop early. The requests themselves come from the frontier, through the scheduler."""
        loop = get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupted, number)
        for seconds, reason in self._stops:
            loop.call_later(seconds, self.halt, reason)
        loop.call_later(_LOOK, self._look)
        self.crawl.reader = Reader(self._told)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def request(self, visit: Visit) -> Request:
        """Return the request for where the visit stands."""
        return Request(
            visit.url,
            callback=self.parse,
            errback=self.failed,
            method=visit.method,
            body=(visit.sends or b"") if visit.method != "GET" else b"",
            headers=self._headers | self._variant(visit) | self.crawl.conditions(visit),
            cb_kwargs={"visit": visit},
            # Naming a proxy, even none, keeps proxy variables of the environment out.
            meta={
                "download_slot": site_of(visit.url),
                "proxy": self.crawl.settings.proxy,
                "download_timeout": self.crawl.settings.timeout,
            },
            dont_filter=True,
        )

    def _variant(self, visit: Visit) -> dict[str, str]:
        """Return the headers that the visit's variant stands for; they are meant for the host that was asked."""
        same = site_of(visit.url) == site_of(visit.key.url)
        wanted = {name.lower(): value for name, value in headers_of(visit.key.variant).items()} if same else {}
        return {next((own for own in self._headers if own.lower() == name), name): wanted[name] for name in wanted}

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """Take an answer in; go on when it was a redirect or is worth another try."""
        self._timed(response)
        again = self.crawl.answered(kwargs["visit"], self._answer(response))
        if again:
            yield self.request(again)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Take a failed attempt in; go on when it is worth another."""
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]  # Scrapy puts it there
        again = self._failed(visit, failure.value or RuntimeError("failure without a cause"))
        if again:
            yield self.request(again)

    async def exchange(self, visit: Visit) -> Visit | None:
        """Make one exchange outside the frontier. Return the visit when it needs another, else None."""
        try:
            response = await self.crawler.engine.download_async(self.request(visit))
        except Exception as error:  # noqa: BLE001  # whatever it was is this exchange's outcome
            return self._failed(visit, error)
        self._timed(response)
        return self.crawl.answered(visit, self._answer(response))

    def slow_down(self, site: str, delay: float | None) -> None:
        """Take the Crawl-delay of a host, and the gap that its owner allowed."""
        self.pace.ask(site, delay)
        self._keep_gap(site, self.pace.gap(site))

    def halt(self, reason: str) -> None:
        """Ask nothing more. What is under way is finished; what waits for its turn is let go at once."""
        self.crawl.stop(reason)
        downloader = self.crawler.engine.downloader
        for slot in downloader.slots.values():
            slot.delay = 0
            if slot.latercall:
                slot.latercall.cancel()
                slot.latercall = None
            downloader._process_queue(slot)  # noqa: SLF001  # there is no public way to wake a slot

    def headers_received(self, headers: Any, body_length: Any, request: Request) -> None:
        """Do not begin to receive a body that is said to be too large; of a file the first bytes are taken."""
        del headers
        # Twisted gives a constant that is no number where the length is not declared.
        purpose = request.cb_kwargs["visit"].purpose
        most = max(self.crawl.settings.max_file, self.crawl.limit(purpose))
        if isinstance(body_length, int) and body_length > most:
            if purpose in _FILES:
                request.meta["first"] = body_length
                return
            request.meta["too_large"] = True
            raise StopDownload(fail=False)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop receiving a body that has grown over its limit."""
        received = request.meta.get("received", 0) + len(data)
        request.meta["received"] = received
        if received > self._limit(request):
            request.meta["too_large"] = received > self.crawl.settings.max_file
            raise StopDownload(fail=False)

    def _limit(self, request: Request) -> int:
        limit = self.crawl.limit(request.cb_kwargs["visit"].purpose)
        return min(limit, PEEK_BYTES) if "first" in request.meta else limit

    def broken(self, failure: Failure) -> None:
        """End the run when our own code broke: a night with holes must not pass for a whole one."""
        self.halt(f"crash: {failure.type.__name__ if failure.type else 'unknown'}")

    def _timed(self, response: Response) -> None:
        """Adapt the host's gap to how long it took to answer."""
        request = response.request
        if request is not None and request.cb_kwargs["visit"].how is How.PLAIN:  # a drawing's time is the browser's
            site, latency = site_of(request.url), request.meta.get("download_latency", 0.0)
            self._keep_gap(site, self.pace.answered(site, latency, good=response.status == _OK))

    def _keep_gap(self, site: str, gap: float) -> None:
        downloader = self.crawler.engine.downloader
        known = downloader.per_slot_settings.get(site)
        if known is None or known["delay"] != gap:
            downloader.per_slot_settings[site] = {"delay": gap}  # Scrapy forgets slots that were idle for a minute
            if site in downloader.slots:
                downloader.slots[site].delay = gap

    def closed(self, reason: str) -> None:
        """Let go of the reader. Scrapy calls it."""
        del reason
        if self.crawl.reader:
            self.crawl.reader.close()

    def _told(self, sight: Sight, read: Read) -> None:
        """Take in what was read of a page: it may have named something to ask."""
        told(self.crawl, sight, read)
        self._wake()

    def _wake(self) -> None:
        """Let the engine ask for the next request."""
        slot = self.crawler.engine._slot  # noqa: SLF001  # there is no public way to wake the engine
        if slot:
            slot.nextcall.schedule()

    def _look(self) -> None:
        """Look now and then whether a person paused a host, and whether one that rested may be asked again."""
        if self.crawl.reason:
            return
        self.crawl.rest.look()
        self.crawl.pulse()
        if not self.crawl.idle:
            self._wake()
        get_running_loop().call_later(_LOOK, self._look)

    def _interrupted(self, number: int) -> None:
        get_running_loop().remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)  # the second one ends the process, and the next start recovers
        self.halt("interrupted")

    def _failed(self, visit: Visit, error: BaseException) -> Visit | None:
        if isinstance(error, StoppedError):
            return None
        if isinstance(error, HeldError):
            self.crawl.hold(visit)
            return None
        outcome, detail = outcome_of(error)
        if outcome in _TROUBLE and visit.how is How.PLAIN:
            self._keep_gap(visit.site, self.pace.troubled(visit.site))
        # What was refused here, without asking the host, is not worth a second try.
        return self.crawl.failed(visit, outcome, detail, final=isinstance(error, RefusedError))

    def _answer(self, response: Response) -> Answer:
        request = response.request
        if request is None:
            raise ValueError("a response without its request")
        limit = self._limit(request)
        lost = "dataloss" in response.flags
        proxied = self.crawl.settings.proxy is not None
        return Answer(
            url=response.url,
            status=response.status,
            method=request.method,
            sent_body=request.body,
            sent=_pairs(request.headers),
            headers=_pairs(response.headers),
            body=response.body[:limit],
            ip=None if proxied or response.ip_address is None else str(response.ip_address),
            tls=request.meta.get("tls"),
            truncated=lost or "download_stopped" in response.flags or _is_part(request, response),
            too_large=bool(request.meta.get("too_large")),
            detail=_oddity(request, response, limit),
        )


def _is_part(request: Request, response: Response) -> bool:
    """Tell whether a part was sent that nobody asked for as such (RFC 9110 section 15.3.7)."""
    return response.status == _PARTIAL and b"Range" not in request.headers


def _oddity(request: Request, response: Response, limit: int) -> str | None:
    """Return what was odd about receiving a body."""
    if "dataloss" in response.flags:
        return "connection closed before the body was complete"
    if _is_part(request, response):
        return "a part of the body that was not asked for as such"
    if "first" in request.meta:
        return f"first {min(limit, len(response.body))} of {request.meta['first']} bytes"
    detail: str | None = request.meta.get("detail")
    return detail


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("utf-8", "replace"))
        for name, values in dict.items(headers)  # Scrapy's own `items` looks every name up again
        for value in values
    )
