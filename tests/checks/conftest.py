"""Lets tests import the checks' lab as `tests.checks`, whatever folder they are started from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from config.loader import load_pack  # noqa: E402 - the path is set first
from config.pack import Pack  # noqa: E402 - the path is set first
from tests.checks.lab import Lab  # noqa: E402 - the path is set first


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture
def lab(tmp_path: Path, pack: Pack) -> Lab:
    return Lab(tmp_path / "workspace", pack)
