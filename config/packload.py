"""Country packs from entry points (`odrc.packs`) or from a folder.

A pack is a package or folder of YAML files. Each file holds some of the top-level keys of `config.pack.Pack`; a key
stands in one file only. Packs that are shipped here are found without installation metadata, so a bare checkout works.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from config.crossrefs import pack_issues
from config.errors import ConfigError
from config.pack import Pack
from config.places import Loc, Source, read_yaml
from config.plugins import points
from config.problems import check, lines, suggest

_GROUP = "odrc.packs"
_SHIPPED = "config.packs"


def pack_ids() -> list[str]:
    """Return the ids of the packs that are shipped or installed."""
    return sorted(_packages())


def load_pack(pack_id: str, base: Path | None = None) -> Pack:
    """Return the pack of that id, or of the folder *pack_id* (`./mypack`, seen from *base*).

    Raises ConfigError for an unknown pack, and for one whose files are wrong, naming pack, file, line and key.
    """
    if is_folder(pack_id):
        return _read(pack_id, (base or Path()) / Path(pack_id).expanduser())
    if pack_id not in _packages():
        known = pack_ids()
        accepted = f"{', '.join(known)}, or a folder such as ./mypack"
        raise ConfigError(f"unknown pack {pack_id}{suggest(pack_id, known)}; accepted: {accepted}")
    return _installed(pack_id)


def is_folder(pack_id: str) -> bool:
    """Tell whether *pack_id* is written as a path."""
    return pack_id.startswith((".", "~")) or "/" in pack_id or "\\" in pack_id


@cache
def _installed(pack_id: str) -> Pack:
    package = _packages()[pack_id]
    try:
        folder = resources.files(import_module(package))
    except Exception as error:
        # Whatever a foreign package raises while it is imported, the answer is the same: say which one.
        raise ConfigError(f"pack {pack_id}: {package} cannot be imported: {error}") from error
    return _read(pack_id, folder)


def _packages() -> dict[str, str]:
    shipped = {
        item.name: f"{_SHIPPED}.{item.name}"
        for item in resources.files("config").joinpath("packs").iterdir()
        if item.is_dir() and item.joinpath("pack.yaml").is_file()
    }
    return shipped | {name: point.value for name, point in points(_GROUP).items()}


def _read(pack_id: str, folder: Traversable) -> Pack:
    if not folder.is_dir():
        raise ConfigError(f"pack {pack_id}: {folder} is not a folder; accepted: a folder that holds pack.yaml")
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name)
    if not any(item.name == "pack.yaml" for item in files):
        raise ConfigError(f"pack {pack_id}: {folder} holds no pack.yaml; accepted: a folder that holds pack.yaml")
    try:
        sources = [read_yaml(str(item), item.read_text(encoding="utf-8-sig")) for item in files]
        return _checked(_merge(sources))
    except (ConfigError, UnicodeDecodeError) as error:
        raise ConfigError("\n".join(f"pack {pack_id}: {line}" for line in str(error).splitlines())) from error


def _merge(sources: list[Source]) -> _Files:
    owners: dict[str, Source] = {}
    data: dict[str, Any] = {}
    for source in sources:
        if not isinstance(source.data, dict):
            raise ConfigError(source.problem((), "not a mapping", "some of the keys of a pack"))
        for key, value in source.data.items():
            if key in owners:
                raise ConfigError(source.problem((key,), f"the key also stands in {owners[key].name}", "each key once"))
            owners[key], data[key] = source, value
    main = next(source for source in sources if source.name.endswith("pack.yaml"))
    return _Files(main.name, data, main.lines, owners)


@dataclass(frozen=True)
class _Files(Source):
    """The files of a pack as one source: a place is looked up in the file of its top-level key."""

    owners: dict[str, Source] = field(default_factory=dict)

    def place(self, loc: Loc, *, new_key: bool = False) -> str:
        """Return the place of *loc* in the file that holds its first key."""
        owner = self.owners.get(str(loc[0])) if loc else None
        return owner.place(loc, new_key=new_key) if owner else super().place(loc, new_key=new_key)


def _checked(files: _Files) -> Pack:
    pack, errors = check(Pack, files.data)
    if pack is None:
        raise ConfigError("\n".join(lines(Pack, files, errors)))
    problems = [files.problem(issue.loc, issue.text, issue.accepted) for issue in pack_issues(pack)]
    if problems:
        raise ConfigError("\n".join(problems))
    return pack
