"""Writes a night into the ledger: identity rows once, spans where something changed, the rest packed beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session, undefer

from checks.assessment import Assessment
from checks.marks import Mark
from reports.ledger import packed, sightings, superseded
from reports.ledger.rows import aside_of, finding_row, mark_id, mark_row, natural_order, sightings_of, tally_key
from reports.ledger.runs import Layer
from reports.ledger.spans import Key, Place, hold
from reports.ledger.tables import (
    Base,
    FindingRow,
    FindingSpanRow,
    MarkRow,
    MarkSpanRow,
    NightRow,
    SnapshotRow,
    TallySpanRow,
)

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Prepared:
    """A night as rows: all that can be made before the database is touched."""

    night: date
    findings: Rows
    sightings: Mapping[str, Sequence[packed.Place]]
    marks: Mapping[str, Mark]
    tallies: frozenset[Key]
    asides: bytes


def prepare(assessment: Assessment) -> Prepared:
    """Return *assessment* as rows. Raises ValueError when two marks answer the same question."""
    asked = [natural_order(mark) for mark in assessment.marks]
    if len(set(asked)) != len(asked):
        raise ValueError("an assessment holds two marks for the same body, indicator and profile")
    findings = {finding.id: finding for finding in assessment.findings}
    marks = {mark_id(mark): mark for mark in sorted(assessment.marks, key=natural_order)}
    return Prepared(
        assessment.night,
        [finding_row(key, finding) for key, finding in findings.items()],
        {key: sightings_of(finding) for key, finding in findings.items()},
        marks,
        frozenset(tally_key(key, mark) for key, mark in marks.items()),
        packed.pack_marks([aside_of(mark, assessment.night) for mark in marks.values()]),
    )


def write_night(session: Session, run_id: str, layer: Layer, night: Prepared) -> None:
    """Make *night* what *layer* says of it, in the caller's transaction. What it said before is kept aside."""
    place = _place(session, night.night, layer)
    row = session.get(NightRow, (layer, night.night), options=[undefer(NightRow.marks)])
    if row is not None:
        superseded.keep(session, row, night.sightings.keys(), tuple(night.marks.values()))
    _findings(session, run_id, night, place)
    _marks(session, run_id, night, place)
    newest = packed.pack_sightings(night.sightings) if place.after is None else None
    if row is None:
        session.add(NightRow(layer=layer, night=night.night, run_id=run_id, marks=night.asides, sightings=newest))
    else:
        row.run_id, row.marks, row.sightings = run_id, night.asides, newest
    session.flush()


def keep_snapshot(session: Session, kind: str, digest: str, body: str) -> None:
    """Store *body* under its *digest* unless it is there."""
    if session.get(SnapshotRow, digest) is None:
        session.add(SnapshotRow(digest=digest, kind=kind, body=body))
        session.flush()


def _place(session: Session, night: date, layer: Layer) -> Place:
    own = NightRow.layer == layer
    before = session.scalar(select(func.max(NightRow.night)).where(own, NightRow.night < night))
    after = session.scalar(select(func.min(NightRow.night)).where(own, NightRow.night > night))
    return Place(night, before, after, layer)


def _findings(session: Session, run_id: str, night: Prepared, place: Place) -> None:
    known = {row.id: row.body_digest for row in session.execute(select(FindingRow.id, FindingRow.body_digest))}
    _insert(session, FindingRow, [row for row in night.findings if row["id"] not in known])
    # The same verdict on the same bytes, told in other words (a better excerpt, a redaction): the newest words stay.
    _reword(session, [row for row in night.findings if known.get(row["id"], row["body_digest"]) != row["body_digest"]])
    changes = hold(session, FindingSpanRow, place, {(row["id"],) for row in night.findings}, run_id)
    sightings.write(session, place, night.sightings, {key for (key,) in changes.opened(place.night)})


def _reword(session: Session, rows: Rows) -> None:
    if rows:
        table = _core(FindingRow)
        changed = update(table).where(table.c.id == bindparam("row"))
        values = [{"row": row["id"], "body": row["body"], "body_digest": row["body_digest"]} for row in rows]
        session.connection().execute(changed, values)


def _marks(session: Session, run_id: str, night: Prepared, place: Place) -> None:
    known = set(session.scalars(select(MarkRow.id)))
    _insert(session, MarkRow, [mark_row(key, mark) for key, mark in night.marks.items() if key not in known])
    hold(session, MarkSpanRow, place, {(key,) for key in night.marks}, run_id)
    hold(session, TallySpanRow, place, night.tallies, run_id)


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if values:
        session.connection().execute(insert(_core(table)), values)


def _core(table: type[Base]) -> Table:
    core = table.__table__
    if not isinstance(core, Table):
        raise TypeError(f"{table.__name__} is not mapped to a table")
    return core
