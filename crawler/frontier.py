"""What is still to be asked, and the books of each scope and portal.

Plain data structures behind Scrapy's scheduler. Addresses of scopes wait on a shelf (SQLite) by stratum; hosts take
turns, and so do the scopes of a host: first the required pages of all, then a random sample of each, the pages that
were not seen for longest first. It holds nothing that the archive could not give back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from config.scopes import ScopeMap
from crawler.addresses import Addresses
from crawler.apart import Apart
from crawler.books import FREE, Book, Visit, site_of
from crawler.capture import CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import ScopeCoverage
from crawler.digests import digest
from crawler.html import Link, judge
from crawler.plan import Plan, Told, identity
from crawler.questions import SITEMAP
from crawler.redact import is_masked
from crawler.scopebook import ScopeBook
from crawler.shelf import Shelf
from crawler.varying import Varying, variants_of

__all__ = ["Frontier", "Plan", "Told", "Visit", "identity", "site_of"]

_NOTHING = Told()
_LINKED = frozenset({Purpose.PAGE, Purpose.DOCUMENT})


class Frontier:
    """The addresses of one run."""

    def __init__(
        self,
        scopes: ScopeMap,
        plan: Plan,
        purposes: frozenset[Purpose],
        agencies: frozenset[str] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.addresses = Addresses(scopes, plan, purposes, agencies, shelf)
        self._books, self._turns = self.addresses.books, self.addresses.turns
        self._portals: dict[str, Book] = {}
        self._probes = Book("", None)
        self.varying: tuple[Varying, ...] = ()
        self.apart = Apart()
        self._asked: set[str] = set()
        self._sitemaps: dict[int, list[ScopeBook]] = {}
        self._listed: set[int] = set()

    @property
    def refuses(self) -> Callable[[str], bool]:
        """Which addresses nobody may ask for."""
        return self.addresses.refuses

    @refuses.setter
    def refuses(self, refuses: Callable[[str], bool]) -> None:
        self.addresses.refuses = refuses

    def begin(self) -> None:
        """Put each scope's own address on the list, and let the scopes whose evidence is oldest begin."""
        for owner in self.addresses.owners:
            self.addresses.start(owner.scope.url)
        self._turns.order()

    def add(self, url: str, found_on: str | None = None) -> bool:
        """Note an address that was named. Return whether it was new and is to be asked."""
        return self.add_link(judge(url), found_on)

    def add_link(self, link: Link, found_on: str | None = None) -> bool:
        """Note a link that a page named, unless it is known. Return whether it is new and to be asked."""
        return self.addresses.add_link(link, found_on)

    def add_links(self, links: Iterable[Link], found_on: str) -> int:
        """Note the links of a page and return how many were new. What it asked not to follow is known and skipped."""
        new, spelled = 0, self.addresses.spelled
        for link in links:
            if link.url in spelled:  # the quick way: most links of a page are its site's menu
                continue
            shy = link.nofollow and not link.skip
            new += self.add_link(Link(link.url, link.purpose, nofollow=True, skip="policy") if shy else link, found_on)
        return new

    def add_variants(self, key: CaptureKey, scopes: tuple[str, ...], stratum: str | None = None) -> None:
        """Note the other contents of a page that its host chooses by a cookie or header."""
        if key.variant or not scopes or is_masked(key.url):  # what was taken out of an address cannot be asked again
            return
        for variant in variants_of(self.varying, key.url):
            asked = msgspec.structs.replace(key, variant=variant)
            self.ask(Visit(key.url, asked, Purpose.PAGE, scopes, key.url, stratum=stratum))

    def open(self, portal: str, budget: int) -> None:
        """Open a portal's account."""
        self._portals[portal] = Book(portal, budget)

    def portal(self, name: str) -> Book:
        """Return a portal's account."""
        return self._portals[name]

    def ask(self, visit: Visit, *, later: bool = False) -> bool:
        """Note a question that no link asks: of a portal, a probe, another variant. Return whether it is new."""
        mark = self.apart.text(visit.key)
        if mark in self._asked or self.refuses(visit.url):
            return False
        self._asked.add(mark)
        books = self._accounts(visit.scopes, visit.purpose)
        for book in books:
            book.known += 1
        self._queue(books[0] if books else self._probes, visit, later=later)
        return True

    def ask_list(self, site: str, visit: Visit, *, lost: bool = False) -> bool:
        """Ask for a sitemap of a host: all its scopes need it to say that something is not there.

        One that is *lost* is needed and not asked for. Return whether it is new.
        """
        mark = digest(self.apart.text(visit.key))
        if mark in self._listed:  # named again by another list: it was read
            return False
        if lost:
            for book in self._books.values():
                if site_of(book.root.url) == site:
                    book.questions.want(SITEMAP, mark, lost=True)
            return False
        self._sitemaps[mark] = [book for book in self._books.values() if site_of(book.root.url) == site]
        for book in self._sitemaps[mark]:
            book.questions.want(SITEMAP, mark)
        return self.ask(visit)

    def is_home(self, site: str) -> bool:
        """Tell whether a scope begins at a host."""
        return any(site_of(book.root.url) == site for book in self._books.values())

    def list_settled(self, key: CaptureKey, *, seen: bool) -> None:
        """Note whether a sitemap (or a feed, which no question needs) could be read."""
        mark = digest(self.apart.text(key))
        self._listed.add(mark)
        for book in self._sitemaps.get(mark, ()):
            book.questions.settled(mark, seen=seen, document=False)

    def knows(self, key: CaptureKey) -> bool:
        """Tell whether a question of that kind was put on the list before, or asked by an earlier start of the run."""
        return self.apart.text(key) in self._asked

    def scopes_of(self, url: str) -> tuple[str, ...]:
        """Return the ids of the scopes under way that the address belongs to."""
        return self.addresses.scopes_of(url)

    def at_home(self, visit: Visit, target: str) -> bool:
        """Tell whether another address may answer for a page: one of its own site or of a scope, and not cut out.

        On a host that agencies share, the site is not theirs: the target has to lie in one of the page's own scopes.
        """
        if self.addresses.excluded(target):
            return False
        scopes = self.scopes_of(target)
        if visit.scopes and self.addresses.is_shared(target):
            return not set(visit.scopes).isdisjoint(scopes)
        return site_of(target) == site_of(visit.key.url) or bool(scopes)

    def next(self, ready: Callable[[str], bool]) -> Visit | None:
        """Return the next address to ask of a host that *ready* lets through, or None."""
        return self._turns.next(ready)

    def settle(
        self,
        key: CaptureKey,
        scopes: tuple[str, ...],
        outcome: ExchangeOutcome,
        purpose: Purpose = Purpose.PAGE,
        *,
        known: bool = True,
        told: Told = _NOTHING,
    ) -> None:
        """Book how a question ended. *known* is False for captures of an earlier start of the run."""
        if purpose in _LINKED and not key.variant:
            self.addresses.settle(key, scopes, outcome, purpose, known=known, told=told)
        elif not known:
            self._asked.add(self.apart.text(key))
            if purpose in _LINKED and outcome not in FREE:
                self._turns.charge(site_of(key.url))
        if outcome in FREE and known and purpose in _LINKED:
            self._turns.charge(site_of(key.url), -1)
        for number, book in enumerate(self._accounts(scopes, purpose)):
            book.settle(outcome, known=known, charged=number == 0)

    def leave_out(self, visit: Visit) -> None:
        """Book a page that was drawn and is not due: it costs no request, and its last answer stands."""
        if not visit.key.variant:
            self.addresses.leave_out(visit.key, visit.scopes, visit.purpose)
        self._turns.charge(site_of(visit.key.url), -1)
        for number, book in enumerate(self._accounts(visit.scopes, visit.purpose)):
            book.leave_out(charged=number == 0)

    @property
    def empty(self) -> bool:
        """Whether nothing is left that the budgets allow."""
        return self._turns.empty

    @property
    def outside(self) -> int:
        """How many addresses outside every scope were named."""
        return len(self.addresses.outside)

    def coverage(self, rest: str | None) -> tuple[ScopeCoverage, ...]:
        """Return the scopes' books. What is still queued is skipped for the reason *rest*, or pending if None."""
        return tuple(
            book.statement("host_budget" if rest == "budget" and self._turns.starved(book) else rest)
            for book in self._books.values()
        )

    def close(self) -> None:
        """Let go of what is remembered for later nights."""
        self.addresses.shelf.close()

    def _accounts(self, scopes: tuple[str, ...], purpose: Purpose) -> list[Book]:
        if purpose in _LINKED:
            return [self._books[scope] for scope in scopes if scope in self._books]
        return [self._portals[scope] for scope in scopes if scope in self._portals]

    def _queue(self, book: Book, visit: Visit, *, later: bool = False) -> None:
        book.put(visit, later=later)
        self._turns.enter(book, visit.site)
