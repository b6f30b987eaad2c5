"""CKAN: `package_search` of the Action API version 3, page by page.

CKAN's own robots.txt forbids /api/; where that is so, the catalogue files of ckanext-dcat are asked for instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.model import Portal
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.portals import ckanmap, dcat, values
from crawler.portals.base import Ask, UnreadableError
from crawler.portals.jsonread import Listing, read_listing
from crawler.records import Record

ROWS = 100
_SEARCH = "/api/3/action/package_search"
_FEED = "/catalog.ttl"
_SERVER_ERROR = 500


class Ckan:
    """The adapter of kind `ckan`. `Portal.url` is the site's own address, or that of its API."""

    def first_requests(self, portal: Portal) -> Iterator[Ask]:
        """Ask for the first page."""
        yield Ask(values.with_query(site_of(portal.url) + _SEARCH, sort="id asc", rows=ROWS, start=0), Purpose.PORTAL)

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        """Ask for the page behind this one, if this one held something or broke."""
        if not speaks(capture.key.url):
            yield from dcat.ADAPTER.next_requests(portal, capture, body)
            return
        start = values.whole(values.query_of(capture.key.url).get("start")) or 0
        if capture.outcome is ExchangeOutcome.ROBOTS and start == 0:
            yield Ask(site_of(portal.url) + _FEED, Purpose.PORTAL, variant=dcat.ACCEPT)
            return
        step = _step(capture, body, start)
        if step:
            yield Ask(values.with_query(capture.key.url, start=start + step), Purpose.PORTAL)

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        """Return the packages of a page."""
        if not speaks(capture.key.url):
            yield from dcat.ADAPTER.records(portal, capture, body)
            return
        for number, package in _listing(capture, body).objects():
            yield ckanmap.record(site_of(portal.url), package, (portal.id, capture.id, f"$.result.results[{number}]"))

    def total(self, portal: Portal, capture: Capture, body: bytes) -> int | None:
        """Return `count`, which some portals cap or invent."""
        if not speaks(capture.key.url):
            return dcat.ADAPTER.total(portal, capture, body)
        try:
            return values.whole(_listing(capture, body).around.get("count"))
        except UnreadableError:
            return None


ADAPTER = Ckan()


def speaks(url: str) -> bool:
    """Tell whether an address is one of the API's."""
    return _SEARCH in urlsplit(url).path


def site_of(url: str) -> str:
    """Return the site's address, whatever address of its API was configured."""
    return url.partition("?")[0].partition("/api/")[0].rstrip("/")


def _listing(capture: Capture, body: bytes) -> Listing:
    return read_listing(capture, body, "result", "results")


def _step(capture: Capture, body: bytes, start: int) -> int:
    """Return how many packages lie between this page and the next: what came, since servers cap `rows`; 0 is the end.

    Behind a page that broke it is what was asked for, and the harvest counts how often that may happen.
    """
    try:
        listing = _listing(capture, body)
    except UnreadableError:
        broken = capture.answered or (capture.status or 0) >= _SERVER_ERROR
        return _asked(capture) if broken and start else 0
    if listing.trouble:
        return _asked(capture)
    return len(listing.entries)


def _asked(capture: Capture) -> int:
    return values.whole(values.query_of(capture.key.url).get("rows")) or ROWS
