"""One page drawn: a context of its own, a door of its own, and nothing kept of it but what it showed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from crawler.capture import ExchangeOutcome
from crawler.manners.cooloff import TURNED_AWAY
from crawler.manners.failures import HeldError, StoppedError
from crawler.render.browser import DrawError
from crawler.render.proxy import Door, FilterProxy
from crawler.render.redirects import Step, watch
from crawler.render.rules import MOST_LOGGED, Asked, Manners, Rules

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Request, Response, Route, WebSocketRoute

_LOOK = 0.1  # seconds between two looks
_QUIET = 6  # looks without a request under way and without a change before a page counts as drawn
_STILL_EMPTY = 30  # the same, while there is hardly a text: some pages draw by a timer
_SHORT = 200
_MOST_KEPT = 5_000_000
_ASSETS = frozenset({"script", "stylesheet"})
_TEXT = "() => [document.readyState, document.body ? document.body.innerText.length : 0, document.all.length]"
_NO_DIRECT_WAYS = """
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'WebTransport'])
  try { delete window[name]; Object.defineProperty(window, name, {value: undefined}); } catch (error) { }
"""
# What a page is that was led, before it showed anything, to where it may not go.
_LED = {"robots": ExchangeOutcome.ROBOTS} | dict.fromkeys(
    ("other_host", "other_port", "out_of_scope", "rows", "counter", "scheme"), ExchangeOutcome.OUT_OF_SCOPE
)
_FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})


@dataclass(frozen=True)
class Wish:
    """A page to draw. `headers` choose its language and go to its own host only; `cookies` are the pack's, by name."""

    url: str
    agent: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    timeout: float = 60.0


@dataclass(frozen=True)
class Drawn:
    """What a page showed: final address, status and headers of its document, the document's tree as HTML."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    detail: str | None = None
    retry_after: str | None = None


@dataclass
class Assets:
    """Scripts and style sheets by address: a site's pages share them, and its host is asked once a run."""

    most: int = 50_000_000
    held: int = 0
    items: dict[str, tuple[dict[str, str], bytes]] = field(default_factory=dict)

    def keep(self, url: str, headers: dict[str, str], body: bytes) -> None:
        """Keep an answer, unless its server asked not to or there is no room."""
        if (
            "no-store" in headers.get("cache-control", "")
            or len(body) > _MOST_KEPT
            or self.held + len(body) > self.most
        ):
            return
        self.held += len(body)
        self.items[url] = {name: text for name, text in headers.items() if name not in _FRAMING}, body


class Artist:
    """Draws one page. `asked` tells what was asked for on the way, by the page and at the door."""

    def __init__(self, wish: Wish, rules: Rules, door: Door, manners: Manners, assets: Assets) -> None:
        self._wish, self._rules, self._door, self._assets, self._manners = wish, rules, door, assets, manners
        self._proxy = FilterProxy(rules, door, manners.pace)
        self._told: list[Asked] = []
        self._under_way: set[Request] = set()
        self._count = 0
        self._page: Page | None = None
        self._arrived = False
        self._rows: str | None = None
        self._kept_from: tuple[str, str] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What was asked for, by the page and at the door."""
        return (*self._told, *self._proxy.asked)

    async def draw(self, browser: Browser) -> Drawn:
        """Return what the page shows. Raises DrawError, StoppedError."""
        address = await self._proxy.open()
        context = None
        try:
            async with asyncio.timeout(self._wish.timeout):
                context = await self._context(browser, address)
                return await self._drawn(context)
        except TimeoutError as error:
            raise DrawError(ExchangeOutcome.TIMEOUT, f"not drawn within {self._wish.timeout:g} s") from error
        finally:
            for task in tuple(self._tasks):
                task.cancel()
            if context:
                with suppress(Exception):
                    await asyncio.wait_for(context.close(), 10)
            await self._proxy.close()

    async def _context(self, browser: Browser, proxy: str) -> BrowserContext:
        context = await browser.new_context(
            proxy={"server": proxy, "bypass": "<-loopback>"},
            user_agent=self._wish.agent,
            accept_downloads=False,
            service_workers="block",
            ignore_https_errors=True,  # the plain exchange has verified and recorded it
            reduced_motion="reduce",
            viewport={"width": 1280, "height": 1024},
        )
        await context.add_init_script(_NO_DIRECT_WAYS)
        await context.route("**/*", self._route)
        await context.route_web_socket("**/*", self._no_socket)
        cookies = [{"name": name, "value": text, "url": self._wish.url} for name, text in self._wish.cookies.items()]
        if cookies:
            await context.add_cookies(cookies)  # type: ignore[arg-type]  # plain dictionaries are what it takes
        return context

    async def _drawn(self, context: BrowserContext) -> Drawn:
        self._page = page = await context.new_page()
        context.on("page", lambda other: self._later(other.close()) if other is not page else None)
        await watch(context, page, self._judged, self._later)
        page.on("request", self._followed)
        page.on("response", self._answered)
        page.on("requestfinished", lambda request: self._later(self._finished(request)))
        page.on("requestfailed", lambda request: self._under_way.discard(request))  # noqa: PLW0108 - it takes no built-in
        page.on("dialog", lambda dialog: self._later(dialog.dismiss()))
        response = await self._goto(page)
        self._arrived = True
        away = response is not None and response.status in TURNED_AWAY
        detail = None if away else await self._settle(page)
        url = urldefrag(page.url).url
        if self._rules.of_host(urlsplit(url).hostname or "", _port(url)):
            raise DrawError(ExchangeOutcome.OUT_OF_SCOPE, f"led to {url}")
        if self._rules.of_navigation(url):
            raise DrawError(ExchangeOutcome.OUT_OF_SCOPE, f"led to {url}")
        body = (await page.content()).encode("utf-8", "replace")
        self._spare_rows(url)
        detail = "; ".join(filter(None, (detail, self._stayed()))) or None
        status, later = (response.status, response.headers.get("retry-after")) if response else (200, None)
        return Drawn(url, status, (("Content-Type", "text/html; charset=utf-8"),), body, detail, later)

    def _spare_rows(self, url: str) -> None:
        """Raise DrawError when the page shows rows of a register, or was sent to some on its way."""
        rows = url if self._rules.rows(url) else self._rows
        if rows:
            raise DrawError(ExchangeOutcome.OUT_OF_SCOPE, f"led to rows of a register: {rows}")

    async def _goto(self, page: Page) -> Response | None:
        from playwright.async_api import Error  # noqa: PLC0415 - most nights draw nothing

        try:
            # Not further than that: a page that tries to leave while it loads would never be loaded.
            return await page.goto(self._wish.url, wait_until="commit", timeout=self._wish.timeout * 1000)
        except Error as error:
            if self._kept_from and (outcome := _LED.get(self._kept_from[1])):
                raise DrawError(outcome, f"led to {self._kept_from[0]}: {self._kept_from[1]}") from error
            text = str(error).splitlines()[0]
            late = "Timeout" in text
            raise DrawError(ExchangeOutcome.TIMEOUT if late else ExchangeOutcome.RESET, f"browser: {text}") from error

    def _stayed(self) -> str | None:
        """Return where the page wanted to go and may not: it stays where it was."""
        return f"kept from {self._kept_from[0]}: {self._kept_from[1]}" if self._kept_from else None

    async def _settle(self, page: Page) -> str | None:
        """Wait until nothing moves any more. Return a word when something still did near the end of the time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._wish.timeout * 0.8
        quiet, before, letters = 0, None, 0
        while loop.time() < end:
            if self._manners.halted(_site(self._wish.url)):
                raise StoppedError
            self._spare_rows(page.url)
            state, letters, nodes = await self._look(page)
            now = (letters, nodes)
            calm = not self._under_way and now == before and state == "complete"
            quiet, before = (quiet + 1 if calm else 0), now
            if quiet >= (_QUIET if letters >= _SHORT else _STILL_EMPTY):
                return None
            await asyncio.sleep(_LOOK)
        if letters < _SHORT:
            raise DrawError(ExchangeOutcome.TIMEOUT, f"nothing drawn within {self._wish.timeout * 0.8:g} s")
        return "still loading"

    async def _look(self, page: Page) -> tuple[str, int, int]:
        """Return how far the page is, and how much stands on it."""
        from playwright.async_api import Error  # noqa: PLC0415 - most nights draw nothing

        try:
            return tuple(await page.evaluate(_TEXT))
        except Error:  # it goes from one document to the next
            return "loading", 0, 0

    async def _route(self, route: Route, request: Request) -> None:
        reason = await self._refusal(request)
        if reason:
            await self._refuse(route, request, reason)
            return
        kept = self._assets.items.get(request.url) if request.method == "GET" else None
        if kept:
            self._tell(request, "kept", status=200, length=len(kept[1]))
            await route.fulfill(status=200, headers=kept[0], body=kept[1])
            return
        self._count += 1
        self._under_way.add(request)
        try:
            if request.url.startswith("https:"):  # the door sees connections only
                await self._manners.pace(_site(request.url))
        except HeldError:
            self._under_way.discard(request)
            await self._refuse(route, request, "resting")
            return
        await route.continue_(headers=self._headers(request))

    async def _refuse(self, route: Route, request: Request, reason: str) -> None:
        self._tell(request, reason)
        if self._is_page(request):
            self._kept_from = (request.url, reason)
        # A page that may not go elsewhere stays where it is; else the browser's own error page would be shown.
        await route.abort("aborted" if request.is_navigation_request() else "blockedbyclient")

    async def _refusal(self, request: Request) -> str | None:
        reason = self._rules.of_request(request.method, request.url, request.resource_type)
        if reason:
            return reason
        if _is_popup(request, self._page):
            return "popup"
        away = self._rules.of_navigation(request.url) if self._is_page(request) else None
        return away or await self._unmannerly(request.url)

    def _is_page(self, request: Request) -> bool:
        """Tell whether it is the drawn page itself that goes somewhere."""
        if not request.is_navigation_request():
            return False
        return self._page is not None and not _is_popup(request, self._page) and request.frame == self._page.main_frame

    async def _unmannerly(self, url: str) -> str | None:
        """Return why manners forbid a request, or None."""
        if self._count >= self._door.requests:
            return "too_many_requests"
        if self._manners.halted(_site(url)):
            return "resting"
        return None if await self._manners.allowed(url) else "robots"

    async def _judged(self, step: Step) -> str | None:
        """Return why a redirect may not be followed, and note it; else wait for the host's turn and return None."""
        reason = self._rules.of_request(step.method, step.url, step.kind)
        if reason is None and step.navigation:
            reason = self._rules.of_navigation(step.url)
        reason = reason or await self._unmannerly(step.url)
        if reason is None:
            self._count += 1
            try:
                if step.url.startswith("https:"):  # the door sees connections only
                    await self._manners.pace(_site(step.url))
            except HeldError:
                reason = "resting"
        if reason:
            self._note(Asked("page", step.method, step.url, reason, step.kind))
            self._kept_from = (step.url, reason) if step.navigation else self._kept_from
            self._rows = step.url if reason == "rows" else self._rows
        return reason

    def _headers(self, request: Request) -> dict[str, str]:
        own = _site(request.url) == _site(self._wish.url)
        return request.headers | ({name.lower(): text for name, text in self._wish.headers.items()} if own else {})

    def _followed(self, request: Request) -> None:
        """Note a redirect to rows of a register. Redirects are not routed, so nothing of that page is kept."""
        if request.redirected_from and self._rules.rows(request.url):
            self._rows = request.url

    def _answered(self, response: Response) -> None:
        """Tell that a host turned a request away; the page's own document tells it itself."""
        document = response.request.is_navigation_request() and not self._arrived
        if response.status in TURNED_AWAY and not document:
            self._manners.turned_away(_site(response.url), response.status, response.headers.get("retry-after"))

    async def _finished(self, request: Request) -> None:
        """Note an answer, and keep what the site's other pages will want."""
        if request not in self._under_way:  # given from what was kept, or a redirect's second step
            return
        self._under_way.discard(request)
        response = await request.response()
        if response is None:
            return
        sizes = await request.sizes()
        self._tell(request, "sent", status=response.status, length=sizes["responseBodySize"])
        if request.resource_type in _ASSETS and request.method == "GET" and response.status == 200:  # noqa: PLR2004
            self._assets.keep(request.url, await response.all_headers(), await response.body())

    def _no_socket(self, socket: WebSocketRoute) -> None:
        self._note(Asked("page", "GET", socket.url, "kind_websocket", "websocket"))
        self._later(socket.close())

    def _tell(self, request: Request, outcome: str, status: int | None = None, length: int | None = None) -> None:
        self._note(Asked("page", request.method, request.url, outcome, request.resource_type, status, length))

    def _note(self, asked: Asked) -> None:
        if len(self._told) < MOST_LOGGED:
            self._told.append(asked)

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _is_popup(request: Request, page: Page | None) -> bool:
    """Tell whether a request opens another page, or comes from one."""
    from playwright.async_api import Error  # noqa: PLC0415 - most nights draw nothing

    try:
        return request.frame.page is not page
    except Error:  # the page that it opens is not there yet
        return request.is_navigation_request()


async def _quietly(work: Awaitable[None]) -> None:
    """Await what the end of the page may overtake."""
    with suppress(Exception):
        await work


def _site(url: str) -> str:
    return urlsplit(url).netloc


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
