"""The commands `odrc pause` and `odrc resume`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import msgspec
import typer

from config.errors import ConfigError
from config.loader import Loaded, load
from crawler.clock import SystemClock
from crawler.pausing import known_host, pause_host, resume_host, standing, told

_Config = Annotated[Path, typer.Option("-c", "--config", help="Settings file.")]
_Host = Annotated[str | None, typer.Argument(help="Host, or an address on it; `www.` and bare name are one.")]
_Until = Annotated[str | None, typer.Option("--until", help="Day or moment when it ends, in the pack's zone.")]
_Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")]
_By = Annotated[str, typer.Option("--by", help="Who asks for it; kept in the audit trail.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document: what is paused, and the audit trail.")]


def mount(app: typer.Typer) -> None:
    """Add the commands to the front door."""
    app.command()(pause)
    app.command()(resume)


def pause(
    host: _Host = None,
    until: _Until = None,
    reason: _Reason = "",
    by: _By = "",
    config: _Config = Path("odrc.yaml"),
    *,
    json: _Json = False,
) -> None:
    """Leave a host alone until a moment, also in the middle of a night. Without a host: list what is paused."""
    with _Desk(config) as desk:
        if host is not None:
            if until is None:
                raise ConfigError("--until is missing; accepted: a day or a moment, in the pack's zone")
            entry = pause_host(desk.loaded, host, until, reason, by, desk.now)
            if not known_host(desk.loaded, entry.host, desk.now.astimezone(ZoneInfo(desk.zone)).date()):
                typer.echo(f"note: no scope or portal of these settings lies on {entry.host}", err=True)
        desk.show(json=json)


def resume(
    host: _Host = None, reason: _Reason = "", by: _By = "", config: _Config = Path("odrc.yaml"), *, json: _Json = False
) -> None:
    """End the pause of a host. Without a host: list what is paused."""
    with _Desk(config) as desk:
        if host is not None:
            resume_host(desk.loaded, host, reason, by, desk.now)
        desk.show(json=json)


class _Desk:
    """The settings and the moment of one command; what a person can mend becomes a message and exit code 2."""

    loaded: Loaded
    now: datetime

    def __init__(self, config: Path) -> None:
        self._config = config

    def __enter__(self) -> Self:
        try:
            self.loaded, self.now = load(self._config), SystemClock().now()
        except ConfigError as error:
            raise _usage(error) from error
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ConfigError):
            raise _usage(error) from error

    @property
    def zone(self) -> str:
        return self.loaded.pack.zone

    def show(self, *, json: bool) -> None:
        """Print what is paused, on stdout."""
        pauses = standing(self.loaded, self.now)
        text = msgspec.json.format(msgspec.json.encode(pauses), indent=2).decode()
        typer.echo(text if json else "\n".join(told(pauses, self.zone)))


def _usage(error: ConfigError) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(2)
