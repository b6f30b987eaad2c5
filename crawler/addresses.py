"""The addresses of the scopes: which are known tonight, to which stratum each belongs, which questions need it.

An address is known by a digest of what makes it one page. What waits stands on the shelf; the books keep the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import count

import msgspec

from config.model import Scope
from config.scopes import ScopeMap, ScopeOwner
from config.urls import under
from crawler.books import FREE, Visit, site_of
from crawler.capture import CaptureKey, ExchangeOutcome, Purpose
from crawler.digests import Digests, digest
from crawler.html import Link, judge, without_session
from crawler.plan import Plan, Told, identity
from crawler.questions import MENU, SECTIONS
from crawler.redact import is_masked, redact_text
from crawler.scopebook import ScopeBook
from crawler.shelf import Address, Shelf
from crawler.signs import LanguageSigns
from crawler.strata import DOCUMENTS, START, Lane, folders_of, rank, stratum_of
from crawler.strata import MENU as IN_MENU
from crawler.strata import SECTIONS as SECTION_INDEX
from crawler.turns import Turns

MEMORY = 30  # nights for which an address that nothing names any more is remembered
_GOOD = frozenset({ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED})
_GONE = frozenset({404, 410})
_LANE = {MENU: IN_MENU, SECTIONS: SECTION_INDEX}
_SPELLED = 65_536
_MARKED = 8_192  # an address is looked up several times while it is asked


class Addresses:
    """The addresses of one run's scopes."""

    def __init__(
        self,
        scopes: ScopeMap,
        plan: Plan,
        purposes: frozenset[Purpose],
        agencies: frozenset[str] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._scopes, self._purposes, self._plan = scopes, purposes, plan
        self.mark = lru_cache(maxsize=_MARKED)(self._mark)
        """Returns the digest of what makes an address one page."""
        self.night = plan.night.toordinal()
        self.shelf, self.signs = shelf or Shelf(), LanguageSigns(plan.languages)
        self.owners = tuple(item for item in scopes.owners if agencies is None or item.agency.id in agencies)
        self._lanes: dict[int, Lane] = {}
        self.books = {name_of(owner): self._opened(name_of(owner), owner.scope) for owner in self.owners}
        self.turns = Turns(self.shelf, plan.per_host, self._visit)
        self.refuses: Callable[[str], bool] = lambda _: False
        self._shared = scopes.shared_hosts()
        self._named, self._recalled, self.outside = Digests(), Digests(), Digests()
        self.spelled: set[str] = set()
        """Addresses that were noted lately, as they were written."""
        self._under_way: dict[int, Lane | None] = {}
        self._lost: set[int] = set()
        self._arrivals = count()  # what is required is asked as it was named

    def add_link(self, link: Link, found_on: str | None = None) -> bool:
        """Note a link that a page named, unless it is known. Return whether it is new and to be asked."""
        if link.url in self.spelled:
            return False
        if len(self.spelled) >= _SPELLED:
            self.spelled.clear()
        self.spelled.add(link.url)
        plain = without_session(link.url)
        if plain != link.url:
            link = judge(plain, nofollow=link.nofollow)
        mark = self.mark(link.url)
        if not self._named.add(mark):
            return False
        if mark in self._recalled:
            self.shelf.name(mark, self.night)
            return False
        return self._note(
            link, Address(mark, link.url, link.purpose, redact_text(found_on) if found_on else None, self.night)
        )

    def require(self, link: Link, question: str, found_on: str | None = None) -> None:
        """Note an address that a question needs: it is asked for certain, before what is drawn at random."""
        self.add_link(link, found_on)
        scopes = self.scopes_of(link.url)
        if (
            not scopes
            or link.skip
            or link.purpose is not Purpose.PAGE
            or link.nofollow
            or is_masked(redact_text(link.url))
        ):
            return
        mark, book = self.mark(link.url), self.books[scopes[0]]
        waits = self._promote(
            mark, book, site_of(link.url), START if mark in book.questions.starts else _LANE[question]
        )
        for scope in scopes if waits or mark in self._under_way or mark in self._lost else ():
            self.books[scope].questions.want(question, mark, lost=mark in self._lost)

    def start(self, url: str, found_on: str | None = None) -> None:
        """Note a start page: a scope's own address, or another language version of it."""
        for scope in self.scopes_of(url):
            self.books[scope].questions.starts.update(self._marks(url))
        self.require(judge(url), MENU, found_on)

    def starts(self, key: CaptureKey) -> tuple[str, ...]:
        """Return the scopes that a page is a start page of."""
        mark = self.mark(key.url)
        return tuple(name for name in self.scopes_of(key.url) if mark in self.books[name].questions.starts)

    def companions(self, urls: Iterable[str], key: CaptureKey) -> None:
        """Let other language versions of a page be drawn with it."""
        site, mark = site_of(key.url), self.mark(key.url)
        for url in urls:
            scopes = self.scopes_of(url) if site_of(url) == site else ()
            if scopes and (other := self.mark(url)) != mark:
                self.books[scopes[0]].companions.append(other)

    def recall(self) -> None:
        """Take up what earlier nights knew. Comes after `settle` for what this run asked, before anything is added."""
        for address in self.shelf.recall(self.night - MEMORY):
            if is_masked(address.url):
                self.shelf.forget(address.mark)
            elif address.mark not in self._named and self.mark(address.url) == address.mark:
                self._recalled.add(address.mark)
                self._note(judge(address.url), address)

    def scopes_of(self, url: str) -> tuple[str, ...]:
        """Return the ids of the scopes under way that the address belongs to."""
        names = (name_of(item) for item in self._scopes.of(url))
        return tuple(dict.fromkeys(name for name in names if name in self.books))

    def root(self, scopes: tuple[str, ...]) -> str:
        """Return the address of the first of the scopes, empty when there is none."""
        return next((self.books[name].root.url for name in scopes if name in self.books), "")

    def _mark(self, url: str) -> int:
        return digest(identity(self._scopes.key_url(without_session(url))))

    def settle(
        self,
        key: CaptureKey,
        scopes: tuple[str, ...],
        outcome: ExchangeOutcome,
        purpose: Purpose,
        *,
        known: bool,
        told: Told,
    ) -> None:
        """Note how asking for an address ended."""
        mark = self.mark(key.url)
        good, gone = outcome in _GOOD, told.status in _GONE
        lane = self._under_way.pop(mark, None) if known else self._restored(mark, key, scopes, outcome, purpose, told)
        if lane:
            lane.fetched += good
        if good or gone:
            self._lost.discard(mark)
        else:
            self._lost.add(mark)
        if good:
            self.shelf.saw(mark, self.night)
        elif gone and mark not in self._named:
            self.shelf.forget(mark)
        for scope in scopes:
            if scope in self.books:
                book = self.books[scope]
                book.questions.settled(mark, seen=good or gone, document=purpose is Purpose.DOCUMENT)

    def leave_unread(self, key: CaptureKey, scopes: tuple[str, ...]) -> None:
        """Note that a page was answered and could not be read."""
        for scope in scopes:
            if scope in self.books:
                self.books[scope].questions.leave_unread(self.mark(key.url))

    def leave_out(self, key: CaptureKey, scopes: tuple[str, ...], purpose: Purpose) -> None:
        """Note that an address was not asked because its last answer still stands. Its evidence grows older."""
        mark = self.mark(key.url)
        lane = self._under_way.pop(mark, None)
        if lane:
            lane.fetched += 1
        self._lost.discard(mark)
        for scope in scopes:
            if scope in self.books:
                self.books[scope].questions.settled(mark, seen=True, document=purpose is Purpose.DOCUMENT)

    def _marks(self, url: str) -> set[int]:
        """Return the marks of a start page: as it is asked, and as its capture tells it without a key."""
        return {self.mark(url), self.mark(redact_text(url))}

    def _opened(self, name: str, scope: Scope) -> ScopeBook:
        book = ScopeBook(name, self._plan.budget, root=scope, night=self.night, register=self._lanes)
        book.questions.starts.update(self._marks(scope.url))
        return book

    def _restored(
        self,
        mark: int,
        key: CaptureKey,
        scopes: tuple[str, ...],
        outcome: ExchangeOutcome,
        purpose: Purpose,
        told: Told,
    ) -> Lane | None:
        """Take up the page of an earlier start of the run."""
        self._named.add(mark)
        if not is_masked(key.url):  # what was taken out of an address cannot be asked on another night
            self.shelf.put(Address(mark, key.url, purpose, None, self.night))
        for scope in scopes if purpose is Purpose.DOCUMENT else ():
            if scope in self.books:
                self.books[scope].questions.document()
        if outcome not in FREE:
            self.turns.charge(site_of(key.url))
        if not scopes or scopes[0] not in self.books or told.stratum is None:
            return None
        lane = self.books[scopes[0]].lanes.lane(site_of(key.url), told.stratum)
        lane.known += 1
        lane.drawn += 1
        lane.observed += 1
        self.books[scopes[0]].required += lane.certain
        return lane

    def _note(self, link: Link, address: Address) -> bool:
        """Book an address that was not known tonight and let it wait, unless it is skipped."""
        scopes = self.scopes_of(link.url)
        if not scopes:
            self._strange(link.url, address.mark)
            return False
        book = self.books[scopes[0]]
        skip = self._skip(link, book)
        self._count(scopes, skip, document=link.purpose is Purpose.DOCUMENT)
        if skip:
            return False
        book.evidence = max(book.evidence, address.seen)
        if redact_text(link.url) != link.url:  # what carries a secret is not written down
            visit = self._visit(address, None)
            book.put(visit)
            self.turns.enter(book, visit.site)
            return True
        self._wait(book, address)
        return True

    def _skip(self, link: Link, book: ScopeBook) -> str | None:
        if link.skip:
            if link.skip == "trap":
                book.traps.told(link.url)
            return link.skip
        if link.purpose not in self._purposes:
            return "policy"
        if self.refuses(link.url):
            return "exclude"
        return None if book.traps.admit(link.url) else "trap"

    def _wait(self, book: ScopeBook, address: Address) -> None:
        """Put an address on the shelf, in the lane of its stratum."""
        site = site_of(address.url)
        neutral = self.signs.neutral(address.url, book.root.url)
        lane = book.lanes.lane(site, self._stratum(book, address, neutral.url, neutral.language))
        lane.known += 1
        lane.waiting += 1
        lane.observed += book.recent(address)
        order = next(self._arrivals) if lane.certain else rank(self.night, book.scope, identity(neutral.url))
        self.shelf.put(msgspec.structs.replace(address, lane=lane.number, rank=order))
        self.turns.enter(book, site)

    def _stratum(self, book: ScopeBook, address: Address, neutral: str, language: str | None) -> str:
        if address.purpose is Purpose.DOCUMENT:
            return stratum_of(neutral, language, book.root.url, DOCUMENTS)
        if address.mark in book.questions.starts:
            return START
        folder = address.url.rstrip("/")
        if book.is_section(digest(folder)):
            book.questions.want(SECTIONS, address.mark)
            return SECTION_INDEX
        for parent in folders_of(folder, book.root.url):
            if book.child(digest(parent)):
                self._section(book, parent)
        return stratum_of(neutral, language, book.root.url)

    def _section(self, book: ScopeBook, folder: str) -> None:
        """Ask for the index of a folder, where something has named it."""
        for url in (folder, folder + "/"):
            mark = self.mark(url)
            if self._promote(mark, book, site_of(url), SECTION_INDEX) or mark in self._under_way:
                book.questions.want(SECTIONS, mark)
            elif mark in self._lost:
                book.questions.want(SECTIONS, mark, lost=True)

    def _promote(self, mark: int, book: ScopeBook, site: str, stratum: str) -> bool:
        """Move an address that waits among the required ones. Return whether it waits."""
        address = self.shelf.get(mark)
        if address is None or address.lane is None or address.lane not in self._lanes:
            return False
        before = self._lanes[address.lane]
        if not before.certain:
            after = book.lanes.lane(site, stratum)
            for lane, step in ((before, -1), (after, 1)):
                lane.known += step
                lane.waiting += step
                lane.observed += step * book.recent(address)
            self.shelf.move(mark, after.number, next(self._arrivals))
        return True

    def _visit(self, address: Address, lane: Lane | None) -> Visit:
        key = CaptureKey("GET", self._scopes.key_url(address.url))
        self._under_way[address.mark] = lane
        scopes = self.scopes_of(address.url)
        return Visit(
            address.url, key, address.purpose, scopes, address.found_on, stratum=lane.stratum if lane else None
        )

    def _count(self, scopes: tuple[str, ...], skip: str | None, *, document: bool) -> None:
        for scope in scopes:
            book = self.books[scope]
            if document and skip != "exclude":
                book.questions.document()
            if skip:
                book.skip(skip)
            else:
                book.known += 1

    def _strange(self, url: str, mark: int) -> None:
        """Book an address that belongs to no scope: cut out by its scope, or outside of all."""
        owner = self._excluding(url)
        if owner:
            self._count((name_of(owner),), "exclude", document=False)
        else:
            self.outside.add(mark)

    def excluded(self, url: str) -> bool:
        """Tell whether the scope that an address lies under cuts it out, and no other scope takes it in."""
        return self._excluding(url) is not None

    def is_shared(self, url: str) -> bool:
        """Tell whether several agencies share the host of an address."""
        return site_of(url) in self._shared

    def _excluding(self, url: str) -> ScopeOwner | None:
        if self._scopes.of(url):
            return None
        return next((item for item in self.owners if under(url, item.scope.url)), None)


def name_of(owner: ScopeOwner) -> str:
    """Return a scope's name. It may carry a key that the operator wrote into its address."""
    return redact_text(owner.scope.id)
