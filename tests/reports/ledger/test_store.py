from __future__ import annotations

import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from databases import rows
from report_country import INPUTS, NIGHT, RULES, STARTED, assessment, coverage, evidence, finding, mark, record
from sqlalchemy import create_engine, text

from checks.findings import Outcome
from checks.marks import MarkValue
from config.errors import ConfigError
from crawler.coverage import RunState
from reports.ledger import Cause, Ledger, MarkChange, RunKind, Step


def test_a_night_reads_back_as_recorded(place: str) -> None:
    told = assessment()
    with Ledger(place) as ledger:
        record(ledger, told)
        back = ledger.assessment(NIGHT)
    assert back is not None
    assert {item.id: item for item in back.findings} == {item.id: item for item in told.findings}
    assert set(back.marks) == set(told.marks)
    assert back.rules == RULES
    assert back.coverage == (coverage(),)


def test_an_unchanged_night_adds_no_findings_and_extends_spans(place: str) -> None:
    tables = ("findings", "finding_spans", "sightings", "marks", "mark_spans", "tally_spans", "snapshots")
    with Ledger(place) as ledger:
        record(ledger, assessment(), 1)
        before = [rows(place, table) for table in tables]
        for day in range(1, 5):
            record(ledger, assessment(NIGHT + timedelta(days=day)), 1 + day)
        assert [rows(place, table) for table in tables] == before
        assert rows(place, "nights") == 5
        spans = ledger.marks_history("finance", "lang_coverage", "assessment_2014")
    assert [(span.first, span.last, span.value) for span in spans] == [(NIGHT, NIGHT + timedelta(days=4), "-")]


def test_sightings_are_kept_for_the_first_and_the_newest_night(place: str) -> None:
    with Ledger(place) as ledger:
        for day in range(4):
            seen = evidence(capture=f"capture-{day}", fetched_at=STARTED + timedelta(days=day))
            record(ledger, assessment(NIGHT + timedelta(days=day), findings=(finding(evidence=(seen,)),)), day)
        captures = [ledger.findings(NIGHT + timedelta(days=day))[0].evidence[0].capture for day in range(4)]
    assert rows(place, "sightings") == 1, "the newest night keeps its own packed"
    assert captures == ["capture-0", "capture-0", "capture-0", "capture-3"], "never a capture later than the night"


def test_newest_words_of_the_same_verdict_are_kept(place: str) -> None:
    with Ledger(place) as ledger:
        record(ledger, assessment(findings=(finding(evidence=(evidence(excerpt="call 123"),)),)), 1)
        redacted = finding(evidence=(evidence(excerpt="call [phone]"),))
        record(ledger, assessment(NIGHT + timedelta(days=1), findings=(redacted,)), 2)
        assert [item.evidence[0].excerpt for item in ledger.findings(NIGHT)] == ["call [phone]"]


def test_a_second_run_replaces_the_night_and_is_listed_as_rerun(place: str) -> None:
    with Ledger(place) as ledger:
        record(ledger, assessment(), 1)
        second = record(ledger, assessment(findings=(finding(9),), marks=()), 2)
        (first,) = ledger.superseded("run-1")
        told = {item.id: item for item in assessment().findings}
        assert {item.id: item for item in first.findings} == told, "what the first run said is kept"
        assert set(first.marks) == set(assessment().marks)
        assert second.kind is RunKind.RERUN
        assert [run.kind for run in ledger.runs(NIGHT)] == [RunKind.NIGHTLY, RunKind.RERUN]
        assert ledger.findings(NIGHT) == (finding(9),)
        assert ledger.marks(NIGHT) == ()
        current = ledger.run_of(NIGHT)
    assert current is not None
    assert current.id == second.id


def test_a_night_shows_only_when_its_run_is_finished(place: str) -> None:
    with Ledger(place) as ledger:
        ledger.begin_run("r", NIGHT, RunKind.NIGHTLY, STARTED, INPUTS)
        ledger.record("r", assessment())
        assert (ledger.nights(), ledger.findings(NIGHT), ledger.marks(NIGHT)) == ((), (), ())
        assert ledger.assessment(NIGHT) is None
        assert ledger.rules(NIGHT) == ()
        ledger.finish_run("r", RunState.INCOMPLETE, STARTED, reason="deadline")
        assert ledger.nights() == (NIGHT,)
        assert ledger.runs()[0].reason == "deadline"


def test_filters(place: str) -> None:
    with Ledger(place) as ledger:
        record(ledger, assessment())
        assert {item.agency for item in ledger.findings(NIGHT, agency="health")} == {"health"}
        assert {item.rule for item in ledger.findings(NIGHT, rules=["FRESH-01"])} == {"FRESH-01"}
        assert {item.reason for item in ledger.findings(NIGHT, outcome=Outcome.NOT_OBSERVED)} == {"timeout"}
        assert len(ledger.marks(NIGHT, agency="finance")) == 3
        assert len(ledger.marks(NIGHT, indicator="lang_coverage", profile="assessment_2014")) == 4
        assert ledger.marks(NIGHT, profile="other") == ()


def test_half_a_night_is_never_written(place: str) -> None:
    twice = (mark("finance", "x", MarkValue.PLUS, "exists"), mark("finance", "x", MarkValue.MINUS, "absent"))
    with Ledger(place) as ledger:
        record(ledger, assessment(), 1)
        ledger.begin_run("r2", NIGHT, RunKind.NIGHTLY, STARTED, INPUTS)
        with pytest.raises(ValueError, match="two marks"):
            ledger.record("r2", assessment(findings=(finding(8),), marks=twice))
        assert len(ledger.findings(NIGHT)) == len(assessment().findings)
        assert finding(8) not in ledger.findings(NIGHT)


def test_what_a_run_may_record(place: str) -> None:
    with Ledger(place) as ledger:
        ledger.begin_run("look", NIGHT, RunKind.LOOK, STARTED, INPUTS)
        with pytest.raises(ConfigError, match="stays out of the series"):
            ledger.record("look", assessment())
        with pytest.raises(ConfigError, match="already in the ledger"):
            ledger.begin_run("look", NIGHT, RunKind.LOOK, STARTED, INPUTS)
        with pytest.raises(ConfigError, match="begin it first"):
            ledger.record("unknown", assessment())
        with pytest.raises(ConfigError, match="is of 2026-11-23, the assessment of"):
            ledger.record("look", assessment(NIGHT + timedelta(days=1)))
        with pytest.raises(ValueError, match="complete or incomplete"):
            ledger.finish_run("look", RunState.RUNNING, STARTED)
        assert [run.kind for run in ledger.runs()] == [RunKind.LOOK]


def test_times_need_a_zone(place: str) -> None:
    with Ledger(place) as ledger, pytest.raises(Exception, match="without a zone"):
        ledger.begin_run("r", NIGHT, RunKind.NIGHTLY, datetime(2026, 11, 23), INPUTS)  # noqa: DTZ001 - the point


def test_snapshots_are_kept_once_per_digest(place: str) -> None:
    with Ledger(place) as ledger:
        for number in range(3):
            record(ledger, assessment(), number)
        ledger.begin_run(
            "other", NIGHT, RunKind.RESTATE, STARTED, msgspec.structs.replace(INPUTS, config_digest="e" * 64)
        )
        assert ledger.snapshot("c" * 64) == "{}"
        assert ledger.snapshot("0" * 64) is None
    assert rows(place, "snapshots") == 4


def test_readers_do_not_make_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no ledger at .*nothing has been recorded"):
        Ledger(tmp_path / "none.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_corrupt_ledger_is_told(tmp_path: Path) -> None:
    place = tmp_path / "l.sqlite"
    place.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(ConfigError, match="cannot be read: file is not a database"):
        Ledger(place)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be"):
        Ledger(tmp_path / "file" / "ledger.sqlite")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match="cannot be used: unable to open database file"):
        Ledger(tmp_path / "folder")


def test_a_locked_ledger_is_told(tmp_path: Path) -> None:
    place = tmp_path / "l.sqlite"
    with Ledger(place, lock_timeout=0.1) as ledger:
        other = sqlite3.connect(place, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigError, match="another process holds it"):
            ledger.begin_run("r", NIGHT, RunKind.NIGHTLY, STARTED, INPUTS)
        other.close()


def test_a_database_that_is_no_database_url_is_told() -> None:
    with pytest.raises(ConfigError, match="no driver"):
        Ledger("nosuchbase://host/ledger")
    with pytest.raises(ConfigError, match="not the address"):
        Ledger("://")


def test_two_processes_may_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Ledger(tmp_path / "l.sqlite").close()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_ledger_from_a_newer_version_is_told(tmp_path: Path) -> None:
    place = tmp_path / "l.sqlite"
    Ledger(place).close()
    engine = create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(ConfigError, match="another version of odrc"):
        Ledger(place)


@pytest.mark.parametrize("concluded", [True, False])
def test_the_changes_after_a_night_told_again_are_unknown(place: str, *, concluded: bool) -> None:
    days = [NIGHT + timedelta(days=number) for number in range(3)]
    steps = (Step(Cause.SITE, "-", "share_low"),)
    with Ledger(place) as ledger:
        for number, night in enumerate(days):
            run = ledger.begin_run(f"run-{number}", night, RunKind.NIGHTLY, STARTED, INPUTS)
            changes = [
                MarkChange(night, before, "finance", None, "lang_coverage", "assessment_2014", "-", "share_low", steps)
                for before in days[number - 1 : number]
            ]
            ledger.conclude(run.id, assessment(night), RunState.COMPLETE, STARTED, changes=changes)
        assert [item.night for item in ledger.changes(days[0], days[2])] == days[1:]
        again = ledger.begin_run("again", days[0], RunKind.NIGHTLY, STARTED, INPUTS)
        if concluded:
            ledger.conclude(again.id, assessment(days[0], findings=()), RunState.COMPLETE, STARTED)
        else:
            ledger.record(again.id, assessment(days[0], findings=()))
            ledger.finish_run(again.id, RunState.COMPLETE, STARTED)
        assert [item.night for item in ledger.changes(days[0], days[2])] == [days[2]]
