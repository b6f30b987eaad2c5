"""A ledger as one portable file: a line of JSON per row, zstd over all, from any database into any other.

The first line names the form and the revision of the tables; rows follow table by table, those that are referred to
first. Bytes are base64, dates and times ISO 8601.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

import zstandard
from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Date, DateTime, LargeBinary, MetaData, Table, func, insert, select, text
from sqlalchemy.types import TypeEngine

from config.errors import ConfigError
from reports.ledger.engine import bare_engine, ledger_url, migrations, shown, told, writing

FORM = "odrc-ledger-1"
_BATCH = 1_000
_VERSIONS = "alembic_version"


def dump(place: str | Path, path: Path) -> None:
    """Write the ledger at *place* to *path*, as it is at one moment. Raises ConfigError when it cannot be read."""
    url = ledger_url(place)
    engine = bare_engine(url)
    try:
        with told(url), engine.connect() as connection, path.open("xb") as raw, _compressed(raw) as out:
            revision = MigrationContext.configure(connection).get_current_revision()
            out.write(json.dumps({"form": FORM, "revision": revision}) + "\n")
            for table in _tables(connection):
                for row in connection.execute(select(table)):
                    values = {name: _plain(value) for name, value in row._asdict().items()}
                    out.write(json.dumps({"table": table.name, "row": values}, ensure_ascii=False) + "\n")
    finally:
        engine.dispose()


def load(path: Path, place: str | Path) -> None:
    """Write the dump at *path* into the empty database at *place*. Raises ConfigError when it is not empty."""
    url = ledger_url(place)
    engine = bare_engine(url)
    try:
        with told(url), writing(engine) as connection:
            if MigrationContext.configure(connection).get_current_revision() is not None:
                raise ConfigError(f"ledger {shown(url)}: not empty; a dump is restored into an empty database")
            lines = _lines(path)
            head = next(lines, {})
            if head.get("form") != FORM:
                raise ConfigError(f"{path}: not a dump of a ledger")
            config = migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, head["revision"])
            _fill(connection, lines)
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _fill(connection: Connection, lines: Iterator[dict[str, Any]]) -> None:
    tables = {table.name: table for table in _tables(connection)}
    batch: list[dict[str, Any]] = []
    current: Table | None = None
    for line in lines:
        table = tables[line["table"]]
        if batch and (table is not current or len(batch) >= _BATCH):
            connection.execute(insert(cast("Table", current)), batch)
            batch = []
        current = table
        batch.append({name: _typed(value, table.c[name].type) for name, value in line["row"].items()})
    if batch:
        connection.execute(insert(cast("Table", current)), batch)
    if connection.dialect.name == "postgresql":
        _advance(connection, tables.values())


def _advance(connection: Connection, tables: Any) -> None:
    """Let PostgreSQL number new rows after those that were written with their numbers."""
    for table in tables:
        if "id" not in table.c or not hasattr(table.c.id.type, "python_type") or table.c.id.type.python_type is not int:
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        newest = connection.scalar(select(func.max(table.c.id)))
        if sequence and newest:
            connection.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSIONS]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _compressed(raw: Any) -> TextIOWrapper:
    writer = zstandard.ZstdCompressor(3).stream_writer(raw)
    return TextIOWrapper(cast("Any", writer), encoding="utf-8")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as reader:
        try:
            for line in TextIOWrapper(cast("Any", reader), encoding="utf-8"):
                yield json.loads(line)
        except (zstandard.ZstdError, ValueError) as error:
            raise ConfigError(f"{path}: damaged: {error}") from error
