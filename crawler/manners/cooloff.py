"""Hosts that turn us away (429, 503) are left alone for a while and asked again the same night.

How long: what Retry-After says (RFC 9110 section 10.2.3), within a cap; without it, or when the host turns us away
again, a time that doubles. After so many rests in a night the host is closed for us: what it did not give is not
observed. A host that answers well for long in between is forgiven: each row of good answers halves its rests.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

import msgspec

TURNED_AWAY = frozenset({429, 503})
_SHORTEST = 1.0
GOOD_ROW = 100  # good answers in a row for which half of a host's rests are forgiven


class CoolOff(msgspec.Struct, frozen=True):
    """A host's rests this night: how many count, when the last one ends (UTC), whether there will be no other."""

    rests: int
    until: datetime
    closed: bool = False


class Keeper(Protocol):
    """Keeps the rests of a night, so that a crawl that starts again knows them."""

    def cool_offs(self) -> dict[str, CoolOff]:
        """Return the rests so far, by host."""

    def keep(self, site: str, state: CoolOff) -> None:
        """Remember a host's rests."""


class CoolOffs:
    """The rests of one night. *first* and *cap* are seconds; *most* is how many rests a host gets.

    *row* is how many good answers, one after another, halve the rests that count.
    """

    def __init__(self, first: float, cap: float, most: int, keeper: Keeper | None = None, row: int = GOOD_ROW) -> None:
        self._first, self._cap, self._most, self._keeper, self._row = first, cap, most, keeper, row
        self._hosts = keeper.cool_offs() if keeper else {}
        self._good: Counter[str] = Counter()

    def turned_away(self, site: str, retry_after: str | None, now: datetime) -> CoolOff:
        """Note that a host turned us away and return what follows. While it rests, no further rest is counted."""
        known = self._hosts.get(site)
        if known and (known.closed or now < known.until):
            return known
        rests = known.rests + 1 if known else 1
        seconds = min(self._seconds(rests, seconds_asked(retry_after, now)), self._cap)
        state = CoolOff(min(rests, self._most), now + timedelta(seconds=seconds), closed=rests > self._most)
        self._good[site] = 0
        self._keep(site, state)
        return state

    def answered(self, site: str, *, well: bool) -> None:
        """Note an answer of a host that was not to turn us away: a long row of good ones is forgiveness."""
        state = self._hosts.get(site)
        if state is None or state.closed or not state.rests:
            return
        self._good[site] = self._good[site] + 1 if well else 0
        if self._good[site] >= self._row:
            self._good[site] = 0
            self._keep(site, msgspec.structs.replace(state, rests=state.rests // 2))

    def rested(self, site: str) -> bool:
        """Tell whether a host turned us away at all this night."""
        return site in self._hosts

    def resting(self, site: str, now: datetime) -> bool:
        """Tell whether a host rests now and will be asked again."""
        state = self._hosts.get(site)
        return state is not None and not state.closed and now < state.until

    def any_resting(self, now: datetime) -> bool:
        """Tell whether some host rests now."""
        return any(self.resting(site, now) for site in self._hosts)

    def closed(self, site: str) -> bool:
        """Tell whether a host is asked nothing more this night."""
        state = self._hosts.get(site)
        return state is not None and state.closed

    def states(self) -> dict[str, CoolOff]:
        """Return all hosts that turned us away."""
        return dict(self._hosts)

    def _keep(self, site: str, state: CoolOff) -> None:
        self._hosts[site] = state
        if self._keeper:
            self._keeper.keep(site, state)

    def _seconds(self, rests: int, asked: float | None) -> float:
        grown = self._first * 2.0 ** (rests - 1)
        if asked is None:
            return grown
        # The host's own word, once; one that turns us away after it did not know its own mind.
        return max(asked, _SHORTEST if rests == 1 else grown)


def seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, or None when there is none that can be read.

    Takes whole seconds and HTTP dates in all three forms; a moment that has passed asks for nothing.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12]) if len(text) <= 12 else float("inf")  # noqa: PLR2004 - 30,000 years are enough
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
