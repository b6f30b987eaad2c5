"""Dated lists: three or more entries of one shape, each a date beside a link (news, announcements, vacancies)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from checks.facts.dates import DateReader, iso_prefix
from checks.facts.html import SKIPPED, elements, text_of
from checks.facts.language import count_letters
from checks.facts.model import DateFact, DateMethod, ListItem, Precision
from config.urls import absolute

_LEAST_ITEMS = 3
_TITLE_LETTERS = 6
_CLIMB = 4
_LONGEST_DATE_TEXT = 160
_LONGEST_ITEM = 1500
_MOST_ITEMS = 200


@dataclass(frozen=True)
class _Entry:
    container: HtmlElement
    date: DateFact
    title: str
    url: str | None


def list_items(tree: HtmlElement, base: str, dates: DateReader) -> tuple[ListItem, ...]:
    """Return the dated entries of all lists on a page, in document order; empty when no list has three of them."""
    groups: dict[tuple[HtmlElement | None, str], list[_Entry]] = defaultdict(list)
    seen: set[HtmlElement] = set()
    for element, date in _dated(tree, dates):
        entry = _entry(element, date, base)
        if entry and entry.container not in seen:
            seen.add(entry.container)
            groups[entry.container.getparent(), _shape(entry.container)].append(entry)
    lists = [group for group in groups.values() if len(group) >= _LEAST_ITEMS]
    found = [ListItem(entry.date, entry.title, entry.url) for group in lists for entry in group]
    return tuple(found[:_MOST_ITEMS])


def _dated(tree: HtmlElement, dates: DateReader) -> Iterable[tuple[HtmlElement, DateFact]]:
    body = tree.find("body")
    for element in body.iter() if body is not None else ():
        if not isinstance(element.tag, str) or element.tag in SKIPPED:
            continue
        date = _time(element) if element.tag == "time" else _stated(element, dates)
        if date:
            yield element, date


def _time(element: HtmlElement) -> DateFact | None:
    value = iso_prefix(element.get("datetime"))
    if value is None:
        return None
    return DateFact(value, Precision.DAY, DateMethod.TIME, text_of(element)[:_LONGEST_DATE_TEXT], _locator(element))


def _stated(element: HtmlElement, dates: DateReader) -> DateFact | None:
    own = " ".join(filter(None, (element.text, *(child.tail for child in element)))).strip()
    if not own or len(own) > _LONGEST_DATE_TEXT or not any(letter.isdigit() for letter in own):
        return None
    found = dates.first(" ".join(own.split()))
    if found is None:
        return None
    return DateFact(found.value, found.precision, DateMethod.ITEM, found.text, _locator(element))


def _entry(element: HtmlElement, date: DateFact, base: str) -> _Entry | None:
    """Climb from the date to the smallest element that also holds a link with a title."""
    node = element
    for _step in range(_CLIMB):
        link = next((item for item in elements(node, "a") if _title(item, date)), None)
        if link is not None:
            if node.tag in ("body", "html", "main", "ul", "ol", "table", "tbody") or len(text_of(node)) > _LONGEST_ITEM:
                return None
            container = _outermost(node)
            return _Entry(container, date, _title(link, date) or "", absolute(base, link.get("href") or ""))
        parent = node.getparent()
        if parent is None:
            return None
        node = parent
    return None


def _outermost(node: HtmlElement) -> HtmlElement:
    """Return the list entry around *node*: wrappers that hold nothing else belong to it."""
    parent = node.getparent()
    while parent is not None and len(parent) == 1 and parent.tag not in ("body", "main", "ul", "ol", "tbody"):
        node, parent = parent, parent.getparent()
    return node


def _title(link: HtmlElement, date: DateFact) -> str | None:
    if not link.get("href"):
        return None
    text = text_of(link).replace(date.text, " ").strip()
    return text if count_letters(text) >= _TITLE_LETTERS else None


def _shape(element: HtmlElement) -> str:
    words = (element.get("class") or "").split()
    return f"{element.tag}.{words[0] if words else ''}"


def _locator(element: HtmlElement) -> str:
    return "xpath:" + str(element.getroottree().getpath(element))
