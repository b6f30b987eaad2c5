"""Traps: addresses without end. They are cut off, counted, and named, per scope.

Three kinds are told from the address: dates yet to come on pages that take dates, filters that combine (facets), and
what `crawler.html.judge` refuses (repeating segments, endless length, calendars by name). The rest shows only when
pages are read: a kind of address (folder, or path and parameter names) whose pages bring, one after another, neither an
address nor words that the kind had not brought before. An archive, a catalogue's 500 pages and articles always do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from crawler.coverage import Cut
from crawler.html import is_trap

BARREN = 30  # so many pages of a kind in a row name nothing new
EQUAL = 20  # so many of them in a row then bring no new words either
_PLAIN = 8  # so many of them in a row whose words are new for the most part: the kind is honest for now
_LONGEST_TRIAL = 80
_WATCHED = 40  # a kind is watched once it has so many addresses
_FACETS = 24  # so many different sets of two or more filters on one path: five filters in all their combinations
_KINDS = 2_000
_REMEMBERED = 50_000
_MOST_MEMORY = 50_000
_TEXT = 20_000  # characters
_NEW_RUNS, _NEW_SHARE = 2, 0.05  # runs of three words, and their share where filters choose from the same things
_PLAIN_SHARE = 0.5
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PAGING = frozenset({"page", "p", "paged", "start", "offset", "from", "limit", "pagen_1", "pagenum", "pg", "per_page"})
_YEAR, _MONTH = frozenset({"year", "y", "god"}), frozenset({"month", "m"})
_DATED = re.compile(r"(?:^|[/=])((?:19|20|21)\d\d)[-/.](\d\d?)(?:[-/.](\d\d?))?(?:$|[/?&])")
_FAR = 1_000  # days ahead: programmes and plans of the coming years are no calendar


@dataclass
class _Kind:
    """Addresses that look alike, and what their pages brought."""

    known: int = 0
    barren: int = 0
    patience: int = BARREN
    trial: list[bool] = field(default_factory=list)
    plain: int = 0
    cut: bool = False
    links: set[int] = field(default_factory=set)
    words: set[int] = field(default_factory=set)


class Traps:
    """The traps of one scope on one night (an ordinal)."""

    def __init__(self, night: int) -> None:
        self._night = night
        self._kinds: dict[str, _Kind] = {}
        self._cut: Counter[tuple[str, str]] = Counter()
        self._filters: dict[str, set[str]] = {}

    def admit(self, url: str) -> bool:
        """Tell whether a new address may be asked. One that may not is counted."""
        shape, filters = shape_of(url)
        kind = self._kind(shape)
        if kind is None:
            return True
        kind.known += 1
        if kind.cut:
            return self._refuse("near_equal", shape)
        if filters > 1 and self._combines(shape):
            return self._refuse("facets", shape.partition("?")[0] + "?*")
        if self._to_come(url):
            return self._refuse("calendar", shape)
        return True

    def is_cut(self, url: str) -> bool:
        """Tell whether an address that waits belongs to a kind that was cut since. It is then counted."""
        shape = shape_of(url)[0]
        kind = self._kinds.get(shape)
        return bool(kind and kind.cut and not self._refuse("near_equal", shape))

    def told(self, url: str) -> None:
        """Count an address that was refused for how it looks."""
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.lower().split("/") if segment]
        self._refuse("endless_address" if is_trap(url, segments) else "calendar", shape_of(url)[0][:200])

    def suspects(self, url: str, links: Iterable[str]) -> bool:
        """Compare the addresses that a page names with what its kind named. Return whether its text is to be compared.

        That costs another reading, so it is done after a run of pages that named nothing new, and twice as late after
        each time that the texts were found to differ.
        """
        shape = shape_of(url)[0]
        kind = self._kinds.get(shape)
        if kind is None or kind.cut or kind.known < _WATCHED:
            return False
        if len(kind.links) > _MOST_MEMORY:
            kind.links.clear()
        # Those of the kind itself are in `links` too: they need no second look, and are not counted.
        new = [link for link in links if hash(link) not in kind.links]
        kind.links.update(map(hash, new))
        if any(shape_of(link)[0] != shape for link in new):
            kind.barren = 0
            kind.trial.clear()
            return False
        kind.barren += 1
        return kind.barren >= kind.patience

    def read(self, url: str, text: str) -> None:
        """Compare the text of a suspected page with those of its kind: one that brings no new words is near equal."""
        shape, filters = shape_of(url)
        kind = self._kinds[shape]
        if len(kind.words) > _MOST_MEMORY:
            kind.words = set()
        runs = _runs(text)
        novel = len(runs - kind.words)
        kind.words |= runs
        kind.plain = kind.plain + 1 if novel > _PLAIN_SHARE * len(runs) else 0
        kind.trial.append(novel >= max(_NEW_RUNS, _NEW_SHARE * len(runs) if filters > 1 else 0))
        kind.cut = len(kind.trial) >= EQUAL and not any(kind.trial[-EQUAL:])
        told = kind.plain >= _PLAIN or sum(kind.trial) > EQUAL or len(kind.trial) >= _LONGEST_TRIAL
        if told and not kind.cut:
            kind.trial.clear()
            kind.barren, kind.plain, kind.patience = 0, 0, kind.patience * 2

    def cuts(self) -> tuple[Cut, ...]:
        """Return what was cut off, most first."""
        return tuple(Cut(kind, pattern, number) for (kind, pattern), number in self._cut.most_common(100))

    def _kind(self, shape: str) -> _Kind | None:
        found = self._kinds.get(shape)
        if found is None and len(self._kinds) < _KINDS:
            found = self._kinds[shape] = _Kind()
        return found

    def _refuse(self, kind: str, shape: str) -> bool:
        self._cut[(kind, shape)] += 1
        return False

    def _combines(self, shape: str) -> bool:
        """Tell whether the filters of a path are set in all their combinations."""
        path, _, names = shape.partition("?")
        sets = self._filters.setdefault(path, set())
        if len(sets) <= _FACETS:
            sets.add(names)
        return len(sets) > _FACETS

    def _to_come(self, url: str) -> bool:
        """Tell whether the address names a day far ahead: calendars lead on for ever, archives end."""
        year, month = _named_date(url)
        if year is None:
            return False
        try:
            named = date(year, month or 12, 1).toordinal()
        except ValueError:
            return True
        return named > self._night + _FAR


@lru_cache(maxsize=_REMEMBERED)  # menus name the same addresses on every page
def shape_of(url: str) -> tuple[str, int]:
    """Return the kind of an address and how many filters it sets: numbers are one, names in a folder are one."""
    parts = urlsplit(url)
    path = _DIGITS.sub("0", parts.path)
    if not parts.query:
        return path.rpartition("/")[0] + "/*", 0
    names = sorted({name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{path}?{'&'.join(names)}", sum(name not in _PAGING for name in names)


def _named_date(url: str) -> tuple[int | None, int | None]:
    """Return year and month that an address names, by its parameters or written out."""
    parts = urlsplit(url)
    given = {name.lower(): value for name, value in parse_qsl(parts.query)} if parts.query else {}
    year = next((int(given[name]) for name in given if name in _YEAR and re.fullmatch(r"\d{4}", given[name])), None)
    month = next((int(given[name]) for name in given if name in _MONTH and re.fullmatch(r"\d\d?", given[name])), None)
    if year is not None:
        return year, month
    found = _DATED.search(f"{parts.path}?{parts.query}")
    return (int(found[1]), int(found[2])) if found else (None, None)


def _runs(text: str) -> set[int]:
    """Return the runs of three words of a text. Numbers are no words: they are what differs in a calendar."""
    words = _WORD.findall(text[:_TEXT].lower())
    return set(map(hash, zip(words, words[1:], words[2:], strict=False)))
