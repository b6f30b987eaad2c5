"""One run of the crawl as plain code: what to ask next, what an answer means, when to stop, what to state at the end.

Scrapy only carries requests and responses; every decision is made here, so it can be tested without a reactor.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable
from functools import partial

from config.model import CrawlSettings
from config.urls import absolute
from crawler import conditional
from crawler.bodies import body_of, lenient, sound
from crawler.books import Visit, site_of
from crawler.capture import Capture, ExchangeOutcome, How, Purpose
from crawler.clock import Clock
from crawler.conditional import Known
from crawler.control import Controls
from crawler.coverage import RunCoverage
from crawler.finding import Finder
from crawler.frontier import Frontier, Told
from crawler.harvest import Harvest
from crawler.hosts import HostBook, Progress, Pulse
from crawler.leaving import Leaving
from crawler.looks import Looks
from crawler.manners.cooloff import TURNED_AWAY
from crawler.manners.rest import Rest
from crawler.order import following, prepared
from crawler.pagereading import taken_up, unread
from crawler.platforms.tours import Tours
from crawler.policy import PEEK_BYTES, FetchPolicy
from crawler.reader import Reader
from crawler.readings import Readings
from crawler.recorder import Answer, Recorder
from crawler.sight import Sight
from crawler.statement import statement
from crawler.tails import TAIL_BYTES

logger = logging.getLogger(__name__)

ROBOTS_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_LIMITS = {Purpose.ROBOTS: ROBOTS_BYTES, Purpose.TAIL: TAIL_BYTES}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_GOOD = frozenset({ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED})
# Passing troubles, as Scrapy's own retry middleware counts them.
# 429 and 503 are the host's, not the page's: `crawler.manners.rest`.
_TRY_AGAIN_STATUS = frozenset({408, 500, 502, 504, 522, 524})
_TRY_AGAIN = frozenset({ExchangeOutcome.TIMEOUT, ExchangeOutcome.RESET, ExchangeOutcome.REFUSED, ExchangeOutcome.DNS})
_BOUND = frozenset({Purpose.PAGE, Purpose.DOCUMENT, Purpose.BASELINE})
_WHOLE = frozenset({Purpose.PORTAL, Purpose.BASELINE, Purpose.SITEMAP})
_PROGRESS_EVERY = 25


class Crawl:
    """The state of one run. `reason` says why it stops early, once it does; a `dry` run asks for robots.txt only."""

    def __init__(
        self,
        settings: CrawlSettings,
        policy: FetchPolicy,
        frontier: Frontier,
        recorder: Recorder,
        clock: Clock,
    ) -> None:
        self.settings, self.policy, self.frontier, self.clock = settings, policy, frontier, clock
        self.recorder = recorder
        self.busy: Counter[str] = Counter()
        self.reason: str | None = None
        self.tell: Callable[[Progress | None], None] = _silent
        self.robots: list[tuple[Capture, bytes]] = []
        self.dry = False
        self.harvest = Harvest(frontier)
        self.readings: Readings | None = None
        self.reader: Reader | None = None
        self.leaving: Leaving | None = None
        self.tours = Tours(frontier)
        self.looks = Looks(settings.baselines, settings.render.budget)
        self.finder = Finder(frontier)
        self.rest = Rest(settings, clock)
        self.controls = Controls((), clock)
        self.hosts: dict[str, HostBook] = {}
        self._pulse = Pulse()
        self.started = clock.now()

    def seed(self) -> None:
        """Put each scope's own address and each portal's first requests on the list."""
        self.frontier.begin()
        self.harvest.seed()
        self.tours.seed()

    def draw(self) -> Visit | None:
        """Return the next address to ask, or None when there is none that may be asked now."""
        try:
            while not self.reason and not self._sated and (visit := following(self)):
                self.busy[site_of(visit.key.url)] += 1
                refusal = self.rest.refusal(visit.site)
                if refusal is None:
                    return prepared(self, visit)
                self._refused(visit, *refusal)
        except sqlite3.Error as error:  # a full disk
            self.stop(f"archive: {error}")
        return None

    def hold(self, visit: Visit) -> None:
        """Let a question wait until its host may be asked again. robots.txt is asked anew by the next question."""
        if visit.purpose is not Purpose.ROBOTS:
            self.busy[site_of(visit.key.url)] -= 1
            self.rest.hold(visit)

    def conditions(self, visit: Visit) -> dict[str, str]:
        """Return the request headers by which a body that the archive holds is not sent again."""
        return conditional.conditions(visit.known, visit.url, self.clock.now())

    @property
    def idle(self) -> bool:
        """Whether nothing waits that may be asked."""
        quiet = self.looks.errands.empty and self.controls.empty and not self._reading
        return quiet and self.frontier.empty and not self.rest.waiting

    @property
    def under_way(self) -> bool:
        """Whether something is being asked or read that may lead to more questions."""
        return self._reading or bool(self.busy.total())

    def stop(self, reason: str) -> None:
        """Ask nothing more. The first reason counts."""
        self.reason = self.reason or reason

    def asked(self, url: str) -> None:
        """Count a request that is about to leave."""
        self.host(site_of(url)).requests += 1

    def limit(self, purpose: Purpose) -> int:
        """Return how many bytes of a body are taken."""
        if purpose in _LIMITS:
            return _LIMITS[purpose]
        whole = purpose in self.policy.full_bodies or purpose in _WHOLE
        return self.settings.max_file if whole else min(PEEK_BYTES, self.settings.max_file)

    def answered(self, visit: Visit, answer: Answer) -> Visit | None:
        """Take in an answer. Return the visit when another request has to be made for it, else None: it is recorded."""
        location = answer.header("location")
        if answer.status in _REDIRECTS and location is not None:
            return self._redirected(visit, answer, location)
        if answer.status in TURNED_AWAY:
            self._turned_away(visit, answer)
            return None
        visit.tries.append(str(answer.status))
        self.rest.good(site_of(answer.url), answer.status)
        if answer.status == _NOT_MODIFIED and visit.known:
            return self._confirmed(visit, answer, visit.known)
        if answer.status in _TRY_AGAIN_STATUS and len(visit.tries) <= self.settings.retries:
            return visit
        self._settle(visit, lambda: self.recorder.answer(visit, answer, _outcome(answer)))
        return None

    def failed(
        self, visit: Visit, outcome: ExchangeOutcome, detail: str | None = None, *, final: bool = False
    ) -> Visit | None:
        """Take in a failed attempt. Return the visit when it is worth another, else None: it is recorded."""
        visit.tries.append(outcome.value)
        if outcome in _TRY_AGAIN:
            self.rest.silent(visit.site)
        again = outcome in _TRY_AGAIN and len(visit.tries) <= self.settings.retries
        if again and not final and not self.reason:
            return visit
        self._settle(visit, lambda: self.recorder.failure(visit, outcome, detail))
        return None

    def pulse(self) -> None:
        """Give a sign of life, with what there is to tell of each host."""
        for site, book in self.hosts.items():
            progress = book.progress(site, *self.rest.standing(site))
            if self._pulse.news(progress):
                self.tell(progress)
        self.tell(None)

    def incident(self, capture: Capture, name: str) -> None:
        """Note what went wrong with a page beside its host."""
        self.host(site_of(capture.url)).incidents[name] += 1

    def note_robots(self, site: str, state: str) -> None:
        """Note what a host's robots.txt answered."""
        self.host(site).robots = state

    def finish(self, crash: str | None = None) -> RunCoverage:
        """Write and return the run's closing statement."""
        if crash:
            self.stop(crash)
        for sight in self.reader.left if self.reader else ():
            unread(self, sight)
        coverage = statement(self)
        try:
            self.recorder.finish(coverage)
        except (OSError, sqlite3.Error) as error:
            self.stop(f"archive: {error}")
            coverage = statement(self)
        return coverage

    def close(self) -> None:
        """Let go of the workspace's files."""
        for held in (self.readings, self.leaving):
            if held:
                held.close()
        self.frontier.close()
        try:
            self.recorder.close()
        except (OSError, sqlite3.Error):
            # A full disk: the statement says so already, and the next start recovers what was written.
            logger.exception("the archive could not be closed")

    def _confirmed(self, visit: Visit, answer: Answer, known: Known) -> Visit | None:
        """Take in a 304. One not asked for, or of another body or one that is lost, is answered by asking plainly."""
        asked = conditional.conditions(known, answer.url, self.clock.now())
        if not asked or not conditional.confirms(known, answer.headers) or not sound(self, visit, known):
            visit.known = None
            return visit
        self._settle(visit, lambda: self.recorder.unchanged(visit, answer, known))
        return None

    def _turned_away(self, visit: Visit, answer: Answer) -> None:
        """Let the host rest and the question wait; record it when it is the page's own trouble, or the host's last."""
        own = self.rest.own_trouble(visit)
        visit.tries.append(str(answer.status))
        if own:
            self._settle(visit, lambda: self.recorder.answer(visit, answer, ExchangeOutcome.HTTP_ERROR))
        elif self.rest.closed(site_of(answer.url)):
            self._settle(visit, lambda: self.recorder.answer(visit, answer, ExchangeOutcome.COOLED_OFF))
        else:
            self.hold(visit)

    def _redirected(self, visit: Visit, answer: Answer, location: str) -> Visit | None:
        target = absolute(answer.url, location)
        self.recorder.hop(visit, answer, target or location)
        if target is None:
            self._refused(visit, ExchangeOutcome.INVALID, "redirect to an address that is none")
        elif len(visit.hops) > self.settings.max_redirects or any(hop.url == target for hop in visit.hops):
            self._refused(visit, ExchangeOutcome.REDIRECT_LOOP, f"{len(visit.hops)} redirects")
        elif self.frontier.refuses(target):
            self._refused(visit, ExchangeOutcome.OUT_OF_SCOPE, "redirect to rows of a register")
        elif visit.purpose in _BOUND and not self.frontier.at_home(visit, target):
            self._refused(visit, ExchangeOutcome.OUT_OF_SCOPE, f"redirect to {target}")
        else:
            visit.url = target
            return visit
        return None

    def _refused(self, visit: Visit, outcome: ExchangeOutcome, detail: str) -> None:
        self._settle(visit, lambda: self.recorder.failure(visit, outcome, detail))

    def _settle(self, visit: Visit, record: Callable[[], Capture]) -> None:
        """Record a visit and book it. A disk that cannot take it ends the run; the visit then stays pending."""
        if visit.purpose is not Purpose.ROBOTS:
            self.busy[site_of(visit.key.url)] -= 1
        if self.reason and self.reason.startswith("archive"):
            return
        try:
            capture = record()
        except (OSError, sqlite3.Error) as error:
            self.stop(f"archive: {error}")
            return
        self.book(capture, 0)
        self.controls.seen(capture)
        if visit.purpose is Purpose.ROBOTS:
            self.finder.robots(capture, visit.body)
            return
        held = partial(body_of, self, visit, capture)
        if not self.looks.answered(capture, lenient(self, capture, held)) and visit.how is How.PLAIN:
            self.end(capture, visit)
        self.read(capture, held)
        visit.body = b""

    def read(self, capture: Capture, held: Callable[[], bytes], *, live: bool = True) -> None:
        """Hand an answer to whoever reads its kind. *live* is False for an earlier start of the run."""
        body = lenient(self, capture, held)
        self.tours.read(capture, body)
        if capture.purpose in (Purpose.PORTAL, Purpose.DISTRIBUTION):
            self.harvest.read(capture, body(), live=live)
        elif capture.purpose is Purpose.PAGE and capture.outcome in _GOOD:
            taken_up(self, Sight(capture, held))
        elif capture.purpose is Purpose.SITEMAP:
            self._list(capture, body())

    def end(self, capture: Capture, visit: Visit | None = None) -> None:
        """Book how a question ended: one of this start (its visit), or of an earlier one."""
        told = Told(capture.status, capture.stratum)
        asked = visit or capture
        self.frontier.settle(
            asked.key, asked.scopes, capture.outcome, asked.purpose, known=visit is not None, told=told
        )

    def _list(self, capture: Capture, body: bytes) -> None:
        """Read a sitemap or feed; one that could not be read to its end is noted with its host."""
        reason = self.finder.listed(capture, body)
        if reason:
            self.host(site_of(capture.key.url)).incidents[f"sitemap:{reason}"] += 1

    @property
    def _reading(self) -> bool:
        return self.reader is not None and self.reader.busy

    @property
    def _sated(self) -> bool:
        return self.reader is not None and self.reader.full

    def book(self, capture: Capture, requests: int) -> None:
        """Book a capture with its host, and the requests that were not counted as they left."""
        host = self.host(site_of(capture.key.url))
        host.requests += requests
        host.captures += 1
        host.failed += capture.outcome not in _GOOD
        if host.captures % _PROGRESS_EVERY == 0:
            self.tell(host.progress(site_of(capture.key.url)))

    def host(self, site: str) -> HostBook:
        """Return the account of a host."""
        return self.hosts.setdefault(site, HostBook())


def _outcome(answer: Answer) -> ExchangeOutcome:
    if answer.too_large:
        return ExchangeOutcome.TOO_LARGE
    good = 200 <= answer.status < 300  # noqa: PLR2004
    return ExchangeOutcome.OK if good else ExchangeOutcome.HTTP_ERROR


def _silent(_: Progress | None) -> None:
    """Tell nobody."""
