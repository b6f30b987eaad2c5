"""Finding pages: hands what pages, sitemaps, feeds and robots files name to the frontier.

Start pages are read more closely: their navigation is what must be seen every night, in each language they offer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.urls import absolute
from crawler.books import Visit, site_of
from crawler.capture import Capture, CaptureKey, Purpose
from crawler.frontier import Frontier
from crawler.html import Links, judge
from crawler.navigation import navigation, switches
from crawler.plan import identity
from crawler.questions import MENU
from crawler.scopebook import ScopeBook
from crawler.sight import Sight
from crawler.sitemaps import read_list, sitemap_lines
from crawler.strata import is_certain
from crawler.usuallists import UsualLists

MOST_SITEMAPS = 100  # per host: five million addresses
MOST_FEEDS = 5  # per scope
_REMEMBERED = 16_384
_NO_ROBOTS = range(400, 500)  # there is none: everything may be asked


@dataclass(frozen=True)
class Menu:
    """What a start page offers: its navigation, and links that call themselves a language."""

    links: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()


class Finder:
    """Finds the pages of one run. *labels* are names of languages by which sites call them, lower case.

    Without *lists* neither sitemaps nor feeds are asked for; with *usual* sitemaps are also where none are named.
    """

    def __init__(
        self, frontier: Frontier, labels: Mapping[str, str] | None = None, *, lists: bool = True, usual: bool = False
    ) -> None:
        self._frontier, self._labels = frontier, labels or {}
        self.usual = UsualLists(wanted=lists and usual)
        self._most = (MOST_SITEMAPS, MOST_FEEDS) if lists else (0, 0)
        self._lists: Counter[str] = Counter()
        self._plain: dict[str, set[str]] = {}

    def robots(self, capture: Capture, body: bytes) -> None:
        """Take in a robots.txt: ask for the sitemaps that it names, or look where one usually is."""
        site, lines = site_of(capture.key.url), sitemap_lines(body) if capture.answered else ()
        for line in lines:
            self._ask_sitemap(site, absolute(capture.url, line), capture.url)
        if lines:
            self.usual.named(site)
        elif (capture.answered or capture.status in _NO_ROBOTS) and self._frontier.is_home(site):
            self._look(self.usual.first(site, capture.key.url), capture.key.url)

    def listed(self, capture: Capture, body: bytes) -> str | None:
        """Take in a sitemap or feed. Return why it could not be read to its end, None when it could."""
        frontier, site = self._frontier, site_of(capture.key.url)
        found = read_list(body) if capture.answered else None
        if self.usual.missed(capture.key.url, found):
            self._look(self.usual.next(capture.key.url), capture.found_on)
            return None
        for text in found.pages if found else ():
            address = absolute(capture.url, text)
            if address:
                frontier.add(address, capture.url)
        for text in found.lists if found else ():
            self._ask_sitemap(site, absolute(capture.url, text), capture.url)
        reason = found.reason if found else capture.outcome.value
        frontier.list_settled(capture.key, seen=reason is None or capture.status in (404, 410))
        return reason

    def menu(self, sight: Sight) -> Menu:
        """Return navigation and language switches of a start page, nothing of others: those are not read for it."""
        if not self._frontier.addresses.starts(sight.capture.key):
            return Menu()
        page, url = sight.anew(), sight.capture.url
        return Menu(navigation(page, url), switches(page, url, self._labels))

    def page(self, capture: Capture, found: Links, menu: Menu) -> None:
        """Take in what a page names."""
        frontier, addresses, url = self._frontier, self._frontier.addresses, capture.url
        versions = [address for language, address in found.alternates if addresses.signs.code(language)]
        if addresses.starts(capture.key):
            self._start(capture, found, (*versions, *menu.switches), menu)
        new = frontier.add_links(found.links, url)
        for address in (*versions, *((found.canonical,) if found.canonical else ())):
            new += frontier.add(address, url)
        for address in found.feeds:
            self._ask_feed(capture, address)
        if capture.stratum and not is_certain(capture.stratum):
            addresses.companions((*versions, *self._signed(capture, found)), capture.key)
            for book in self._books(capture):
                book.quiet = 0 if new else book.quiet + 1

    def compare(self, found: Links, sight: Sight) -> None:
        """Compare a page with others of its kind, where there are many: endless ones are near equal."""
        url = sight.capture.key.url
        for book in self._books(sight.capture):
            if book.traps.suspects(url, [link.url for link in found.links]):
                book.traps.read(url, sight.text)

    def _start(self, capture: Capture, found: Links, versions: Iterable[str], menu: Menu) -> None:
        addresses, url = self._frontier.addresses, capture.url
        for address in dict.fromkeys((*versions, *self._signed(capture, found))):
            addresses.start(address, url)
        shy = {link.url for link in found.links if link.nofollow}
        for address in menu.links:
            if address not in shy:
                addresses.require(judge(address), MENU, url)

    def _signed(self, capture: Capture, found: Links) -> Iterator[str]:
        """Yield the links that differ from a page's own address by the sign of a language alone."""
        addresses = self._frontier.addresses
        root = addresses.root(capture.scopes)
        plain = (capture.url, capture.key.url)
        own = {identity(url) for item in plain for url in (item, addresses.signs.neutral(item, root).url)}
        for url in self._with_sign([link.url for link in found.links], root):
            if identity(addresses.signs.neutral(url, root).url) in own:
                yield url

    def _with_sign(self, urls: list[str], root: str) -> list[str]:
        """Return the addresses below a root that bear the sign of a language. Those that do not are remembered."""
        plain = self._plain.setdefault(root, set())
        if len(plain) > _REMEMBERED:
            plain.clear()
        signed = []
        for url in [url for url in urls if url not in plain]:
            if self._frontier.addresses.signs.neutral(url, root).language:
                signed.append(url)
            else:
                plain.add(url)
        return signed

    def _books(self, capture: Capture) -> list[ScopeBook]:
        books = self._frontier.addresses.books
        return [books[scope] for scope in capture.scopes if scope in books]

    def _ask_sitemap(self, site: str, url: str | None, found_on: str) -> None:
        frontier = self._frontier
        if url is None or not (site_of(url) == site or frontier.scopes_of(url)):
            return
        visit = Visit(url, CaptureKey("GET", url), Purpose.SITEMAP, (), found_on)
        beyond = self._lists[site] >= self._most[0]
        if not (beyond and (not self._most[0] or frontier.knows(visit.key))):
            self._lists[site] += frontier.ask_list(site, visit, lost=beyond)

    def _look(self, url: str | None, found_on: str | None) -> None:
        """Ask for a sitemap that nobody named: no question needs it."""
        if url:
            self._frontier.ask(Visit(url, CaptureKey("GET", url), Purpose.SITEMAP, (), found_on))

    def _ask_feed(self, capture: Capture, url: str) -> None:
        """Ask for a feed: it names the newest pages of its scope. No question needs it."""
        scopes = self._frontier.scopes_of(url)
        if scopes and self._lists[scopes[0]] < self._most[1]:
            visit = Visit(url, CaptureKey("GET", url), Purpose.SITEMAP, (), capture.url)
            self._lists[scopes[0]] += self._frontier.ask(visit)
