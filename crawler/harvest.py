"""The harvest of portals: one portal's questions in, captures out, and what is said of it at the end.

Adapters are pure and believe what they read; here it is made sure that a harvest ends whatever a catalogue says: pages
that repeat themselves or break are not followed for long, and no more is asked than the budget allows.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from config.model import Portal
from config.urls import absolute
from crawler.books import Visit, site_of
from crawler.capture import Capture, CaptureKey, Purpose
from crawler.coverage import ScopeCoverage
from crawler.frontier import Frontier
from crawler.portals import Ask, Counting, PortalAdapter
from crawler.records import Record
from crawler.redact import MASK, redact_text
from crawler.sample import Sample

logger = logging.getLogger(__name__)

MOST_BROKEN = 3  # pages in a row that cannot be read
_REPEATED, _SHORT = "repeated_page", "fewer_than_claimed"


@dataclass
class _State:
    """How far a portal's harvest is. Only answers to `lists` may bring records; details complete them."""

    portal: Portal
    adapter: PortalAdapter
    sample: Sample
    lists: set[str] = field(default_factory=set)
    details: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    troubles: Counter[str] = field(default_factory=Counter)
    claimed: int | None = None
    broken: int = 0
    found: bool = False
    held: bool = False
    over: bool = False
    sampled: bool = False

    def trouble(self, reason: str) -> None:
        """Note why an answer could not be read."""
        self.troubles[reason] += 1
        self.broken += 1

    def good(self) -> None:
        """Note an answer that could be read. What went wrong before only showed where the catalogue is not."""
        if not self.held:
            self.troubles.clear()
        self.found, self.held, self.broken = True, True, 0

    def empty(self) -> None:
        """Note an answer that could be read and held no record (a count, say): it clears no earlier trouble."""
        self.found, self.broken = True, 0

    def reasons(self) -> tuple[str, ...]:
        """Return why not everything could be read."""
        found, short = set(self.troubles), self.claimed is not None and len(self.ids) < self.claimed
        if self.claimed is not None and not short:
            found.discard(_REPEATED)  # some catalogues answer any page behind the last with the last
        return tuple(sorted(found | ({_SHORT} if short and self.found else set())))

    @property
    def exhausted(self) -> bool:
        """Whether every record was read, as far as can be told."""
        return self.found and not self.lists and not self.over and not self.reasons()


class Harvest:
    """All portals of a run."""

    def __init__(
        self,
        frontier: Frontier,
        portals: Iterable[Portal] = (),
        adapters: Mapping[str, PortalAdapter] | None = None,
        records: int = 0,
        distributions: int = 0,
    ) -> None:
        self._frontier, self._records = frontier, records
        self._states: dict[str, _State] = {}
        self._foreign: list[Portal] = []
        for portal in portals:
            adapter = (adapters or {}).get(portal.kind)
            if adapter is None:
                self._foreign.append(portal)
                continue
            # A portal's address may carry a key that the operator wrote into it.
            name = redact_text(portal.url)
            self._states[name] = _State(portal, adapter, Sample(distributions))
            frontier.open(name, records)

    def seed(self) -> None:
        """Put each portal's first requests on the list, unless an earlier start of the run has made them."""
        for name, state in self._states.items():
            try:
                for ask in state.adapter.first_requests(state.portal):
                    self._ask(name, ask, None)
            except Exception:
                logger.exception("the adapter %s broke on %s", state.portal.kind, state.portal.url)
                state.trouble("adapter_broke")
            self._close(name)

    def read(self, capture: Capture, body: bytes, *, live: bool = True) -> None:
        """Take in an answer or a failure, and ask what follows. *live* is False for an earlier start of the run."""
        name = next((scope for scope in capture.scopes if scope in self._states), None)
        if name is None:
            return
        if capture.purpose is Purpose.PORTAL:
            try:
                self._read(name, capture, body)
            except Exception:
                logger.exception("the records of %s cannot be taken in", capture.url)
                self._states[name].trouble("adapter_broke")
        if live:
            self._close(name)

    def coverage(self, rest: str | None) -> tuple[ScopeCoverage, ...]:
        """Return the portals' accounts; `exhausted` says whether all records of the catalogue were read."""
        return tuple(
            msgspec.structs.replace(
                self._frontier.portal(name).statement(rest, "data"),
                exhausted={"data": state.exhausted},
                records=len(state.ids),
            )
            for name, state in self._states.items()
        )

    def incidents(self) -> Iterator[tuple[str, str]]:
        """Yield host and incident of each catalogue that could not be read as a whole."""
        for state in self._states.values():
            for reason in state.reasons():
                yield site_of(state.portal.url), f"catalogue:{reason}"
        for portal in self._foreign:
            yield site_of(portal.url), f"catalogue:no_adapter:{portal.kind}"

    def _read(self, name: str, capture: Capture, body: bytes) -> None:
        state, mark = self._states[name], self._frontier.apart.text(capture.key)
        state.lists.discard(mark)
        records = list(self._records_of(state, capture, body, detail=mark in state.details))
        if mark not in state.details and self._repeats(state, records):
            state.trouble(_REPEATED)
            return
        for record in records:
            state.ids.add(record.id)
            state.sample.add(record)
        self._follow(name, capture, body)

    def _records_of(self, state: _State, capture: Capture, body: bytes, *, detail: bool) -> Iterator[Record]:
        """Yield what an answer holds, and note how reading it went. A broken detail costs itself only."""
        if not capture.answered:
            if not detail:
                state.trouble(capture.outcome.value)
            return
        reason = None
        try:
            for record in state.adapter.records(state.portal, capture, body):
                if not detail:
                    state.good()
                yield record
        except ValueError as error:
            reason = getattr(error, "reason", "unreadable")
        except Exception:
            logger.exception("the adapter %s broke on %s", state.portal.kind, capture.url)
            reason = "adapter_broke"
        if detail:
            return
        if reason is None:
            state.empty()
        else:
            state.trouble(reason)

    def _repeats(self, state: _State, records: list[Record]) -> bool:
        """Tell whether a page holds records, and not one that was not there before."""
        ids = {record.id for record in records if not record.part}
        return bool(ids) and ids <= state.ids

    def _follow(self, name: str, capture: Capture, body: bytes) -> None:
        """Note the number that a catalogue claims, and ask for what its answer leads to."""
        state = self._states[name]
        try:
            if isinstance(state.adapter, Counting) and capture.answered:
                total = state.adapter.total(state.portal, capture, body)
                state.claimed = state.claimed if total is None else total
            if state.broken <= MOST_BROKEN:
                for ask in state.adapter.next_requests(state.portal, capture, body):
                    self._ask(name, ask, capture.url)
        except Exception:
            logger.exception("the adapter %s broke on %s", state.portal.kind, capture.url)
            state.trouble("adapter_broke")

    def _ask(self, name: str, ask: Ask, found_on: str | None) -> None:
        """Put a question on the list, if it may be asked and the budget holds."""
        state = self._states[name]
        url = absolute(state.portal.url, _whole(state.portal.url, ask.url))
        if url is None:
            state.troubles["bad_address"] += 1
        elif ask.purpose is Purpose.DISTRIBUTION:
            state.sample.add_address("", url)
        elif not self._frontier.refuses(url):
            self._queue(name, ask, _visit(name, ask, url, found_on))

    def _queue(self, name: str, ask: Ask, visit: Visit) -> None:
        state, mark = self._states[name], self._frontier.apart.text(visit.key)
        if ask.later:
            state.details.add(mark)
        elif len(state.ids) >= self._records:
            state.over = True
        if self._frontier.knows(visit.key):
            return
        if state.sampled or (state.over and not ask.later):
            self._frontier.portal(name).skip("budget")
            state.over = state.over or not ask.later
        elif self._frontier.ask(visit, later=ask.later) and not ask.later:
            state.lists.add(mark)

    def _close(self, name: str) -> None:
        """When a portal's catalogue is read, or its budget spent, fetch some of the distributions."""
        state, book = self._states[name], self._frontier.portal(name)
        if state.sampled or (book.open and not book.used_up):
            return
        state.sampled = True
        book.abandon("budget")
        for found in state.sample.chosen():
            url = absolute(state.portal.url, found)
            if url:
                visit = Visit(url, CaptureKey("GET", url), Purpose.DISTRIBUTION, (name,))
                self._frontier.ask(visit)
        book.budget = max(book.budget or 0, book.spent) + sum(map(len, book.queues.values()))


def _whole(portal_url: str, url: str) -> str:
    """Return an address with the operator's keys, which are taken out of captures and so of what adapters make."""
    for name, value in parse_qsl(urlsplit(portal_url).query):
        url = url.replace(f"{name}={MASK}", urlencode({name: value}))
    return url


def _visit(name: str, ask: Ask, url: str, found_on: str | None) -> Visit:
    digest = hashlib.sha256(ask.body).hexdigest() if ask.body is not None else None
    key = CaptureKey(ask.method, url, digest, tuple(sorted(ask.variant)))
    return Visit(url, key, ask.purpose, (name,), found_on, sends=ask.body)
