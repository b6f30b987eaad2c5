"""Writes a night into the ledger: identity rows once, spans extended, tonight's counts beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from checks.assessment import Assessment
from checks.findings import Finding
from reports.ledger.rows import finding_row, mark_id, mark_night_row, mark_row, sighting_rows
from reports.ledger.spans import Place, hold
from reports.ledger.tables import (
    Base,
    FindingRow,
    FindingSpanRow,
    MarkNightRow,
    MarkRow,
    MarkSpanRow,
    NightRow,
    SightingRow,
    SnapshotRow,
)

Rows = list[dict[str, Any]]


def write_night(session: Session, run_id: str, assessment: Assessment) -> None:
    """Make *assessment* what the ledger says of its night, in the caller's transaction."""
    night = assessment.night
    place = _place(session, night)
    _findings(session, run_id, assessment, place)
    _marks(session, run_id, assessment, place)
    row = session.get(NightRow, night)
    if row is None:
        session.add(NightRow(night=night, run_id=run_id))
    else:
        row.run_id = run_id


def keep_snapshot(session: Session, kind: str, digest: str, body: str) -> None:
    """Store *body* under its *digest* unless it is there."""
    if session.get(SnapshotRow, digest) is None:
        session.add(SnapshotRow(digest=digest, kind=kind, body=body))
        session.flush()


def _place(session: Session, night: date) -> Place:
    before = session.scalar(select(func.max(NightRow.night)).where(NightRow.night < night))
    after = session.scalar(select(func.min(NightRow.night)).where(NightRow.night > night))
    return Place(night, before, after)


def _findings(session: Session, run_id: str, assessment: Assessment, place: Place) -> None:
    items = {finding.id: finding for finding in assessment.findings}
    rows = [finding_row(key, finding) for key, finding in items.items()]
    known = {row.id: row.body_digest for row in session.execute(select(FindingRow.id, FindingRow.body_digest))}
    _insert(session, FindingRow, [row for row in rows if row["id"] not in known])
    # The same verdict on the same bytes, told in other words (a better excerpt, a redaction): the newest words stay.
    _reword(session, [row for row in rows if known.get(row["id"], row["body_digest"]) != row["body_digest"]])
    hold(session, FindingSpanRow, place, set(items), run_id)
    _sightings(session, items, place)


def _sightings(session: Session, items: dict[str, Finding], place: Place) -> None:
    """Write where the night's evidence was seen. What it no longer holds keeps its sighting for other nights."""
    span = FindingSpanRow
    held = select(span.item_id).where(span.first_night <= place.night, span.last_night >= place.night)
    session.execute(
        delete(SightingRow)
        .where(SightingRow.night == place.night, SightingRow.finding_id.in_(held))
        .execution_options(synchronize_session=False)
    )
    rows = [row for key, finding in items.items() for row in sighting_rows(key, finding, place.night)]
    _insert(session, SightingRow, rows)
    if place.before:
        _forget_sightings(session, place.before)


def _reword(session: Session, rows: Rows) -> None:
    if rows:
        table = _core(FindingRow)
        changed = update(table).where(table.c.id == bindparam("row"))
        values = [{"row": row["id"], "body": row["body"], "body_digest": row["body_digest"]} for row in rows]
        session.connection().execute(changed, values)


def _forget_sightings(session: Session, night: date) -> None:
    """Drop the sightings of *night* that lie inside a span: its first and newest nights keep theirs."""
    span = FindingSpanRow
    inside = select(span.item_id).where(
        span.item_id == SightingRow.finding_id, span.first_night < night, span.last_night > night
    )
    session.execute(
        delete(SightingRow)
        .where(SightingRow.night == night, inside.correlate(SightingRow).exists())
        .execution_options(synchronize_session=False)
    )


def _marks(session: Session, run_id: str, assessment: Assessment, place: Place) -> None:
    asked = [(mark.agency, mark.group, mark.indicator, mark.profile) for mark in assessment.marks]
    if len(set(asked)) != len(asked):
        raise ValueError("an assessment holds two marks for the same body, indicator and profile")
    items = {mark_id(mark): mark for mark in assessment.marks}
    known = set(session.scalars(select(MarkRow.id)))
    _insert(session, MarkRow, [mark_row(key, mark) for key, mark in items.items() if key not in known])
    hold(session, MarkSpanRow, place, set(items), run_id)
    session.execute(delete(MarkNightRow).where(MarkNightRow.night == place.night))
    _insert(session, MarkNightRow, [mark_night_row(key, mark, place.night) for key, mark in items.items()])


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    values = list(rows)
    if values:
        session.connection().execute(insert(_core(table)), values)


def _core(table: type[Base]) -> Table:
    core = table.__table__
    if not isinstance(core, Table):
        raise TypeError(f"{table.__name__} is not mapped to a table")
    return core
