"""Leaving out what is not due: a sampled page that is likely to be as it was is not asked; its last answer stands.

Required pages are asked every night. What is left out must have been read before as a page, so that its links are known
without its body, and its last answer must be young enough to count as evidence.
"""

from __future__ import annotations

import logging
import sqlite3
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawler.books import Visit
from crawler.capture import Capture, How, Purpose
from crawler.paces import Paces
from crawler.pagereading import follow
from crawler.readings import Reading
from crawler.redact import is_masked, redact_text
from crawler.sight import Sight
from crawler.strata import is_certain
from crawler.verdicts import Verdict

if TYPE_CHECKING:
    from crawler.crawl import Crawl

logger = logging.getLogger(__name__)

_PURPOSES = frozenset({Purpose.PAGE, Purpose.DOCUMENT})


class Leaving:
    """Decides for one night. *longest* is the age, in nights, to which an answer counts as evidence."""

    def __init__(self, paces: Paces, night: date, longest: int) -> None:
        self._paces, self._night, self._longest = paces, night, timedelta(days=longest)

    def out(self, crawl: Crawl, visit: Visit) -> bool:
        """Tell whether a question that was drawn is left out; it is then booked, and the links of its page noted."""
        sampled = visit.stratum is not None and not is_certain(visit.stratum)
        if not sampled or visit.purpose not in _PURPOSES or visit.how is not How.PLAIN:
            return False
        key = redact_text(visit.key.text())
        if is_masked(key) or self._paces.due(key, self._longest):  # several addresses may share a masked one
            return False
        known = crawl.recorder.known(visit.key)
        if known is None or self._night - known.capture.night >= self._longest:
            return False
        reading = _reading(crawl, known.capture)
        if reading is None:
            return False
        crawl.frontier.leave_out(visit)
        _follow(crawl, known.capture, reading)
        return True

    def close(self) -> None:
        """Let go of the paces."""
        self._paces.close()


def _reading(crawl: Crawl, capture: Capture) -> Reading | None:
    """Return what was read of a page; None when that is not known any more, or was no page worth trusting."""
    if capture.purpose is not Purpose.PAGE:
        return Reading(None, None)
    found = crawl.readings.get(capture) if crawl.readings else None
    return found if found and found.verdict and found.verdict.verdict is Verdict.PAGE else None


def _follow(crawl: Crawl, capture: Capture, reading: Reading) -> None:
    try:
        follow(crawl, reading, Sight(capture, lambda: crawl.recorder.body(capture)))
    except sqlite3.Error:
        raise  # a full disk: the crawl stops
    except Exception:
        logger.exception("links of %s cannot be followed", capture.url)
