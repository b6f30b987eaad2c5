"""The commands of this room: `crawl`, `doctor`, `schedule`, `pause` and `resume`."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer

from config.errors import ConfigError
from config.loader import Loaded, load
from crawler import doctor as examination
from crawler import pausecli, schedulecli
from crawler.archivecli import archive_app
from crawler.clock import SystemClock
from crawler.coverage import RunState
from crawler.expectations import concluded
from crawler.heartbeat import Heart
from crawler.live import ask_hosts
from crawler.logs import LogFormat, events
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.summary import told

USAGE, INCOMPLETE = 2, 3
NIGHTLY = "nightly"


class Format(StrEnum):
    """How results are written to stdout."""

    TEXT = "text"
    JSON = "json"


ConfigOption = Annotated[Path, typer.Option("-c", "--config", help="Settings file.")]
NightOption = Annotated[
    datetime | None, typer.Option("--night", formats=["%Y-%m-%d"], help="Night to crawl; today in the pack's zone.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="Form of what is written to stdout.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Agency id; may be given several times.")]
RunOption = Annotated[str, typer.Option("--run", help="Name of the run; the same name goes on where it stopped.")]
LogOption = Annotated[LogFormat, typer.Option("--log-format", help="What goes to stderr: words, or JSON lines.")]
LiveOption = Annotated[bool, typer.Option("--live", help="Ask each host for its robots.txt and one page.")]


def mount(app: typer.Typer) -> None:
    """Add this room's commands to the front door."""
    app.command()(crawl)
    app.command()(doctor)
    pausecli.mount(app)
    schedulecli.mount(app)
    app.add_typer(archive_app)


def crawl(
    config: ConfigOption = Path("odrc.yaml"),
    night: NightOption = None,
    only: OnlyOption = None,
    run: RunOption = NIGHTLY,
    form: FormatOption = Format.TEXT,
    log_format: LogOption = LogFormat.TEXT,
) -> None:
    """Crawl the agencies' sites into the archive. A crawl that was cut short goes on where it stopped."""
    loaded = _load(config)
    agencies = _agencies(loaded, only)
    try:
        when = night_of(loaded, night)
        with events(log_format, loaded.settings.workspace, when) as log:
            crawled = crawl_night(loaded.settings, loaded.pack, when, run, FetchPolicy(), only=agencies, progress=log)
            coverage = concluded(loaded.settings, crawled)
            log.note("night_ended", run=run, state=coverage.state, reason=coverage.reason)
        Heart(loaded.settings.workspace, run, when, SystemClock()).beat("done", coverage.state)
    except ConfigError as error:
        raise _usage(error) from error
    typer.echo(_json(coverage) if form is Format.JSON else "\n".join(told(coverage)))
    if coverage.state is not RunState.COMPLETE:
        raise typer.Exit(INCOMPLETE)


def doctor(
    config: ConfigOption = Path("odrc.yaml"),
    night: NightOption = None,
    form: FormatOption = Format.TEXT,
    *,
    live: LiveOption = False,
) -> None:
    """Look at the installation: settings, workspace, disk, packages, permissions, hosts; with --live, the hosts too."""
    loaded = _load(config)
    when = night_of(loaded, night)
    lines = list(examination.examine(loaded, when))
    if live and not any(line.level == "fail" for line in lines):
        lines += ask_hosts(loaded, when)
    text = "\n".join(f"{line.level:4}  {line.name}: {line.text}" for line in lines)
    typer.echo(_json(lines) if form is Format.JSON else text)
    if any(line.level == "fail" for line in lines):
        raise typer.Exit(USAGE)


def night_of(loaded: Loaded, given: datetime | None) -> date:
    """Return the night that was named, or the local date in the pack's zone now."""
    return given.date() if given else SystemClock().now().astimezone(ZoneInfo(loaded.pack.zone)).date()


def _load(config: Path) -> Loaded:
    try:
        return load(config)
    except ConfigError as error:
        raise _usage(error) from error


def _agencies(loaded: Loaded, only: list[str] | None) -> frozenset[str] | None:
    if not only:
        return None
    known = [agency.id for agency in loaded.settings.agencies]
    strangers = [name for name in only if name not in known]
    if strangers:
        text = f"--only: no agency {', '.join(strangers)}; accepted: {', '.join(known)}"
        raise _usage(ConfigError(text))
    return frozenset(only)


def _usage(error: ConfigError) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(USAGE)


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
