"""What a platform's data states itself: dates, entries and kinds, located in the data and not in any markup."""

from __future__ import annotations

import msgspec

from checks.facts.dates import iso_prefix
from checks.facts.model import DateFact, DateMethod, ListItem, PageFacts, Precision
from checks.redact import Redactor
from crawler.platforms import Entry, PlatformPage

_MOST_ITEMS = 200
_TITLE_LENGTH = 120


def completed(facts: PageFacts, page: PlatformPage, redactor: Redactor) -> PageFacts:
    """Return facts that were read from the page's text, with what the data states beside it."""
    published = _date(page.published, page.locator, redactor)
    items = (_item(entry, redactor) for entry in page.entries)
    return msgspec.structs.replace(
        facts,
        items=tuple(item for item in items if item)[:_MOST_ITEMS],
        dates=((published,) if published else ()) + facts.dates,
        section_kinds=tuple(sorted({*facts.section_kinds, *page.kinds})),
    )


def _item(entry: Entry, redactor: Redactor) -> ListItem | None:
    date = _date(entry.date, entry.locator, redactor)
    url = redactor.url(entry.url) if entry.url else None
    return ListItem(date, redactor.excerpt(entry.title, _TITLE_LENGTH), url) if date else None


def _date(stated: str | None, locator: str, redactor: Redactor) -> DateFact | None:
    value = iso_prefix(stated)
    text = redactor.excerpt(stated or "", _TITLE_LENGTH)
    return DateFact(value, Precision.DAY, DateMethod.STRUCTURED, text, f"json:{locator}") if value else None
