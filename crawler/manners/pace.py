"""How long to wait between two requests to a host.

Never less than the settings' gap and the host's own Crawl-delay; longer when the host is slow. The rule is Scrapy's
AutoThrottle (https://docs.scrapy.org/en/latest/topics/autothrottle.html): aim at `latency / concurrency`, go there half
way when it is shorter and at once when it is longer, never get faster on an error. The extension itself does not fit:
it knows one minimum for all hosts, so it would undercut a Crawl-delay, it learns nothing from timeouts, and it forgets
what it learned when a host was idle for a minute.
"""

from __future__ import annotations

import math
from collections.abc import Callable

SLOWEST = 60.0


class Pace:
    """The gaps of one run, in seconds by host. *delay* 0 means that nothing is paced but what a host asks for.

    *permitted* gives the gap that a host's owner allowed, or None; it goes before settings and Crawl-delay.
    """

    def __init__(self, delay: float, concurrency: int, cap: float, permitted: Callable[[str], float | None]) -> None:
        self._delay, self._concurrency, self._cap, self._permitted = delay, concurrency, cap, permitted
        self._asked: dict[str, float] = {}
        self._gaps: dict[str, float] = {}

    def floor(self, site: str) -> float:
        """Return the shortest gap that is allowed."""
        permitted = self._permitted(site)
        return max(self._delay, self._asked.get(site, 0.0)) if permitted is None else permitted

    def gap(self, site: str) -> float:
        """Return the gap to keep now."""
        return max(self.floor(site), self._gaps.get(site, 0.0))

    def ask(self, site: str, delay: float | None) -> None:
        """Take the Crawl-delay of a host, up to the cap. Several origins of a host: the longest counts."""
        if delay and delay > 0:  # false for a NaN too
            self._asked[site] = max(self._asked.get(site, 0.0), min(delay, self._cap))

    def answered(self, site: str, latency: float, *, good: bool) -> float:
        """Take in how long a host took to begin its answer; return the gap to keep from now on."""
        if self._delay and math.isfinite(latency):
            target = latency / self._concurrency
            new = min(max(target, (self.gap(site) + target) / 2, self.floor(site)), max(SLOWEST, self.floor(site)))
            if good or new > self.gap(site):
                self._gaps[site] = new
        return self.gap(site)

    def troubled(self, site: str) -> float:
        """Take in that a host did not answer at all; return the gap to keep from now on: twice the last."""
        if self._delay:
            self._gaps[site] = min(2 * self.gap(site), max(SLOWEST, self.floor(site)))
        return self.gap(site)
