"""Which feeds and sitemaps speak of a section or a data set, and with which days.

A feed is a section's when the section names it, when it stands below its address, or when at least half of its entries
are the section's; of other feeds only the entries count that are. A sitemap's pages count that lie below a section's
address or that its lists name; the section's own pages do not: they change with every entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from checks.facts.listing import ListFacts
from checks.facts.model import DateMethod, ListItem
from checks.findings import Evidence
from checks.sections import Section
from checks.view import View
from config.urls import absolute, under
from crawler.capture import Capture, Purpose

_HALF = 0.5
_LONGEST = 300


@dataclass(frozen=True)
class Feed:
    """A feed as one section's: the capture that shows it, and those of its entries that are the section's."""

    capture: Capture
    items: tuple[ListItem, ...]

    def cite(self, locator: str, excerpt: str) -> Evidence:
        """Return evidence from the feed."""
        return _cite(self.capture, locator, excerpt)


class Listed(NamedTuple):
    """The newest day that a feed or sitemap gives an address, how it is known, and what shows it."""

    day: date
    method: DateMethod
    evidence: Evidence


class _Told(NamedTuple):
    """What a list says of one address."""

    day: str
    url: str
    method: DateMethod
    capture: Capture


class Listings:
    """The feeds and sitemaps of a view. Days after its night are nobody's."""

    def __init__(self, view: View) -> None:
        self._feeds: list[tuple[Capture, ListFacts]] = []
        self._last = view.judged_on.isoformat()
        self._by_url: dict[str, _Told] = {}
        self._below: dict[str, _Told] = {}
        self._templates: set[str] = set()
        for capture in view.captures(Purpose.SITEMAP):
            facts = view.listing(capture)
            if facts and facts.dated:
                self._take(capture, facts)

    def feeds(self, section: Section) -> Iterator[Feed]:
        """Yield the feeds that hold entries of a section."""
        place = _Place(section)
        for capture, facts in self._feeds:
            if under(capture.url, section.scope.url) and (items := _own(capture, facts, place)):
                yield Feed(capture, items)

    def newest(self, section: Section) -> Listed | None:
        """Return the newest day that a sitemap gives to an entry of a section."""
        place = _Place(section)
        told = (self._by_url.get(_plain(url)) for url in place.named)
        found = [item for item in told if item and item.method is DateMethod.SITEMAP]
        found += [item for base in place.bases if (item := self._below.get(base))]
        return _listed(max(found, key=lambda item: (item.day, item.url))) if found else None

    def is_template(self, section: Section) -> bool:
        """Tell whether a sitemap of the section's host gives one day to nearly all pages: that is no evidence."""
        return section.scope.host in self._templates

    def of(self, url: str | None) -> Listed | None:
        """Return the newest day that any feed or sitemap gives an address; a start page is nobody's own."""
        name = _plain(absolute(url, "") or url) if url else ""
        found = self._by_url.get(name) if "/" in name else None
        return _listed(found) if found else None

    def _take(self, capture: Capture, facts: ListFacts) -> None:
        if facts.kind == "sitemap" and facts.template:
            self._templates.add(capture.host)
        if facts.kind == "feed":
            self._feeds.append((capture, facts))
        for item in facts.items:
            if item.url:
                self._note(self._by_url, _plain(item.url), _Told(item.date.value, item.url, DateMethod.FEED, capture))
        for page in facts.pages:
            told = _Told(page.day, page.url, DateMethod.SITEMAP, capture)
            self._note(self._by_url, _plain(page.url), told)
            for base in _above(page.url):
                self._note(self._below, base, told)

    def _note(self, known: dict[str, _Told], name: str, told: _Told) -> None:
        if told.day <= self._last and (name not in known or known[name].day < told.day):
            known[name] = told


_OF: WeakKeyDictionary[View, Listings] = WeakKeyDictionary()


def listings(view: View) -> Listings:
    """Return the feeds and sitemaps of a view, read once."""
    if view not in _OF:
        _OF[view] = Listings(view)
    return _OF[view]


class _Place:
    """Where a section stands: its addresses and those that its lists name. Below a start page lies the whole site."""

    def __init__(self, section: Section) -> None:
        start = urlsplit(section.id).path.rstrip("/") == urlsplit(section.scope.url).path.rstrip("/")
        self._own = frozenset(() if start else (page.facts.url for page in section.pages))
        self.bases = frozenset(_plain(url.partition("?")[0]) for url in self._own)
        self.named = frozenset(item.url for page in section.pages for item in page.facts.items if item.url)

    def holds(self, url: str) -> bool:
        """Tell whether an address is one of the section's entries."""
        if url in self.named or url in self._own:
            return True
        # Entries of a list may differ from it by the query alone.
        same = "?" in url and url not in self._own and _plain(url.partition("?")[0]) in self.bases
        return same or any(base in self.bases for base in _above(url))

    def names(self, page: str | None) -> bool:
        """Tell whether a page is the section's own and no start page."""
        return page in self._own


def _own(capture: Capture, facts: ListFacts, place: _Place) -> tuple[ListItem, ...]:
    mine = tuple(item for item in facts.items if item.url and place.holds(item.url))
    whole = place.names(capture.found_on) or place.holds(capture.url) or len(mine) >= _HALF * len(facts.items)
    return facts.items if whole else mine


def _listed(told: _Told) -> Listed:
    excerpt = f"{told.method.value}: {told.day} {told.url}"[:_LONGEST]
    return Listed(date.fromisoformat(told.day), told.method, _cite(told.capture, f"text:{told.url}", excerpt))


def _cite(capture: Capture, locator: str, excerpt: str) -> Evidence:
    return Evidence(capture.sha256, capture.url, locator, excerpt, capture.id, capture.finished)


def _plain(url: str) -> str:
    """Return an address as two ways to write one are compared: without scheme and the last slash."""
    return url.partition("://")[2].rstrip("/")


def _above(url: str) -> Iterator[str]:
    """Yield what an address lies below: the address without its query, cut at each slash of the path."""
    base = _plain(url.partition("?")[0])
    while "/" in base:
        base = base.rpartition("/")[0]
        yield base
