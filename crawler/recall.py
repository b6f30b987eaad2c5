"""Recalls what earlier nights knew of the addresses: from the shelf, or from the archive when the shelf is gone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from crawler.addresses import MEMORY, Addresses
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.html import Page, is_html, judge, links_of
from crawler.redact import is_masked, redact_text
from crawler.secondlook import of_series
from crawler.shelf import Address

logger = logging.getLogger(__name__)

_ANSWERED = frozenset({ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED})
_GONE = frozenset({404, 410})


def remember(addresses: Addresses, archive: Archive, night: date) -> None:
    """Fill a shelf that is new from the archive's earlier nights, then let what is remembered wait for its turn.

    Call when this run's own captures are settled and before anything is added.
    """
    if addresses.shelf.fresh:
        for address in _archived(addresses, archive, night):
            addresses.shelf.put(address)
        addresses.shelf.filled()
    addresses.recall()


def _archived(addresses: Addresses, archive: Archive, night: date) -> Iterator[Address]:
    """Yield what the archive knows: pages and documents by their newest capture, and the links of those pages."""
    newest: dict[str, Capture] = {}
    earlier = archive.captures(until=night - timedelta(days=1), since=night - timedelta(days=MEMORY))
    for capture in of_series(earlier):
        if capture.purpose in (Purpose.PAGE, Purpose.DOCUMENT) and not capture.key.variant:
            newest[capture.key.text()] = capture
    for capture in newest.values():
        if capture.status not in _GONE and not is_masked(capture.key.url):
            seen = capture.night.toordinal() if capture.outcome in _ANSWERED else 0
            mark = addresses.mark(capture.key.url)
            named = capture.night.toordinal()
            yield Address(mark, capture.key.url, capture.purpose, capture.found_on, named, seen)
        yield from _links(addresses, archive, capture)


def _links(addresses: Addresses, archive: Archive, capture: Capture) -> list[Address]:
    """Return the links of a page. One that cannot be read costs its links, not the memory of all others."""
    try:
        return list(_named(addresses, archive, capture))
    except ArchiveError as error:
        logger.warning("links of %s are not known: %s", capture.url, error)
    except Exception:
        logger.exception("links of %s are not known", capture.url)
    return []


def _named(addresses: Addresses, archive: Archive, capture: Capture) -> Iterator[Address]:
    if capture.purpose is not Purpose.PAGE or not capture.answered:
        return
    body = archive.body(capture)
    if not is_html(body, capture.header("content-type")):
        return
    for link in links_of(Page(body, capture.header("content-type")), capture.url).links:
        wanted = not link.skip and not link.nofollow and link.url == redact_text(link.url) and not is_masked(link.url)
        if wanted and addresses.scopes_of(link.url):
            found = judge(link.url)
            named = capture.night.toordinal()
            yield Address(addresses.mark(found.url), found.url, found.purpose, capture.url, named)
