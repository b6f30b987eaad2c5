"""The ledger: what was found and marked, night by night. It never reads a clock; times are passed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Self

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from checks.assessment import Assessment, RuleInfo
from checks.findings import Finding, Outcome
from checks.marks import Mark
from config.errors import ConfigError
from config.loader import digest_of
from crawler.coverage import RunCoverage, RunState
from reports.ledger import changes as changes_of
from reports.ledger import courses, reader, superseded
from reports.ledger.changes import MarkChange
from reports.ledger.engine import LOCK_TIMEOUT, ledger_url, open_engine, told, writing
from reports.ledger.rows import coverage_text, read_run
from reports.ledger.runs import Cell, Course, Inputs, Layer, MarkSpan, Run, RunKind, canonical
from reports.ledger.tables import MarkRow, NightRow, RunRow, SnapshotRow
from reports.ledger.writer import Prepared, keep_snapshot, prepare, write_night

PUBLISHED = Layer.PUBLISHED


class Ledger:
    """An open ledger at a path (SQLite) or a database URL. Raises ConfigError when it cannot be used.

    `create=False` is for readers: a ledger that is not there is an error, not a new empty one.
    """

    def __init__(self, place: str | Path, *, create: bool = True, lock_timeout: float = LOCK_TIMEOUT) -> None:
        self.url = ledger_url(place)
        self._engine = open_engine(self.url, create=create, lock_timeout=lock_timeout)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin_run(
        self,
        run_id: str,
        night: date,
        kind: RunKind,
        started: datetime,
        inputs: Inputs,
        *,
        vantage: str = "default",
        reason: str | None = None,
    ) -> Run:
        """List a run as running. A second nightly run of a night is listed as what it is, a rerun."""
        with self._writing() as session:
            if session.get(RunRow, run_id) is not None:
                raise ConfigError(f"run {run_id} is already in the ledger")
            keep_snapshot(session, "config", inputs.config_digest, inputs.config)
            keep_snapshot(session, "pack", inputs.pack_digest, inputs.pack)
            row = RunRow(
                id=run_id,
                night=night,
                kind=_kind(session, night, kind),
                state=RunState.RUNNING.value,
                started=started,
                config_digest=inputs.config_digest,
                pack_digest=inputs.pack_digest,
                lock_digest=inputs.lock_digest,
                vantage=vantage,
                reason=reason,
                coverage="[]",
            )
            session.add(row)
            session.flush()
            return read_run(row)

    def record(self, run_id: str, assessment: Assessment) -> None:
        """Make *assessment* what the run's layer says of its night, whole or not at all.

        The night shows once the run is finished: see `conclude`. What an earlier run said of the night gives way and is
        kept aside (`superseded`); the run stays listed. A restatement never touches what was published.
        """
        with self._writing() as session:
            _record(session, run_id, assessment)

    def conclude(
        self,
        run_id: str,
        assessment: Assessment,
        state: RunState,
        finished: datetime,
        *,
        reason: str | None = None,
        changes: Sequence[MarkChange] = (),
    ) -> Run:
        """Record *assessment* and finish the run in one transaction: no night is without word in between.

        *changes* say what came out otherwise than on the recorded night before, and why.
        """
        prepared = prepare(assessment)
        with self._writing() as session:
            layer = _record(session, run_id, assessment, prepared)
            changes_of.write(session, layer, assessment.night, run_id, changes)
            return _finish(session, run_id, state, finished, reason, None)

    def finish_run(
        self,
        run_id: str,
        state: RunState,
        finished: datetime,
        *,
        reason: str | None = None,
        coverage: Sequence[RunCoverage] | None = None,
    ) -> Run:
        """Close a run as complete or incomplete."""
        with self._writing() as session:
            return _finish(session, run_id, state, finished, reason, coverage)

    def runs(self, night: date | None = None) -> tuple[Run, ...]:
        """Return the runs, oldest first, running ones too."""
        query = select(RunRow).order_by(RunRow.started, RunRow.id)
        if night is not None:
            query = query.where(RunRow.night == night)
        with self._reading() as session:
            return tuple(read_run(row) for row in session.scalars(query))

    def run_of(self, night: date, layer: Layer = PUBLISHED) -> Run | None:
        """Return the finished run whose word counts for *night*, or None."""
        with self._reading() as session:
            row = session.scalar(reader.shown(select(RunRow), layer).where(NightRow.night == night))
            return read_run(row) if row else None

    def nights(self, layer: Layer = PUBLISHED) -> tuple[date, ...]:
        """Return the nights that show, oldest first."""
        with self._reading() as session:
            return tuple(session.scalars(reader.shown(select(NightRow.night), layer).order_by(NightRow.night)))

    def findings(
        self,
        night: date,
        *,
        agency: str | None = None,
        rules: Sequence[str] | None = None,
        outcome: Outcome | None = None,
        layer: Layer = PUBLISHED,
    ) -> tuple[Finding, ...]:
        """Return the findings of *night* in a fixed order; `rules` are ids such as `LANG-01`, of any version."""
        with self._reading() as session:
            return reader.findings(session, night, layer, agency=agency, rules=rules, outcome=outcome)

    def marks(
        self,
        night: date,
        *,
        agency: str | None = None,
        indicator: str | None = None,
        profile: str | None = None,
        layer: Layer = PUBLISHED,
    ) -> tuple[Mark, ...]:
        """Return the marks of *night* in a fixed order."""
        with self._reading() as session:
            return reader.marks(session, night, layer, agency=agency, indicator=indicator, profile=profile)

    def cells(self, night: date, *, profile: str | None = None, layer: Layer = PUBLISHED) -> tuple[Cell, ...]:
        """Return value and reason of the marks of *night*, in the order of `marks`: what a matrix shows, quickly."""
        with self._reading() as session:
            return reader.cells(session, night, layer, profile)

    def courses(
        self,
        agency: str | None,
        first: date | None = None,
        last: date | None = None,
        *,
        layer: Layer = PUBLISHED,
    ) -> tuple[Course, ...]:
        """Return how every mark of a body (None: the country) went between two nights, both included."""
        with self._reading() as session:
            return courses.of_agency(session, layer, agency, first, last)

    def marks_history(
        self,
        agency: str | None,
        indicator: str,
        profile: str,
        group: str | None = None,
        *,
        layer: Layer = PUBLISHED,
    ) -> tuple[MarkSpan, ...]:
        """Return how a mark went, as stretches of recorded nights with the same value, reason and method."""
        asked = (
            MarkRow.indicator == indicator,
            MarkRow.profile == profile,
            MarkRow.role_group.is_not_distinct_from(group),
        )
        with self._reading() as session:
            found = courses.of_agency(session, layer, agency, None, None, *asked)
            return found[0].marks if found else ()

    def rules(self, night: date, layer: Layer = PUBLISHED) -> tuple[RuleInfo, ...]:
        """Return the rules that judged *night*."""
        with self._reading() as session:
            return reader.rules(session, night, layer)

    def assessment(self, night: date, layer: Layer = PUBLISHED) -> Assessment | None:
        """Return all that was recorded of *night*, or None when nothing shows."""
        with self._reading() as session:
            return reader.assessment(session, night, layer)

    def superseded(self, run_id: str) -> tuple[Assessment, ...]:
        """Return what a run had said before other words took their place, oldest first; findings and marks alone."""
        with self._reading() as session:
            return superseded.read(session, run_id)

    def changes(
        self,
        first: date,
        last: date | None = None,
        *,
        agency: str | None = None,
        indicator: str | None = None,
        layer: Layer = PUBLISHED,
    ) -> tuple[MarkChange, ...]:
        """Return the marks that changed from *first* to *last* (that night alone if left out), with causes."""
        with self._reading() as session:
            return changes_of.read(session, layer, first, last or first, agency, indicator)

    def snapshot(self, digest: str) -> str | None:
        """Return the canonical JSON stored under *digest*, or None."""
        with self._reading() as session:
            row = session.get(SnapshotRow, digest)
            return row.body if row else None

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with told(self.url), writing(self._engine) as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with told(self.url), Session(self._engine) as session:
            yield session

    # For rooms that keep tables of their own beside the ledger's.
    writing, reading = _writing, _reading


def _run(session: Session, run_id: str) -> RunRow:
    row = session.get(RunRow, run_id)
    if row is None:
        raise ConfigError(f"run {run_id} is not in the ledger; begin it first")
    return row


def _record(session: Session, run_id: str, assessment: Assessment, prepared: Prepared | None = None) -> Layer:
    row = _run(session, run_id)
    if row.night != assessment.night:
        raise ConfigError(f"run {run_id} is of {row.night}, the assessment of {assessment.night}")
    layer = RunKind(row.kind).layer
    if layer is None:
        raise ConfigError(f"run {run_id} is a {row.kind}: it stays out of the series")
    rules = msgspec.to_builtins(assessment.rules)
    digest = digest_of(rules)
    keep_snapshot(session, "rules", digest, canonical(rules))
    row.rules_digest = digest
    row.coverage = coverage_text(assessment.coverage)
    row.strangers = msgspec.json.encode(assessment.strangers).decode()
    write_night(session, run_id, layer, prepared or prepare(assessment))
    changes_of.forget_next(session, layer, assessment.night)
    return layer


def _finish(
    session: Session,
    run_id: str,
    state: RunState,
    finished: datetime,
    reason: str | None,
    coverage: Sequence[RunCoverage] | None,
) -> Run:
    if state is RunState.RUNNING:
        raise ValueError("a run is finished as complete or incomplete")
    row = _run(session, run_id)
    row.state, row.finished = state.value, finished
    row.reason = reason or row.reason
    if coverage is not None:
        row.coverage = coverage_text(coverage)
    return read_run(row)


def _kind(session: Session, night: date, kind: RunKind) -> str:
    own = (RunKind.NIGHTLY.value, RunKind.RERUN.value)
    earlier = select(RunRow.id).where(RunRow.night == night, RunRow.kind.in_(own)).limit(1)
    again = kind is RunKind.NIGHTLY and session.scalar(earlier) is not None
    return RunKind.RERUN.value if again else kind.value
