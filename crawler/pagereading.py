"""What becomes of a page that was fetched: it is read, here or by the reader meanwhile, and its links are noted."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.books import site_of
from crawler.readings import GIVEN_UP, Reading, read_page
from crawler.readingwork import Read
from crawler.sight import Sight
from crawler.verdicts import Verdict

if TYPE_CHECKING:
    from crawler.crawl import Crawl

logger = logging.getLogger(__name__)


class UnreadablePageError(Exception):
    """The reader could not read a page."""


def taken_up(crawl: Crawl, sight: Sight) -> None:
    """Take up what is known of the very same page, else have it read."""
    with _guarded(crawl, sight):
        known = crawl.readings.get(sight.capture) if crawl.readings else None
        if known and known.given_up:
            raise UnreadablePageError("it was given up before")
        if known:
            _taken_in(crawl, sight, known)
        elif not (crawl.reader and crawl.reader.takes(sight)):
            _learned(crawl, sight, read_page(sight))


def told(crawl: Crawl, sight: Sight, read: Read) -> None:
    """Take in what the reader says of a page."""
    with _guarded(crawl, sight):
        if read.reading is None:
            if crawl.readings:
                crawl.readings.put(sight.capture, GIVEN_UP)
            raise UnreadablePageError(read.error)
        _learned(crawl, sight, read.reading)


def unread(crawl: Crawl, sight: Sight) -> None:
    """Note that nobody knows what a page names: its scopes are not seen in full."""
    crawl.frontier.addresses.leave_unread(sight.capture.key, sight.capture.scopes)


def follow(crawl: Crawl, reading: Reading, sight: Sight) -> None:
    """Note the links of a page, unless it is not one of the site's own."""
    capture = sight.capture
    if reading.links is None or reading.verdict is None:
        return
    if reading.verdict.verdict is Verdict.BLOCKED:
        crawl.host(site_of(capture.url)).incidents[f"blocked:{reading.verdict.reason}"] += 1
    else:
        crawl.finder.page(capture, reading.links, crawl.finder.menu(sight))
    if reading.verdict.verdict is Verdict.PAGE:
        if not crawl.tours.guides(capture):
            crawl.frontier.add_variants(capture.key, capture.scopes, capture.stratum)
        crawl.finder.compare(reading.links, sight)


def _learned(crawl: Crawl, sight: Sight, reading: Reading) -> None:
    if crawl.readings:
        crawl.readings.put(sight.capture, reading)
    _taken_in(crawl, sight, reading)


def _taken_in(crawl: Crawl, sight: Sight, reading: Reading) -> None:
    follow(crawl, crawl.looks.judged(sight.capture, reading, lambda: sight.body), sight)


@contextmanager
def _guarded(crawl: Crawl, sight: Sight) -> Iterator[None]:
    """Let a page that breaks our reading cost its links, not the night; it is noted with its host."""
    try:
        yield
    except sqlite3.Error as error:  # the list of addresses cannot be written: a full disk
        crawl.stop(f"archive: {error}")
    except Exception:
        logger.exception("links of %s cannot be read", sight.capture.url)
        crawl.host(site_of(sight.capture.url)).incidents["unreadable_page"] += 1
        unread(crawl, sight)
