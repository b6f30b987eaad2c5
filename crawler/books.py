"""The account of one scope or portal: what waits to be asked and how its questions ended.

known = fetched + failed + skipped + pending, always.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from config.urls import site_host
from crawler.archive.exchange import Message
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, How, Purpose, Redirect
from crawler.conditional import Known
from crawler.coverage import ScopeCoverage
from crawler.render.rules import Asked

# Refusals that cost the host no request, and therefore the scope no budget.
FREE = frozenset({ExchangeOutcome.ROBOTS, ExchangeOutcome.ROBOTS_UNREACHABLE, ExchangeOutcome.GUARD})
NOT_DUE = "not_due"
_REMEMBERED = 16_384
_GOOD = frozenset({ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED})


@dataclass(eq=False)
class Visit:
    """One question on its way to becoming one capture: where it stands, and what happened on the way.

    `sends` is the body of the request, `known` the answer to it that the archive holds. `held` is how often its host
    had answered when it was made to wait. `capture` and `body` (decoded) are there once it is recorded. `how` says
    whether a browser looks, `asked` what it asked for on the way, `stratum` which part of its scope it is drawn from.
    `spoiled` says that the archive's own copy of the body cannot be read: it is kept again.
    """

    url: str
    key: CaptureKey
    purpose: Purpose
    scopes: tuple[str, ...] = ()
    found_on: str | None = None
    started: datetime | None = None
    tries: list[str] = field(default_factory=list)
    hops: list[Redirect] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    capture: Capture | None = None
    body: bytes = b""
    sends: bytes | None = None
    known: Known | None = None
    how: How = How.PLAIN
    stratum: str | None = None
    held: int | None = None
    asked: tuple[Asked, ...] = ()
    spoiled: bool = False

    @property
    def site(self) -> str:
        """The host that is paced: `www.` and the bare name are one."""
        return site_of(self.url)

    @property
    def method(self) -> str:
        """How the request is made: as asked, until a redirect other than 307 and 308 (RFC 9110 section 15.4)."""
        kept = all(hop.status in (307, 308) for hop in self.hops)
        return self.key.method if kept else "GET"


@lru_cache(maxsize=_REMEMBERED)
def site_of(url: str) -> str:
    """Return the host (with port) that a normalised address is paced under."""
    return site_host(urlsplit(url).netloc)


@dataclass(eq=False)
class Book:
    """One account. Questions wait by host; those put back as `later` wait behind the others. No budget is no limit."""

    scope: str
    budget: int | None
    known: int = 0
    fetched: int = 0
    spent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    queues: dict[tuple[str, bool], deque[Visit]] = field(default_factory=dict)

    def put(self, visit: Visit, *, later: bool = False) -> None:
        """Let a question wait."""
        self.queues.setdefault((visit.site, later), deque()).append(visit)

    def draw(self, site: str) -> Visit | None:
        """Return the next question to a host that the budget allows, or None."""
        queue = self.queues.get((site, False)) or self.queues.get((site, True))
        if not queue or self.used_up:
            return None
        self.spent += 1
        return queue.popleft()

    def settle(self, outcome: ExchangeOutcome, *, known: bool, charged: bool) -> None:
        """Book how a question ended. *known* is False when it was asked by an earlier start of the run."""
        self.known += 0 if known else 1
        self.fetched += outcome in _GOOD
        self.failed.update([] if outcome in _GOOD else [outcome.value])
        if charged:  # drawing has charged the budget already; a refusal that cost no request gives it back
            self.spent += -(outcome in FREE) if known else outcome not in FREE

    def skip(self, reason: str) -> None:
        """Book a question that is known and will not be asked."""
        self.known += 1
        self.skipped[reason] += 1

    def leave_out(self, *, charged: bool) -> None:
        """Book a question whose last answer still stands. Drawing had charged the budget."""
        self.skipped[NOT_DUE] += 1
        self.spent -= charged

    def abandon(self, reason: str) -> None:
        """Ask nothing of what still waits."""
        for queue in self.queues.values():
            if queue:
                self.skipped[reason] += len(queue)
                queue.clear()

    @property
    def used_up(self) -> bool:
        """Whether the budget allows no further question."""
        return self.budget is not None and self.spent >= self.budget

    def waits(self, site: str) -> bool:
        """Tell whether something waits for a host that the budget allows."""
        return not self.used_up and any(self.queues.get((site, later)) for later in (False, True))

    @property
    def open(self) -> int:
        """How many questions have not ended: those that wait and those under way."""
        # A page shared by two scopes waits in the first one's queue; the others count it by subtraction.
        return self.known - self.fetched - sum(self.failed.values()) - sum(self.skipped.values())

    def statement(self, rest: str | None, question: str = "links") -> ScopeCoverage:
        """Return the account. What is still open is skipped for the reason *rest*, or pending if None."""
        waiting, skipped = self.open, Counter(self.skipped)
        if rest and waiting:
            skipped[rest] += waiting
        return ScopeCoverage(
            scope=self.scope,
            known=self.known,
            fetched=self.fetched,
            failed=dict(sorted(self.failed.items())),
            skipped=dict(sorted(skipped.items())),
            pending=0 if rest else waiting,
            # What is cut off as a trap (log-ins, prints, calendars) holds nothing that a question could ask for.
            exhausted={question: waiting == 0},
        )
