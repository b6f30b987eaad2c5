"""The mark that counts: what the machine proposes, and over it what people decided. Everything stays in sight."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from checks.marking.country import country_marks
from checks.marks import Mark, MarkValue
from config.indicators import Level, indicators
from config.model import Settings
from config.pack import Pack
from reports.analysts.acts import Overridden, Stated
from reports.analysts.items import item_of, seen
from reports.analysts.journal import Journal
from reports.analysts.state import Decision, Erratum, State, state_of
from reports.ledger import Ledger

NO_RULE = "no_rule"


class Basis(StrEnum):
    """Whose word a mark is: the machine's proposal, or that of a person, the strongest last."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    OVERRIDE = "override"
    ERRATUM = "erratum"


class Change(StrEnum):
    """What became of what a decision rested on: other evidence for the same value, or another value."""

    EVIDENCE = "evidence"
    VALUE = "value"


@dataclass(frozen=True)
class Effective:
    """A mark on one night as it counts. `proposed` is the machine's; `decision` what a person decided about it.

    `reason` is the machine's reason code as long as its value is the one that counts, else the reason is `text`, in a
    person's words. `changed` tells that the evidence is not any more what the decision saw.
    """

    proposed: Mark
    value: MarkValue | None
    basis: Basis
    reason: str | None = None
    text: str | None = None
    decision: Decision | None = None
    erratum: Erratum | None = None
    changed: Change | None = None

    @property
    def item(self) -> str:
        """The mark as acts name it."""
        return item_of(self.proposed).key

    @property
    def reviewed(self) -> bool:
        """Whether a second person agreed with the decision."""
        return self.decision is not None and self.decision.agreed_by is not None

    @property
    def waits(self) -> bool:
        """Whether it carries a value that nobody has made the office's own: it holds up a final freeze."""
        return self.basis is Basis.PROPOSED and self.value is not None


def effective(mark: Mark, state: State, night: date) -> Effective:
    """Return what counts of *mark* on *night*: an erratum, else an override, else the adoption, else the proposal."""
    item = item_of(mark).key
    decision = state.override(item, night) or state.adopted(item, night)
    erratum = state.erratum(item, night)
    if erratum is not None:
        return Effective(mark, erratum.value, Basis.ERRATUM, None, erratum.text, decision, erratum)
    if decision is None or isinstance(decision.act, Stated):
        return Effective(mark, mark.value, Basis.PROPOSED, mark.reason)
    changed = _changed(mark, decision)
    if isinstance(decision.act, Overridden):
        return Effective(mark, decision.act.value, Basis.OVERRIDE, None, decision.act.text, decision, None, changed)
    return Effective(mark, decision.act.value, Basis.ADOPTED, decision.act.reason, None, decision, None, changed)


def all_effective(
    marks: Iterable[Mark], state: State, night: date, settings: Settings, pack: Pack
) -> tuple[Effective, ...]:
    """Return what counts of all *marks* of a night, in their order.

    Where people decided otherwise than the machine, the country's marks over agencies are proposed anew from what
    counts for the agencies; they are then decided like any other.
    """
    given = list(marks)
    own = {item_of(mark).key: effective(mark, state, night) for mark in given if mark.agency is not None}
    again = _country_again(own.values(), settings, pack)
    found = []
    for mark in given:
        key = item_of(mark).key
        found.append(own[key] if key in own else effective(_proposed_again(mark, again.get(key)), state, night))
    return tuple(found)


def standing(
    marks: Iterable[Mark], ledger: Ledger, night: date, settings: Settings, pack: Pack
) -> dict[str, Effective]:
    """Return what counts of *marks* by their items; nothing where the journal holds no decision at all."""
    state = state_of(Journal(ledger).entries())
    if not (state.decisions or state.errata):
        return {}
    return {one.item: one for one in all_effective(marks, state, night, settings, pack)}


def _country_again(own: Collection[Effective], settings: Settings, pack: Pack) -> dict[str, Mark]:
    differing = {one.proposed.indicator for one in own if one.value is not one.proposed.value}
    of_agencies = {name for name, item in indicators().items() if item.level is Level.AGENCY}
    counted = [as_mark(one) for one in own if one.proposed.indicator in differing & of_agencies]
    return {item_of(mark).key: mark for mark in country_marks(counted, settings.agencies, pack.country)}


def _proposed_again(mark: Mark, again: Mark | None) -> Mark:
    """Return the country's mark over what counts for its agencies; a mark that is no such sum as it is."""
    return mark if again is None or mark.reason == NO_RULE else again


def as_mark(one: Effective) -> Mark:
    """Return the mark that counts, with the machine's counts; a person's own value has the basis as its reason."""
    reason = one.reason or one.basis.value
    return msgspec.structs.replace(one.proposed, value=one.value, reason=reason)


def _changed(mark: Mark, decision: Decision) -> Change | None:
    if isinstance(decision.act, Stated):
        return None
    now, then = seen(mark), decision.act.seen
    if now.digest == then.digest:
        return None
    return Change.EVIDENCE if now.value == then.value else Change.VALUE
