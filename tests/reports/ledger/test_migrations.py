from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from report_country import INPUTS, NIGHT, STARTED, assessment, evidence, finding, mark, record
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from checks.assessment import Assessment
from checks.marks import Counts, MarkValue
from crawler.coverage import RunState
from reports.ledger import Layer, Ledger, RunKind
from reports.ledger.engine import migrations
from reports.ledger.tables import Base


def migrate(engine: Engine, target: str, *, down: bool = False) -> None:
    config = migrations()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, target)


def test_migrations_lead_to_the_tables_and_back(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'l.sqlite'}")
    migrate(engine, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    migrate(engine, "base", down=True)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine, "head")
    engine.dispose()


def test_the_tables_can_be_made_in_postgresql() -> None:
    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def nights() -> list[Assessment]:
    """Return five nights: counts move, a mark goes and comes back, evidence ages, a finding leaves."""
    told = []
    for day in range(5):
        night = NIGHT + timedelta(days=day)
        seen = evidence(capture=f"capture-{day}", fetched_at=STARTED + timedelta(days=day))
        found = (finding(evidence=(seen,)), *((finding(2),) if day < 3 else ()))
        moving = mark(
            "finance", "lang_coverage", MarkValue.ZERO, "mixed", counts=Counts(passed=3 + day // 2),
            interval=(0.25, 0.5), coverage=1 / (1 + day), evidence_age=day,
        )  # fmt: skip
        coming = (mark("health", "lang_coverage", None, "too_few"),) if day != 2 else ()
        told.append(assessment(night, findings=found, marks=(moving, *coming)))
    return told


def read(place: Path | str) -> dict[date, Any]:
    with Ledger(place) as ledger:
        return {night: ledger.assessment(night) for night in ledger.nights()}


def test_data_survives_the_way_down_and_up(tmp_path: Path) -> None:
    place = tmp_path / "l.sqlite"
    with Ledger(place) as ledger:
        for number, told in enumerate(nights()):
            record(ledger, told, number)
    before = read(place)
    assert [item.marks for item in before.values()] == [told.marks for told in nights()]
    engine = create_engine(f"sqlite:///{place}")
    migrate(engine, "0001", down=True)
    with engine.connect() as connection:
        counted = connection.execute(text("SELECT night, passed, evidence_age FROM mark_nights WHERE passed > 0")).all()
        assert [tuple(row) for row in counted] == [
            (str(NIGHT + timedelta(days=day)), 3 + day // 2, day) for day in range(5)
        ]
        assert connection.execute(text("SELECT max(last_night) FROM finding_spans")).scalar() == "2026-11-27"
    engine.dispose()
    assert read(place) == before, "opening it brings it up again, with all it held"


def test_only_what_was_published_goes_down(tmp_path: Path) -> None:
    place = tmp_path / "l.sqlite"
    with Ledger(place) as ledger:
        record(ledger, assessment(), 1)
        run = ledger.begin_run("again", NIGHT, RunKind.RESTATE, STARTED, INPUTS)
        ledger.conclude(run.id, assessment(findings=(), marks=()), RunState.COMPLETE, STARTED)
    engine = create_engine(f"sqlite:///{place}")
    migrate(engine, "0001", down=True)
    engine.dispose()
    with Ledger(place) as ledger:
        assert ledger.nights(Layer.RESTATED) == ()
        assert set(ledger.marks(NIGHT)) == set(assessment().marks)
