"""The browser of a run: Debian's Chromium by Playwright's own interface, started when the first page needs it.

Not by scrapy-playwright: see docs/decisions/0018-playwright-without-scrapy-playwright.md.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from crawler.capture import ExchangeOutcome
from crawler.manners.failures import RefusedError
from crawler.render.proxy import Door, FilterProxy
from crawler.render.rules import Rules

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

_LAUNCH = 30.0  # seconds
# What Playwright does not switch off by itself. Each context has a door of its own; the browser's is shut.
ARGUMENTS = (
    "--proxy-bypass-list=<-loopback>",  # loopback is no exception
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # names are the proxy's business
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-domain-reliability",
    "--disable-remote-fonts",
    "--disable-gpu",
    "--blink-settings=imagesEnabled=false",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-dev-shm-usage",
)


class DrawError(RefusedError):
    """A page that could not be drawn: the outcome and why. It is not tried again the same night."""


class Chromium:
    """Starts the browser once and hands it out; a browser that died is started again."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._shut = FilterProxy(Rules("http://nobody.invalid/"), Door(requests=0), _at_once)
        self._address = ""

    async def get(self) -> Browser:
        """Return the running browser. Raises DrawError when it cannot be started."""
        async with self._lock:
            if self._browser and self._browser.is_connected():
                return self._browser
            try:
                self._browser = await asyncio.wait_for(self._launch(), _LAUNCH)
            except Exception as error:
                text = str(error).strip().splitlines()
                raise DrawError(
                    ExchangeOutcome.INVALID, f"browser: {text[0] if text else type(error).__name__}"
                ) from error
            return self._browser

    async def close(self) -> None:
        """End the browser and what drives it."""
        if self._browser:
            await self._browser.close()
        if self._playwright:
            await self._playwright.stop()
        await self._shut.close()

    async def _launch(self) -> Browser:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - most nights draw nothing

        if self._playwright is None:
            self._playwright = await async_playwright().start()
            self._address = await self._shut.open()
        return await self._playwright.chromium.launch(
            executable_path=self._path,
            headless=True,
            chromium_sandbox=os.geteuid() != 0,  # root cannot have one
            args=[f"--proxy-server={self._address}", *ARGUMENTS],
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )


async def _at_once(_site: str) -> None:
    """Nothing passes the shut door, so nobody waits for a turn."""
