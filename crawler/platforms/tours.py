"""The tours of a run: what platform readers ask on behalf of scopes, within the scopes' budgets.

Readers believe what they read; here it is made sure that a tour ends, asks nothing twice and nothing that is refused.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from config.model import Scope
from config.urls import absolute
from crawler.books import Visit, site_of
from crawler.capture import Capture, CaptureKey
from crawler.frontier import Frontier
from crawler.platforms.base import PlatformReader
from crawler.portals.base import Ask
from crawler.redact import redact_text
from crawler.varying import Variant, variants_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Tour:
    """One scope and its reader; `beside` are the scopes of the same software on the same host."""

    scope: Scope
    reader: PlatformReader
    variants: tuple[Variant, ...]
    beside: tuple[str, ...]


class Tours:
    """All platform scopes of a run. One whose platform no reader knows is an incident of its host."""

    def __init__(
        self, frontier: Frontier, scopes: Iterable[Scope] = (), readers: Mapping[str, PlatformReader] | None = None
    ) -> None:
        self._frontier = frontier
        self._troubles: Counter[tuple[str, str]] = Counter()
        self._done: set[str] = set()
        self._tours: dict[str, _Tour] = {}
        chosen = [scope for scope in scopes if scope.platform]
        for scope in chosen:
            reader = (readers or {}).get(scope.platform or "")
            if reader is None:
                self._troubles[site_of(scope.url), f"no_reader:{scope.platform}"] += 1
                continue
            beside = [redact_text(item.id) for item in chosen if _same_house(item, scope)]
            variants = variants_of(frontier.varying, scope.url)
            self._tours[redact_text(scope.id)] = _Tour(scope, reader, variants, tuple(beside))

    def seed(self) -> None:
        """Ask each reader's first questions."""
        for tour in self._tours.values():
            self._guarded(tour, partial(tour.reader.first_requests, tour.scope.url, tour.variants), None)

    def again(self, capture: Capture) -> None:
        """Note a question that an earlier start of the run asked."""
        self._done.add(capture.key.text())

    def read(self, capture: Capture, body: Callable[[], bytes]) -> None:
        """Take in an answer of a reader's question, a failed one too, and ask what follows."""
        tour = next((self._tours[name] for name in capture.scopes if name in self._tours), None)
        if tour is None or not tour.reader.claims(capture.key.url):
            return
        self._guarded(
            tour,
            lambda: tour.reader.next_requests(
                tour.scope.url, tour.variants, capture, body() if capture.sha256 else b""
            ),
            capture.key.url,
        )

    def guides(self, capture: Capture) -> bool:
        """Tell whether a reader sees to a page's scope: then it says which addresses are asked in which language."""
        return any(name in self._tours for name in capture.scopes)

    def incidents(self) -> Iterator[tuple[str, str, int]]:
        """Yield host, incident and count of what went wrong."""
        for (site, reason), count in self._troubles.items():
            yield site, f"platform:{reason}", count

    def _guarded(self, tour: _Tour, asks: Callable[[], Iterable[Ask]], found_on: str | None) -> None:
        """Ask what a reader wants; one that breaks costs its questions, not the night."""
        try:
            for ask in asks():
                self._ask(tour, ask, found_on)
        except Exception:
            logger.exception("the reader %s broke on %s", tour.scope.platform, tour.scope.url)
            self._troubles[site_of(tour.scope.url), "reader_broke"] += 1

    def _ask(self, tour: _Tour, ask: Ask, found_on: str | None) -> None:
        url = absolute(tour.scope.url, ask.url)
        if url is None or site_of(url) != site_of(tour.scope.url):
            self._troubles[site_of(tour.scope.url), "bad_address"] += 1
            return
        plain = ask.method == "GET" and not ask.variant and not ask.shared
        if plain and redact_text(tour.scope.id) in self._frontier.scopes_of(url):
            self._frontier.add(url, found_on)  # an address as any other of the scope
            return
        digest = hashlib.sha256(ask.body).hexdigest() if ask.body is not None else None
        key = CaptureKey(ask.method, url, digest, tuple(sorted(ask.variant)))
        scopes = tour.beside if ask.shared else (redact_text(tour.scope.id),)
        if self._frontier.apart.text(key) not in self._done:
            self._frontier.ask(Visit(url, key, ask.purpose, scopes, found_on, sends=ask.body), later=ask.later)


def _same_house(left: Scope, right: Scope) -> bool:
    return left.platform == right.platform and site_of(left.url) == site_of(right.url)
