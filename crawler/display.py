"""Shows a crawl at work, host by host: a table on a terminal, plain lines when piped, JSON lines for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date
from typing import TextIO

import msgspec
from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from crawler.hosts import Progress, Pulse
from crawler.logs import Events, LogFormat

Watcher = Callable[[Progress], None]

_STEP = 25  # captures of a host between two plain lines
_MOST = 30  # hosts in the table: those that do something before those that are done
_STYLES = {"asked": "green", "resting": "yellow", "paused": "magenta", "closed": "red"}


class Plain:
    """One line per host and step, and whenever a host begins or ends to rest."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._told: dict[str, Progress] = {}

    def __call__(self, progress: Progress) -> None:
        """Write a line when there is something new to say."""
        before = self._told.get(progress.host)
        moved = progress.captures - (before.captures if before else 0) >= _STEP
        if moved or progress.standing != (before.standing if before else "asked"):
            self._told[progress.host] = progress
            (self._out or sys.stderr).write(line(progress) + "\n")


def line(progress: Progress) -> str:
    """Return how far a host is as one plain line."""
    text = f"{progress.host}: {progress.requests} requests, {progress.captures} captures, {progress.failed} failed"
    return text if progress.standing == "asked" else f"{text}, {standing(progress)}"


def standing(progress: Progress) -> str:
    """Return whether a host is asked, rests or is paused, and until when."""
    until = f" until {progress.until.astimezone(UTC):%H:%M} UTC" if progress.until else ""
    return f"{progress.standing}{until}"


def table(hosts: dict[str, Progress]) -> Table:
    """Return the hosts as a table: those told last come first, and what does not fit is counted."""
    shown = Table("host", box=None, pad_edge=False)
    for name in ("requests", "captures", "failed"):
        shown.add_column(name, justify="right")
    shown.add_column("state")
    recent = list(hosts.values())[::-1]
    for item in recent[:_MOST]:
        numbers = [str(number) for number in (item.requests, item.captures, item.failed)]
        shown.add_row(escape(item.host), *numbers, f"[{_STYLES[item.standing]}]{standing(item)}[/]")
    rest = recent[_MOST:]
    sums = [sum(getattr(item, name) for item in recent) for name in ("requests", "captures", "failed")]
    more = f"and {len(rest)} more, " if rest else ""
    shown.add_row(f"[bold]{more}{len(recent)} hosts in all[/]", *map(str, sums), "")
    return shown


@contextmanager
def watching(log: Events, night: date, run: str) -> Iterator[Watcher]:
    """Show progress on stderr in the way asked for, and keep every event in the log."""
    with _shown(log.form) as show:
        pulse, named = Pulse(), {"night": str(night), "run": run}
        log.note("crawl_started", **named)

        def watch(progress: Progress) -> None:
            if pulse.news(progress):
                log.note("host", **named, **msgspec.to_builtins(progress))
            show(progress)

        yield watch
        log.note("crawl_ended", **named)


@contextmanager
def _shown(form: LogFormat) -> Iterator[Watcher]:
    if form is LogFormat.JSON:
        yield lambda _progress: None
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Plain()
        return
    hosts: dict[str, Progress] = {}
    with Live(console=console, refresh_per_second=2, transient=True) as live:

        def watch(progress: Progress) -> None:
            hosts.pop(progress.host, None)
            hosts[progress.host] = progress
            live.update(table(hosts))

        yield watch
