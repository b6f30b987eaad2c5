"""Where the evidence of findings was seen: rows for the first and last night of a span, packed for the newest night."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session, undefer

from reports.ledger.packed import Place as Sighted
from reports.ledger.packed import unpack_sightings
from reports.ledger.rows import sighting_rows
from reports.ledger.runs import Layer
from reports.ledger.spans import Place, covers
from reports.ledger.tables import FindingSpanRow, NightRow, SightingRow


def write(session: Session, place: Place, seen: Mapping[str, Sequence[Sighted]], opened: Collection[str]) -> None:
    """Write rows for the findings whose span was *opened* on the night, and for those that ended the night before."""
    _rows(session, place.layer, place.night, {key: seen[key] for key in opened})
    if place.before is None or place.after is not None:
        return
    row = session.get(NightRow, (place.layer, place.before), options=[undefer(NightRow.sightings)])
    if row is None or row.sightings is None:
        return
    last = unpack_sightings(row.sightings)
    _rows(session, place.layer, place.before, {key: places for key, places in last.items() if key not in seen})
    row.sightings = None


def read(session: Session, night: date, layer: Layer) -> dict[str, dict[int, Sighted]]:
    """Return where each finding of *night* was seen: the newest sighting up to the night, else the next."""
    held = select(FindingSpanRow.item_id).where(covers(FindingSpanRow, layer, night))
    columns = (SightingRow.finding_id, SightingRow.position, SightingRow.capture, SightingRow.fetched_at)
    rows = session.execute(
        select(*columns, SightingRow.night)
        .where(SightingRow.layer == layer, SightingRow.finding_id.in_(held))
        .order_by(SightingRow.night)
    )
    chosen: dict[str, dict[int, Sighted]] = {}
    for row in rows:
        places = chosen.setdefault(row.finding_id, {})
        if row.night <= night or row.position not in places:
            places[row.position] = (row.capture, row.fetched_at)
    own = session.scalar(select(NightRow.sightings).where(NightRow.layer == layer, NightRow.night == night))
    newest = unpack_sightings(own) if own else {}
    return chosen | {key: dict(enumerate(places)) for key, places in newest.items()}


def _rows(session: Session, layer: Layer, night: date, seen: Mapping[str, Sequence[Sighted]]) -> None:
    """Write the sightings of a layer's *night*; what was written of the same findings and night gives way."""
    core: Any = SightingRow.__table__
    connection = session.connection()
    own = (SightingRow.layer == layer, SightingRow.night == night)
    there = set(session.scalars(select(SightingRow.finding_id).where(*own).distinct()))
    if again := there & seen.keys():
        gone = delete(core).where(core.c.layer == layer, core.c.night == night, core.c.finding_id == bindparam("key"))
        connection.execute(gone, [{"key": key} for key in sorted(again)])
    if rows := [row for key, places in seen.items() for row in sighting_rows(key, places, night, layer)]:
        connection.execute(insert(core), rows)
