from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve()
for folder in (str(HERE.parents[3]), str(HERE.parent)):
    if folder not in sys.path:
        sys.path.insert(0, folder)

from reports.ledger import Ledger  # noqa: E402


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite ledger without a night: migrating once saves most of the tests' time."""
    place = tmp_path_factory.mktemp("empty") / "ledger.sqlite"
    Ledger(place).close()
    return place.read_bytes()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A running PostgreSQL."""
    from tests.servers import postgres  # noqa: PLC0415 - psycopg is wanted by these tests alone

    if lacking := postgres.missing():
        pytest.skip(lacking)
    with postgres.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def template(cluster: Any) -> str:
    """A database with an empty ledger, to be copied."""
    name = str(cluster.fresh())
    Ledger(cluster.url(name)).close()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Give the places of new ledgers, migrated and empty, on each database there is."""
    if request.param == "postgresql":
        cluster, name = request.getfixturevalue("cluster"), request.getfixturevalue("template")
        return lambda: str(cluster.url(cluster.fresh(name)))
    empty = request.getfixturevalue("empty_file")
    made = iter(range(1_000_000))

    def new() -> str:
        place = tmp_path / f"ledger-{next(made)}.sqlite"
        place.write_bytes(empty)
        return str(place)

    return new


@pytest.fixture
def place(fresh: Callable[[], str]) -> str:
    """The place of an empty ledger, on each database there is."""
    return fresh()
