"""The state of everything people work on, read from the journal's lines. The same lines give the same state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from checks.marks import MarkValue
from reports.analysts.acts import (
    Adopted,
    Assigned,
    ContestAcknowledged,
    ContestDecided,
    ContestOpened,
    ContestOutcome,
    Froze,
    Left,
    Noted,
    Overridden,
    Reviewed,
    Stated,
    Withdrawn,
)
from reports.analysts.journal import Entry

Decided: TypeAlias = Adopted | Overridden | Stated
ContestState: TypeAlias = Literal["open", "acknowledged", "upheld", "corrected", "rejected"]
_DECIDED: dict[ContestOutcome, ContestState] = {
    ContestOutcome.UPHELD: "upheld",
    ContestOutcome.CORRECTED: "corrected",
    ContestOutcome.REJECTED: "rejected",
}


@dataclass
class Decision:
    """An adoption, an override or a person's own mark, with what became of it."""

    entry: Entry
    act: Decided
    reviews: list[tuple[Entry, Reviewed]] = field(default_factory=list)
    withdrawn: date | None = None

    @property
    def number(self) -> int:
        """Its line in the journal."""
        return self.entry.number

    @property
    def agreed_by(self) -> str | None:
        """The second person whose newest word is that it is right."""
        newest = self.reviews[-1] if self.reviews else None
        return newest[0].by if newest and newest[1].agrees else None

    @property
    def disputed_by(self) -> str | None:
        """The second person whose newest word is that it is wrong."""
        newest = self.reviews[-1] if self.reviews else None
        return newest[0].by if newest and not newest[1].agrees else None

    def in_force(self, night: date) -> bool:
        """Tell whether it holds on *night*."""
        ends = self.act.expires if isinstance(self.act, Overridden) else date.max
        return self.act.night <= night <= ends and (self.withdrawn is None or night < self.withdrawn)


@dataclass
class Contest:
    """An objection: what was said, and how far it has come."""

    id: str
    entry: Entry
    opened: ContestOpened
    acknowledged: tuple[Entry, ContestAcknowledged] | None = None
    decided: tuple[Entry, ContestDecided] | None = None

    @property
    def state(self) -> ContestState:
        """open, acknowledged, or how it was decided."""
        if self.decided:
            return _DECIDED[self.decided[1].outcome]
        return "acknowledged" if self.acknowledged else "open"

    def due(self) -> date | None:
        """Return the day by which the next step is due; None once it is decided."""
        if self.decided:
            return None
        return self.opened.decide_by if self.acknowledged else self.opened.acknowledge_by

    def overdue(self, today: date) -> bool:
        """Tell whether a step is late on *today*."""
        due = self.due()
        return due is not None and due < today


@dataclass(frozen=True)
class Erratum:
    """A dated correction: what a mark said on some nights, and what stands there since."""

    contest: str
    mark: str
    first: date
    last: date
    said: MarkValue | None
    value: MarkValue | None
    text: str
    on: date
    by: str
    number: int


@dataclass
class State:
    """Decisions (by item and by number), notes by item, owners, contests, people who left, periods that were frozen."""

    decisions: dict[str, list[Decision]] = field(default_factory=lambda: defaultdict(list))
    numbered: dict[int, Decision] = field(default_factory=dict)
    notes: dict[str, list[tuple[Entry, Noted]]] = field(default_factory=lambda: defaultdict(list))
    owners: dict[str, str] = field(default_factory=dict)
    contests: dict[str, Contest] = field(default_factory=dict)
    errata: list[Erratum] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    frozen: dict[str, list[tuple[Entry, Froze]]] = field(default_factory=lambda: defaultdict(list))

    def adopted(self, item: str, night: date) -> Decision | None:
        """Return the adoption (or own mark) of *item* in force on *night*."""
        return self._in_force(item, night, (Adopted, Stated))

    def override(self, item: str, night: date) -> Decision | None:
        """Return the override of *item* in force on *night*."""
        return self._in_force(item, night, (Overridden,))

    def lapsed(self, item: str, night: date) -> Decision | None:
        """Return the newest override of *item* when its time ran out before *night* and nothing was decided since."""
        before = [one for one in self.decisions.get(item, ()) if one.act.night <= night]
        newest = max(before, key=_order, default=None)
        ran_out = newest and isinstance(newest.act, Overridden) and newest.withdrawn is None
        return newest if newest and ran_out and not newest.in_force(night) else None

    def erratum(self, item: str, night: date) -> Erratum | None:
        """Return the newest correction of *item* that covers *night*."""
        covers = [one for one in self.errata if one.mark == item and one.first <= night <= one.last]
        return max(covers, key=lambda one: one.number, default=None)

    def _in_force(self, item: str, night: date, kinds: tuple[type, ...]) -> Decision | None:
        found = [one for one in self.decisions.get(item, ()) if isinstance(one.act, kinds) and one.in_force(night)]
        return max(found, key=_order, default=None)


def _order(decision: Decision) -> tuple[date, int]:
    return decision.act.night, decision.number


def state_of(entries: Iterable[Entry]) -> State:
    """Return the state after *entries*. Lines whose body was redacted say nothing any more."""
    state = State()
    for entry in entries:
        match entry.act:
            case Adopted() | Overridden() | Stated() as act:
                state.numbered[entry.number] = Decision(entry, act)
                state.decisions[entry.item].append(state.numbered[entry.number])
                state.owners[entry.item] = entry.by
            case Reviewed() | Withdrawn() as act:
                _about_decision(state, entry, act)
            case Noted() as act:
                state.notes[entry.item].append((entry, act))
            case Assigned() as act:
                state.owners[entry.item] = act.to
            case Left() as act:
                _leave(state, entry, act)
            case Froze() as act:
                state.frozen[act.period].append((entry, act))
            case ContestOpened() | ContestAcknowledged() | ContestDecided() as act:
                _contest(state, entry, act)
            case _:
                pass
    return state


def _about_decision(state: State, entry: Entry, act: Reviewed | Withdrawn) -> None:
    decision = state.numbered.get(act.of)
    if decision is None:
        return
    if isinstance(act, Reviewed):
        decision.reviews.append((entry, act))
    else:
        decision.withdrawn = act.night


def _leave(state: State, entry: Entry, act: Left) -> None:
    gone = entry.item.partition("/")[2]
    state.left[gone] = act.to
    for item in act.items:
        state.owners[item] = act.to


def _contest(state: State, entry: Entry, act: ContestOpened | ContestAcknowledged | ContestDecided) -> None:
    name = entry.item.partition("/")[2]
    if isinstance(act, ContestOpened):
        state.contests[name] = Contest(name, entry, act)
        state.owners[entry.item] = entry.by
        return
    contest = state.contests.get(name)
    if contest is None:
        return
    if isinstance(act, ContestAcknowledged):
        contest.acknowledged = (entry, act)
        state.owners[entry.item] = entry.by
        return
    contest.decided = (entry, act)
    if act.outcome is not ContestOutcome.REJECTED:
        said = contest.opened
        state.errata.append(
            Erratum(
                name, said.mark, act.first, act.last, said.said, act.value, act.text, act.on, entry.by, entry.number
            )
        )
