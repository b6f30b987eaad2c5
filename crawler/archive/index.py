"""The index: an SQLite table of captures and where their records lie. Made from the WARC files alone, any time."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import msgspec

from crawler.archive.exchange import Original
from crawler.archive.record import Tombstone
from crawler.archive.writer import Place
from crawler.capture import Capture, How
from crawler.coverage import RunCoverage

VERSION = 4  # of the tables below: an index of another version is made anew from the WARC files
_SCHEMA = f"""
BEGIN;
PRAGMA user_version = {VERSION};
CREATE TABLE IF NOT EXISTS captures (
    id TEXT PRIMARY KEY, night TEXT NOT NULL, run TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL,
    host TEXT NOT NULL, purpose TEXT NOT NULL, outcome TEXT NOT NULL, sha256 TEXT, started TEXT NOT NULL,
    file TEXT NOT NULL, start INTEGER NOT NULL, offset INTEGER NOT NULL, body_offset INTEGER, refers_to TEXT,
    capture BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS captures_by_body ON captures (sha256) WHERE body_offset IS NOT NULL AND refers_to IS NULL;
CREATE INDEX IF NOT EXISTS captures_by_original ON captures (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX IF NOT EXISTS captures_by_night ON captures (night, started, id);
CREATE INDEX IF NOT EXISTS captures_by_key ON captures (key, night);
CREATE TABLE IF NOT EXISTS hops (
    id TEXT PRIMARY KEY, capture TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coverage (
    night TEXT NOT NULL, run TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL, coverage BLOB NOT NULL,
    PRIMARY KEY (night, run)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstones (
    sha256 TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL, redacted INTEGER NOT NULL,
    tombstone BLOB NOT NULL,
    PRIMARY KEY (sha256, file, offset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (file TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
COMMIT;
"""
_ENCODER = msgspec.json.Encoder()
_CAPTURE = msgspec.json.Decoder(Capture)
_TOMBSTONE = msgspec.json.Decoder(Tombstone)
_CAPTURE_COLUMNS = 16


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

    def original(self, capture: Capture, smallest: int) -> Original | None:
        """Return the record that holds the very bytes that *capture* brought, or None.

        One of the same key goes first; another address's body serves from *smallest* bytes on. A body that was
        redacted is not kept again: what stands for it is referred to.
        """
        rows = self._db.execute(
            "SELECT capture FROM captures WHERE sha256 = ? AND body_offset IS NOT NULL AND refers_to IS NULL"
            " ORDER BY key = ? DESC LIMIT 4",
            (capture.sha256, capture.key.text()),
        )
        for (data,) in rows:
            found = _CAPTURE.decode(data)
            if found.key != capture.key and (capture.length or 0) < smallest:
                return None
            if _same_bytes(found, capture):
                return Original(found.id, found.url, found.started, found.digest_received)
        return self._redacted(capture)

    def _redacted(self, capture: Capture) -> Original | None:
        row = self._db.execute(
            "SELECT tombstone FROM tombstones WHERE sha256 = ? AND redacted LIMIT 1", (capture.sha256,)
        ).fetchone()
        if row is None:
            return None
        stone = _TOMBSTONE.decode(row[0])
        return Original(stone.capture, capture.url, stone.at, capture.digest_received)

    def last_answer(self, key: str, night: date) -> tuple[Capture, Original] | None:
        """Return the newest whole answer to a question, not later than the night, and the record that holds its body.

        Only what a plain exchange brought counts, and only 200 and its confirmations: no other answer has validators.
        """
        rows = self._db.execute(
            "SELECT capture FROM captures WHERE key = ? AND night <= ? ORDER BY night DESC, started DESC LIMIT 8",
            (key, night.isoformat()),
        )
        found = next((item for (data,) in rows if _whole(item := _CAPTURE.decode(data))), None)
        if found is None:
            return None
        row = self._db.execute(
            "SELECT capture FROM captures WHERE id = ? AND body_offset IS NOT NULL", (found.refers_to or found.id,)
        ).fetchone()
        if row is None:
            return None
        kept = _CAPTURE.decode(row[0])
        return found, Original(kept.id, kept.url, kept.started, kept.digest_received)

    def seal(self, file: str, size: int) -> None:
        """Note that a WARC file is closed and wholly in the index."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (file, size))
        self._db.commit()

    def sealed(self) -> dict[str, int]:
        """Return the files that are wholly in the index, with their sizes in bytes."""
        return dict(self._db.execute("SELECT file, size FROM files"))

    def add_tombstone(self, tombstone: Tombstone, place: Place) -> None:
        """Note that a body was taken out for good."""
        row = (tombstone.sha256, place.file, place.offset, tombstone.redacted, _ENCODER.encode(tombstone))
        self._db.execute("INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, file: str) -> None:
        """Drop everything that was read from one WARC file."""
        for table in ("captures", "hops", "coverage", "tombstones", "files"):
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))  # noqa: S608

    def commit(self) -> None:
        """Make what was added visible."""
        self._db.commit()

    def close(self) -> None:
        """Commit, fold the write-ahead log in, and close."""
        self._db.commit()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()


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
        place.offset if place.start is None else place.start,
        place.offset,
        place.responses.get(capture.id),
        capture.refers_to,
        _ENCODER.encode(capture),
    )


def _same_bytes(left: Capture, right: Capture) -> bool:
    coding = "content-encoding"
    whole = not left.truncated and not right.truncated
    return whole and left.digest_received == right.digest_received and left.header(coding) == right.header(coding)


def _whole(capture: Capture) -> bool:
    plain = capture.how is How.PLAIN and not capture.truncated
    return plain and capture.answered and capture.shown_status == 200  # noqa: PLR2004 - the status of a whole answer
