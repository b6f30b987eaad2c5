"""The day a page says it was published, and how it says so.

Candidates in order of trust: structured data (JSON-LD, microdata), meta elements, `<time>` and elements marked as a
date, labels, the address, a visible date by the heading. A date of change stands in only where no date of publication
is stated. Copyright lines, frames and future dates never are one. Nothing is completed: a month is a month.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from checks.facts import datenames as names
from checks.facts.dates import DateReader, FoundDate, iso_day
from checks.facts.html import Element, elements, found_by, text_of, words_of
from checks.facts.language import likeliest
from checks.facts.layout import Block
from checks.facts.model import DateFact, DateMethod, Precision
from checks.facts.months import cldr_months
from config.pack import Months, Phrase

_STAMP = re.compile(r"(?P<year>(?:19|20)\d{2})-?(?P<month>\d{2})-?(?P<day>\d{2})(?!\d)")
_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sign>[/_.-]?)(?P<month>0?[1-9]|1[0-2])(?P=sign)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
)
_FAR = 25
"""How much less is trusted what stands in a part of the page that speaks of other pages."""
_PUBLISHED = ("datepublished", "datecreated", "uploaddate")
_MODIFIED = ("datemodified",)
_LESSER = {"datecreated": 1, "uploaddate": _FAR + 2}
_LONGEST = 200
_ELSEWHERE = 50
"""Rank from which on a visible date stands beside the page's own parts."""
_SHORT = 120
_LONG = 1000
_BY_HEADING = 4
_MOST = 40
_MOST_ELEMENTS = 20_000
_ASKED = 1000
_DEEPEST = 12
_HIGHEST = 60
_MOST_MARKED = 150
_NO_DATE = frozenset({"script", "style", "meta", "body", "html"})
_MOST_JSON = 500_000


@dataclass(frozen=True)
class Candidate:
    """A date a page gives, how trustworthy its place is (0 best) and whether it speaks of a change.

    `far` marks what stands in a part of the page that speaks of other pages, or in its frame.
    """

    fact: DateFact
    rank: int
    changed: bool = False
    utc: bool = False
    far: bool = False


class PageDateReader:
    """Finds publication dates for one pack's months and labels. Deterministic, without a clock."""

    def __init__(self, months: dict[str, Months], labels: Iterable[Phrase]) -> None:
        self._months = months
        self._labels = tuple(sorted({phrase.p.lower() for phrase in labels}, key=len, reverse=True))
        self._reader = lru_cache(maxsize=64)(self._make_reader)

    def candidates(self, tree: Element, url: str, found: list[Block]) -> list[Candidate]:
        """Return what may be the publication date, the most trustworthy first."""
        dates = self._reader(_language(tree, found))
        every = [*_meta(tree, dates), *_structured(tree), *_address(url), *_marked(tree, dates)]
        every += self._labelled(found, dates)
        if not any(item.rank < _FAR and not item.changed for item in every):
            every += [*_scripts(tree), *_visible(found, dates)]
        return sorted(every[:_MOST], key=lambda item: (item.changed, item.rank))

    def published(self, tree: Element, url: str, found: list[Block], until: date) -> DateFact | None:
        """Return the day the page was published, not later than *until*, or None when it does not say."""
        every = [item for item in self.candidates(tree, url, found) if _is_past_day(item.fact, until)]
        if not every:
            return None
        return _local(every[0], every).fact

    def _make_reader(self, code: str) -> DateReader:
        return DateReader(self._months | cldr_months(code) if code not in self._months else self._months)

    def _labelled(self, found: list[Block], dates: DateReader) -> Iterator[Candidate]:
        for block in found:
            lower = block.text[:_LONGEST].lower()
            label = next((item for item in self._labels if item in lower), None)
            hit = dates.first(_plain(block.text[lower.index(label) : _LONGEST])) if label else None
            if hit and label and not block.footer:
                yield _candidate(hit, DateMethod.LABEL, f"{label}: {hit.text}", block.path, 30)


def _is_past_day(fact: DateFact, until: date) -> bool:
    return fact.precision is Precision.DAY and date.fromisoformat(fact.value) <= until


def _local(best: Candidate, every: list[Candidate]) -> Candidate:
    """Return *best*, or what the page calls the same moment locally: a stamp in UTC may fall on the day beside."""
    days = [item for item in every if not item.utc and not item.changed]
    if not best.utc or any(item.fact.value == best.fact.value for item in days):
        return best
    return next((item for item in days if abs(_ordinal(item) - _ordinal(best)) == 1), best)


def _ordinal(item: Candidate) -> int:
    return date.fromisoformat(item.fact.value).toordinal()


def _language(tree: Element, found: list[Block]) -> str:
    """Return the language code that a page declares, else the likeliest of about a hundred."""
    declared = tree.get("lang") or next(
        (
            element.get("content")
            for element in elements(tree, "meta")
            if (element.get("property") or element.get("http-equiv") or "").lower() in ("og:locale", "content-language")
        ),
        None,
    )
    code = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    return code or likeliest(" ".join(block.text for block in found if not block.frame)[:_ASKED])


def _candidate(
    hit: FoundDate, method: DateMethod, text: str, path: str, rank: int, *, changed: bool = False
) -> Candidate:
    return Candidate(DateFact(hit.value, hit.precision, method, text, path), rank, changed)


def _day(text: str | None) -> str | None:
    """Return the day of a machine-written stamp (2018-02-15T…, 20180215), or None."""
    hit = _STAMP.match((text or "").lstrip())
    return iso_day(int(hit["year"]), int(hit["month"]), int(hit["day"])) if hit else None


def _fact(value: str, method: DateMethod, text: str, locator: str) -> DateFact:
    return DateFact(value, Precision.DAY, method, text, locator)


def _structured(tree: Element) -> Iterator[Candidate]:
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json"):
            for rank, name, value in _statements(_json(script.text or "")):
                day = _day(value)
                if day:
                    fact = _fact(day, DateMethod.STRUCTURED, f"JSON-LD {name}: {value[:40]}", "css:script[ld+json]")
                    yield Candidate(fact, rank, name.lower() in _MODIFIED, bool(names.UTC.search(value)))
    for element in found_by(tree, "//*[@itemprop or @property]"):
        yield from _microdata(element)


def _scripts(tree: Element) -> Iterator[Candidate]:
    """Yield the first date of publication that the page's own program is handed."""
    for script in tree.iter("script"):
        hit = names.HANDED.search((script.text or "")[:_MOST_JSON])
        day = _day(hit["value"]) if hit else None
        if hit and day:
            fact = _fact(day, DateMethod.STRUCTURED, hit.group()[:_SHORT], "css:script")
            yield Candidate(fact, 35, utc=bool(names.UTC.search(hit["value"])))
            return


def _json(text: str) -> Any:
    try:
        return json.loads(text[:_MOST_JSON].strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _statements(node: Any, depth: int = 0) -> Iterator[tuple[int, str, str]]:
    """Yield (rank, property, value) of dates in JSON-LD: of articles first, then of any other thing."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for item in node[:_MOST]:
            yield from _statements(item, depth + 1)
    elif isinstance(node, dict):
        kind = str(node.get("@type", "")).lower()
        article = any(word in kind for word in ("article", "posting", "report"))
        for name, value in node.items():
            if name.lower() in (*_PUBLISHED, *_MODIFIED) and isinstance(value, str):
                rank = 0 if article else 2
                yield 10 + rank + _LESSER.get(name.lower(), 0), name, value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _statements(node.get(name), depth + 1)


def _microdata(element: Element) -> Iterator[Candidate]:
    stated = element.get("itemprop") or ("" if element.tag == "meta" else element.get("property")) or ""
    said = {name.rsplit(":", 1)[-1] for name in stated.lower().split()}
    changed = not said & set(_PUBLISHED)
    away = _distance(element)
    if (changed and not said & set(_MODIFIED)) or away is None:
        return
    value = element.get("datetime") or element.get("content") or text_of(element)[:_SHORT]
    day = _day(value)
    if day:
        path = "xpath:" + str(element.getroottree().getpath(element))
        fact = _fact(day, DateMethod.STRUCTURED, f"itemprop: {value[:40]}", path)
        yield Candidate(fact, 14 + away, changed, bool(names.UTC.search(value)), away > 0)


def _meta(tree: Element, dates: DateReader) -> Iterator[Candidate]:
    for element in elements(tree, "meta"):
        name = (element.get("property") or element.get("name") or element.get("http-equiv") or "").strip().lower()
        like = bool(names.META_LIKE.search(name)) and not names.NOT_META.search(name)
        if name in names.META or name in names.META_MODIFIED or like:
            content = element.get("content") or ""
            hit = None if _day(content) else dates.first(_plain(content[:_SHORT]))
            day = _day(content) or (hit.value if hit and hit.precision is Precision.DAY else None)
            if day:
                fact = _fact(day, DateMethod.META, f"{name}: {content[:40]}", f"css:meta[{name}]")
                rank = 18 if name not in names.META else 0
                yield Candidate(fact, rank, name in names.META_MODIFIED, bool(names.UTC.search(content)))


def _marked(tree: Element, dates: DateReader) -> Iterator[Candidate]:
    """Yield dates of `<time>` and of short elements whose class or id calls them a date."""
    for element in islice(_date_elements(tree), _MOST_MARKED):
        yield from _of_element(element, dates)


def _date_elements(tree: Element) -> Iterator[Element]:
    for element in islice(tree.iter(etree.Element), _MOST_ELEMENTS):
        if element.tag not in _NO_DATE and (element.tag == "time" or _is_signed(words_of(element))):
            yield element


@lru_cache(maxsize=4096)
def _is_signed(words: str) -> bool:
    """Tell whether class and id call an element a date; sites repeat few of them."""
    return bool(words and names.SIGNS.search(words))


def _of_element(element: Element, dates: DateReader) -> Iterator[Candidate]:
    timed, away, text = element.tag == "time", _distance(element), text_of(element)
    if away is None or (not timed and len(text) > _LONGEST):
        return
    stamp = (element.get("datetime") if timed else element.get("title")) or ""
    hit = None if _day(stamp) or names.COPYRIGHT.search(text) else dates.first(_plain(text))
    day = _day(stamp) or (hit.value if hit and hit.precision is Precision.DAY else None)
    if day:
        changed = bool(names.CHANGED.search(f"{words_of(element)} {text}"))
        path = "xpath:" + str(element.getroottree().getpath(element))
        fact = _fact(day, DateMethod.TIME, text[:_SHORT], path)
        yield Candidate(fact, (20 if timed else 22) + away, changed, bool(names.UTC.search(stamp)), away > 0)


def _distance(element: Element) -> int | None:
    """Return 0 for the page's own parts, more where other pages are spoken of, None for comments and rights."""
    away = 0
    for parent in (element, *islice(element.iterancestors(), _HIGHEST)):
        if parent.tag in ("body", "html"):
            break
        words = words_of(parent)
        if names.OTHERS.search(words):
            return None
        if parent.tag in ("aside", "footer", "nav") or names.ASIDE.search(words):
            away = _FAR
    return away


def _plain(text: str) -> str:
    """Return *text* without the dot that some languages put after the day."""
    return names.ORDINAL.sub(" ", text)


def _address(url: str) -> Iterator[Candidate]:
    hit = _ADDRESS.search(url)
    day = iso_day(int(hit["year"]), int(hit["month"]), int(hit["day"])) if hit else None
    if hit and day and (hit["sign"] or len(hit.group()) == len("20180215")):
        yield Candidate(_fact(day, DateMethod.URL, hit.group(), "header:url"), -1)


def _visible(found: list[Block], dates: DateReader) -> Iterator[Candidate]:
    """Yield the date that stands by the heading, then the first of main text, short blocks first, then of the frame."""
    top = next((number for number, block in enumerate(found) if block.element.tag == "h1"), None)
    near = found[max(0, top - _BY_HEADING) : top + _BY_HEADING + 1] if top is not None else []
    main = [block for block in found if not block.frame]
    own = [block for block in main if _distance(block.element) == 0]
    frame = [block for block in found if block.frame and not block.footer]
    passes = ((36, near, _SHORT), (40, own, _SHORT), (45, own, _LONG), (50, main, _SHORT), (60, frame, _SHORT))
    for rank, blocks, longest in passes:
        hit = next(_dated(blocks, longest, dates), None)
        if hit:
            fact = DateFact(hit[1].value, hit[1].precision, DateMethod.TEXT, hit[1].text, hit[0].path)
            yield Candidate(fact, rank, far=rank >= _ELSEWHERE)


def _dated(blocks: list[Block], longest: int, dates: DateReader) -> Iterator[tuple[Block, FoundDate]]:
    for block in blocks:
        if len(block.text) <= longest and not block.footer and not names.COPYRIGHT.search(block.text):
            hit = dates.first(_plain(block.text[:_LONGEST]))
            if hit and hit.precision is Precision.DAY:
                yield block, hit
