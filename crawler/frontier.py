"""What is still to be asked, and the books of each scope and portal.

Plain data structures behind Scrapy's scheduler. Breadth first within a scope, scopes of a host in turn, hosts in
turn. It holds nothing that the archive could not give back: `settle` with archived captures rebuilds it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit, urlunsplit

import msgspec

from config.scopes import ScopeMap, ScopeOwner
from config.urls import site_host, under
from crawler.books import Book, Visit, site_of
from crawler.capture import CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import ScopeCoverage
from crawler.html import Link, judge
from crawler.redact import MASK, redact_text
from crawler.varying import Varying, variants_of

__all__ = ["Frontier", "Visit", "identity", "site_of"]

_LINKED = frozenset({Purpose.PAGE, Purpose.DOCUMENT})


def identity(url: str) -> str:
    """Return what makes two addresses one page: scheme and `www.` make no difference."""
    # Redacted like the captures that the books are rebuilt from, so that both speak of the same page.
    parts = urlsplit(redact_text(url))
    return urlunsplit(("", site_host(parts.netloc), parts.path, parts.query, ""))


class Frontier:
    """The addresses of one run."""

    def __init__(
        self, scopes: ScopeMap, budget: int, purposes: frozenset[Purpose], agencies: frozenset[str] | None = None
    ) -> None:
        self._scopes, self._purposes = scopes, purposes
        self.owners = tuple(item for item in scopes.owners if agencies is None or item.agency.id in agencies)
        # A scope's name may carry a key that the operator wrote into its address.
        self._books = {name: Book(name, budget) for name in (redact_text(item.scope.id) for item in self.owners)}
        self._portals: dict[str, Book] = {}
        self._probes = Book("", None)
        self.varying: tuple[Varying, ...] = ()
        self.refuses: Callable[[str], bool] = lambda _: False
        self._asked: set[str] = set()
        self._seen: set[str] = set()
        self._spelled: set[str] = set()
        self._outside: set[str] = set()
        self._turns: OrderedDict[str, deque[Book]] = OrderedDict()

    def add(self, url: str, found_on: str | None = None) -> bool:
        """Note an address that was named. Return whether it was new and is to be asked."""
        return self.add_link(judge(url), found_on)

    def add_link(self, link: Link, found_on: str | None = None) -> bool:
        """Note a link that a page named, unless it is known. Return whether it is to be asked."""
        if link.url in self._spelled:  # the quick way out: most links of a page are its site's menu
            return False
        self._spelled.add(link.url)
        key_url = self._scopes.key_url(link.url)
        mark = identity(key_url)
        if mark in self._seen:
            return False
        self._seen.add(mark)
        scopes = self.scopes_of(link.url)
        skip = link.skip or ("policy" if link.purpose not in self._purposes else None)
        if not scopes:
            self._strange(link.url, mark)
            return False
        skip = skip or ("exclude" if self.refuses(link.url) else None)
        self._count(scopes, skip)
        if skip:
            return False
        self._queue(self._books[scopes[0]], Visit(link.url, CaptureKey("GET", key_url), link.purpose, scopes, found_on))
        return True

    def add_links(self, links: Iterable[Link], found_on: str) -> None:
        """Note the links of a page. What the page asked not to follow is known and skipped."""
        for link in links:
            shy = link.nofollow and not link.skip
            self.add_link(Link(link.url, link.purpose, nofollow=True, skip="policy") if shy else link, found_on)

    def add_variants(self, key: CaptureKey, scopes: tuple[str, ...]) -> None:
        """Note the other contents of a page that its host chooses by a cookie or header."""
        if key.variant or not scopes or MASK in key.url:  # what was taken out of an address cannot be asked again
            return
        for variant in variants_of(self.varying, key.url):
            self.ask(Visit(key.url, msgspec.structs.replace(key, variant=variant), Purpose.PAGE, scopes, key.url))

    def open(self, portal: str, budget: int) -> None:
        """Open a portal's account."""
        self._portals[portal] = Book(portal, budget)

    def portal(self, name: str) -> Book:
        """Return a portal's account."""
        return self._portals[name]

    def ask(self, visit: Visit, *, later: bool = False) -> bool:
        """Note a question that no link asks: of a portal, a probe, another variant. Return whether it is new."""
        mark = redact_text(visit.key.text())
        if mark in self._asked or self.refuses(visit.url):
            return False
        self._asked.add(mark)
        books = self._accounts(visit.scopes, visit.purpose)
        for book in books:
            book.known += 1
        self._queue(books[0] if books else self._probes, visit, later=later)
        return True

    def knows(self, key: CaptureKey) -> bool:
        """Tell whether a question of that kind was put on the list before, or asked by an earlier start of the run."""
        return redact_text(key.text()) in self._asked

    def scopes_of(self, url: str) -> tuple[str, ...]:
        """Return the ids of the scopes under way that the address belongs to."""
        names = (redact_text(item.scope.id) for item in self._scopes.of(url))
        return tuple(dict.fromkeys(name for name in names if name in self._books))

    def next(self, ready: Callable[[str], bool]) -> Visit | None:
        """Return the next address to ask of a host that *ready* lets through, or None.

        Hosts take turns, and so do the scopes of a host: no scope waits for another's whole budget.
        """
        for site in list(self._turns):
            if not ready(site):
                continue
            self._turns.move_to_end(site)
            visit = self._draw(site)
            if visit:
                return visit
        return None

    def settle(
        self,
        key: CaptureKey,
        scopes: tuple[str, ...],
        outcome: ExchangeOutcome,
        purpose: Purpose = Purpose.PAGE,
        *,
        known: bool = True,
    ) -> None:
        """Book how a question ended. *known* is False for captures of an earlier start of the run."""
        if not known:
            linked = purpose in _LINKED and not key.variant
            (self._seen if linked else self._asked).add(identity(key.url) if linked else redact_text(key.text()))
        for number, book in enumerate(self._accounts(scopes, purpose)):
            book.settle(outcome, known=known, charged=number == 0)

    @property
    def empty(self) -> bool:
        """Whether nothing is left that the budgets allow."""
        return not any(book.queued for books in self._turns.values() for book in books)

    @property
    def outside(self) -> int:
        """How many addresses outside every scope were named."""
        return len(self._outside)

    def coverage(self, rest: str | None) -> tuple[ScopeCoverage, ...]:
        """Return the scopes' books. What is still queued is skipped for the reason *rest*, or pending if None."""
        return tuple(book.statement(rest) for book in self._books.values())

    def _accounts(self, scopes: tuple[str, ...], purpose: Purpose) -> list[Book]:
        books = self._books if purpose in _LINKED else self._portals
        return [books[scope] for scope in scopes if scope in books]

    def _draw(self, site: str) -> Visit | None:
        books = self._turns[site]
        for _ in range(len(books)):
            books.rotate(-1)
            visit = books[-1].draw(site)
            if visit:
                return visit
        return None

    def _queue(self, book: Book, visit: Visit, *, later: bool = False) -> None:
        book.put(visit, later=later)
        turns = self._turns.setdefault(visit.site, deque())
        if book not in turns:
            turns.append(book)

    def _count(self, scopes: tuple[str, ...], skip: str | None) -> None:
        for scope in scopes:
            if skip:
                self._books[scope].skip(skip)
            else:
                self._books[scope].known += 1

    def _strange(self, url: str, mark: str) -> None:
        """Book an address that belongs to no scope: cut out by its scope, or outside of all."""
        owner = self._excluding(url)
        if owner:
            self._count((redact_text(owner.scope.id),), "exclude")
        else:
            self._outside.add(mark)

    def _excluding(self, url: str) -> ScopeOwner | None:
        if self._scopes.of(url):
            return None
        return next((item for item in self.owners if under(url, item.scope.url)), None)
