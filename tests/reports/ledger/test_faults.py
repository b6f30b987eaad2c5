from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import ask, engine_of, migrate
from fault_worker import FIRST, night_of, record
from report_country import INPUTS, STARTED

from checks.assessment import Assessment
from config.errors import ConfigError
from crawler.coverage import RunState
from reports.keeping.verify import verify
from reports.ledger import Ledger, RunKind

WORKER = Path(__file__).with_name("fault_worker.py")
pytestmark = pytest.mark.full


def start(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(WORKER), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_whole(place: str, tmp_path: Path, *, least: int = 0) -> int:
    """Assert that every night that shows is whole, that the ledger holds together; return how many nights show."""
    with Ledger(place) as ledger:
        shown = ledger.nights()
        assert shown == tuple(FIRST + timedelta(days=number) for number in range(len(shown)))
        assert len(shown) >= least
        for number, night in enumerate(shown):
            assert_night(ledger.assessment(night), night_of(number))
        flaws = [flaw for flaw in verify(ledger, tmp_path).flaws if not flaw.problem.endswith("not in the archive")]
        # The hand-made inputs of these runs have digests of no text.
        assert [flaw for flaw in flaws if not flaw.place.startswith("snapshot")] == []
        return len(shown)


def assert_night(found: Assessment | None, told: Assessment) -> None:
    assert found is not None
    assert {item.id for item in found.findings} == {item.id for item in told.findings}
    assert found.marks == told.marks


def on_disk(folder: Path, empty: bytes) -> str:
    """Return the place of a new SQLite ledger: what only a file can suffer."""
    place = folder / "ledger.sqlite"
    place.write_bytes(empty)
    return str(place)


@pytest.mark.parametrize("pause", [0.0, 0.05])
def test_killed_in_the_middle_of_a_write(place: str, tmp_path: Path, pause: float) -> None:
    with start("nights", place, 0, 500, "run") as worker:
        assert worker.stdout is not None
        said = [int(worker.stdout.readline()) for _ in range(4)]
        killer = threading.Timer(pause, worker.kill)
        killer.start()
        said += [int(line) for line in worker.stdout if line.strip()]
        killer.join()
    assert worker.returncode == -9
    shown = assert_whole(place, tmp_path, least=len(said))
    with Ledger(place) as ledger:
        for number in range(shown, shown + 2):
            record(ledger, number, f"after-{number}")
    assert_whole(place, tmp_path, least=shown + 2)


@pytest.mark.parametrize("after", [0, 3])
def test_killed_in_the_middle_of_a_migration(place: str, tmp_path: Path, after: int) -> None:
    with Ledger(place) as ledger:
        for number in range(6):
            record(ledger, number, f"run-{number}")
    engine = engine_of(place)
    migrate(engine, "0001", down=True)
    engine.dispose()
    before = ask(place, "SELECT night, mark_id, passed, evidence_age FROM mark_nights ORDER BY night, mark_id")
    with start("migrate", place, after) as worker:
        assert worker.wait() == -9
    assert ask(place, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert ask(place, "SELECT night, mark_id, passed, evidence_age FROM mark_nights ORDER BY night, mark_id") == before
    assert assert_whole(place, tmp_path) == 6


def test_a_full_disk_costs_the_night_and_no_other(tmp_path: Path, empty_file: bytes) -> None:
    place = on_disk(tmp_path, empty_file)
    with Ledger(place) as ledger:
        for number in range(3):
            record(ledger, number, f"run-{number}")
    worker = start("full", place, 3, 20_000)
    said, errors = worker.communicate()
    assert worker.returncode == 2, errors
    assert "cannot be used" in said
    assert "free space" in said
    assert assert_whole(place, tmp_path) == 3
    with Ledger(place) as ledger:
        record(ledger, 3, "again")
    assert assert_whole(place, tmp_path) == 4


def test_a_lock_that_goes_away_is_waited_for(tmp_path: Path, empty_file: bytes) -> None:
    place = on_disk(tmp_path, empty_file)
    holder = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, holder.execute, ["COMMIT"])
    release.start()
    with Ledger(place) as ledger:
        record(ledger, 0, "patient")
    release.join()
    holder.close()
    assert assert_whole(place, tmp_path) == 1


def test_two_runs_at_once(place: str, tmp_path: Path) -> None:
    workers = [start("nights", place, 0, 8, name) for name in ("left", "right")]
    for worker in workers:
        _, errors = worker.communicate()
        assert worker.returncode == 0, errors
    assert assert_whole(place, tmp_path) == 8
    with Ledger(place) as ledger:
        for number in range(8):
            kinds = sorted(run.kind for run in ledger.runs(FIRST + timedelta(days=number)))
            assert kinds == [RunKind.NIGHTLY, RunKind.RERUN], "both are listed, the second as what it is"


def test_a_run_that_never_ended_leaves_what_was_said(place: str, tmp_path: Path) -> None:
    with Ledger(place) as ledger:
        record(ledger, 0, "first")
        ledger.begin_run("second", FIRST, RunKind.NIGHTLY, STARTED, INPUTS)
    with Ledger(place) as ledger:
        current = ledger.run_of(FIRST)
        assert current is not None
        assert current.id == "first"
        assert [run.state for run in ledger.runs()] == [RunState.COMPLETE, RunState.RUNNING]
    assert assert_whole(place, tmp_path) == 1


def test_a_clock_that_was_set_back_changes_nothing_that_was_said(place: str, tmp_path: Path) -> None:
    with Ledger(place) as ledger:
        record(ledger, 0, "first")
        past = STARTED - timedelta(days=400)
        begun = ledger.begin_run("second", FIRST, RunKind.NIGHTLY, past, INPUTS)
        ledger.conclude(begun.id, night_of(0), RunState.COMPLETE, past)
        current = ledger.run_of(FIRST)
        assert current is not None
        assert (current.id, current.kind) == ("second", RunKind.RERUN), "the last to record has the word, by any clock"
        assert ledger.superseded("first") == (), "it said the same: nothing needs to be kept"
        begun = ledger.begin_run("late", FIRST - timedelta(days=1), RunKind.NIGHTLY, past, INPUTS)
        ledger.conclude(begun.id, Assessment(begun.night, (), (), (), ()), RunState.COMPLETE, past)
        assert_night(ledger.assessment(FIRST), night_of(0))
        assert ledger.nights() == (FIRST - timedelta(days=1), FIRST)


def test_postgresql_restarts_in_the_middle_of_a_run(tmp_path: Path) -> None:
    from tests.servers import postgres  # noqa: PLC0415 - psycopg is wanted by these tests alone

    if lacking := postgres.missing():
        pytest.skip(lacking)
    home = Path(tempfile.mkdtemp(prefix="odrc-pg-"))  # pytest's own folders are closed to the unprivileged user
    place = ""
    port = None
    opened: list[Ledger] = []
    for part in range(2):
        with postgres.postgres(port, home) as cluster:
            if not part:
                port = cluster.port
                place = cluster.url(cluster.fresh())
                opened.append(Ledger(place))
                record(opened[0], 0, "run-0")
                opened[0].begin_run("run-1", FIRST + timedelta(days=1), RunKind.NIGHTLY, STARTED, INPUTS)
                continue
            opened[0].conclude("run-1", night_of(1), RunState.COMPLETE, STARTED)
            assert assert_whole(place, tmp_path) == 2
            cut_off(opened[0], cluster)
            assert assert_whole(place, tmp_path) == 2, "a connection that was cut in the write leaves no half night"
            record(opened[0], 2, "again")
            assert assert_whole(place, tmp_path) == 3
            opened[0].close()
    shutil.rmtree(home)


def cut_off(ledger: Ledger, cluster: Any) -> None:
    """Let the server end the connection while a night is being written."""

    class Cut(tuple[Any, ...]):
        """Changes of marks, asked for in the middle of the transaction: that is when the server goes."""

        __slots__ = ()

        def __iter__(self) -> Any:
            with cluster.connect("postgres") as other:
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            return super().__iter__()

    begun = ledger.begin_run("cut", FIRST + timedelta(days=2), RunKind.NIGHTLY, STARTED, INPUTS)
    with pytest.raises(ConfigError, match="cannot be"):
        ledger.conclude(begun.id, night_of(2), RunState.COMPLETE, STARTED, changes=Cut())
