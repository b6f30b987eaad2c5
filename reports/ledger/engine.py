"""Opens a ledger: SQLite in write-ahead mode, or any database SQLAlchemy knows, brought to today's form by Alembic."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError

from config.errors import ConfigError

LOCK_TIMEOUT = 30.0
_PAUSE = 0.02
_WRITES = "odrc_writes"
_ADVISORY_LOCK = 0x6F647263


def ledger_url(place: str | Path) -> URL:
    """Return the database URL of *place*: a URL as it is, anything else the path of an SQLite file."""
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(place))
    try:
        return make_url(place)
    except ArgumentError as error:
        raise ConfigError(f"not the address of a database: {error}; accepted: a file path or a URL") from None


def open_engine(url: URL, *, create: bool, lock_timeout: float = LOCK_TIMEOUT) -> Engine:
    """Return an engine on an upgraded ledger. Raises ConfigError when it cannot be used."""
    if url.get_backend_name() == "sqlite" and url.database:
        _check_file(Path(url.database), create=create)
    engine = bare_engine(url, lock_timeout=lock_timeout)
    with told(url):
        _upgrade(engine)
    return engine


def bare_engine(url: URL, *, lock_timeout: float = LOCK_TIMEOUT) -> Engine:
    """Return an engine on a database as it is. Raises ConfigError when no driver for it is installed."""
    try:
        engine = create_engine(url, **_options(url, lock_timeout))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(f"ledger {shown(url)}: no driver for this database is installed ({error})") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", partial(_prepare_sqlite, lock_timeout))
    event.listen(engine, "begin", _begin)
    return engine


def _options(url: URL, lock_timeout: float) -> dict[str, Any]:
    """Return how to connect: writers wait *lock_timeout* seconds; a reader sees one state of the ledger throughout."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": lock_timeout}}
    if url.get_backend_name() == "postgresql":
        waits = {"options": f"-c lock_timeout={int(lock_timeout * 1000)}"}
        return {"connect_args": waits, "isolation_level": "REPEATABLE READ", "pool_pre_ping": True}
    return {}


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what a database says into a message that names the ledger."""
    try:
        yield
    except IntegrityError:
        raise  # a slip of this program, not of the ledger
    except OperationalError as error:
        hint = (
            "another process holds it; wait for that run to end"
            if "locked" in str(error.orig) or "lock timeout" in str(error.orig)
            else "check the path, its rights and the free space"
        )
        raise ConfigError(f"ledger {shown(url)} cannot be used: {error.orig}; {hint}") from error
    except DBAPIError as error:
        raise ConfigError(f"ledger {shown(url)} cannot be read: {error.orig}; restore it from a copy") from error
    except CommandError as error:
        raise ConfigError(f"ledger {shown(url)} was written by another version of odrc ({error})") from error


def shown(url: URL) -> str:
    """Return *url* for messages: a bare path for a file, never a password."""
    return url.database if url.get_backend_name() == "sqlite" and url.database else url.render_as_string()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open one writing transaction; other writers wait from its first statement on."""
    options: dict[str, Any] = {_WRITES: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"  # what waited for the lock must see what the other one wrote
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def migrations() -> Config:
    """Return Alembic's configuration for the migrations that are shipped with the package."""
    config = Config()
    folder = resources.files("reports.ledger").joinpath("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _check_file(path: Path, *, create: bool) -> None:
    if path.exists():
        return
    if not create:
        raise ConfigError(f"no ledger at {path}: nothing has been recorded there yet; `odrc run` records a night")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"ledger {path} cannot be made: {error.strerror}") from None


def _prepare_sqlite(lock_timeout: float, connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # this module says BEGIN itself
    cursor = connection.cursor()
    _write_ahead(cursor, lock_timeout)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any, lock_timeout: float) -> None:
    """Put the file into write-ahead mode. SQLite does not wait for this lock by itself (sqlite.org/wal.html)."""
    tries = max(1, int(lock_timeout / _PAUSE))
    for left in reversed(range(tries)):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not left or error.sqlite_errorname != "SQLITE_BUSY":
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = bool(connection.get_execution_options().get(_WRITES))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _upgrade(engine: Engine) -> None:
    config = migrations()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
