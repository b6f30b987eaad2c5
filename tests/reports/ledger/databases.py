"""Looks into a ledger's database past the ledger, whatever database it is."""

from __future__ import annotations

from typing import Any

from alembic import command
from sqlalchemy import Engine, create_engine, text

from reports.ledger.engine import migrations


def engine_of(place: str) -> Engine:
    """Return an engine on the database at *place* (a file or an address)."""
    return create_engine(place if "://" in place else f"sqlite:///{place}")


def ask(place: str, question: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, or nothing for a command."""
    engine = engine_of(place)
    with engine.begin() as connection:
        result = connection.execute(text(question))
        found = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def rows(place: str, table: str) -> int:
    """Return how many rows *table* has."""
    return int(ask(place, f"SELECT count(*) FROM {table}")[0][0])


def migrate(engine: Engine, target: str, *, down: bool = False) -> None:
    """Bring the database to the revision *target*."""
    config = migrations()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, target)
