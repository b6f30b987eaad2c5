"""SQLite and GeoPackage, dBase and shapefile headers, Arrow by its two ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from struct import unpack_from

from checks.facts.files.periods import Periods
from checks.facts.files.reading import MOST_BYTES, ReadError, Reading, UnreadError
from checks.facts.model import TableShape

_MOST_TABLES = 50
_STEPS = 2_000_000
MOST_ROWS = 20_000
"""Rows of a table whose newest period is looked for: all of them are read, within the steps that a file may take."""
_MOST_COLUMNS, _PART, _CELL = 30, 2_000, 41
_ENDS = {b"ARRO": b"ARROW1", b"FEA1": b"FEA1"}


def read_sqlite(body: bytes) -> Reading:
    """Return the tables of an SQLite file or GeoPackage. Raises ReadError."""
    if len(body) > MOST_BYTES:
        raise UnreadError("too_large")
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            # A write-ahead log is not at hand: the header is told that there is none.
            database.deserialize(body[:18] + b"\x01\x01" + body[20:])
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.set_progress_handler(lambda: 1, _STEPS)
            return _tables(database)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":  # our limit, not the file's fault
            raise UnreadError("too_large") from error
        raise ReadError("malformed") from error


def _tables(database: sqlite3.Connection) -> Reading:
    # Virtual tables need modules of their own; SpatiaLite brings some in every file.
    listed = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
    names = [name for name, sql in listed if not str(sql).upper().startswith("CREATE VIRTUAL")]
    geographic = "gpkg_contents" in names
    features = reference = None
    if geographic:
        rows = list(database.execute("SELECT table_name, srs_id FROM gpkg_contents LIMIT 50"))
        held = set(names)
        names = [row[0] for row in rows if row[0] in held]
        reference = next((f"EPSG:{row[1]}" for row in rows if row[1]), None)
    own = [name for name in names if isinstance(name, str) and not name.startswith(("sqlite_", "gpkg_", "rtree_"))]
    tables = tuple(_table(database, name) for name in own[:_MOST_TABLES])
    features = sum(table.rows for table in tables) if geographic else None
    return Reading(tables=tables, features=features, reference_system=reference)


def _table(database: sqlite3.Connection, name: str) -> TableShape:
    quoted = _quoted(name)
    rows = database.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]  # noqa: S608 - a quoted name, read only
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({quoted})")]
    return TableShape(rows, len(columns), header=True, periods=_periods(database, quoted, columns, rows))


def _periods(database: sqlite3.Connection, table: str, columns: list[str], rows: int) -> tuple[str, ...]:
    """Return the newest periods of a table's columns; none of a longer table: they may lie beyond what is read."""
    if rows > MOST_ROWS or not columns:
        return ()
    # Pictures and shapes are passed over; of long texts only so much is taken that they are seen to be no dates.
    short = (f"CASE typeof({name}) WHEN 'blob' THEN NULL ELSE substr({name}, 1, {_CELL}) END"
             for name in map(_quoted, columns[:_MOST_COLUMNS]))  # fmt: skip
    found = Periods()
    try:
        cursor = database.execute(f"SELECT {', '.join(short)} FROM {table}")  # noqa: S608 - quoted names, read only
        while part := cursor.fetchmany(_PART):
            found.add(part)
    except sqlite3.Error:  # more steps than a file may take, or a damaged page: what was seen may not be the newest
        return ()
    return found.found(columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def read_dbf(body: bytes) -> Reading:
    """Return rows and columns of a dBase table by its header. Raises ReadError when rows are missing."""
    rows, header, width = unpack_from("<IHH", body, 4)
    columns = body[32:header:32].rstrip(b"\r\n\0")
    if header + rows * width > len(body) + 1:
        raise ReadError("cut_off")
    return Reading(tables=(TableShape(rows, len(columns), header=True),))


def read_shp(body: bytes) -> Reading:
    """Return whether a shapefile's main file is as long as its header says."""
    if 2 * unpack_from(">I", body, 24)[0] > len(body):
        raise ReadError("cut_off")
    return Reading()


def read_two_ended(body: bytes) -> Reading:
    """Arrow and Feather files end as they begin; a cut one does not. A stream may end anywhere."""
    if body[:4] == b"\xff\xff\xff\xff":
        raise UnreadError("no_reader")
    end = _ENDS.get(body[:4])
    if end is None or len(body) < 12 or not body.endswith(end):  # noqa: PLR2004
        raise ReadError("cut_off")
    return Reading()
