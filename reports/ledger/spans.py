"""Spans over recorded nights: an item holds on every recorded night from the first to the last of its span.

`plan` is pure arithmetic: given the spans that touch a night, it says which to insert, to move and to drop so that
exactly the wanted items hold on that night and nothing changes on any other recorded night. Spans of one item never
touch: two that would meet become one. A span that reaches the newest recorded night is open (its last night is
`OPEN`): a later night on which its item still holds needs no write.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from reports.ledger.runs import Layer
from reports.ledger.tables import OPEN, FindingSpanRow, MarkSpanRow, TallySpanRow

SpanTable: TypeAlias = type[FindingSpanRow] | type[MarkSpanRow] | type[TallySpanRow]
Key: TypeAlias = tuple[Any, ...]
"""What makes an item: the values of its table's `KEY` columns."""


@dataclass(frozen=True)
class Span:
    """A stored span (`id` None: not stored yet)."""

    item: Key
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
    layer: Layer = Layer.PUBLISHED

    @property
    def end(self) -> date:
        """The last night of a span that reaches this night and no further."""
        return OPEN if self.after is None else self.night


@dataclass
class Changes:
    """What to do to the table."""

    insert: list[Span] = field(default_factory=list)
    move: list[Span] = field(default_factory=list)
    drop: list[Span] = field(default_factory=list)

    def opened(self, night: date) -> set[Key]:
        """Return the items whose span begins on *night* since these changes."""
        return {item.item for item in (*self.insert, *self.move) if item.first == night}


def plan(place: Place, wanted: AbstractSet[Key], touching: Iterable[Span], run: str) -> Changes:
    """Return the changes after which exactly *wanted* holds on the night.

    *touching* are the spans that cover the night, end on the night before or begin on the night after.
    """
    changes = Changes()
    covering: set[Key] = set()
    left: dict[Key, Span] = {}
    right: dict[Key, Span] = {}
    for span in touching:
        if span.first <= place.night <= span.last:
            covering.add(span.item)
            if span.item not in wanted:
                _cut(place, span, changes)
        elif span.last == place.before:
            left[span.item] = span
        elif span.first == place.after:
            right[span.item] = span
    for item in sorted(wanted - covering, key=str):
        _join(place, left.get(item), right.get(item), Span(item, place.night, place.end, run), changes)
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
        changes.move.append(replace(left, last=place.end))
    elif right:
        changes.move.append(replace(right, first=place.night, run=alone.run))
    else:
        changes.insert.append(alone)


def hold(session: Session, table: SpanTable, place: Place, wanted: AbstractSet[Key], run: str) -> Changes:
    """Make exactly *wanted* hold on the night in *table*; return what that changed."""
    meets = [covers(table, place.layer, place.night)]
    meets += [and_(table.layer == place.layer, table.last_night == place.before)] if place.before else []
    meets += [and_(table.layer == place.layer, table.first_night == place.after)] if place.after else []
    key = [getattr(table, name) for name in table.KEY]
    columns = (table.first_night, table.last_night, table.run_id, table.id, *key)
    rows = session.execute(select(*columns).where(or_(*meets)))
    touching = [Span(tuple(item), first, last, opened_by, span) for first, last, opened_by, span, *item in rows]
    changes = plan(place, wanted, touching, run)
    apply(session, table, place.layer, changes)
    return changes


def covers(table: SpanTable, layer: Layer, night: date) -> Any:
    """Return the condition that a span of *layer* holds on *night*."""
    return and_(table.layer == layer, table.last_night >= night, table.first_night <= night)


def apply(session: Session, table: SpanTable, layer: Layer, changes: Changes) -> None:
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
        rows = [
            {"layer": layer, **dict(zip(table.KEY, item.item, strict=True)), **_values(item)} for item in changes.insert
        ]
        connection.execute(insert(core), rows)


def _values(span: Span) -> dict[str, Any]:
    return {"first_night": span.first, "last_night": span.last, "run_id": span.run}
