"""SQLite and GeoPackage, dBase and shapefile headers, Arrow by its two ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from struct import unpack_from

from checks.facts.files.reading import MOST_BYTES, ReadError, Reading, UnreadError
from checks.facts.model import TableShape

_MOST_TABLES = 50
_STEPS = 2_000_000
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
        raise ReadError("malformed") from error


def _tables(database: sqlite3.Connection) -> Reading:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    geographic = "gpkg_contents" in names
    features = reference = None
    if geographic:
        rows = list(database.execute("SELECT table_name, srs_id FROM gpkg_contents LIMIT 50"))
        names, reference = [row[0] for row in rows], next((f"EPSG:{row[1]}" for row in rows if row[1]), None)
    own = [name for name in names if isinstance(name, str) and not name.startswith(("sqlite_", "gpkg_", "rtree_"))]
    tables = tuple(_table(database, name) for name in own[:_MOST_TABLES])
    features = sum(table.rows for table in tables) if geographic else None
    return Reading(tables=tables, features=features, reference_system=reference)


def _table(database: sqlite3.Connection, name: str) -> TableShape:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = database.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]  # noqa: S608 - a quoted name, read only
    columns = len(list(database.execute(f"PRAGMA table_info({quoted})")))
    return TableShape(rows, columns, header=True)


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
