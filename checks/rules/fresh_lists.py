"""What FRESH-01 reads: the dated lists of a section, those its pages show or else those its feeds hold. No rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from checks.facts.dates import days
from checks.facts.model import DateMethod, ListItem, Precision
from checks.findings import Evidence
from checks.listings import Listed, listings
from checks.sections import Section
from checks.view import Page

TITLE_LETTERS = 40
"""Signs from which on an equal title is the same news: short ones come again (announcement, bulletin)."""


@dataclass(frozen=True)
class DatedList:
    """Entries with dates, the capture key they stand under, and how to cite them. `method`: list_item or feed."""

    key: str
    items: tuple[ListItem, ...]
    cite: Callable[[str, str], Evidence]
    method: DateMethod = DateMethod.ITEM

    def days(self, until: date) -> list[date]:
        """Return the days of the entries, newest first, none of them after *until*."""
        return [day for day in days(item.date.value for item in self.items) if day <= until]

    def cite_newest(self, newest: date | None) -> Evidence:
        """Cite the entry that bears the newest day, else the first of the list."""
        wanted = newest.isoformat() if newest else None
        item = next((entry for entry in self.items if entry.date.value == wanted), self.items[0])
        how = f"{self.method.value}: " if self.method is not DateMethod.ITEM else ""
        return self.cite(item.date.locator, f"{how}{item.date.text}: {item.title}")


@dataclass(frozen=True)
class Lists:
    """The dated lists of a dynamic section, and what else dates it.

    `shown` are those that count: on its pages, or in its feeds where no page shows one. `feeds` are the feeds beside
    lists that pages show. `listed` is the newest day that a sitemap gives to an entry.
    """

    kinds: list[str]
    shown: list[DatedList]
    feeds: list[DatedList]
    listed: Listed | None
    template: bool

    @property
    def by_feed(self) -> bool:
        """Whether feeds alone bear dates."""
        return bool(self.shown) and self.shown[0].method is DateMethod.FEED

    def days(self, until: date) -> list[date]:
        """Return the days of all entries that count, newest first."""
        return sorted({day for item in self.shown for day in item.days(until)}, reverse=True)

    def newest_in_feeds(self, until: date) -> date | None:
        """Return the newest day in the feeds beside lists that pages show."""
        return max((day for item in self.feeds for day in item.days(until)), default=None)


def lists_of(section: Section, night: date) -> Lists | None:
    """Return what dates a section; None when it is no dynamic one. Days after *night* date nothing that was posted."""
    dynamic = [page for page in section.pages if page.facts.section_kinds]
    if not dynamic:
        return None
    known = listings(section.view)
    pages = [_on_page(page) for page in dynamic if page.facts.items]
    past = [item for item in pages if any(entry.date.value <= night.isoformat() for entry in item.items)]
    feeds = [
        DatedList(feed.capture.key.text(), feed.items, feed.cite, DateMethod.FEED) for feed in known.feeds(section)
    ]
    kinds = sorted({kind for page in dynamic if page.facts.items or not pages for kind in page.facts.section_kinds})
    return Lists(
        kinds, past or feeds or pages, feeds if past else [], known.newest(section), known.is_template(section)
    )


def _on_page(page: Page) -> DatedList:
    return DatedList(page.capture.key.text(), page.facts.items, page.cite)


def months(lists: Iterable[DatedList], night: date) -> list[str]:
    """Return the months that entries bear which state no day, none of them ahead."""
    dates = (item.date for found in lists for item in found.items)
    return sorted(
        {item.value for item in dates if item.precision is Precision.MONTH and item.value <= night.isoformat()}
    )


def lagging(lists: Iterable[DatedList], newest: date, most: int) -> list[str]:
    """Return the keys of language versions whose newest entry lies more than *most* days behind the section's."""
    shown = [item for item in lists if item.method is DateMethod.ITEM]
    return sorted(item.key for item in shown if (found := item.days(newest)) and (newest - found[0]).days > most)


def first_posted(lists: Iterable[DatedList]) -> list[date]:
    """Return the days of entries, each long title on the first day it bears: posted again, it is nothing new."""
    first: dict[str, date] = {}
    for number, item in enumerate(item for found in lists for item in found.items):
        if item.date.precision is Precision.DAY:
            title = " ".join(item.title.casefold().split())
            key = title if len(title) >= TITLE_LETTERS else f"{number}"
            day = date.fromisoformat(item.date.value)
            first[key] = min(day, first.get(key, day))
    return sorted(first.values(), reverse=True)
