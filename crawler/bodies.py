"""Bodies of what was recorded. One that the archive cannot give back costs its page, not the night."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.archive.layout import ArchiveError, GoneError
from crawler.books import Visit
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.conditional import Known

if TYPE_CHECKING:
    from crawler.crawl import Crawl

logger = logging.getLogger(__name__)

INCIDENT = "unreadable_record"


def body_of(crawl: Crawl, visit: Visit, capture: Capture) -> bytes:
    """Return the body of a recorded visit; what the server confirmed comes from the archive. Raises ArchiveError."""
    if capture.outcome is ExchangeOutcome.NOT_MODIFIED and not visit.body:
        return crawl.recorder.body(capture)
    return visit.body


def lenient(crawl: Crawl, capture: Capture, body: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return *body* as one that never raises ArchiveError: it is then empty, and noted with its host."""

    def read() -> bytes:
        try:
            return body()
        except ArchiveError as error:
            _note(crawl, capture, error)
            return b""

    return read


def sound(crawl: Crawl, visit: Visit, known: Known) -> bool:
    """Tell whether a confirmed body can be had where the crawl needs it; if not, it has to be asked for whole.

    Files are not read tonight, and of most pages it is known what was read.
    """
    page = visit.purpose is Purpose.PAGE and not crawl.frontier.addresses.starts(visit.key)
    if visit.purpose is Purpose.DOCUMENT or (page and crawl.readings and known.capture in crawl.readings):
        return True
    try:
        visit.body = crawl.recorder.body(known.capture)
    except ArchiveError as error:
        _note(crawl, known.capture, error)
        visit.spoiled = not isinstance(error, GoneError)  # what was taken out on purpose is not kept again
        return False
    return True


def _note(crawl: Crawl, capture: Capture, error: ArchiveError) -> None:
    logger.warning("%s cannot be read again: %s", capture.url, error)
    crawl.incident(capture, INCIDENT)
