"""Bodies that began, ended or merged between two nights: by a date that passed, or by an edit of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.model import Agency, Settings


@dataclass(frozen=True)
class Reorganised:
    """Ids of the bodies concerned; `edited` are those whose entry in the settings says otherwise than before."""

    bodies: frozenset[str]
    edited: frozenset[str]

    def into(self, old: Settings, new: Settings) -> Settings:
        """Return the *old* settings with the edited bodies as the *new* ones have them."""
        kept = [item for item in old.agencies if item.id not in self.edited]
        return old.model_copy(update={"agencies": (*kept, *(item for item in new.agencies if item.id in self.edited))})


def in_force(settings: Settings, night: date) -> tuple[Agency, ...]:
    """Return the agencies that exist on *night*, in the order of the settings."""
    return tuple(item for item in settings.agencies if item.holds(night))


def reorganised(old: Settings, new: Settings, last: date, now: date) -> Reorganised:
    """Return the bodies that were reorganised between the nights *last* and *now*.

    A body is when its period or its lineage (predecessors, successors) was edited, or one of these dates passed, and
    with it those that its lineage names. One that was merely added to or taken off the list is not.
    """
    before = {item.id: item for item in old.agencies}
    after = {item.id: item for item in new.agencies}
    edited = {name for name in {*before, *after} if _lineage(before.get(name)) != _lineage(after.get(name))}
    passed = {item.id for item in new.agencies if item.holds(last) != item.holds(now)}
    named = {
        other
        for name in edited | passed
        for item in (before.get(name), after.get(name))
        if item
        for other in (*item.predecessors, *item.successors)
    }
    bodies = edited | passed | named
    return Reorganised(frozenset(bodies), frozenset(name for name in bodies if before.get(name) != after.get(name)))


def _lineage(agency: Agency | None) -> tuple[object, ...]:
    """Return what makes a change of an agency's entry a reorganisation; nothing for one without dates and lineage."""
    if agency is None:
        return (None, None, (), ())
    return (agency.valid_from, agency.valid_to, agency.predecessors, agency.successors)
