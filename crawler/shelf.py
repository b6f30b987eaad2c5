"""The shelf: every known address of a workspace in one small SQLite file, and which of them wait tonight.

It is a memory, not a record: a missing or broken file is made anew from the archive (`crawler.recall`). So nothing is
synced to disk but what SQLite does by itself, and writes are gathered.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.capture import Purpose

logger = logging.getLogger(__name__)

NAME = "frontier.sqlite"
_GATHERED = 500
_COMMIT_EVERY = 5_000
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS addresses (
    mark INTEGER PRIMARY KEY, url TEXT NOT NULL, purpose TEXT NOT NULL, found_on TEXT,
    named INTEGER NOT NULL, seen INTEGER NOT NULL, lane INTEGER, rank INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS turns ON addresses (lane, seen, rank) WHERE lane IS NOT NULL;
"""
_PUT = """
INSERT INTO addresses VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mark) DO UPDATE SET url = excluded.url,
purpose = excluded.purpose, found_on = excluded.found_on, named = max(named, excluded.named),
seen = max(seen, excluded.seen), lane = excluded.lane, rank = excluded.rank
"""
_FIRST = (
    "SELECT mark, url, purpose, found_on, named, seen, lane, rank FROM addresses WHERE lane = ? ORDER BY seen, rank"
)


class Address(msgspec.Struct):
    """An address on the shelf. `named` and `seen` are ordinals of nights (0: never); `lane` is where it waits."""

    mark: int
    url: str
    purpose: Purpose = Purpose.PAGE
    found_on: str | None = None
    named: int = 0
    seen: int = 0
    lane: int | None = None
    rank: int = 0


class Shelf:
    """The table of addresses. *path* None keeps it in memory, for runs that leave nothing behind."""

    def __init__(self, path: Path | None = None) -> None:
        self._db = self._open(path)
        self.fresh = self._db.execute("PRAGMA user_version").fetchone()[0] == 0
        self._waiting: dict[int, Address] = {}
        self._named: list[tuple[int, int]] = []
        self._seen: list[tuple[int, int]] = []
        self._uncommitted = 0

    def filled(self) -> None:
        """Note that all is on the shelf that the archive knows; until then a start fills it again."""
        self._flush(whole=True)
        self._db.commit()
        self._db.execute(f"PRAGMA user_version={_VERSION}")
        self.fresh = False

    def put(self, address: Address) -> None:
        """Note an address, or what is new about it: where it waits, who named it, when it was seen."""
        self._waiting[address.mark] = address
        if len(self._waiting) >= _GATHERED:
            self._flush()

    def take(self, lane: int) -> Address | None:
        """Return the first address of a lane, which then waits no more: oldest evidence first, then by rank."""
        self._flush()
        row = self._db.execute(_FIRST + " LIMIT 1", (lane,)).fetchone()
        if row is None:
            return None
        self._leave(row[0])
        return _address(row)

    def pick(self, mark: int) -> Address | None:
        """Return one address if it waits; it then waits no more."""
        address = self.get(mark)
        if address is None or address.lane is None:
            return None
        address = msgspec.structs.replace(address)
        self._leave(mark)
        return address

    def get(self, mark: int) -> Address | None:
        """Return an address as it stands, or None when it is unknown."""
        if mark in self._waiting:
            return self._waiting[mark]
        query = "SELECT mark, url, purpose, found_on, named, seen, lane, rank FROM addresses WHERE mark = ?"
        row = self._db.execute(query, (mark,)).fetchone()
        return _address(row) if row else None

    def move(self, mark: int, lane: int, rank: int) -> None:
        """Let an address wait in another lane."""
        self._flush()
        self._change("UPDATE addresses SET lane = ?, rank = ? WHERE mark = ?", (lane, rank, mark))

    def name(self, mark: int, night: int) -> None:
        """Note that something names an address that an earlier night knew."""
        self._named.append((night, mark))

    def saw(self, mark: int, night: int) -> None:
        """Note that an address was answered on a night."""
        self._seen.append((night, mark))

    def forget(self, mark: int) -> None:
        """Drop an address: nothing names it and it answers no more."""
        self._waiting.pop(mark, None)
        self._change("DELETE FROM addresses WHERE mark = ?", (mark,))

    def recall(self, since: int) -> Iterator[Address]:
        """Drop what nothing named since that night, let nothing wait, and yield the rest."""
        self._flush(whole=True)
        self._db.execute("DELETE FROM addresses WHERE named < ?", (since,))
        self._db.execute("UPDATE addresses SET lane = NULL WHERE lane IS NOT NULL")
        self._db.commit()
        last = None
        # In blocks, so that rows may change while they are read.
        query = (
            "SELECT mark, url, purpose, found_on, named, seen, lane, rank FROM addresses WHERE mark > ? ORDER BY mark"
        )
        while rows := self._db.execute(query + " LIMIT 2000", (-(2**63) if last is None else last,)).fetchall():
            yield from map(_address, rows)
            last = rows[-1][0]

    def close(self) -> None:
        """Write what is gathered and close the file. A full disk costs the memory, not the run."""
        try:
            self._flush(whole=True)
            self._db.commit()
        except sqlite3.Error:
            logger.exception("the list of known addresses could not be saved; it will be made anew")
        self._db.close()

    def _leave(self, mark: int) -> None:
        found = self._waiting.get(mark)
        if found:
            found.lane = None
        self._change("UPDATE addresses SET lane = NULL WHERE mark = ?", (mark,))

    def _flush(self, *, whole: bool = False) -> None:
        if self._waiting:
            rows = [
                (item.mark, item.url, item.purpose.value, item.found_on, item.named, item.seen, item.lane, item.rank)
                for item in self._waiting.values()
            ]
            self._db.executemany(_PUT, rows)
            self._waiting.clear()
            self._count(len(rows))
        for column, notes in (("named", self._named), ("seen", self._seen)):
            if len(notes) >= _GATHERED or (notes and whole):
                self._db.executemany(f"UPDATE addresses SET {column} = ? WHERE mark = ?", notes)  # noqa: S608
                self._count(len(notes))
                notes.clear()

    def _change(self, statement: str, values: tuple[int, ...]) -> None:
        self._db.execute(statement, values)
        self._count(1)

    def _count(self, changes: int) -> None:
        self._uncommitted += changes
        if self._uncommitted >= _COMMIT_EVERY:
            self._db.commit()
            self._uncommitted = 0

    def _open(self, path: Path | None) -> sqlite3.Connection:
        """Open the file; one that SQLite or this version cannot read is thrown away."""
        try:
            return _connect(path)
        except sqlite3.DatabaseError as error:
            if path is None or isinstance(error, sqlite3.OperationalError):
                raise
            logger.warning("%s cannot be read (%s) and is made anew from the archive", path.name, error)
            discard(path)
            return _connect(path)


def discard(path: Path) -> None:
    """Throw a shelf's file away, with SQLite's side files."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    found = sqlite3.connect(path or ":memory:")
    try:
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=OFF")  # a lost file is made anew from the archive
        found.execute("PRAGMA cache_size=-16000")
        version = found.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"made by another version ({version})")
        found.executescript(_SCHEMA)
    except sqlite3.Error:
        found.close()
        raise
    return found


def _address(row: tuple[int, str, str, str | None, int, int, int | None, int]) -> Address:
    mark, url, purpose, found_on, named, seen, lane, rank = row
    return Address(mark, url, Purpose(purpose), found_on, named, seen, lane, rank)
