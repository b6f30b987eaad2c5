"""What is still to be asked, and the books of each scope: known = fetched + failed + skipped + pending, always.

Plain data structures behind Scrapy's scheduler. Breadth first within a scope, scopes of a host in turn, hosts in
turn. It holds nothing that the archive could not give back: `settle` with archived captures rebuilds it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from config.scopes import ScopeMap, ScopeOwner
from config.urls import site_host, under
from crawler.archive.writer import Message
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose, Redirect
from crawler.coverage import ScopeCoverage
from crawler.html import Link, judge
from crawler.redact import redact_text

# Refusals that cost the host no request, and therefore the scope no budget.
_FREE = frozenset({ExchangeOutcome.ROBOTS, ExchangeOutcome.ROBOTS_UNREACHABLE, ExchangeOutcome.GUARD})
_GOOD = frozenset({ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED})


@dataclass(eq=False)
class Visit:
    """One question on its way to becoming one capture: where it stands, and what happened on the way.

    `capture` and `body` (decoded) are there once it is recorded.
    """

    url: str
    key: CaptureKey
    purpose: Purpose
    scopes: tuple[str, ...] = ()
    found_on: str | None = None
    started: datetime | None = None
    tries: list[str] = field(default_factory=list)
    hops: list[Redirect] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    capture: Capture | None = None
    body: bytes = b""

    @property
    def site(self) -> str:
        """The host that is paced: `www.` and the bare name are one."""
        return site_of(self.url)


@dataclass
class _Book:
    """One scope's account."""

    scope: str
    queue: deque[Visit] = field(default_factory=deque)
    known: int = 0
    fetched: int = 0
    spent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)


def site_of(url: str) -> str:
    """Return the host (with port) that a normalised address is paced under."""
    return site_host(urlsplit(url).netloc)


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
        self._scopes, self._budget, self._purposes = scopes, budget, purposes
        self.owners = tuple(item for item in scopes.owners if agencies is None or item.agency.id in agencies)
        # A scope's name may carry a key that the operator wrote into its address.
        self._books = {name: _Book(name) for name in (redact_text(item.scope.id) for item in self.owners)}
        self._seen: set[str] = set()
        self._spelled: set[str] = set()
        self._outside: set[str] = set()
        self._turns: OrderedDict[str, deque[_Book]] = OrderedDict()

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
        self._count(scopes, skip)
        if skip:
            return False
        self._queue(Visit(link.url, CaptureKey("GET", key_url), link.purpose, scopes, found_on))
        return True

    def add_links(self, links: Iterable[Link], found_on: str) -> None:
        """Note the links of a page. What the page asked not to follow is known and skipped."""
        for link in links:
            shy = link.nofollow and not link.skip
            self.add_link(Link(link.url, link.purpose, nofollow=True, skip="policy") if shy else link, found_on)

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

    def settle(self, key: CaptureKey, scopes: tuple[str, ...], outcome: ExchangeOutcome, *, known: bool = True) -> None:
        """Book how a question ended. *known* is False for captures of an earlier start of the run."""
        books = [self._books[scope] for scope in scopes if scope in self._books]
        if not known:
            self._seen.add(identity(key.url))
        for number, book in enumerate(books):
            book.known += 0 if known else 1
            book.fetched += outcome in _GOOD
            book.failed.update([] if outcome in _GOOD else [outcome.value])
            if number == 0:  # drawing has charged the budget already; a refusal that cost no request gives it back
                book.spent += -(outcome in _FREE) if known else outcome not in _FREE

    @property
    def empty(self) -> bool:
        """Whether nothing is left that the budgets allow."""
        return not any(book.queue and book.spent < self._budget for books in self._turns.values() for book in books)

    @property
    def outside(self) -> int:
        """How many addresses outside every scope were named."""
        return len(self._outside)

    def coverage(self, rest: str | None) -> tuple[ScopeCoverage, ...]:
        """Return the scopes' books. What is still queued is skipped for the reason *rest*, or pending if None."""
        return tuple(self._statement(book, rest) for book in self._books.values())

    def _draw(self, site: str) -> Visit | None:
        books = self._turns[site]
        for _ in range(len(books)):
            books.rotate(-1)
            book = books[-1]
            if book.queue and book.spent < self._budget:
                book.spent += 1
                return book.queue.popleft()
        return None

    def _queue(self, visit: Visit) -> None:
        book = self._books[visit.scopes[0]]
        book.queue.append(visit)
        turns = self._turns.setdefault(visit.site, deque())
        if book not in turns:
            turns.append(book)

    def _count(self, scopes: tuple[str, ...], skip: str | None) -> None:
        for scope in scopes:
            self._books[scope].known += 1
            if skip:
                self._books[scope].skipped[skip] += 1

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

    def _statement(self, book: _Book, rest: str | None) -> ScopeCoverage:
        # A page shared by two scopes waits in the first one's queue; the others count it by subtraction.
        settled = book.fetched + sum(book.failed.values()) + sum(book.skipped.values())
        waiting = book.known - settled
        skipped = Counter(book.skipped)
        if rest and waiting:
            skipped[rest] += waiting
        # What is cut off as a trap (log-ins, prints, endless calendars) holds nothing that a question could ask for.
        done = waiting == 0
        return ScopeCoverage(
            scope=book.scope,
            known=book.known,
            fetched=book.fetched,
            failed=dict(sorted(book.failed.items())),
            skipped=dict(sorted(skipped.items())),
            pending=0 if rest else waiting,
            exhausted={"links": done},
        )
