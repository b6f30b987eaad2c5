"""Whose turn it is: hosts in turn, the scopes of a host in turn, within the budgets of both.

A host's budget is shared fairly: scopes whose evidence is oldest begin, each gets one question a round, and what one
does not need is left to the others. Required pages of all scopes go before any sample.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable

from crawler.books import Book, Visit
from crawler.scopebook import Phase, ScopeBook
from crawler.shelf import Address, Shelf
from crawler.strata import Lane


class Turns:
    """The order of questions. *per_host* is the budget of requests to pages of scopes per host, None for no limit."""

    def __init__(self, shelf: Shelf, per_host: int | None, visit: Callable[[Address, Lane], Visit]) -> None:
        self._shelf, self._per_host, self._visit = shelf, per_host, visit
        self._sites: OrderedDict[str, deque[Book]] = OrderedDict()
        self._entered: set[tuple[int, str]] = set()
        self._spent: Counter[str] = Counter()

    def enter(self, book: Book, site: str) -> None:
        """Let a book take turns on a host."""
        if (id(book), site) in self._entered:
            return
        self._entered.add((id(book), site))
        books = self._sites.setdefault(site, deque())
        books.append(book)
        scopes = [item for item in books if isinstance(item, ScopeBook)]
        if self._per_host is not None:
            for item in scopes:
                item.share = self._per_host // len(scopes)

    def next(self, ready: Callable[[str], bool]) -> Visit | None:
        """Return the next question to a host that *ready* lets through, or None."""
        for site in list(self._sites):
            if not ready(site):
                continue
            self._sites.move_to_end(site)
            visit = self._draw(site)
            if visit:
                return visit
        return None

    def charge(self, site: str, requests: int = 1) -> None:
        """Charge a host's budget; a refusal that cost no request gives it back."""
        self._spent[site] += requests

    def used_up(self, site: str) -> bool:
        """Tell whether a host's budget allows no further page."""
        return self._per_host is not None and self._spent[site] >= self._per_host

    @property
    def empty(self) -> bool:
        """Whether nothing is left that the budgets allow."""
        return not any(
            book.waits(site) and not (isinstance(book, ScopeBook) and self.used_up(site))
            for site, books in self._sites.items()
            for book in books
        )

    def starved(self, book: Book) -> bool:
        """Tell whether a book's own budget would allow more, and its hosts' do not."""
        waits = [site for site, books in self._sites.items() if book in books and book.waits(site)]
        return not book.used_up and bool(waits) and all(self.used_up(site) for site in waits)

    def _draw(self, site: str) -> Visit | None:
        books = self._sites[site]
        for phase in Phase:
            for _ in range(len(books)):
                books.rotate(-1)
                visit = self._from(books[-1], site, phase)
                if visit:
                    return visit
        return None

    def _from(self, book: Book, site: str, phase: Phase) -> Visit | None:
        if not isinstance(book, ScopeBook):
            return book.draw(site) if phase is Phase.SAMPLE else None
        if self.used_up(site):
            return None
        visit = (book.draw(site) if phase is Phase.REQUIRED else None) or self._of_lane(book, site, phase)
        if visit:
            self.charge(site)
        return visit

    def _of_lane(self, book: ScopeBook, site: str, phase: Phase) -> Visit | None:
        while lane := book.lane(site, phase):
            address = self._companion(book) if phase is Phase.SAMPLE else None
            address = address or self._shelf.take(lane.number)
            if address is None:  # cannot be: a lane counts what waits in it
                raise RuntimeError(f"{lane.waiting} addresses of {book.scope} {lane.stratum} are missing")
            lane = book.register[address.lane or lane.number]
            if book.traps.is_cut(address.url):
                book.cut(lane, address)
                self._shelf.forget(address.mark)
                continue
            book.drawn(lane, address)
            return self._visit(address, lane)
        return None

    def _companion(self, book: ScopeBook) -> Address | None:
        """Return another language version of a page that was drawn: sections are sampled, not single versions."""
        while book.companions:
            address = self._shelf.pick(book.companions.popleft())
            if address:
                return address
        return None

    def order(self) -> None:
        """Let the scopes whose evidence is oldest begin."""
        for books in self._sites.values():
            ordered = sorted(books, key=lambda book: book.evidence if isinstance(book, ScopeBook) else 0)
            books.clear()
            books.extend(ordered)
