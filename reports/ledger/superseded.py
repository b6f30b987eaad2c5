"""What was said of a night before another run's word took its place: kept whole, shown to who asks for that run."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlalchemy.orm import Session

from checks.assessment import Assessment
from checks.marks import Mark
from reports.ledger import reader, sightings
from reports.ledger.packed import Superseded, pack_superseded, unpack_superseded
from reports.ledger.rows import read_finding
from reports.ledger.runs import Layer
from reports.ledger.tables import FindingRow, NightRow, SupersededRow

_CHUNK = 500


def keep(session: Session, row: NightRow, findings: AbstractSet[str], marks: tuple[Mark, ...]) -> None:
    """Keep what *row*'s run said of its night, unless the *findings* (ids) and *marks* that follow say the same."""
    layer = Layer(row.layer)
    ids = reader.finding_ids(session, row.night, layer)
    said = reader.marks_held(session, row.night, layer)
    if ids == findings and said == marks:
        return
    seen = sightings.read(session, row.night, layer)
    places = {key: tuple(place for _, place in sorted(seen.get(key, {}).items())) for key in sorted(ids)}
    body = pack_superseded(Superseded(said, places))
    session.add(SupersededRow(layer=row.layer, night=row.night, run_id=row.run_id, body=body))
    session.flush()


def read(session: Session, run_id: str) -> tuple[Assessment, ...]:
    """Return what a run had said before other words took their place, oldest first; findings and marks alone."""
    rows = session.scalars(select(SupersededRow).where(SupersededRow.run_id == run_id).order_by(SupersededRow.id))
    return tuple(_read(session, row) for row in rows)


def _read(session: Session, row: SupersededRow) -> Assessment:
    said = unpack_superseded(row.body)
    ids = list(said.sightings)
    bodies: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        part = FindingRow.id.in_(ids[start : start + _CHUNK])
        bodies |= {row.id: row.body for row in session.execute(select(FindingRow.id, FindingRow.body).where(part))}
    found = [(read_finding(bodies[key], dict(enumerate(said.sightings[key]))), key) for key in ids]
    ordered = tuple(item for item, _ in sorted(found, key=reader.finding_order))
    return Assessment(night=row.night, findings=ordered, marks=said.marks, rules=(), coverage=())
