"""Taking up a run where an earlier start of it stopped, and what earlier nights knew: from the archive alone."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.bodies import INCIDENT, lenient
from crawler.capture import Capture, Purpose
from crawler.recall import remember

if TYPE_CHECKING:
    from crawler.crawl import Crawl

logger = logging.getLogger(__name__)


def restore(crawl: Crawl, archive: Archive) -> None:
    """Take up what an earlier start of this run left in the archive, and what earlier nights knew."""
    info = crawl.recorder.info
    captures = list(archive.run(info.night, info.run))
    for capture in captures:
        _settled(crawl, capture, archive)
    if not crawl.dry:
        remember(crawl.frontier.addresses, archive, info.night)
    for robots in crawl.robots:
        crawl.finder.robots(*robots)
    for capture in captures:
        held = partial(_body, archive, capture)
        crawl.looks.end_of(capture, lenient(crawl, capture, held))
        crawl.read(capture, held, live=False)


def _settled(crawl: Crawl, capture: Capture, archive: Archive) -> None:
    """Book what an earlier start had asked."""
    crawl.started = min(crawl.started, capture.started)
    crawl.book(capture, len(capture.redirects) + (capture.status is not None))
    if capture.purpose is Purpose.ROBOTS:
        _known_robots(crawl, capture, archive)
    elif not crawl.looks.again(capture, lenient(crawl, capture, partial(_body, archive, capture))):
        crawl.end(capture)
        crawl.tours.again(capture)


def _known_robots(crawl: Crawl, capture: Capture, archive: Archive) -> None:
    """Take up a robots.txt of an earlier start. One that cannot be read again is asked again: it may forbid."""
    try:
        crawl.robots.append((capture, _body(archive, capture)))
    except ArchiveError:
        logger.exception("%s is asked again", capture.url)
        crawl.incident(capture, INCIDENT)


def _body(archive: Archive, capture: Capture) -> bytes:
    return archive.body(capture) if capture.sha256 else b""
