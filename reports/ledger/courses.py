"""How marks went over the nights: stretches of recorded nights on which value, reason and method stayed the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from checks.marks import Counts
from reports.ledger.reader import shown
from reports.ledger.runs import Course, Layer, MarkSpan, TallySpan
from reports.ledger.tables import MarkRow, MarkSpanRow, NightRow, TallySpanRow

_Question: TypeAlias = tuple[str, str, str | None]
"""Indicator, profile and role group: with the agency, what a mark answers."""


class _Stretch(NamedTuple):
    """Numbers of the first and last of the shown nights on which something was told."""

    first: int
    last: int
    told: tuple[Any, ...]


def of_agency(
    session: Session, layer: Layer, agency: str | None, first: date | None, last: date | None, *conditions: Any
) -> tuple[Course, ...]:
    """Return the course of every mark of *agency* (None: of the country) between two nights, both included."""
    nights = _nights(session, layer, first, last)
    if not nights:
        return ()
    asked = (MarkRow.agency.is_not_distinct_from(agency), *conditions)
    marks = _told(session, MarkSpanRow, layer, nights, asked)
    tallies = _told(session, TallySpanRow, layer, nights, asked)
    return tuple(
        Course(
            agency,
            key[2],
            key[0],
            key[1],
            tuple(_mark_span(item, nights) for item in marks[key]),
            tuple(_tally_span(item, nights) for item in tallies.get(key, ())),
        )
        for key in sorted(marks, key=str)
    )


def _nights(session: Session, layer: Layer, first: date | None, last: date | None) -> Sequence[date]:
    query = shown(select(NightRow.night), layer).where(
        NightRow.night >= (first or date.min), NightRow.night <= (last or date.max)
    )
    return session.scalars(query.order_by(NightRow.night)).all()


def _told(
    session: Session,
    table: type[MarkSpanRow | TallySpanRow],
    layer: Layer,
    nights: Sequence[date],
    asked: tuple[Any, ...],
) -> dict[_Question, list[_Stretch]]:
    """Return what *table* tells of each question, cut to the *nights*, equal neighbours joined."""
    if table is MarkSpanRow:
        item, columns = MarkSpanRow.item_id, [MarkRow.value, MarkRow.reason, MarkRow.rules]
    else:
        item, columns = TallySpanRow.mark_id, [getattr(TallySpanRow, name) for name in TallySpanRow.KEY[1:]]
    question = (MarkRow.indicator, MarkRow.profile, MarkRow.role_group)
    # Layer and nights are chosen here, not by the database: its planner would go by night and read the whole country.
    bounds = (table.first_night, table.last_night, table.layer)
    query = select(*bounds, *question, *columns).join(MarkRow, MarkRow.id == item)
    found: dict[_Question, list[_Stretch]] = {}
    for begins, ends, of, indicator, profile, group, *told in session.execute(query.where(*asked)):
        low, high = bisect_left(nights, begins), bisect_right(nights, ends) - 1
        if of == layer and low <= high:
            found.setdefault((indicator, profile, group), []).append(_Stretch(low, high, tuple(told)))
    return {key: list(_joined(sorted(stretches))) for key, stretches in found.items()}


def _joined(stretches: list[_Stretch]) -> Iterator[_Stretch]:
    """Yield *stretches* with neighbours that tell the same made one."""
    current: _Stretch | None = None
    for item in stretches:
        if current and item.first == current.last + 1 and item.told == current.told:
            current = current._replace(last=item.last)
            continue
        if current:
            yield current
        current = item
    if current:
        yield current


def _mark_span(stretch: _Stretch, nights: Sequence[date]) -> MarkSpan:
    value, reason, rules = stretch.told
    decoded = msgspec.json.decode(rules, type=tuple[str, ...])
    return MarkSpan(nights[stretch.first], nights[stretch.last], value, reason, decoded)


def _tally_span(stretch: _Stretch, nights: Sequence[date]) -> TallySpan:
    *counted, low, high, _ = stretch.told
    interval = None if low is None else (low, high)
    return TallySpan(nights[stretch.first], nights[stretch.last], Counts(*counted), interval)
