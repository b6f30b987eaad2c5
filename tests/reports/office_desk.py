"""An office for tests: four people with neutral ids, a clock that is set, a ledger with nights of one's choice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from report_country import INPUTS, PACK, STARTED, assessment, settings

from checks.marks import Mark
from config.pack import Calendar, Pack
from crawler.coverage import RunState
from reports.analysts.bench import Bench
from reports.ledger import Ledger, RunKind

PEOPLE = (
    {"id": "p1", "name": "Person One", "role": "analyst"},
    {"id": "p2", "name": "Person Two", "role": "analyst"},
    {"id": "p3", "name": "Person Three", "role": "reviewer"},
    {"id": "p4", "name": "Person Four", "role": "lead"},
    {"id": "p5", "name": "Person Five", "role": "analyst", "valid_to": date(2026, 1, 1)},
)
HOLIDAYS = Calendar(country="KZ", years=(2026,), moved_working_days=(), source="a test")


@dataclass
class Hands:
    """A clock whose hands are moved by the test."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 5, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def to(self, day: date) -> None:
        self.at = datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)


def night(ledger: Ledger, when: date, marks: tuple[Mark, ...] | None = None, **changes: Any) -> None:
    """Record a whole night in the ledger."""
    told = assessment(when, **changes) if marks is None else assessment(when, marks=marks, **changes)
    run = ledger.begin_run(f"run-{when}", when, RunKind.NIGHTLY, STARTED, INPUTS)
    ledger.record(run.id, told)
    ledger.finish_run(run.id, RunState.COMPLETE, STARTED + timedelta(hours=1))


def bench(folder: Path, pack: Pack = PACK, **changes: Any) -> Bench:
    """Return an open workplace in *folder*; its clock is a `Hands`."""
    ledger = Ledger(folder / "ledger.sqlite")
    chosen = settings(folder, people=PEOPLE, **changes)
    return Bench(chosen, pack.model_copy(update={"calendar": HOLIDAYS}), ledger, Hands())
