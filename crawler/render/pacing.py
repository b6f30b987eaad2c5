"""The turns of a browser's requests: between them, and beside the crawl's own, the host's gap is kept.

The downloader's slot and the browser tell each other when they last sent, by the one clock that Scrapy's slots use.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol


class Slot(Protocol):
    """What is asked of a downloader's slot: when its host was last asked, in seconds of the monotonic clock."""

    lastseen: float


class BrowserTurns:
    """Gives a browser's requests their turns. *slots* and *gap* (seconds) are by host; *now* is monotonic."""

    def __init__(
        self,
        slots: Callable[[], Mapping[str, Slot]],
        gap: Callable[[str], float],
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._slots, self._gap, self._now, self._sleep = slots, gap, now, sleep
        self._last: dict[str, float] = {}
        self._gates: dict[str, asyncio.Lock] = {}

    async def wait(self, site: str) -> None:
        """Wait for the host's turn and take it: whoever sends next keeps the gap to it."""
        async with self._gates.setdefault(site, asyncio.Lock()):
            while (seconds := self._missing(site)) > 0:
                await self._sleep(seconds)  # meanwhile the downloader may have sent, or the gap may have grown
            self._last[site] = self._now()
            if slot := self._slots().get(site):
                slot.lastseen = self._last[site]

    def _missing(self, site: str) -> float:
        slot = self._slots().get(site)
        seen = [moment for moment in (self._last.get(site), slot.lastseen if slot else None) if moment]
        return max(seen) + self._gap(site) - self._now() if seen else 0.0
