from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from databases import ask, engine_of, migrate
from report_country import INPUTS, NIGHT, STARTED, assessment, evidence, finding, mark, record
from sqlalchemy import inspect

from checks.assessment import Assessment
from checks.marks import Counts, MarkValue
from crawler.coverage import RunState
from reports.ledger import Layer, Ledger, RunKind
from reports.ledger.tables import Base


def test_migrations_lead_to_the_tables_and_back(place: str) -> None:
    engine = engine_of(place)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    migrate(engine, "base", down=True)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine, "head")
    engine.dispose()


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


def read(place: str) -> dict[date, Any]:
    with Ledger(place) as ledger:
        return {night: ledger.assessment(night) for night in ledger.nights()}


def test_data_survives_the_way_down_and_up(place: str) -> None:
    with Ledger(place) as ledger:
        for number, told in enumerate(nights()):
            record(ledger, told, number)
    before = read(place)
    assert [item.marks for item in before.values()] == [told.marks for told in nights()]
    engine = engine_of(place)
    migrate(engine, "0001", down=True)
    engine.dispose()
    counted = ask(place, "SELECT night, passed, evidence_age FROM mark_nights WHERE passed > 0 ORDER BY night")
    assert [(str(night), *told) for night, *told in counted] == [
        (str(NIGHT + timedelta(days=day)), 3 + day // 2, day) for day in range(5)
    ]
    assert str(ask(place, "SELECT max(last_night) FROM finding_spans")[0][0]) == "2026-11-27"
    assert read(place) == before, "opening it brings it up again, with all it held"


def test_only_what_was_published_goes_down(place: str) -> None:
    with Ledger(place) as ledger:
        record(ledger, assessment(), 1)
        run = ledger.begin_run("again", NIGHT, RunKind.RESTATE, STARTED, INPUTS)
        ledger.conclude(run.id, assessment(findings=(), marks=()), RunState.COMPLETE, STARTED)
    engine = engine_of(place)
    migrate(engine, "0001", down=True)
    engine.dispose()
    with Ledger(place) as ledger:
        assert ledger.nights(Layer.RESTATED) == ()
        assert set(ledger.marks(NIGHT)) == set(assessment().marks)


def test_sightings_go_to_the_layers_that_hold_them(place: str) -> None:
    again, later = evidence(capture="again"), NIGHT + timedelta(days=1)
    with Ledger(place) as ledger:
        record(ledger, assessment(), 1)
        record(ledger, assessment(later, findings=()), 2)
        for number, night in enumerate((NIGHT, later)):
            run = ledger.begin_run(f"restated-{number}", night, RunKind.RESTATE, STARTED, INPUTS)
            found = (finding(evidence=(again,)),) if night == NIGHT else ()
            ledger.conclude(run.id, assessment(night, findings=found, marks=()), RunState.COMPLETE, STARTED)
        published = ledger.findings(NIGHT)
        (restated,) = ledger.findings(NIGHT, layer=Layer.RESTATED)
        assert restated.evidence[0].capture == "again"
        assert "again" not in {item.capture for one in published for item in one.evidence}
    engine = engine_of(place)
    migrate(engine, "0011", down=True)
    engine.dispose()
    assert ask(place, "SELECT count(*) FROM sightings WHERE capture = 'again'") == [(0,)]
    with Ledger(place) as ledger:
        assert ledger.findings(NIGHT) == published
        (restated,) = ledger.findings(NIGHT, layer=Layer.RESTATED)
        assert restated.evidence[0].capture == next(
            one.evidence[0].capture for one in published if one.subject == restated.subject and one.id == restated.id
        )
