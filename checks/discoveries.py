"""What a night found by itself, per scope: language switch, news list, pages of terms and open data, publishers.

Pure: read from a view. `odrc learn` shows it; a person confirms or corrects; marking asks
`checks.marking.confirmed.Held` what was confirmed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from checks.facts.page import PageNames
from checks.findings import Evidence
from checks.marking.confirmed import Held
from checks.view import Page, ScopeView, View
from config.discoveries import NONE_FOUND, DiscoveryKind
from crawler.portals.publishers import Register, fold_name
from crawler.records import Record

_MOST = 8
"""Discoveries of one kind that are shown of a scope."""
BY_SETTINGS = "the settings"
"""Who confirmed a publisher that `publishers` of an agency name."""


class Found(msgspec.Struct, frozen=True):
    """One discovery with its evidence. `value` is what a line of the settings would hold; `by` who confirmed it."""

    agency: str
    scope: str | None
    kind: DiscoveryKind
    value: str
    excerpt: str
    evidence: Evidence | None = None
    by: str | None = None
    corrected: bool = False


def discoveries(view: View, held: Held) -> Iterator[Found]:
    """Yield what the night found, scope by scope, then the publishers; lines of people that found nothing stand too."""
    names = PageNames(view.pack)
    for scope in view.scopes:
        if scope.pages:
            found = [*_switch(scope), *_lists(scope, view.night), *_named(scope, names)]
            yield from _with_none(scope, found, held)
    yield from (_told(item, held) for item in _publishers(view))


def _with_none(scope: ScopeView, found: list[Found], held: Held) -> Iterator[Found]:
    for kind in DiscoveryKind:
        if kind is DiscoveryKind.PUBLISHER:
            continue
        mine = [item for item in found if item.kind is kind][:_MOST]
        shown = {item.value for item in mine}
        yield from (_told(item, held) for item in mine or [_found(scope, kind, NONE_FOUND, "")])
        for line in held.of(scope.agency.id, scope.scope.id, kind):
            if line.value not in shown and (mine or line.value != NONE_FOUND):
                yield Found(line.agency, scope.scope.id, kind, line.value, line.note, None, line.by, line.corrected)


def _told(item: Found, held: Held) -> Found:
    line = next((line for line in held.of(item.agency, item.scope, item.kind) if line.value == item.value), None)
    return msgspec.structs.replace(item, by=line.by, corrected=line.corrected) if line else item


def _found(scope: ScopeView, kind: DiscoveryKind, value: str, excerpt: str, page: Page | None = None) -> Found:
    evidence = page.cite("css:title", excerpt) if page else None
    return Found(scope.agency.id, scope.scope.id, kind, value, excerpt, evidence)


def _switch(scope: ScopeView) -> Iterator[Found]:
    """Yield the languages that pages offer, by the page that offers most of them."""
    offering = [page for page in scope.pages if page.facts.language_links]
    if offering:
        best = max(offering, key=lambda page: len(_offered(page)))
        methods = sorted({link.method for page in offering for link in page.facts.language_links})
        excerpt = f"{', '.join(_offered(best))} ({', '.join(methods)}) on {len(offering)} pages"
        yield _found(scope, DiscoveryKind.LANGUAGE_SWITCH, best.capture.key.url, excerpt, best)


def _offered(page: Page) -> list[str]:
    return sorted({link.language for link in page.facts.language_links})


def _lists(scope: ScopeView, night: date) -> Iterator[Found]:
    """Yield the dated lists, each with its newest entry that does not lie ahead."""
    for page in scope.pages:
        if page.facts.items and page.facts.section_kinds:
            past = [item for item in page.facts.items if item.date.value <= night.isoformat()] or page.facts.items
            newest = max(past, key=lambda item: item.date.value)
            excerpt = f"{', '.join(page.facts.section_kinds)}: {newest.date.text} {newest.title}"
            yield _found(scope, DiscoveryKind.NEWS_LIST, page.capture.key.url, excerpt, page)


def _named(scope: ScopeView, names: PageNames) -> Iterator[Found]:
    kinds = {"terms_pages": DiscoveryKind.TERMS_PAGE, "open_data_words": DiscoveryKind.OPEN_DATA_PAGE}
    for meaning, kind in kinds.items():
        for page in scope.pages:
            if names.has(meaning, page.facts.heading, page.facts.url):
                yield _found(scope, kind, page.capture.key.url, page.facts.heading, page)


def _publishers(view: View) -> Iterator[Found]:
    """Yield who publishes: matched by the settings, and names of strangers that equal a name of the register."""
    register = Register(view.agencies())
    counts: Counter[tuple[str, str, bool]] = Counter()
    names = {fold_name(text): body.id for body in view.agencies() for period in body.names
             for text in period.names.values()}  # fmt: skip
    for _portal, record in view.records():
        agency = register.agency_of(record)
        owner = agency.id if agency else _by_name(record, names)
        if owner:
            name = record.publisher_id or next(iter(record.publisher_names.values()), "")
            counts[owner, f"{record.portal}:{name}", agency is not None] += 1
    for (owner, value, matched), number in sorted(counts.items()):
        by = BY_SETTINGS if matched else None
        yield Found(owner, None, DiscoveryKind.PUBLISHER, value, f"{number} data sets", by=by)


def _by_name(record: Record, names: Mapping[str, str]) -> str | None:
    return next((names[key] for text in record.publisher_names.values() if (key := fold_name(text)) in names), None)
