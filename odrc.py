"""The front door: mounts each room's commands and wires the night. Imported by nobody."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from msgspec.structs import asdict

import checks.cli
import config.cli
import crawler.cli
import reports.analysts.cli
import reports.check
import reports.cli
import reports.freeze.cli
import reports.learncli
from checks.facts.store import lock_digest
from checks.night import Terms, judge
from checks.registry import fetch_policy, rules_of, trial_rules
from config.errors import ConfigError
from config.loader import Loaded, load
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.clock import Clock, SystemClock
from crawler.coverage import RunCoverage, RunState
from crawler.disk import is_full
from crawler.expectations import concluded
from crawler.heartbeat import Heart
from crawler.logs import Events, LogFormat, events
from crawler.run import crawl_night
from crawler.secondlook import look_id
from crawler.summary import brief, totals
from reports.alerts.deliver import after_night
from reports.causes import since_last_night
from reports.console import ledger_place
from reports.html import write_report
from reports.ledger import Ledger, Run, RunKind, inputs_of
from reports.looking import held_against_series, print_look, target_of
from reports.restating import try_out
from reports.terminal import print_matrix

DONE, FOUND, MISUSED, INCOMPLETE = 0, 1, 2, 3
CLOCK: Clock = SystemClock()

app = typer.Typer(
    name="odrc",
    help="Open data readiness checker: crawls agency sites and portals, keeps the proof, marks the indicators.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for room in (
    config.cli,
    crawler.cli,
    checks.cli,
    reports.cli,
    reports.check,
    reports.analysts.cli,
    reports.freeze.cli,
    reports.learncli,
):
    room.mount(app)

ConfigFile = Annotated[Path, typer.Option("--config", "-c", help="Settings file.")]
Night = Annotated[datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], help="The night; today's by default.")]


@app.command()
def run(
    config_file: ConfigFile = Path("odrc.yaml"),
    night: Night = None,
    only: Annotated[
        str | None, typer.Option(metavar="WHAT", help="A second look at one agency, indicator or address; no night.")
    ] = None,
    processes: Annotated[int, typer.Option(min=0, help="Worker processes for facts; 0 works in this one.")] = 2,
    log_format: Annotated[LogFormat, typer.Option(help="What goes to stderr: words, or JSON lines.")] = LogFormat.TEXT,
) -> None:
    """Run a night: crawl, archive, check, mark, record, report. A night that was cut short goes on where it stopped."""
    loaded = load(config_file)
    when = night.date() if night else _tonight(loaded)
    if only is not None:
        _look(loaded, when, only, processes)
        return
    rules = (*rules_of(loaded, when), *trial_rules(loaded.settings, loaded.pack, when))
    _workspace(loaded)
    with events(log_format, loaded.settings.workspace, when) as log, Ledger(ledger_place(loaded.settings)) as ledger:
        begun = _begin(ledger, loaded, when, log)
        heart = Heart(loaded.settings.workspace, begun.id, when, CLOCK)
        crawled = crawl_night(loaded.settings, loaded.pack, when, begun.id, fetch_policy(rules), progress=log)
        coverage = concluded(loaded.settings, crawled)
        state, reason = coverage.state, coverage.reason
        heart.beat("judge")
        with _workers(processes) as pool:
            judged = judge(loaded.settings, loaded.pack, when, executor=pool)
        assessment = judged.assessment
        changes = since_last_night(ledger, loaded, judged)
        ledger.conclude(begun.id, assessment, state, CLOCK.now(), reason=reason, changes=changes)
        try_out(ledger, loaded, when, CLOCK)
        page = write_report(loaded.settings, loaded.pack, ledger, when)
        print_matrix(loaded.settings, loaded.pack, ledger, when)
        heart.beat("done", state)
        _tell_end(log, coverage, page, assessment.damaged)
        after_night(ledger, loaded, when, CLOCK.now(), partial(log.say, "alerts"))
    if state is not RunState.COMPLETE or assessment.damaged:
        raise typer.Exit(INCOMPLETE)


def _tell_end(log: Events, coverage: RunCoverage, page: Path, damaged: Iterable[str]) -> None:
    log.say("summary", "\n".join(brief(coverage)), state=coverage.state, **asdict(totals(coverage.scopes)))
    log.say("report", f"report: {page}")
    for damage in damaged:
        log.say("damage", f"archive: {damage}")
    if coverage.state is not RunState.COMPLETE:
        log.say("incomplete", f"the night is incomplete: {coverage.reason}; run it again to go on")


def _look(loaded: Loaded, when: date, only: str, processes: int) -> None:
    """Take a second look: crawl, judge and tell what is otherwise than on the newest night; the series stays."""
    target = target_of(loaded, when, only)
    _workspace(loaded)
    with Ledger(ledger_place(loaded.settings)) as ledger:
        run_id = look_id(when, secrets.token_hex(4))
        inputs = inputs_of(loaded, lock_digest())
        vantage = loaded.settings.crawl.vantage
        ledger.begin_run(run_id, when, RunKind.LOOK, CLOCK.now(), inputs, vantage=vantage, reason=f"look at {only}")
        coverage = crawl_night(
            loaded.settings,
            loaded.pack,
            when,
            run_id,
            fetch_policy(target.rules),
            only=target.agencies,
            urls=target.urls,
        )
        state, reason = coverage.state, coverage.reason
        terms = Terms(only=target.rule_ids, look=run_id)
        with _workers(processes) as pool:
            judged = judge(loaded.settings, loaded.pack, when, terms, write_history=False, executor=pool)
        told = held_against_series(ledger, target, judged.assessment, run_id)
        ledger.finish_run(run_id, state, CLOCK.now(), reason=reason, coverage=(coverage,))
    print_look(told)
    if state is not RunState.COMPLETE:
        _say(f"the look is incomplete: {reason}")
        raise typer.Exit(INCOMPLETE)


def _begin(ledger: Ledger, loaded: Loaded, night: date, log: Events) -> Run:
    """Go on with a run of the night whose crawl did not finish, or begin one and say what it is."""
    earlier = ledger.runs(night)
    with Archive(loaded.settings.workspace) as archive:
        crawled = {item.run for item in archive.coverage(night) if item.state is RunState.COMPLETE}
    for item in earlier:
        if item.kind in (RunKind.NIGHTLY, RunKind.RERUN) and not (item.done and item.id in crawled):
            log.say("going_on", f"night {night}: going on with run {item.id}, which did not finish", run=item.id)
            return item
    run_id = f"{night:%Y%m%d}-{secrets.token_hex(4)}"
    inputs = inputs_of(loaded, lock_digest())
    begun = ledger.begin_run(run_id, night, RunKind.NIGHTLY, CLOCK.now(), inputs, vantage=loaded.settings.crawl.vantage)
    again = f"; {len(earlier)} earlier, whose word this one takes the place of" if begun.kind is RunKind.RERUN else ""
    log.say("begun", f"night {night}: run {begun.id} ({begun.kind}{again})", run=begun.id)
    return begun


def _workers(processes: int) -> AbstractContextManager[Executor | None]:
    """Return a pool of processes, or nothing for 0. Spawned, not forked: this process holds SQLite connections."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes else nullcontext()


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
        sys.exit(INCOMPLETE if is_full(error) else MISUSED)
    except ArchiveError as error:
        _say(f"odrc: archive: {error}")
        sys.exit(INCOMPLETE)
    except Exception as error:
        if not is_full(error):
            raise
        _say("odrc: no room left on the disk; what was archived is kept: make room and start again")
        sys.exit(INCOMPLETE)


if __name__ == "__main__":
    main()
