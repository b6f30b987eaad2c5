"""Lets tests import the checks' lab as `tests.checks`, whatever folder they are started from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

import checks.view as view_module  # noqa: E402 - the path is set first
from config.loader import load_pack  # noqa: E402 - the path is set first
from config.pack import Pack  # noqa: E402 - the path is set first
from tests.checks.engine import ListAdapter  # noqa: E402 - the path is set first
from tests.checks.lab import SITE, Lab, agency  # noqa: E402 - the path is set first


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture
def lab(tmp_path: Path, pack: Pack) -> Lab:
    return Lab(tmp_path / "workspace", pack)


@pytest.fixture
def portal(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab with a portal of two data sets: one of the good agency, one of a body that is not in the register."""
    monkeypatch.setattr(view_module, "portal_adapters", lambda: {"list": ListAdapter()})
    lab.agencies = [
        agency(
            "good", SITE, publishers=[{"portal": "data", "id": "17"}], probes=[{"url": "https://social.example/good"}]
        ),
        agency("other", "https://other.kz/"),
    ]
    lab.portals = [{"id": "data", "kind": "list", "url": "https://data.kz/", "owner": "other"}]
    return lab
