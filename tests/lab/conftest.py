"""Lets tests import the lab as `tests.lab`, whatever folder they are started from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.lab import country  # noqa: E402 - the path is set first


@pytest.fixture(scope="module")
def lab() -> Iterator[country.Server]:
    """The lab, served on a free port of loopback."""
    with country.serving(country.NIGHT) as server:
        yield server
