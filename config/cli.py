"""`odrc init`: writes a settings file to begin with."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from string import Template
from typing import Annotated, Any

import typer
import yaml

from config.errors import ConfigError
from config.model import Agency, Portal
from config.pack import Pack
from config.packload import is_folder, load_pack

_EXAMPLES = 3

ConfigFile = Annotated[Path, typer.Option("--config", "-c", help="Settings file to write.")]
PackName = Annotated[str, typer.Option("--pack", help="Country pack: an id, or a folder such as ./mypack.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")]


def mount(app: typer.Typer) -> None:
    """Add this room's commands to *app*."""
    app.command("init")(init)


def init(config: ConfigFile = Path("odrc.yaml"), pack: PackName = "kz", *, force: Force = False) -> None:
    """Write a commented settings file with a few agencies of the pack, ready to be edited."""
    text = starter(load_pack(pack), _seen_from(config.parent, pack))
    try:
        config.parent.mkdir(parents=True, exist_ok=True)
        with config.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(f"{config}: exists already; accepted: another name with -c, or --force") from None
    except OSError as error:
        raise ConfigError(f"{config}: cannot be written: {error.strerror}") from None
    typer.echo(_next_steps(config), err=True)


def starter(pack: Pack, pack_name: str) -> str:
    """Return the text of a settings file for *pack*: three of its agencies, its portals, all else explained."""
    agencies = [agency for agency in pack.agencies if agency.sites][:_EXAMPLES]
    if not agencies:
        raise ConfigError(f"pack {pack.id}: no agency with a site to begin with; accepted: a pack that lists some")
    template = resources.files("config").joinpath("templates", "odrc.yaml").read_text(encoding="utf-8")
    return Template(template).substitute(
        pack=_yaml(pack_name),
        agencies=_block([_agency(agency) for agency in agencies]),
        portals=_block([_portal(portal, {agency.id for agency in pack.agencies}) for portal in pack.portals[:1]]),
        profile=pack.profiles[0].id,
    )


def _agency(agency: Agency) -> dict[str, Any]:
    """Return the entry as an operator would write it: today's names, shorthands, nothing left at its default."""
    plain = agency.model_dump(mode="json", exclude_defaults=True, exclude={"names", "predecessors", "successors"})
    return {"id": agency.id, "names": dict(agency.names[-1].names), **{k: v for k, v in plain.items() if k != "id"}}


def _portal(portal: Portal, agency_ids: set[str]) -> dict[str, Any]:
    plain = portal.model_dump(mode="json", exclude_defaults=True)
    return plain if portal.owner in agency_ids else {k: v for k, v in plain.items() if k != "owner"}


def _block(items: list[dict[str, Any]]) -> str:
    """Return *items* as an indented YAML list, or ` []` when there are none."""
    if not items:
        return " []"
    text = yaml.safe_dump(items, allow_unicode=True, sort_keys=False, width=100)
    return "\n" + "".join(f"  {line}\n" for line in text.splitlines()).rstrip()


def _yaml(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True).removesuffix("\n").removesuffix("\n...")


def _seen_from(folder: Path, pack: str) -> str:
    """Return *pack* as the settings file must write it: a folder is relative to that file."""
    if not is_folder(pack):
        return pack
    path = Path(os.path.relpath(Path(pack).expanduser(), folder)).as_posix()
    return path if path.startswith(".") else f"./{path}"


def _next_steps(config: Path) -> str:
    return (
        f"Wrote {config}. Next:\n"
        "  1. Fill in `operator`: administrators see it in the user agent, and may write to you.\n"
        "  2. Edit `agencies` and `portals`.\n"
        f"  3. Start a night with this file: odrc run -c {config}"
    )
