"""The front door: mounts each room's commands and wires the night. Imported by nobody."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

import checks.cli
import config.cli
import crawler.cli
import reports.cli
from checks.facts.store import lock_digest
from checks.night import assess
from checks.registry import enabled_rules, fetch_policy
from config.errors import ConfigError
from config.loader import Loaded, load
from crawler.archive.layout import ArchiveError
from crawler.clock import Clock, SystemClock
from crawler.coverage import RunCoverage, RunState
from crawler.run import crawl_night
from reports.console import ledger_place
from reports.html import write_report
from reports.ledger import Ledger, Run, RunKind, inputs_of
from reports.terminal import print_matrix

DONE, FOUND, MISUSED, INCOMPLETE = 0, 1, 2, 3
CLOCK: Clock = SystemClock()

app = typer.Typer(
    name="odrc",
    help="Open data readiness checker: crawls agency sites and portals, keeps the proof, marks the indicators.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for room in (config.cli, crawler.cli, checks.cli, reports.cli):
    room.mount(app)

ConfigFile = Annotated[Path, typer.Option("--config", "-c", help="Settings file.")]
Night = Annotated[datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], help="The night; today's by default.")]


@app.command()
def run(
    config_file: ConfigFile = Path("odrc.yaml"),
    night: Night = None,
    processes: Annotated[int, typer.Option(min=0, help="Worker processes for facts; 0 works in this one.")] = 2,
) -> None:
    """Run a night: crawl, archive, check, mark, record, report. A night that was cut short goes on where it stopped."""
    loaded = load(config_file)
    when = night.date() if night else _tonight(loaded)
    rules = enabled_rules(loaded.settings, loaded.pack)
    _workspace(loaded)
    with Ledger(ledger_place(loaded.settings)) as ledger:
        begun = _begin(ledger, loaded, when)
        coverage = crawl_night(loaded.settings, loaded.pack, when, begun.id, fetch_policy(rules))
        _judge(ledger, loaded, begun, coverage, processes)
        page = write_report(loaded.settings, loaded.pack, ledger, when)
        print_matrix(loaded.settings, loaded.pack, ledger, when)
    _say(f"report: {page}")
    if coverage.state is not RunState.COMPLETE:
        _say(f"the night is incomplete: {coverage.reason or 'the crawl did not finish'}; run it again to go on")
        raise typer.Exit(INCOMPLETE)


def _begin(ledger: Ledger, loaded: Loaded, night: date) -> Run:
    """Go on with a run of the night that did not finish, or begin one and say what it is."""
    earlier = ledger.runs(night)
    open_runs = [item for item in earlier if item.state is not RunState.COMPLETE and item.kind is not RunKind.RESTATE]
    if open_runs:
        _say(f"night {night}: going on with run {open_runs[-1].id}, which did not finish")
        return open_runs[-1]
    run_id = f"{night:%Y%m%d}-{secrets.token_hex(4)}"
    begun = ledger.begin_run(
        run_id,
        night,
        RunKind.NIGHTLY,
        CLOCK.now(),
        inputs_of(loaded, lock_digest()),
        vantage=loaded.settings.crawl.vantage,
    )
    again = f"; {len(earlier)} earlier, whose marks this one replaces" if begun.kind is RunKind.RERUN else ""
    _say(f"night {night}: run {begun.id} ({begun.kind}{again})")
    return begun


def _judge(ledger: Ledger, loaded: Loaded, begun: Run, coverage: RunCoverage, processes: int) -> None:
    # Spawned, not forked: the parent holds SQLite connections and threads.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes else _InProcess() as pool:
        assessment = assess(loaded.settings, loaded.pack, begun.night, executor=pool)
    ledger.record(begun.id, assessment)
    ledger.finish_run(begun.id, coverage.state, CLOCK.now(), reason=coverage.reason)


class _InProcess:
    """Stands in for a pool: no executor, so the work is done here."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def _workspace(loaded: Loaded) -> None:
    path = loaded.settings.workspace
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"workspace {path}: cannot be made ({error.strerror}); accepted: a writable folder"
        ) from error


def _tonight(loaded: Loaded) -> date:
    return CLOCK.now().astimezone(ZoneInfo(loaded.pack.zone)).date()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def main(command: Callable[[], None] = app) -> None:
    """Run the command line; errors a person can mend are one message and exit code 2 or 3, never a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        command()
    except ConfigError as error:
        _say(f"odrc: {error}")
        sys.exit(MISUSED)
    except ArchiveError as error:
        _say(f"odrc: archive: {error}")
        sys.exit(INCOMPLETE)


if __name__ == "__main__":
    main()
