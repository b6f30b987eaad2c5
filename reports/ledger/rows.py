"""Findings and marks as rows, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row

from checks.findings import Finding
from checks.marks import Bounds, Counts, Mark, MarkValue
from crawler.coverage import RunCoverage, RunState
from reports.ledger.packed import Aside
from reports.ledger.packed import Place as Sighted
from reports.ledger.runs import Cell, Run, RunKind
from reports.ledger.spans import Key
from reports.ledger.tables import RunRow

_SIGHTING = ("capture", "fetched_at")


def finding_row(finding_id: str, finding: Finding) -> dict[str, Any]:
    """Return the identity row of *finding*: all of it but its sightings."""
    plain = msgspec.to_builtins(finding)
    for item in (*plain["evidence"], *plain["counter_evidence"]):
        for key in _SIGHTING:
            del item[key]
    body = msgspec.json.encode(plain, order="deterministic")
    return {
        "id": finding_id,
        "agency": finding.agency,
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "body_digest": hashlib.sha256(body).hexdigest(),
        "body": body.decode(),
    }


def sightings_of(finding: Finding) -> list[Sighted]:
    """Return where the evidence of *finding* was seen, in the order it is cited."""
    return [(item.capture, item.fetched_at) for item in (*finding.evidence, *finding.counter_evidence)]


def sighting_rows(finding_id: str, places: Sequence[Sighted], night: date, layer: int) -> list[dict[str, Any]]:
    """Return the rows that say where a finding was seen on *night*, as *layer* tells it."""
    held = {"layer": layer, "finding_id": finding_id, "night": night}
    return [
        {**held, "position": number, "capture": capture, "fetched_at": fetched_at}
        for number, (capture, fetched_at) in enumerate(places)
    ]


def read_finding(body: str, sighted: Mapping[int, Sighted]) -> Finding:
    """Return the finding of an identity row, with its sightings put back."""
    plain = msgspec.json.decode(body)
    for place, item in enumerate((*plain["evidence"], *plain["counter_evidence"])):
        item["capture"], item["fetched_at"] = sighted[place]
    return msgspec.convert(plain, Finding)


def mark_id(mark: Mark) -> str:
    """Return the identity of *mark*: who, what, the value and what it rests on. 32 hex digits."""
    parts = [mark.agency, mark.group, mark.indicator, mark.profile, mark.value, mark.reason, mark.rules, mark.evidence]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:32]


def mark_row(identity: str, mark: Mark) -> dict[str, Any]:
    """Return the identity row of *mark*."""
    return {
        "id": identity,
        "agency": mark.agency,
        "role_group": mark.group,
        "indicator": mark.indicator,
        "profile": mark.profile,
        "value": mark.value.value if mark.value else None,
        "reason": mark.reason,
        "rules": msgspec.json.encode(mark.rules).decode(),
        "evidence": msgspec.json.encode(mark.evidence).decode(),
    }


def tally_key(identity: str, mark: Mark) -> Key:
    """Return what *mark* counted, as the key of its row."""
    low, high = mark.interval or (None, None)
    return (identity, *msgspec.structs.astuple(mark.counts), low, high, mark.bounds.value if mark.bounds else None)


def aside_of(mark: Mark, night: date) -> Aside:
    """Return what stands beside *mark* on *night*."""
    age = mark.evidence_age
    return Aside(mark.coverage, None if age is None else night - timedelta(days=age))


def natural_order(mark: Mark | Cell) -> tuple[str, ...]:
    """Return what marks are sorted by wherever they are listed."""
    return (mark.profile, mark.indicator, mark.agency or "", mark.group or "")


def read_mark(row: Row[Any]) -> Mark:
    """Return the mark of a joined row of `marks` and `tally_spans`, without what stands beside it."""
    return Mark(
        agency=row.agency,
        indicator=row.indicator,
        profile=row.profile,
        value=MarkValue(row.value) if row.value is not None else None,
        reason=row.reason,
        counts=Counts(row.passed, row.failed, row.unclear, row.not_applicable, row.not_observed),
        interval=None if row.low is None else (row.low, row.high),
        rules=msgspec.json.decode(row.rules, type=tuple[str, ...]),
        evidence=msgspec.json.decode(row.evidence, type=tuple[str, ...]),
        group=row.role_group,
        bounds=Bounds(row.bounds) if row.bounds else None,
    )


def with_aside(mark: Mark, aside: Aside, night: date) -> Mark:
    """Return *mark* with its coverage and the age of its evidence on *night*."""
    age = (night - aside.oldest).days if aside.oldest else None
    return msgspec.structs.replace(mark, coverage=aside.coverage, evidence_age=age)


def coverage_text(coverage: Sequence[RunCoverage]) -> str:
    """Return *coverage* as it is stored."""
    return msgspec.json.encode(list(coverage)).decode()


def read_run(row: RunRow) -> Run:
    """Return the run of a row."""
    return Run(
        id=row.id,
        night=row.night,
        kind=RunKind(row.kind),
        state=RunState(row.state),
        started=row.started,
        finished=row.finished,
        config_digest=row.config_digest,
        pack_digest=row.pack_digest,
        lock_digest=row.lock_digest,
        vantage=row.vantage,
        reason=row.reason,
        coverage=msgspec.json.decode(row.coverage, type=tuple[RunCoverage, ...]),
    )
