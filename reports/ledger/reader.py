"""Reads nights back. Only nights whose run is finished show; a night that was never recorded is empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from checks.assessment import Assessment, RuleInfo
from checks.findings import Finding, Outcome
from checks.marks import Mark
from crawler.coverage import RunCoverage, RunState
from crawler.portals.publishers import Stranger
from reports.ledger import sightings
from reports.ledger.packed import Aside, unpack_marks
from reports.ledger.rows import natural_order, read_finding, read_mark, with_aside
from reports.ledger.runs import Cell, Layer
from reports.ledger.spans import covers
from reports.ledger.tables import (
    FindingRow,
    FindingSpanRow,
    MarkRow,
    MarkSpanRow,
    NightRow,
    RunRow,
    SnapshotRow,
    TallySpanRow,
)

SelectT = TypeVar("SelectT", bound=Select[Any])


def shown(query: SelectT, layer: Layer) -> SelectT:
    """Return *query* over nights (and their runs) limited to nights of *layer* that show."""
    joined = query.select_from(NightRow).join(RunRow, RunRow.id == NightRow.run_id)
    return joined.where(NightRow.layer == layer, RunRow.state != RunState.RUNNING.value)


def shows(session: Session, night: date, layer: Layer) -> bool:
    """Tell whether *night* was recorded by a finished run."""
    return session.scalar(shown(select(NightRow.night), layer).where(NightRow.night == night)) is not None


def findings(
    session: Session,
    night: date,
    layer: Layer,
    *,
    agency: str | None = None,
    rules: Sequence[str] | None = None,
    outcome: Outcome | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of *night*, ordered by agency, rule, subject."""
    if not shows(session, night, layer):
        return ()
    query = select(FindingRow.id, FindingRow.body).join(FindingSpanRow, FindingSpanRow.item_id == FindingRow.id)
    query = query.where(covers(FindingSpanRow, layer, night))
    if agency is not None:
        query = query.where(FindingRow.agency == agency)
    if rules is not None:
        query = query.where(FindingRow.rule.in_(rules))
    if outcome is not None:
        query = query.where(FindingRow.outcome == outcome.value)
    sighted = sightings.read(session, night, layer)
    found = [(read_finding(row.body, sighted.get(row.id, {})), row.id) for row in session.execute(query)]
    return tuple(item for item, _ in sorted(found, key=finding_order))


def finding_ids(session: Session, night: date, layer: Layer) -> set[str]:
    """Return the ids of the findings that hold on *night*, whether it shows or not."""
    return set(session.scalars(select(FindingSpanRow.item_id).where(covers(FindingSpanRow, layer, night))))


def finding_order(pair: tuple[Finding, str]) -> tuple[str, ...]:
    """Return what findings (with their ids) are sorted by wherever they are listed."""
    item, identity = pair
    return (item.agency or "", item.rule, item.scope or "", item.subject.kind, item.subject.id, identity)


def marks(
    session: Session,
    night: date,
    layer: Layer,
    *,
    agency: str | None = None,
    indicator: str | None = None,
    profile: str | None = None,
) -> tuple[Mark, ...]:
    """Return the marks of *night*, ordered by profile, indicator, agency, group."""
    if not shows(session, night, layer):
        return ()
    wanted = ((MarkRow.agency, agency), (MarkRow.indicator, indicator), (MarkRow.profile, profile))
    return marks_held(session, night, layer, *(column == value for column, value in wanted if value is not None))


def marks_held(session: Session, night: date, layer: Layer, *conditions: Any) -> tuple[Mark, ...]:
    """Return the marks that hold on *night*, whether it shows or not."""
    query = select(MarkRow.__table__, TallySpanRow.__table__)
    query = query.join(TallySpanRow, TallySpanRow.mark_id == MarkRow.id).where(covers(TallySpanRow, layer, night))
    asides = _asides(session, night, layer)
    found = [(read_mark(row), asides[row.mark_id]) for row in session.execute(query.where(*conditions))]
    return tuple(sorted((with_aside(mark, aside, night) for mark, aside in found), key=natural_order))


def _asides(session: Session, night: date, layer: Layer) -> dict[str, Aside]:
    """Return what stands beside each mark of *night*, by the mark's id."""
    body = session.scalar(select(NightRow.marks).where(NightRow.layer == layer, NightRow.night == night))
    rows = session.execute(_cells(night, layer, MarkRow.value, MarkRow.reason, MarkRow.id))
    held = [(Cell(*cell), key) for *cell, key in rows]
    ids = [key for _, key in sorted(held, key=lambda pair: natural_order(pair[0]))]
    return dict(zip(ids, unpack_marks(body), strict=True)) if body else {}


def cells(session: Session, night: date, layer: Layer, profile: str | None) -> tuple[Cell, ...]:
    """Return value and reason of every mark of *night*, in the order of `marks`: what a matrix needs."""
    if not shows(session, night, layer):
        return ()
    query = _cells(night, layer, MarkRow.value, MarkRow.reason)
    if profile is not None:
        query = query.where(MarkRow.profile == profile)
    return tuple(sorted((Cell(*row) for row in session.execute(query)), key=natural_order))


def _cells(night: date, layer: Layer, *columns: Any) -> Select[Any]:
    asked = (MarkRow.profile, MarkRow.indicator, MarkRow.agency, MarkRow.role_group.label("group"))
    held = and_(MarkSpanRow.item_id == MarkRow.id, covers(MarkSpanRow, layer, night))
    return select(*asked, *columns).join(MarkSpanRow, held)


def rules(session: Session, night: date, layer: Layer) -> tuple[RuleInfo, ...]:
    """Return the rules that judged *night*."""
    query = shown(select(SnapshotRow.body), layer).join(SnapshotRow, SnapshotRow.digest == RunRow.rules_digest)
    body = session.scalar(query.where(NightRow.night == night))
    return msgspec.json.decode(body, type=tuple[RuleInfo, ...]) if body else ()


def assessment(session: Session, night: date, layer: Layer) -> Assessment | None:
    """Return all that was recorded of *night*."""
    run = session.scalar(shown(select(RunRow), layer).where(NightRow.night == night))
    if run is None:
        return None
    return Assessment(
        night=night,
        findings=findings(session, night, layer),
        marks=marks(session, night, layer),
        rules=rules(session, night, layer),
        coverage=msgspec.json.decode(run.coverage, type=tuple[RunCoverage, ...]),
        strangers=msgspec.json.decode(run.strangers, type=tuple[Stranger, ...]),
    )
