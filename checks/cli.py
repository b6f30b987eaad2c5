"""The command of this room: `odrc rules`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from checks.registry import all_rules, rules_of
from config.errors import ConfigError
from config.loader import Loaded, load

DEFAULT_CONFIG = Path("odrc.yaml")


class Form(StrEnum):
    """How a command writes its one document."""

    TEXT = "text"
    JSON = "json"


ConfigFile = Annotated[Path, typer.Option("--config", "-c", help="Settings file.")]
FormatOption = Annotated[Form, typer.Option("--format", help="text, or one JSON document.")]


def mount(app: typer.Typer) -> None:
    """Add this room's commands to *app*."""
    app.command("rules")(rules)


def rules(
    config: ConfigFile = DEFAULT_CONFIG,
    form: FormatOption = Form.TEXT,
    rule: Annotated[str | None, typer.Argument(help="Show the page of one rule.")] = None,
) -> None:
    """List the rules that mark this country; without a settings file, every installed rule."""
    loaded = _loaded(config)
    chosen = rules_of(loaded) if loaded else tuple(all_rules().values())
    if rule is not None:
        found = next((item for item in chosen if item.id == rule), None)
        if found is None:
            raise ConfigError(f"unknown rule {rule!r}; accepted: {', '.join(item.id for item in chosen)}")
        chosen = (found,)
    if form is Form.JSON:
        typer.echo(msgspec.json.encode([item.info for item in chosen]).decode())
    elif rule is not None:
        typer.echo(f"{chosen[0].id} version {chosen[0].version}: {chosen[0].doc.strip()}")
    else:
        for item in chosen:
            typer.echo(f"{item.id}@{item.version}  {', '.join(item.indicators)}  ({item.subject})  {item.title}")


def _loaded(config: Path) -> Loaded | None:
    """Load the settings; the default file may be absent, a named one may not."""
    return None if config == DEFAULT_CONFIG and not config.exists() else load(config)
