"""The index: an SQLite table of captures and where their records lie. Made from the WARC files alone, any time."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec

from crawler.archive.exchange import Original
from crawler.archive.layout import ArchiveDamageWarning, Layout, sync_folder
from crawler.archive.members import Damage, members
from crawler.archive.record import decode_note
from crawler.archive.writer import Place
from crawler.capture import Capture, How
from crawler.coverage import RunCoverage

VERSION = 3  # of the tables below: an index of another version is made anew from the WARC files
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
CREATE TABLE IF NOT EXISTS files (file TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
COMMIT;
"""
_ENCODER = msgspec.json.Encoder()
_CAPTURE = msgspec.json.Decoder(Capture)
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

        One of the same key goes first; another address's body serves from *smallest* bytes on.
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
        return None

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

    def forget(self, file: str) -> None:
        """Drop everything that was read from one WARC file."""
        for table in ("captures", "hops", "coverage", "files"):
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
    for path in _parts(fresh):
        path.unlink(missing_ok=True)
    index = Index(fresh)
    total = sum(index_file(layout, index, name) for name in layout.files())
    index.close()
    # The old one goes first, whole: its write-ahead log must not meet the new file. A kill in between leaves no index,
    # and the next start makes one.
    for path in _parts(layout.index):
        path.unlink(missing_ok=True)
    fresh.replace(layout.index)
    return total


def recover(workspace: Path) -> list[str]:
    """Take up what a killed run left and return the names of the files that had to be read.

    Files left open are cut after the last whole record and renamed; files that the index does not know whole are read
    into it; an index that is missing, broken or of another version is made anew.
    """
    layout = Layout(workspace)
    closed = [name for name in layout.left_open() if _close(layout, name)]
    files = layout.files()
    if files and not _usable(layout.index):
        rebuild(workspace)
        return files
    if not files and not closed and not layout.index.exists():
        return []
    with closing(Index(layout.index)) as index:
        known = index.sealed()
        for name in known.keys() - set(files):
            index.forget(name)
        unread = [name for name in files if known.get(name) != layout.path(name).stat().st_size]
        for name in unread:
            index.forget(name)
            index_file(layout, index, name)
    return unread


def _close(layout: Layout, name: str) -> bool:
    """Give a file that was left open its final name, or remove it when it holds nothing."""
    if not _cut(layout.opened(name)):
        layout.opened(name).unlink()
        return False
    layout.opened(name).rename(layout.warc / name)
    sync_folder((layout.warc / name).parent)
    return True


def _parts(index: Path) -> list[Path]:
    return [index.with_name(index.name + suffix) for suffix in ("", "-wal", "-shm")]


def _usable(index: Path) -> bool:
    """Tell whether there is an index of this version that SQLite can read."""
    if not index.exists():
        return False
    with closing(sqlite3.connect(index)) as db:
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute("SELECT count(*) FROM files").fetchone()
        except sqlite3.DatabaseError:
            return False
    return bool(version == VERSION)


def index_file(layout: Layout, index: Index, name: str) -> int:
    """Read one WARC file into the index and return the number of captures in it."""
    count = 0
    for found, place in notes(layout, name):
        if isinstance(found, Capture):
            index.add(found, place)
            count += 1
        else:
            index.add_coverage(found, place)
    index.seal(name, layout.path(name).stat().st_size)
    return count


def notes(layout: Layout, name: str) -> Iterator[tuple[Capture | RunCoverage, Place]]:
    """Yield what the file's metadata records hold, with the places of the records they speak of."""
    responses: dict[str, int] = {}
    start: int | None = None
    for item in members(layout.path(name)):
        if isinstance(item, Damage):
            text = f"{name}: unreadable at offset {item.offset}: {item.reason}"
            warnings.warn(text, ArchiveDamageWarning, stacklevel=2)
            continue
        if start is None and item.record.type != "warcinfo":
            start = item.offset
        if item.record.type in ("response", "revisit"):
            responses[item.record.id] = item.offset
        note = decode_note(item.record)
        if note and note.capture:
            yield note.capture, Place(name, item.offset, responses, start)
            responses, start = {}, None
        elif note and note.coverage:
            yield note.coverage, Place(name, item.offset, {})
            start = None


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
