"""The index: an SQLite table of captures and where their records lie. Made from the WARC files alone, any time."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.archive.layout import ArchiveDamageWarning, Layout
from crawler.archive.members import Damage, members
from crawler.archive.record import decode_note
from crawler.archive.writer import Place
from crawler.capture import Capture
from crawler.coverage import RunCoverage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS captures (
    id TEXT PRIMARY KEY, night TEXT NOT NULL, run TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL,
    host TEXT NOT NULL, purpose TEXT NOT NULL, outcome TEXT NOT NULL, sha256 TEXT, started TEXT NOT NULL,
    file TEXT NOT NULL, offset INTEGER NOT NULL, body_offset INTEGER, capture BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS captures_by_night ON captures (night, started, id);
CREATE INDEX IF NOT EXISTS captures_by_key ON captures (key, night);
CREATE TABLE IF NOT EXISTS hops (
    id TEXT PRIMARY KEY, capture TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coverage (
    night TEXT NOT NULL, run TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL, coverage BLOB NOT NULL,
    PRIMARY KEY (night, run)
) WITHOUT ROWID;
"""
_ENCODER = msgspec.json.Encoder()
_CAPTURE_COLUMNS = 14


class Index:
    """Writes the index. Rows are committed after their records were written, so it never points at nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA journal_mode=WAL")
        # A lost transaction is found again in the WARCs, so waiting for the disk on each commit buys nothing.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def add(self, capture: Capture, place: Place) -> None:
        """Put a capture in; `commit` makes it visible to readers."""
        marks = ",".join("?" * _CAPTURE_COLUMNS)
        self._db.execute(f"INSERT OR REPLACE INTO captures VALUES ({marks})", _row(capture, place))  # noqa: S608
        hops = [(name, capture.id, place.file, at) for name, at in place.responses.items() if name != capture.id]
        self._db.executemany("INSERT OR REPLACE INTO hops VALUES (?, ?, ?, ?)", hops)

    def add_coverage(self, coverage: RunCoverage, place: Place) -> None:
        """Put a run's closing statement in; a later one of the same run takes its place."""
        row = (coverage.night.isoformat(), coverage.run, place.file, place.offset, _ENCODER.encode(coverage))
        self._db.execute("INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, file: str) -> None:
        """Drop everything that was read from one WARC file."""
        for table in ("captures", "hops", "coverage"):
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))  # noqa: S608

    def commit(self) -> None:
        """Make what was added visible."""
        self._db.commit()

    def close(self) -> None:
        """Commit, fold the write-ahead log in, and close."""
        self._db.commit()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()


def rebuild(workspace: Path) -> int:
    """Make the index anew from the WARC files alone and return the number of captures.

    The old index stays in use until the new one is whole. Damage is reported as ArchiveDamageWarning.
    """
    layout = Layout(workspace)
    fresh = layout.index.with_name("index.new.sqlite")
    fresh.unlink(missing_ok=True)
    index = Index(fresh)
    total = sum(index_file(layout, index, name) for name in layout.files())
    index.close()
    for suffix in ("-wal", "-shm"):
        layout.index.with_name(layout.index.name + suffix).unlink(missing_ok=True)
    fresh.replace(layout.index)
    return total


def recover(workspace: Path) -> list[str]:
    """Close the files that a killed run left open and return their names.

    Each is cut after its last whole record, renamed and read into the index.
    """
    layout = Layout(workspace)
    found = layout.left_open()
    if not found:
        return []
    index = Index(layout.index)
    for name in found:
        index.forget(name)
        if not _cut(layout.opened(name)):
            layout.opened(name).unlink()
            continue
        layout.opened(name).rename(layout.warc / name)
        index_file(layout, index, name)
    index.close()
    return found


def index_file(layout: Layout, index: Index, name: str) -> int:
    """Read one WARC file into the index and return the number of captures in it."""
    count = 0
    for found, place in notes(layout, name):
        if isinstance(found, Capture):
            index.add(found, place)
            count += 1
        else:
            index.add_coverage(found, place)
    return count


def notes(layout: Layout, name: str) -> Iterator[tuple[Capture | RunCoverage, Place]]:
    """Yield what the file's metadata records hold, with the places of the records they speak of."""
    responses: dict[str, int] = {}
    for item in members(layout.path(name)):
        if isinstance(item, Damage):
            text = f"{name}: unreadable at offset {item.offset}: {item.reason}"
            warnings.warn(text, ArchiveDamageWarning, stacklevel=2)
            continue
        if item.record.type == "response":
            responses[item.record.id] = item.offset
        note = decode_note(item.record)
        if note and note.capture:
            yield note.capture, Place(name, item.offset, responses)
            responses = {}
        elif note and note.coverage:
            yield note.coverage, Place(name, item.offset, {})


def _cut(path: Path) -> int:
    """Cut the file after its last whole record and return its new length."""
    end = 0
    for item in members(path):
        if isinstance(item, Damage):
            text = f"{path.name}: cut at offset {item.offset}: {item.reason}"
            warnings.warn(text, ArchiveDamageWarning, stacklevel=3)
        else:
            end = item.offset + item.length
    with path.open("r+b") as file:
        file.truncate(end)
    return end


def _row(capture: Capture, place: Place) -> tuple[object, ...]:
    return (
        capture.id,
        capture.night.isoformat(),
        capture.run,
        capture.key.text(),
        capture.url,
        capture.host,
        capture.purpose.value,
        capture.outcome.value,
        capture.sha256,
        capture.started.isoformat(),
        place.file,
        place.offset,
        place.responses.get(capture.id),
        _ENCODER.encode(capture),
    )
