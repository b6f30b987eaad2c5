"""What the catalogue rule asks of a portal's sets: which are kept, real, and open. No rule of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from checks.context import RuleContext
from checks.facts.metadata.passport import Texts
from checks.reasons import GONE
from checks.subjects import DistributionSubject, PortalSubject, distributions
from crawler.capture import ExchangeOutcome
from crawler.portals.publishers import publisher_key
from crawler.records import Record

_ANSWERS = frozenset({ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED, ExchangeOutcome.TOO_LARGE})


class State(StrEnum):
    """How trying a set ended."""

    OPENED = "opened"
    GONE = "gone"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Tried:
    """The distributions that were asked for: publisher and state of each."""

    states: tuple[tuple[str, State], ...]

    def count(self, state: str) -> int:
        """Return how many ended so."""
        return sum(found == state for _, found in self.states)

    def by_publisher(self, state: State | None = None) -> dict[str, int]:
        """Return the number per publisher, of one state or of all."""
        found = Counter(name for name, ended in self.states if state in (None, ended))
        return dict(sorted(found.items()))


def sets_of(subject: PortalSubject) -> list[Record]:
    """Return the portal's data sets."""
    return [item for portal, item in subject.view.records() if portal == subject.portal and item.kind != "service"]


def archived(record: Record, params: Mapping[str, Any]) -> bool:
    """Tell whether the catalogue itself says that nobody keeps a set. `archived` are the pack's words for it."""
    words = {str(word).casefold() for word in params.get("archived", ("archived", "withdrawn", "deprecated"))}
    return (record.status or "").casefold() in words


def real(sets: Iterable[Record], params: Mapping[str, Any]) -> int:
    """Return how many sets are neither tests nor copies: by title, and by the words that only fill a field."""
    words = tuple(params.get("placeholders", ()))
    titles = {
        tuple(sorted(text.casefold().strip() for text in item.titles.values()))
        for item in sets
        if item.titles and not Texts(item, words).placeholder
    }
    return len(titles)


def tried(subject: PortalSubject, context: RuleContext) -> Tried:
    """Return how the distributions that were asked for ended."""
    mine = [item for item in distributions(subject.view) if item.dataset.portal == subject.portal and item.capture]
    return Tried(tuple((publisher_key(item.dataset.record), _state(item, context)) for item in mine))


def _state(subject: DistributionSubject, context: RuleContext) -> State:
    capture, facts = subject.capture, subject.facts
    if capture and capture.status in GONE:
        return State.GONE if _confirmed(capture.key.text(), context) else State.UNDECIDED
    if facts is None or facts.length == 0 or facts.sniffed_type in (None, "html"):
        return State.UNDECIDED
    return State.OPENED


def _confirmed(key: str, context: RuleContext) -> bool:
    """Tell whether an address said on enough nights, over enough days, that nothing is there, and gave nothing since.

    A night on which it failed otherwise (no connection, a refusal, a fault) says neither.
    """
    limits = context.pack.outage
    nights = []
    for entry in context.history.entries(key):
        if entry.status in GONE:
            nights.append(entry.night)
        elif entry.outcome in _ANSWERS:
            break
    return len(nights) >= limits.confirm_nights and (max(nights) - min(nights)).days >= limits.confirm_days
