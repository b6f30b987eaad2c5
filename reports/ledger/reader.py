"""Reads nights back. Only nights whose run is finished show; a night that was never recorded is empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from checks.assessment import Assessment, RuleInfo
from checks.findings import Finding, Outcome
from checks.marks import Mark
from crawler.coverage import RunCoverage, RunState
from crawler.portals.publishers import Stranger
from reports.ledger.rows import read_finding, read_mark
from reports.ledger.runs import MarkSpan
from reports.ledger.tables import (
    FindingRow,
    FindingSpanRow,
    MarkNightRow,
    MarkRow,
    MarkSpanRow,
    NightRow,
    RunRow,
    SightingRow,
    SnapshotRow,
)

SelectT = TypeVar("SelectT", bound=Select[Any])


def shown(query: SelectT) -> SelectT:
    """Return *query* over nights (and their runs) limited to nights that show."""
    joined = query.select_from(NightRow).join(RunRow, RunRow.id == NightRow.run_id)
    return joined.where(RunRow.state != RunState.RUNNING.value)


def shows(session: Session, night: date) -> bool:
    """Tell whether *night* was recorded by a finished run."""
    return session.scalar(shown(select(NightRow.night)).where(NightRow.night == night)) is not None


def findings(
    session: Session,
    night: date,
    *,
    agency: str | None = None,
    rules: Sequence[str] | None = None,
    outcome: Outcome | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of *night*, ordered by agency, rule, subject."""
    if not shows(session, night):
        return ()
    query = select(FindingRow.id, FindingRow.body).join(FindingSpanRow, FindingSpanRow.item_id == FindingRow.id)
    query = query.where(FindingSpanRow.first_night <= night, FindingSpanRow.last_night >= night)
    if agency is not None:
        query = query.where(FindingRow.agency == agency)
    if rules is not None:
        query = query.where(FindingRow.rule.in_(rules))
    if outcome is not None:
        query = query.where(FindingRow.outcome == outcome.value)
    sighted = _sightings(session, night)
    found = [(read_finding(row.body, sighted.get(row.id, {})), row.id) for row in session.execute(query)]
    return tuple(item for item, _ in sorted(found, key=_finding_order))


def _finding_order(pair: tuple[Finding, str]) -> tuple[str, ...]:
    item, identity = pair
    return (item.agency or "", item.rule, item.scope or "", item.subject.kind, item.subject.id, identity)


def _sightings(session: Session, night: date) -> dict[str, dict[int, tuple[str, Any]]]:
    """Return where each finding of *night* was seen: the newest sighting up to the night, else the next."""
    span = FindingSpanRow
    held = select(span.item_id).where(span.first_night <= night, span.last_night >= night)
    rows = session.execute(
        select(
            SightingRow.finding_id, SightingRow.position, SightingRow.capture, SightingRow.fetched_at, SightingRow.night
        )
        .where(SightingRow.finding_id.in_(held))
        .order_by(SightingRow.night)
    )
    chosen: dict[str, dict[int, tuple[str, Any]]] = {}
    for row in rows:
        places = chosen.setdefault(row.finding_id, {})
        if row.night <= night or row.position not in places:
            places[row.position] = (row.capture, row.fetched_at)
    return chosen


def marks(
    session: Session,
    night: date,
    *,
    agency: str | None = None,
    indicator: str | None = None,
    profile: str | None = None,
) -> tuple[Mark, ...]:
    """Return the marks of *night*, ordered by profile, indicator, agency, group."""
    if not shows(session, night):
        return ()
    query = select(MarkRow.__table__, MarkNightRow.__table__)
    query = query.join(MarkNightRow, MarkNightRow.mark_id == MarkRow.id).where(MarkNightRow.night == night)
    for column, wanted in ((MarkRow.agency, agency), (MarkRow.indicator, indicator), (MarkRow.profile, profile)):
        if wanted is not None:
            query = query.where(column == wanted)
    found = [read_mark(row) for row in session.execute(query)]
    return tuple(sorted(found, key=lambda item: (item.profile, item.indicator, item.agency or "", item.group or "")))


def history(
    session: Session, agency: str | None, indicator: str, profile: str, group: str | None
) -> tuple[MarkSpan, ...]:
    """Return the nights of a mark, joined where value and reason stay the same from one recorded night to the next."""
    query = select(MarkSpanRow.first_night, MarkSpanRow.last_night, MarkRow.value, MarkRow.reason)
    query = query.join(MarkRow, MarkRow.id == MarkSpanRow.item_id)
    query = query.where(MarkRow.indicator == indicator, MarkRow.profile == profile)
    query = query.where(MarkRow.agency.is_not_distinct_from(agency), MarkRow.role_group.is_not_distinct_from(group))
    held = session.execute(query.order_by(MarkSpanRow.first_night)).all()
    nights = session.scalars(shown(select(NightRow.night)).order_by(NightRow.night)).all()
    said = {
        night: (row.value, row.reason) for row in held for night in nights if row.first_night <= night <= row.last_night
    }
    stretches = [(told, list(run)) for told, run in groupby(nights, key=said.get)]
    return tuple(MarkSpan(run[0], run[-1], *told) for told, run in stretches if told is not None)


def rules(session: Session, night: date) -> tuple[RuleInfo, ...]:
    """Return the rules that judged *night*."""
    query = shown(select(SnapshotRow.body)).join(SnapshotRow, SnapshotRow.digest == RunRow.rules_digest)
    body = session.scalar(query.where(NightRow.night == night))
    return msgspec.json.decode(body, type=tuple[RuleInfo, ...]) if body else ()


def assessment(session: Session, night: date) -> Assessment | None:
    """Return all that was recorded of *night*."""
    run = session.scalar(shown(select(RunRow)).where(NightRow.night == night))
    if run is None:
        return None
    return Assessment(
        night=night,
        findings=findings(session, night),
        marks=marks(session, night),
        rules=rules(session, night),
        coverage=msgspec.json.decode(run.coverage, type=tuple[RunCoverage, ...]),
        strangers=msgspec.json.decode(run.strangers, type=tuple[Stranger, ...]),
    )
