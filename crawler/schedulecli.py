"""The command `odrc schedule`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from config.errors import ConfigError
from config.loader import Loaded, load
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.clock import SystemClock
from crawler.nights import Note, due_of, last_due, missing, read_note, spans, write_note
from crawler.schedule import Nights, keep, scheduler, tell, watch

_Config = Annotated[Path, typer.Option("-c", "--config", help="Settings file.")]
_At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="HH:MM", help="Local time in the pack's zone; `schedule.at` of the settings if left out."
    ),
]
_CatchUp = Annotated[bool, typer.Option("--catch-up", help="Run the last night at once when it was missed.")]


def mount(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command()(schedule)


def schedule(config: _Config = Path("odrc.yaml"), at: _At = None, *, catch_up: _CatchUp = False) -> None:
    """Run a night every night at a fixed time, in the foreground. SIGTERM and Ctrl-C end it in order.

    Where alerts have recipients, they are told of a night that could not begin within six hours.
    """
    try:
        loaded = load(config)
        begin = begins(loaded, at)
        _prepare(loaded, begin)
        missed = _missed(loaded)
    except (ConfigError, ArchiveError) as error:
        say(str(error))
        raise typer.Exit(2) from error
    clock, zone = SystemClock(), loaded.pack.zone

    def command(night: date) -> Sequence[str]:
        return [sys.executable, "-m", "odrc", "run", "-c", str(config.resolve()), "--night", str(night)]

    nights = Nights(command, loaded.settings.workspace, clock, say)
    tonight = last_due(begin, zone, clock.now())
    made = scheduler(
        lambda: nights.start(night_now(begin, zone, clock.now())), begin, zone, say, now=catch_up and tonight in missed
    )
    if loaded.settings.alerts.recipients:
        words = [sys.executable, "-m", "odrc", "alerts", "--send", "-c", str(config.resolve())]
        watch(made, lambda: tell(words, say), begin, zone, now=bool(missed) and not (catch_up and tonight in missed))
    text = f"a night begins every day at {begin:%H:%M} {zone}; the next on {_next(begin, zone, clock.now())}"
    keep(made, nights, lambda: say(text))


def begins(loaded: Loaded, at: str | None) -> time:
    """Return when nights begin. Raises ConfigError when nothing says so, or says it in a way that is no time."""
    if at is None:
        if loaded.settings.schedule is None:
            raise ConfigError('no time is given; accepted: --at 02:00, or `schedule: {at: "02:00"}` in the settings')
        return loaded.settings.schedule.at
    try:
        return datetime.strptime(at, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError as error:
        raise ConfigError(f"--at {at!r} is no time of day; accepted: hours and minutes such as 02:00") from error


def night_now(at: time, zone: str, now: datetime) -> date:
    """Return the night that begins now, or that began last: a late start belongs to the night it is late for."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= at else date.fromordinal(local.date().toordinal() - 1)


def say(text: str) -> None:
    """Write one plain line to stderr."""
    typer.echo(f"odrc: {text}", err=True)


def _prepare(loaded: Loaded, at: time) -> None:
    """Leave a note in the workspace, from which `status` and `doctor` know when a night is due."""
    workspace, now = loaded.settings.workspace, SystemClock().now()
    known = read_note(workspace)
    first = night_now(at, loaded.pack.zone, now).toordinal() + 1
    try:
        write_note(workspace, Note(at, known.since if known else date.fromordinal(first)))
    except OSError as error:
        raise ConfigError(f"workspace {workspace} cannot be written: {error.strerror}") from error


def _missed(loaded: Loaded) -> tuple[date, ...]:
    """Say which nights are missing, and return them."""
    with Archive(loaded.settings.workspace) as archive:
        recorded = archive.series_nights()
    missed = missing(recorded, *due_of(loaded, SystemClock().now()))
    if missed:
        say(f"missed nights: {spans(missed)}")
    return missed


def _next(at: time, zone: str, now: datetime) -> date:
    return date.fromordinal(night_now(at, zone, now).toordinal() + 1)
