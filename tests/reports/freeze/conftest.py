from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[2])]

from frozen_country import Country, country  # noqa: E402 - the path is set first


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Country:
    """A country with one archived and judged night, made once and copied for each test."""
    return country(tmp_path_factory.mktemp("country"))


@pytest.fixture
def here(made: Country, tmp_path: Path) -> Iterator[Country]:
    copied = made.copy(tmp_path / "copy")
    yield copied
    copied.bench.ledger.close()
