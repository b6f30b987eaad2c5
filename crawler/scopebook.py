"""The account of one scope: beside a book's numbers, its strata, its questions, and how far link discovery came."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from config.model import Scope
from crawler.books import Book
from crawler.coverage import ScopeCoverage, Stratum
from crawler.questions import Questions
from crawler.shelf import Address
from crawler.strata import RECENT, Lane, Lanes
from crawler.traps import Traps

QUIET = 50  # so many random pages in a row that name nothing new: at most 6 % of all pages would (95 %)
_REQUIRED_SHARE = 0.6
_FOLDERS = 20_000
_CHILDREN = 3


class Phase(Enum):
    """Whose turn it is on a host: required pages of all scopes, then samples, then the rest of what is required."""

    REQUIRED = 1
    SAMPLE = 2
    BEYOND = 3


@dataclass(eq=False)
class ScopeBook(Book):
    """One scope's account. Addresses wait on the shelf by lane; `required` are the pages drawn as such so far."""

    root: Scope = field(kw_only=True)
    night: int = field(kw_only=True)
    register: dict[int, Lane] = field(kw_only=True)
    share: int | None = None
    evidence: int = 0
    required: int = 0
    quiet: int = 0
    companions: deque[int] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.lanes = Lanes(self.register)
        self.questions = Questions()
        self.traps = Traps(self.night)
        self._folders: Counter[int] = Counter()

    def lane(self, site: str, phase: Phase) -> Lane | None:
        """Return the lane to draw from in a phase, or None."""
        if self.used_up:
            return None
        if phase is Phase.SAMPLE:
            return self.lanes.sample(site)
        cap = min((limit for limit in (self.budget, self.share) if limit is not None), default=None)
        within = cap is None or self.required < max(1, int(cap * _REQUIRED_SHARE))
        return self.lanes.required(site) if within or phase is Phase.BEYOND else None

    def recent(self, address: Address) -> bool:
        """Tell whether an address was seen on one of the last nights."""
        return address.seen > self.night - RECENT

    def drawn(self, lane: Lane, address: Address) -> None:
        """Book an address that is asked now."""
        lane.waiting -= 1
        lane.drawn += 1
        lane.observed += not self.recent(address)
        self.spent += 1
        self.required += lane.certain

    def cut(self, lane: Lane, address: Address) -> None:
        """Book an address that waited and turned out to be part of a trap: it is no page of the stratum."""
        lane.waiting -= 1
        lane.observed -= self.recent(address)
        lane.known -= 1
        self.skipped["trap"] += 1

    def waits(self, site: str) -> bool:
        """Tell whether something waits for a host that the budget allows."""
        return super().waits(site) or (not self.used_up and self.lanes.waiting(site))

    def child(self, folder: int) -> bool:
        """Count an address below a folder. Return whether it is the one that makes the folder a section."""
        if folder not in self._folders and len(self._folders) >= _FOLDERS:
            return False
        self._folders[folder] += 1
        return self._folders[folder] == _CHILDREN

    def is_section(self, folder: int) -> bool:
        """Tell whether enough addresses lie below a folder to call its page a section's index."""
        return self._folders.get(folder, 0) >= _CHILDREN

    def statement(self, rest: str | None, question: str = "links") -> ScopeCoverage:
        """Return the account, with strata and all questions."""
        plain = super().statement(rest, question)
        answers = self.questions.exhausted()
        whole = plain.exhausted[question] and not self.questions.unread
        found = whole or (answers["sections"] and self.quiet >= QUIET)
        return msgspec.structs.replace(
            plain,
            exhausted={**plain.exhausted, question: whole, **answers},
            discovered=found,
            strata=self._strata(),
            traps=self.traps.cuts(),
        )

    def _strata(self) -> tuple[Stratum, ...]:
        known: Counter[str] = Counter()
        fetched: Counter[str] = Counter()
        for lane in self.lanes:
            known[lane.stratum] += lane.known
            fetched[lane.stratum] += lane.fetched
        certain = {lane.stratum: lane.certain for lane in self.lanes}
        return tuple(Stratum(name, not certain[name], known[name], fetched[name]) for name in sorted(known))
