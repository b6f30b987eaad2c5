"""Spans over recorded nights: an item holds on every recorded night from the first to the last of its span.

`plan` is pure arithmetic: given the spans that touch a night, it says which to insert, to move and to drop so that
exactly the wanted items hold on that night and nothing changes on any other recorded night. Spans of one item never
touch: two that would meet become one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from reports.ledger.tables import FindingSpanRow, MarkSpanRow

SpanTable: TypeAlias = type[FindingSpanRow] | type[MarkSpanRow]


@dataclass(frozen=True)
class Span:
    """A stored span (`id` None: not stored yet)."""

    item: str
    first: date
    last: date
    run: str
    id: int | None = None


@dataclass(frozen=True)
class Place:
    """A night among the recorded ones: its recorded neighbours, None where there is none."""

    night: date
    before: date | None
    after: date | None


@dataclass
class Changes:
    """What to do to the table."""

    insert: list[Span] = field(default_factory=list)
    move: list[Span] = field(default_factory=list)
    drop: list[Span] = field(default_factory=list)


def plan(place: Place, wanted: set[str], touching: Iterable[Span], run: str) -> Changes:
    """Return the changes after which exactly *wanted* holds on the night.

    *touching* are the spans that cover the night, end on the night before or begin on the night after.
    """
    changes = Changes()
    covering: set[str] = set()
    left: dict[str, Span] = {}
    right: dict[str, Span] = {}
    for span in touching:
        if span.first <= place.night <= span.last:
            covering.add(span.item)
            if span.item not in wanted:
                _cut(place, span, changes)
        elif span.last == place.before:
            left[span.item] = span
        elif span.first == place.after:
            right[span.item] = span
    for item in sorted(wanted - covering):
        _join(place, left.get(item), right.get(item), Span(item, place.night, place.night, run), changes)
    return changes


def _cut(place: Place, span: Span, changes: Changes) -> None:
    """Take the night out of *span*: shorten it, split it in two, or drop it."""
    head = replace(span, last=place.before) if place.before and span.first < place.night else None
    tail = replace(span, first=place.after) if place.after and span.last > place.night else None
    if head and tail:
        changes.move.append(head)
        changes.insert.append(replace(tail, id=None))
    elif kept := head or tail:
        changes.move.append(kept)
    else:
        changes.drop.append(span)


def _join(place: Place, left: Span | None, right: Span | None, alone: Span, changes: Changes) -> None:
    """Add the night to the spans it meets, or open one of its own."""
    if left and right:
        changes.move.append(replace(left, last=right.last))
        changes.drop.append(right)
    elif left:
        changes.move.append(replace(left, last=place.night))
    elif right:
        changes.move.append(replace(right, first=place.night, run=alone.run))
    else:
        changes.insert.append(alone)


def hold(session: Session, table: SpanTable, place: Place, wanted: set[str], run: str) -> None:
    """Make exactly *wanted* hold on the night in *table*."""
    covers = (table.first_night <= place.night) & (table.last_night >= place.night)
    meets = (table.last_night == place.before) | (table.first_night == place.after)
    columns = (table.item_id, table.first_night, table.last_night, table.run_id, table.id)
    touching = [Span(*row) for row in session.execute(select(*columns).where(covers | meets))]
    apply(session, table, plan(place, wanted, touching, run))


def apply(session: Session, table: SpanTable, changes: Changes) -> None:
    """Write *changes* to *table*."""
    # Core statements on the mapped table: many rows at once, without loading them as objects.
    core: Any = table.__table__
    connection = session.connection()
    if changes.drop:
        connection.execute(
            delete(core).where(core.c.id == bindparam("span")), [{"span": item.id} for item in changes.drop]
        )
    if changes.move:
        moved = update(core).where(core.c.id == bindparam("span"))
        connection.execute(moved, [{"span": item.id, **_values(item)} for item in changes.move])
    if changes.insert:
        connection.execute(insert(core), [{"item_id": item.item, **_values(item)} for item in changes.insert])


def _values(span: Span) -> dict[str, Any]:
    return {"first_night": span.first, "last_night": span.last, "run_id": span.run}
