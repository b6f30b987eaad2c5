"""Entries of dated lists in several languages, paired one by one; which of them have no counterpart. No rule.

Entries are one piece of news when their pages name each other as versions, when their addresses differ by a language's
sign alone, when they bear one id, picture or number at about one time, or when they stand alone on a day in both lists.
What is ambiguous is left unpaired; a counterpart is called missing only where nothing unpaired could be it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from typing import NamedTuple
from urllib.parse import urlsplit

from checks.facts.model import ListItem, Precision
from checks.facts.versions import VersionReader
from checks.findings import Evidence
from checks.sections import Section
from checks.view import Page

LAG = 14
"""Days that a translation may come after its original and still be looked for."""
LEAST_PAIRS = 5
MOST_NAMED = 10
_PAGE = 5
"""Entries of the shortest page of a list that may go on on the next one."""
_SURE = frozenset({"alternate", "address"})
"""Ways of pairing that hold however late a translation comes: its lag is measured on them."""
_ID = re.compile(r"(?<!\d)\d{3,12}(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{2,9}(?!\d)")


class Entry(NamedTuple):
    """One entry of a version's list, and the day it bears."""

    language: str
    day: date
    item: ListItem
    page: Page

    def cite_as_missing(self, language: str) -> Evidence:
        """Cite an entry that has no counterpart in a language."""
        return self.page.cite(self.item.date.locator, f"no {language}: {self.item.date.text}: {self.item.title}")


class Pair(NamedTuple):
    """Two entries that are one, and how that is known."""

    left: Entry
    right: Entry
    method: str


@dataclass(frozen=True)
class Counterparts:
    """What the fullest list's entries are in another language: pairs, and entries that have surely no counterpart."""

    language: str
    pairs: tuple[Pair, ...]
    missing: tuple[Entry, ...]

    @property
    def lag(self) -> int | None:
        """The median of the days that this language comes after the fullest, over pairs; None without pairs."""
        return median_low((pair.right.day - pair.left.day).days for pair in self.pairs) if self.pairs else None

    @property
    def late(self) -> str | None:
        """The language whose entries come long after those they are paired with; None with too few pairs to tell."""
        lag = self.lag or 0
        if len(self.pairs) < LEAST_PAIRS or abs(lag) <= LAG:
            return None
        return self.language if lag > 0 else self.pairs[0].left.language


def listed(section: Section, night: date, window: int) -> dict[str, list[Entry]]:
    """Return the entries of each version's list, by language, in the *window* of days before the newest of all."""
    found = {
        code: [entry for entry in _entries(code, version.page) if entry.day <= night]
        for code, version in section.versions.items()
        if version.page
    }
    newest = max((entry.day for entries in found.values() for entry in entries), default=night)
    begin = newest - timedelta(days=window)
    return {code: [entry for entry in entries if entry.day >= begin] for code, entries in found.items()}


def comparable(lists: dict[str, list[Entry]]) -> dict[str, list[Entry]]:
    """Return the entries as far back as the fullest list reaches: what stands on its next page was not seen here."""
    full = max(lists.values(), key=lambda entries: (len(entries), _begin(entries)), default=[])
    return {code: [entry for entry in entries if entry.day >= _begin(full)] for code, entries in lists.items()}


def unsure(section: Section, lists: dict[str, list[Entry]]) -> set[str]:
    """Return the languages whose list may hold more than was read of it.

    It has a page's length and ends before the fullest does, so the rest may stand on its next page; or it has entries
    whose day could not be read.
    """
    full = max(lists.values(), key=len, default=[])
    cut = {code for code, found in lists.items() if len(found) >= _PAGE and _begin(found) > _begin(full)}
    pages = ((code, version.page) for code, version in section.versions.items())
    dayless = {code for code, page in pages if page and any(_is_dayless(item) for item in page.facts.items)}
    return cut | dayless


def _is_dayless(item: ListItem) -> bool:
    return item.date.precision is not Precision.DAY


def counterparts(section: Section, lists: dict[str, list[Entry]]) -> tuple[Counterparts, ...]:
    """Return what the entries of the fullest list are in each other version, in the versions' order."""
    fullest = max(lists, key=lambda code: len(lists[code]), default="")
    pairing = _Pairing(section)
    return tuple(pairing.of(lists[fullest], code, lists[code]) for code in lists if code != fullest)


def _begin(entries: Iterable[Entry]) -> date:
    return min((entry.day for entry in entries), default=date.min)


def _entries(code: str, page: Page) -> Iterable[Entry]:
    for item in page.facts.items:
        if item.date.precision is Precision.DAY:
            yield Entry(code, date.fromisoformat(item.date.value), item, page)


class _Pairing:
    """Pairs the entries of two lists of one section, the surest signs first."""

    def __init__(self, section: Section) -> None:
        self._section = section
        self._own = {page.facts.url for page in section.pages}
        self._versions = VersionReader(section.view.pack)
        self._keys: tuple[tuple[str, Callable[[Entry], Hashable | None]], ...] = (
            ("address", self._neutral),
            ("id", _id),
            ("picture", lambda entry: entry.item.picture),
            ("number", _numbers),
            ("day", lambda entry: entry.day),
        )

    def of(self, full: list[Entry], language: str, others: list[Entry]) -> Counterparts:
        """Return pairs of *full* and *others*, and what of *full* has no counterpart among them."""
        pairs = self._alternates(full, others)
        for method, key in self._keys:
            pairs += _by_key(method, key, *_unpaired(pairs, full, others))
        left, right = _unpaired(pairs, full, others)
        reach = _begin(others)
        missing = [entry for entry in left if entry.day >= reach and not any(_is_near(entry, item) for item in right)]
        return Counterparts(language, tuple(pairs), tuple(missing))

    def _page(self, entry: Entry) -> str | None:
        """Return the address of an entry's own page: that of the list itself is none."""
        return entry.item.url if entry.item.url not in self._own else None

    def _neutral(self, entry: Entry) -> str | None:
        url = self._page(entry)
        return self._versions.neutral(url, self._section.scope.url).url if url else None

    def _alternates(self, full: list[Entry], others: list[Entry]) -> list[Pair]:
        """Pair entries of which one's page names the other's as its version."""
        by_url, pairs = _alone(self._page, others), dict[Hashable, Pair]()
        for url, entry in _alone(self._page, full).items():
            other = next((name for name in self._named(str(url)) if name in by_url and name not in pairs), None)
            if other:
                pairs[other] = Pair(entry, by_url[other], "alternate")
        return list(pairs.values())

    def _named(self, url: str) -> list[str]:
        view = self._section.view
        capture = view.sees(url)
        facts = view.page(capture) if capture else None
        return [link.url for link in facts.language_links if link.url != url] if facts else []


def _unpaired(pairs: list[Pair], full: list[Entry], others: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    taken = {id(entry) for pair in pairs for entry in pair[:2]}
    return [item for item in full if id(item) not in taken], [item for item in others if id(item) not in taken]


def _by_key(method: str, key: Callable[[Entry], Hashable | None], full: list[Entry], others: list[Entry]) -> list[Pair]:
    """Pair entries that share a key which nothing else in either list has, at about one time where it may be chance."""
    left, right = _alone(key, full), _alone(key, others)
    both = ((entry, right[name]) for name, entry in left.items() if name in right)
    return [Pair(*pair, method) for pair in both if method in _SURE or _is_near(*pair)]


def _alone(key: Callable[[Entry], Hashable | None], entries: list[Entry]) -> dict[Hashable, Entry]:
    named = [(name, entry) for entry in entries if (name := key(entry)) is not None]
    times = Counter(name for name, _entry in named)
    return {name: entry for name, entry in named if times[name] == 1}


def _is_near(left: Entry, right: Entry) -> bool:
    return abs((left.day - right.day).days) <= LAG


def _id(entry: Entry) -> str | None:
    """Return the last number of an address that may be an id: not a year, month or day of the entry itself."""
    parts = urlsplit(entry.item.url or "")
    found = _ID.findall(f"{parts.path}?{parts.query}")
    return next((item for item in reversed(found) if item != str(entry.day.year)), None)


def _numbers(entry: Entry) -> tuple[date, frozenset[str]] | None:
    """Return the day and the numbers that a title speaks of."""
    found = frozenset(_NUMBER.findall(entry.item.title))
    return (entry.day, found) if found else None
