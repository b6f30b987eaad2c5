"""What feeds and sitemaps say of the days of what they list.

Feeds (RSS 2.0, RSS 1.0 in RDF, Atom of RFC 4287) are lists of entries with dates. A sitemap's `lastmod` (sitemaps.org)
is the word of what made it: a day that nearly all pages bear is the template's, and so is one moment that all entries
of a feed bear. Both are set aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import msgspec

from checks.facts.dates import DateReader, iso_prefix
from checks.facts.model import DateFact, DateMethod, ListItem, Precision
from checks.redact import Redactor
from config.pack import Pack
from config.urls import absolute
from crawler.capture import Capture
from crawler.safexml import children, local, text
from crawler.sitemaps import whole_entries

VERSION = 1
MOST_ITEMS = 200
MOST_PAGES = 2_000
TEMPLATE_SHARE = 0.9
"""Share of dated pages from which on one day is the template's."""
_LEAST = 3
_LONGEST = 60
_TITLE_LENGTH = 120
_RFC_822 = re.compile(r"(?:[A-Za-z]{3},?\s{1,3})?\d{1,2}\s{1,3}[A-Za-z]{3,9}\.?\s{1,3}\d{2,4}\b")
_MOMENT = re.compile(r"\d:[0-5]\d")
_MIDNIGHT = re.compile(r"(?<![\d:])00:00(?::00(?:\.0{1,9})?)?(?![\d:])")
_STAMPS = ("pubDate", "published", "date", "issued", "updated", "modified")
"""Elements that date an entry of a feed, the day of publication before that of a change."""


class Lastmod(msgspec.Struct, frozen=True, array_like=True):
    """A page of a sitemap and the day on which it is said to have changed last."""

    url: str
    day: str


class ListFacts(msgspec.Struct, frozen=True):
    """One feed or sitemap. `kind`: feed, sitemap or index; empty for bytes that are no such list.

    `items` are the dated entries of a feed in its order, `pages` those of a sitemap, newest first; both without what
    bears the day (`template`) that stands at nearly all. `entries` and `dated` count all that were read.
    """

    url: str
    kind: str = ""
    entries: int = 0
    dated: int = 0
    template: str | None = None
    items: tuple[ListItem, ...] = ()
    pages: tuple[Lastmod, ...] = ()

    @property
    def days(self) -> tuple[str, ...]:
        """The days of all that is listed, each once, newest first."""
        return tuple(sorted({item.date.value for item in self.items} | {item.day for item in self.pages}, reverse=True))


class _Entry(NamedTuple):
    """What was read of one entry: its address and stamp as written, what it is called, and the day in the stamp."""

    address: str
    title: str
    stamp: str
    day: str | None
    name: str
    number: int


class ListReader:
    """Reads feeds and sitemaps for one pack: its month names, and what it calls personal."""

    def __init__(self, pack: Pack) -> None:
        self._dates = DateReader(pack.extraction.months)
        self._redactor = Redactor(pack.extraction.personal)

    def read(self, capture: Capture, body: bytes) -> ListFacts:
        """Return the facts of one list. Raises nothing for any bytes: what is no list has no entries."""
        kind, found = "", []
        for number, (of_list, element) in enumerate(whole_entries(body), start=1):
            kind = of_list
            found.append(self._entry(of_list, element, number))
        dated = [item for item in found if item.day]
        template = _template(kind, dated)
        told = [item for item in dated if item.day != template]
        return ListFacts(
            self._redactor.url(capture.url), kind, len(found), len(dated), template,
            items=tuple(self._item(item, capture.url) for item in told[:MOST_ITEMS]) if kind == "feed" else (),
            pages=tuple(self._pages(told, capture.url)) if kind == "sitemap" else (),
        )  # fmt: skip

    def _entry(self, kind: str, element: Any, number: int) -> _Entry:
        stamp = _stamp(kind, element)
        title = next((text(item) for item in children(element, "title")), "") if kind == "feed" else ""
        return _Entry(_address(kind, element), title, stamp, self._day(stamp), local(element), number)

    def _day(self, stamp: str) -> str | None:
        """Return the day of a stamp as stated, in the zone it is stated in: ISO 8601, RFC 822, or written."""
        found = iso_prefix(stamp) or _of_mail(stamp)
        if found or not stamp:
            return found
        written = self._dates.first(stamp)
        return written.value if written and written.precision is Precision.DAY else None

    def _item(self, entry: _Entry, base: str) -> ListItem:
        place = f"xpath:(//*[local-name()='{entry.name}'])[{entry.number}]"
        date = DateFact(entry.day or "", Precision.DAY, DateMethod.FEED, self._redactor.excerpt(entry.stamp), place)
        return ListItem(date, self._redactor.excerpt(entry.title, _TITLE_LENGTH), self._url(entry, base))

    def _pages(self, entries: list[_Entry], base: str) -> Iterator[Lastmod]:
        newest = sorted(entries, key=lambda item: (item.day or "", item.address), reverse=True)
        for item in newest[:MOST_PAGES]:
            if item.day and (url := self._url(item, base)):
                yield Lastmod(url, item.day)

    def _url(self, entry: _Entry, base: str) -> str | None:
        url = absolute(base, entry.address) if entry.address else None
        return self._redactor.url(url) if url else None


def _stamp(kind: str, element: Any) -> str:
    names = _STAMPS if kind == "feed" else ("lastmod",)
    stamps = {local(item): text(item)[:_LONGEST] for item in reversed(element) if isinstance(item.tag, str)}
    return next((stamps[name] for name in names if stamps.get(name)), "")


def _address(kind: str, element: Any) -> str:
    if kind != "feed":
        return next((text(item) for item in children(element, "loc")), "")
    links = list(children(element, "link"))
    told = (text(item) or item.get("href") or "" for item in links if item.get("rel", "alternate") == "alternate")
    return next(filter(None, told), "")


def _of_mail(stamp: str) -> str | None:
    """Return the day of an RFC 822 date, as RSS writes it."""
    if not _RFC_822.match(stamp):
        return None
    try:
        return iso_prefix(parsedate_to_datetime(stamp).date().isoformat())
    except (ValueError, OverflowError, IndexError):
        return None


def _template(kind: str, dated: list[_Entry]) -> str | None:
    """Return the day that is no entry's own; None when there is none, or too few entries to tell.

    Entries of a feed may well be of one day: there only one moment, to the minute and not midnight, gives it away.
    """
    if len(dated) < _LEAST:
        return None
    if kind == "feed":
        stamps = {item.stamp for item in dated}
        stamp = next(iter(stamps))
        return dated[0].day if len(stamps) == 1 and _MOMENT.search(stamp) and not _MIDNIGHT.search(stamp) else None
    day, times = Counter(item.day for item in dated).most_common(1)[0]
    return day if times >= TEMPLATE_SHARE * len(dated) else None
