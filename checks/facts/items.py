"""Dated lists: three or more entries of one shape, each a date beside a link (news, announcements, vacancies)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from checks.facts.dates import DateReader, iso_prefix
from checks.facts.html import Element, text_of
from checks.facts.layout import Layout
from checks.facts.letters import count_letters
from checks.facts.model import DateFact, DateMethod, ListItem, Precision
from config.urls import absolute

_LEAST_ITEMS = 3
_TITLE_LETTERS = 6
_CLIMB = 4
_LONGEST_DATE_TEXT = 160
_LONGEST_ITEM = 1500
_MOST_ITEMS = 200
_MOST_DATES = 2000
_MOST_NODES = 300
_WHOLE_LISTS = frozenset({"body", "html", "main", "ul", "ol", "table", "tbody"})


@dataclass(frozen=True)
class _Dated:
    """A date where it stands. `rank`: 0 a time element, 1 a text that is a date, 2 a date within a longer text."""

    element: Element
    date: DateFact
    rank: int


@dataclass(frozen=True)
class _Entry:
    container: Element
    found: _Dated
    title: str
    url: str | None


def list_items(layout: Layout, base: str, dates: DateReader) -> tuple[ListItem, ...]:
    """Return the dated entries of the lists in main text, in document order; empty when no list has three of them.

    Dates of menus, footers and widgets are no news.
    """
    groups: dict[tuple[Element | None, str], list[_Entry]] = defaultdict(list)
    for entry in _entries(layout, base, dates):
        groups[entry.container.getparent(), _shape(entry.container)].append(entry)
    lists = [group for group in groups.values() if len(group) >= _LEAST_ITEMS]
    entries = islice((entry for group in lists for entry in group), _MOST_ITEMS)
    return tuple(
        ListItem(entry.found.date, entry.title, entry.url, _picture(entry.container, base)) for entry in entries
    )


def _picture(container: Element, base: str) -> str | None:
    found = container.find(".//img")
    source = (found.get("data-src") or found.get("src") or "") if found is not None else ""
    return absolute(base, source) if source and not source.startswith("data:") else None


def _entries(layout: Layout, base: str, dates: DateReader) -> list[_Entry]:
    """Return one entry per container: its own date goes before a date that its title speaks of."""
    best: dict[Element, _Entry] = {}
    for item in islice(_dated(layout, dates), _MOST_DATES):
        entry = _entry(item, base)
        if entry and (entry.container not in best or item.rank < best[entry.container].found.rank):
            best[entry.container] = entry
    return list(best.values())


class _Place:
    """Tells whether an element stands in main text: where the nearest block around it stands."""

    def __init__(self, layout: Layout) -> None:
        self._all = {block.element for block in layout.blocks}
        self._main = {block.element for block in layout.main}

    def is_main(self, element: Element) -> bool:
        around = next((node for node in (element, *element.iterancestors()) if node in self._all), None)
        return around in self._main


def _dated(layout: Layout, dates: DateReader) -> Iterator[_Dated]:
    place = _Place(layout)
    for element in layout.datable:
        stated = _time(element) or _stated(element, dates) if place.is_main(element) else None
        if stated:
            yield stated


def _time(element: Element) -> _Dated | None:
    value = iso_prefix(element.get("datetime")) if element.tag == "time" else None
    if value is None or _within(element) is None:
        return None
    text = text_of(element)[:_LONGEST_DATE_TEXT]
    return _Dated(element, DateFact(value, Precision.DAY, DateMethod.TIME, text, _locator(element)), 0)


def _stated(element: Element, dates: DateReader) -> _Dated | None:
    own = " ".join(filter(None, (element.text, *(child.tail for child in element)))).strip()
    if not own or len(own) > _LONGEST_DATE_TEXT or not any(letter.isdigit() for letter in own):
        return None
    found = dates.first(" ".join(own.split()))
    if found is None:
        return None
    alone = count_letters(own) - count_letters(found.text) < _TITLE_LETTERS
    date = DateFact(found.value, found.precision, DateMethod.ITEM, found.text, _locator(element))
    return _Dated(element, date, 1 if alone else 2)


def _entry(item: _Dated, base: str) -> _Entry | None:
    """Climb from the date to the smallest element that also holds a link with a title."""
    node = item.element
    for _step in range(_CLIMB):
        within = _within(node)
        if within is None:
            return None
        link = next((inner for inner in within if inner.tag == "a" and _title(inner, item.date)), None)
        if link is not None:
            if node.tag in _WHOLE_LISTS or len(text_of(node)) > _LONGEST_ITEM:
                return None
            address = absolute(base, link.get("href") or "")
            return _Entry(_outermost(node), item, _title(link, item.date) or "", address)
        parent = node.getparent()
        if parent is None:
            return None
        node = parent
    return None


def _within(node: Element) -> list[Element] | None:
    """Return the elements of *node*, itself first; None when there are more than an entry has."""
    found = list(islice(node.iter(), _MOST_NODES + 1))
    return found if len(found) <= _MOST_NODES else None


def _outermost(node: Element) -> Element:
    """Return the list entry around *node*: wrappers that hold nothing else belong to it."""
    parent = node.getparent()
    while parent is not None and len(parent) == 1 and parent.tag not in _WHOLE_LISTS:
        node, parent = parent, parent.getparent()
    return node


def _title(link: Element, date: DateFact) -> str | None:
    if not link.get("href"):
        return None
    text = text_of(link).replace(date.text, " ").strip()
    return text if count_letters(text) >= _TITLE_LETTERS else None


def _shape(element: Element) -> str:
    words = (element.get("class") or "").split()
    return f"{element.tag}.{words[0] if words else ''}"


def _locator(element: Element) -> str:
    return "xpath:" + str(element.getroottree().getpath(element))
