"""Which hosts may be asked now, and the questions that wait until theirs may be.

A host rests because it turned us away (`crawler.manners.cooloff`) or because a person paused it (`odrc pause`). Its
questions wait, other hosts go on. What it has not given when nothing else is left is `cooled_off` or `paused`.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from config.model import CrawlSettings
from crawler.books import Visit
from crawler.capture import ExchangeOutcome
from crawler.clock import Clock
from crawler.hosts import Standing
from crawler.manners.cooloff import CoolOffs
from crawler.manners.notes import Entry, HostNotes, holds_for

_UNAVAILABLE = "503"
_ERRORS, _GONE = 400, frozenset({404, 410})
logger = logging.getLogger(__name__)


class Rest:
    """The rests of one run. Without notes nothing is kept and no pause is known."""

    def __init__(self, settings: CrawlSettings, clock: Clock, notes: HostNotes | None = None) -> None:
        self._clock, self._notes = clock, notes
        self._cool = CoolOffs(
            settings.cool_off, settings.cool_off_cap, settings.cool_offs, notes, settings.cool_off_row
        )
        self._pauses: dict[str, Entry] = {}
        self._waiting: deque[Visit] = deque()
        self._good: Counter[str] = Counter()
        self._doubted: dict[str, int] = {}
        self._gave_up: set[str] = set()
        self.look()

    def look(self) -> None:
        """Look whether somebody paused or resumed a host."""
        if self._notes:
            try:
                self._pauses = self._notes.paused(self._clock.now())
            except sqlite3.Error:
                logger.warning("the pauses cannot be read; those known stay in force", exc_info=True)

    def turned_away(self, visit: Visit | None, site: str, retry_after: str | None) -> None:
        """Note that a host turned a question away, or, without a visit, what a page of another host asked it for."""
        if visit and self.own_trouble(visit):
            return
        self._doubted[site] = self._good[site]
        with _unkept(site):
            self._cool.turned_away(site, retry_after, self._clock.now())

    def proved(self, site: str) -> bool:
        """Tell whether a host that rested has answered since. One that has not is asked one question at a time."""
        return site not in self._doubted or self._good[site] > self._doubted[site]

    def closed(self, site: str) -> bool:
        """Tell whether a host is asked nothing more this night."""
        return self._cool.closed(site)

    def good(self, site: str, status: int = 200) -> None:
        """Note that a host answered a question. What it answered tells whether it is well."""
        self._good[site] += 1
        with _unkept(site):
            self._cool.answered(site, well=status < _ERRORS or status in _GONE)

    def silent(self, site: str) -> None:
        """Note that a host did not answer a question."""
        self._cool.answered(site, well=False)

    def own_trouble(self, visit: Visit) -> bool:
        """Tell whether a page was unavailable before and its host has answered others since: the trouble is its own."""
        return _UNAVAILABLE in visit.tries and self._answered_since(visit)

    def hold(self, visit: Visit) -> None:
        """Let a question wait until its host may be asked again."""
        visit.held = self._good[visit.site]
        self._waiting.append(visit)

    def release(self, ready: Callable[[str], bool], *, proved: bool) -> Visit | None:
        """Return a question that waits no more; *proved* asks that its host has answered something since."""
        return self._take(lambda item: ready(item.site) and (not proved or self._answered_since(item)))

    def give_up(self) -> Visit | None:
        """Return a question that waits for a paused host, or None."""
        return self._take(lambda item: self.paused(item.site) is not None)

    def may_ask(self, site: str) -> bool:
        """Tell whether questions to the host may be drawn; those to a closed host are, and are refused at once."""
        return not self.paused(site) and not (self._cool.rested(site) and self._cool.resting(site, self._clock.now()))

    def paused(self, site: str) -> Entry | None:
        """Return the pause of a host, or None."""
        if not self._pauses:
            return None
        found = (entry for host, entry in self._pauses.items() if holds_for(host, site))
        return next((entry for entry in found if entry.until and self._clock.now() < entry.until), None)

    def refusal(self, site: str) -> tuple[ExchangeOutcome, str] | None:
        """Return the outcome that stands for all questions to a host, or None when it may be asked."""
        pause = self.paused(site)
        if pause:
            self._gave_up.add(site)
            return ExchangeOutcome.PAUSED, pause.text()
        if self._cool.closed(site):
            return ExchangeOutcome.COOLED_OFF, f"the host turned us away after {self._cool.states()[site].rests} rests"
        return None

    def standing(self, site: str) -> tuple[Standing, datetime | None]:
        """Return whether a host is asked, rests, is paused or was left for the night, and until when (UTC)."""
        pause, cool = self.paused(site), self._cool.states().get(site)
        if pause:
            return "paused", pause.until
        if cool and cool.closed:
            return "closed", None
        return ("resting", cool.until) if cool and self._clock.now() < cool.until else ("asked", None)

    @property
    def any_resting(self) -> bool:
        """Whether some host rests that will be asked again tonight."""
        return self._cool.any_resting(self._clock.now())

    @property
    def waiting(self) -> bool:
        """Whether questions wait."""
        return bool(self._waiting)

    def incidents(self) -> Iterator[tuple[str, str]]:
        """Yield (host, incident), one for each host that rested."""
        for site, state in self._cool.states().items():
            yield site, "cooled_off" if state.closed else "rate_limited"
        for site in sorted(self._gave_up):
            yield site, "paused"

    def _take(self, fits: Callable[[Visit], bool]) -> Visit | None:
        found = next((item for item in self._waiting if fits(item)), None) if self._waiting else None
        if found:
            self._waiting.remove(found)
        return found

    def _answered_since(self, visit: Visit) -> bool:
        return visit.held is not None and self._good[visit.site] > visit.held


@contextmanager
def _unkept(site: str) -> Iterator[None]:
    """Go on when a host's rests cannot be written: they hold in memory."""
    try:
        yield
    except sqlite3.Error:
        logger.warning("the rests of %s could not be kept; they hold until this process ends", site, exc_info=True)
