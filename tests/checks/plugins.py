"""Puts plugin packages on the path as an installer would, without installing anything."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from config import packload

EXAMPLE = Path(__file__).resolve().parents[1] / "plugin"


def distribution(folder: Path, name: str, groups: Mapping[str, Mapping[str, str]], version: str = "1.0") -> None:
    """Write what an installer leaves behind of a distribution: its metadata and entry points."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    points = "\n".join(
        f"[{group}]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items())
        for group, entries in groups.items()
    )
    (info / "entry_points.txt").write_text(points + "\n")


def example_groups() -> dict[str, dict[str, str]]:
    """Return the entry points that the example's pyproject declares."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    groups: dict[str, dict[str, str]] = project["entry-points"]
    return groups


def put_on_path(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    for folder in folders:
        monkeypatch.syspath_prepend(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] in {"odrc_plugin_example", "odrc_plugin_broken"}]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    packload._installed.cache_clear()
