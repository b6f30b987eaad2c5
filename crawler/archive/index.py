"""The index: an SQLite table of captures and where their records lie. Made from the WARC files alone, any time."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import msgspec

from crawler.archive.exchange import Original
from crawler.archive.note import Tombstone
from crawler.archive.rows import Packing, day, instant, raw, short
from crawler.archive.writer import Place
from crawler.capture import Capture, How
from crawler.coverage import RunCoverage
from crawler.digests import digest

VERSION = 5  # of the tables below: an index of another version is made anew from the WARC files
SCHEMA = f"""
BEGIN;
PRAGMA user_version = {VERSION};
CREATE TABLE IF NOT EXISTS files (n INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, size INTEGER);
CREATE TABLE IF NOT EXISTS runs (
    night INTEGER NOT NULL, run TEXT NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (night, run, file)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS captures (
    id BLOB NOT NULL UNIQUE, night INTEGER NOT NULL, started INTEGER NOT NULL, key INTEGER NOT NULL, sha256 BLOB,
    file INTEGER NOT NULL, start INTEGER NOT NULL, offset INTEGER NOT NULL, stop INTEGER NOT NULL, body_offset INTEGER,
    refers_to BLOB, capture BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS captures_by_body ON captures (sha256) WHERE body_offset IS NOT NULL AND refers_to IS NULL;
CREATE INDEX IF NOT EXISTS captures_by_night ON captures (night, started);
CREATE INDEX IF NOT EXISTS captures_by_key ON captures (key, night);
CREATE TABLE IF NOT EXISTS hops (id BLOB PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coverage (
    night INTEGER NOT NULL, run TEXT NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, coverage BLOB NOT NULL,
    PRIMARY KEY (night, run)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstones (
    sha256 BLOB NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, redacted INTEGER NOT NULL,
    tombstone BLOB NOT NULL,
    PRIMARY KEY (sha256, file, offset)
) WITHOUT ROWID;
COMMIT;
"""
_ENCODER = msgspec.json.Encoder()
_TOMBSTONE = msgspec.json.Decoder(Tombstone)
_TOGETHER = 50  # captures whose rows are written at once
_HOLDERS = "FROM captures WHERE sha256 = ? AND body_offset IS NOT NULL AND refers_to IS NULL"
_ROW = "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Index:
    """Writes the index. Rows are committed after their records were written, so it never points at nothing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA journal_mode=WAL")
        # A lost transaction is found again in the WARCs, so waiting for the disk on each commit buys nothing.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._packing = Packing()
        self._files: dict[str, int] = dict(self._db.execute("SELECT file, n FROM files"))
        self._new: list[tuple[Capture, Place]] = []
        self._marks: set[str | None] = set()  # keys and digests of those
        self._holed = False
        self._buried = self._db.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is not None

    def add(self, capture: Capture, place: Place) -> None:
        """Put a capture in; `commit` makes it visible to readers.

        Rows are made many at a time, which takes half the processor's time. What is asked of this index sees them.
        """
        self._new.append((capture, place))
        self._marks |= {capture.key.text(), capture.sha256}
        if len(self._new) >= _TOGETHER:
            self._write()

    def _write(self) -> None:
        """Write the rows of the captures that were put in. A failure takes back what was not committed before it."""
        new, self._new, self._marks = self._new, [], set()
        try:
            self._put(new)
        except sqlite3.Error:
            self._holed = True
            raise

    def _put(self, new: list[tuple[Capture, Place]]) -> None:
        self._db.executemany(_ROW, [self._row(capture, place) for capture, place in new])
        runs = {(day(capture.night), capture.run, self._file(place.file)) for capture, place in new}
        self._db.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?, ?)", sorted(runs))
        hops = [
            (short(name), self._file(place.file), at)
            for capture, place in new
            for name, at in place.responses.items()
            if name != capture.id
        ]
        self._db.executemany("INSERT OR REPLACE INTO hops VALUES (?, ?, ?)", hops)

    def add_coverage(self, coverage: RunCoverage, place: Place) -> None:
        """Put a run's closing statement in; a later one of the same run takes its place."""
        row = (day(coverage.night), coverage.run, self._file(place.file), place.offset, _ENCODER.encode(coverage))
        self._db.execute("INSERT OR REPLACE INTO coverage VALUES (?, ?, ?, ?, ?)", row)

    def _file(self, name: str) -> int:
        """Return the number of a file."""
        if name not in self._files:
            self._db.execute("INSERT OR IGNORE INTO files (file) VALUES (?)", (name,))
            self._files[name] = self._db.execute("SELECT n FROM files WHERE file = ?", (name,)).fetchone()[0]
        return self._files[name]

    def _row(self, capture: Capture, place: Place) -> tuple[object, ...]:
        return (
            short(capture.id),
            day(capture.night),
            instant(capture.started),
            digest(capture.key.text()),
            raw(capture.sha256),
            self._file(place.file),
            place.start,
            place.offset,
            place.end,
            place.responses.get(capture.id),
            short(capture.refers_to) if capture.refers_to else None,
            self._packing.pack(capture),
        )

    def original(self, capture: Capture, smallest: int) -> Original | None:
        """Return the record that holds the very bytes that *capture* brought, or None.

        One of the same key goes first; another address's body serves from *smallest* bytes on. A body that was
        redacted is not kept again: what stands for it is referred to.
        """
        if capture.sha256 in self._marks:
            self._write()
        body = raw(capture.sha256)
        if self._db.execute(f"SELECT 1 {_HOLDERS} LIMIT 1", (body,)).fetchone() is None:
            return self._redacted(capture)
        rows = self._db.execute(
            f"SELECT capture {_HOLDERS} ORDER BY key = ? DESC LIMIT 4", (body, digest(capture.key.text()))
        )
        for (data,) in rows:
            found = self._packing.unpack(data)
            if found.key != capture.key and (capture.length or 0) < smallest:
                return None
            if _same_bytes(found, capture):
                return Original(found.id, found.url, found.started, found.digest_received)
        return self._redacted(capture)

    def _redacted(self, capture: Capture) -> Original | None:
        if not self._buried:
            return None
        row = self._db.execute(
            "SELECT tombstone FROM tombstones WHERE sha256 = ? AND redacted LIMIT 1", (raw(capture.sha256),)
        ).fetchone()
        if row is None:
            return None
        stone = _TOMBSTONE.decode(row[0])
        return Original(stone.capture, capture.url, stone.at, capture.digest_received)

    def last_answer(self, key: str, night: date) -> tuple[Capture, Original] | None:
        """Return the newest whole answer to a question, not later than the night, and the record that holds its body.

        Only what a plain exchange brought counts, and only 200 and its confirmations: no other answer has validators.
        """
        if key in self._marks:
            self._write()
        rows = self._db.execute(
            "SELECT capture FROM captures WHERE key = ? AND night <= ? ORDER BY night DESC, started DESC LIMIT 8",
            (digest(key), day(night)),
        )
        captures = (self._packing.unpack(data) for (data,) in rows)
        found = next((item for item in captures if item.key.text() == key and _whole(item)), None)
        if found is None:
            return None
        row = self._db.execute(
            "SELECT capture FROM captures WHERE id = ? AND body_offset IS NOT NULL",
            (short(found.refers_to or found.id),),
        ).fetchone()
        if row is None:
            return None
        kept = self._packing.unpack(row[0])
        return found, Original(kept.id, kept.url, kept.started, kept.digest_received)

    def seal(self, file: str, size: int) -> None:
        """Note that a WARC file is closed and wholly in the index."""
        self._write()
        if not self._holed:  # rows are missing: the file is read again by the next start
            self._db.execute("UPDATE files SET size = ? WHERE n = ?", (size, self._file(file)))
        self._db.commit()

    def sealed(self) -> dict[str, int]:
        """Return the files that are wholly in the index, with their sizes in bytes."""
        return dict(self._db.execute("SELECT file, size FROM files WHERE size IS NOT NULL"))

    def known(self) -> tuple[str, ...]:
        """Return the files that the index has heard of."""
        return tuple(row[0] for row in self._db.execute("SELECT file FROM files"))

    def add_tombstone(self, tombstone: Tombstone, place: Place) -> None:
        """Note that a body was taken out for good."""
        file, data = self._file(place.file), _ENCODER.encode(tombstone)
        row = (raw(tombstone.sha256), file, place.offset, tombstone.redacted, data)
        self._buried = True
        self._db.execute("INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, file: str) -> None:
        """Drop everything that was read from one WARC file."""
        self._write()
        number = self._file(file)
        for table in ("captures", "hops", "coverage", "tombstones", "runs"):
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", (number,))  # noqa: S608
        self._db.execute("DELETE FROM files WHERE n = ?", (number,))
        self._files.pop(file)

    def commit(self) -> None:
        """Make what was added visible."""
        self._write()
        self._db.commit()

    def close(self) -> None:
        """Commit, fold the write-ahead log in, and close."""
        self.commit()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()


def _same_bytes(left: Capture, right: Capture) -> bool:
    coding = "content-encoding"
    whole = not left.truncated and not right.truncated
    return whole and left.digest_received == right.digest_received and left.header(coding) == right.header(coding)


def _whole(capture: Capture) -> bool:
    plain = capture.how is How.PLAIN and not capture.truncated
    return plain and capture.answered and capture.shown_status == 200  # noqa: PLR2004 - the status of a whole answer
