"""Sitemaps where sites usually keep them, for hosts whose robots.txt names none.

One request a host, and a second one where the first brought no sitemap. Nobody promised that there is one: what is not
there is no trouble of the host, and no question waits for it.
"""

from __future__ import annotations

from typing import Literal

from config.urls import absolute
from crawler.sitemaps import Listed

PATHS = ("/sitemap.xml", "/sitemap_index.xml")
_NO_LIST = frozenset({"not_a_list", "not_gzip"})

SitemapState = Literal["not_asked", "named", "found", "none"]


class UsualLists:
    """The places of one run. `states` tell by host whether sitemaps were named, found, or not."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._asked: dict[str, tuple[str, int]] = {}
        self.states: dict[str, SitemapState] = {}

    def named(self, site: str) -> None:
        """Note that a host names its sitemaps."""
        self.states[site] = "named"

    def first(self, site: str, robots: str) -> str | None:
        """Return the first place to look at a host whose *robots* file (its address) names none; None after that."""
        if not self._wanted or site in self.states:
            return None
        self.states[site] = "none"
        return self._place(site, robots, 0)

    def missed(self, url: str, found: Listed | None) -> bool:
        """Tell whether a usual place held no sitemap; note it when it did."""
        site, _ = self._asked.get(url, ("", 0))
        if not site or self.states[site] == "named":  # by another origin of the host: then its trouble counts
            return False
        if found is None or found.reason in _NO_LIST:
            return True
        self.states[site] = "found"
        return False

    def next(self, url: str) -> str | None:
        """Return the place to look after one that held none, or None when that was the last."""
        site, number = self._asked[url]
        return self._place(site, url, number + 1)

    def _place(self, site: str, base: str, number: int) -> str | None:
        url = absolute(base, PATHS[number]) if number < len(PATHS) else None
        if url:
            self._asked[url] = (site, number)
        return url
