"""What people's words did to marks, night by night: which began to count, and which ceased to.

The cause of a change of what counts (`analyst` for a decision, `time` for one that begins or ends by its date) is
`reports.causes`' business; this lists the decisions themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from checks.marks import MarkValue
from reports.analysts.acts import Adopted, Overridden, Stated
from reports.analysts.state import Decision, State


class What(StrEnum):
    """What happened to a mark."""

    ADOPTED = "adopted"
    STATED = "stated"
    OVERRIDE_BEGAN = "override_began"
    OVERRIDE_ENDED = "override_ended"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    CORRECTION_ENDED = "correction_ended"


class AnalystChange(msgspec.Struct, frozen=True):
    """From `night` on a person's word began or ceased to count for `item`; `number` is its line in the journal."""

    night: date
    item: str
    what: What
    value: MarkValue | None
    by: str
    number: int


def changes(state: State, first: date, last: date) -> tuple[AnalystChange, ...]:
    """Return what people's words did to marks on the nights from *first* to *last*, both included."""
    found = [*_decisions(state), *_errata(state)]
    return tuple(
        sorted((one for one in found if first <= one.night <= last), key=lambda one: (one.night, one.item, one.number))
    )


def _decisions(state: State) -> Iterator[AnalystChange]:
    began = {Adopted: What.ADOPTED, Stated: What.STATED, Overridden: What.OVERRIDE_BEGAN}
    for item, made in state.decisions.items():
        for one in made:
            yield _change(one, item, one.act.night, began[type(one.act)])
            if one.withdrawn is not None:
                ended = What.OVERRIDE_ENDED if isinstance(one.act, Overridden) else What.WITHDRAWN
                yield _change(one, item, one.withdrawn, ended)
            elif isinstance(one.act, Overridden):
                yield _change(one, item, one.act.expires + timedelta(days=1), What.OVERRIDE_ENDED)


def _change(one: Decision, item: str, night: date, what: What) -> AnalystChange:
    return AnalystChange(night, item, what, one.act.value, one.entry.by, one.number)


def _errata(state: State) -> Iterator[AnalystChange]:
    for one in state.errata:
        yield AnalystChange(one.first, one.mark, What.CORRECTED, one.value, one.by, one.number)
        after = one.last + timedelta(days=1)
        yield AnalystChange(after, one.mark, What.CORRECTION_ENDED, one.said, one.by, one.number)
