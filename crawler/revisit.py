"""When a page is looked at again: seldom where looks found nothing new, often where they did. Pure, no clock.

The time to the next look doubles with each look that found the page as before and halves with each that found it
changed, between half a day and thirty. Change is told by the main text's digest where there is one: a page whose
numbers or session ids alone differ has not changed. Before there are two looks, a Last-Modified says how long a page is
likely to stay as it is: a tenth of its age, the share that caches use (RFC 9111 section 4.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from crawler.archive.history import HistoryEntry

SHORTEST, FIRST, LONGEST = timedelta(hours=12), timedelta(days=1), timedelta(days=30)
_HEURISTIC = 10


class Pace(msgspec.Struct, frozen=True):
    """What is known of a page's pace: its last look, the digest it found (None: it failed), the time to the next."""

    night: date
    digest: str | None
    wait: timedelta = FIRST

    def after(self, night: date, digest: str | None) -> Pace:
        """Return the pace after another look. A look that failed leaves the wait, and asks for another at once."""
        if night <= self.night:
            return Pace(self.night, digest or self.digest, self.wait)
        if digest is None or self.digest is None:
            return Pace(night, digest, self.wait)
        wait = self.wait * 2 if digest == self.digest else self.wait / 2
        return Pace(night, digest, min(max(wait, SHORTEST), LONGEST))


def first_pace(night: date, digest: str | None, unchanged_for: timedelta | None = None) -> Pace:
    """Return the pace after one look at a page that had been *unchanged_for* so long, if it said."""
    wait = FIRST if unchanged_for is None else min(max(unchanged_for / _HEURISTIC, SHORTEST), LONGEST)
    return Pace(night, digest, wait)


def pace_of(looks: Iterable[HistoryEntry]) -> Pace | None:
    """Return the pace that a key's entries of the history tell, in any order; None when there are none."""
    pace: Pace | None = None
    for look in sorted(looks, key=lambda look: look.night):
        pace = step(pace, look)
    return pace


def step(pace: Pace | None, look: HistoryEntry) -> Pace:
    """Return the pace of a key after a look that the history tells of."""
    digest = (look.main_text or look.sha256) if look.outcome in ("ok", "not_modified") else None
    if pace:
        return pace.after(look.night, digest)
    days = look.unchanged_days
    return first_pace(look.night, digest, None if days is None else timedelta(days=days))


def due(pace: Pace | None, night: date, longest: timedelta = LONGEST) -> bool:
    """Tell whether a page is to be looked at on *night*. Unknown and failed ones are; no wait exceeds *longest*."""
    if pace is None or pace.digest is None or night <= pace.night:
        return True
    # Whole nights: a wait of half a day is over by the next night, one of a day and a half by the second.
    return night - pace.night >= min(pace.wait, longest)
