"""Reads the archive: captures from the index, bodies from the WARC files. Plain code, no crawler behind it."""

from __future__ import annotations

import hashlib
import mmap
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from crawler.archive.codecs import GZIP, Codec, codec_of, gzipped
from crawler.archive.index import SCHEMA, VERSION
from crawler.archive.layout import ArchiveError, GoneError, Layout, RedactedError
from crawler.archive.members import Member, inflate_at, member_at
from crawler.archive.note import Tombstone
from crawler.archive.record import Record, split_http
from crawler.archive.rows import Packing, day, full, raw, short
from crawler.capture import Capture
from crawler.coding import decode
from crawler.coverage import RunCoverage
from crawler.digests import digest
from crawler.secondlook import is_look

_TOMBSTONE = msgspec.json.Decoder(Tombstone)
_COVERAGE = msgspec.json.Decoder(RunCoverage)
_OPEN_FILES = 16
REBUILD = "rebuild the index (odrc archive index)"


class Archive:
    """A workspace's archive, read-only. Use as a context manager, or close it."""

    def __init__(self, workspace: Path) -> None:
        self._layout = Layout(workspace)
        self._maps: OrderedDict[str, tuple[mmap.mmap, Codec]] = OrderedDict()
        self._db = _connect(self._layout)
        self._packing = Packing()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files."""
        self._db.close()
        while self._maps:
            self._maps.popitem()[1][0].close()

    def captures(self, *, until: date, since: date | None = None) -> Iterator[Capture]:
        """Yield the captures of the nights *since* .. *until*, both included, in the order they were made."""
        yield from self._captures("night BETWEEN ? AND ?", day(since or date.min), day(until))

    def run(self, night: date, run: str) -> Iterator[Capture]:
        """Yield the captures of one run in the order they were made."""
        yield from (item for item in self._captures("night = ?", day(night)) if item.run == run)

    def of_key(self, key: str, night: date) -> Iterator[Capture]:
        """Yield a night's captures of one key (its text)."""
        found = self._captures("key = ? AND night = ?", digest(key), day(night))
        yield from (item for item in found if item.key.text() == key)

    def capture(self, capture_id: str) -> Capture | None:
        """Return the capture of that id, or None."""
        return next(self._captures("id = ?", short(capture_id)), None)

    def body(self, capture: Capture) -> bytes:
        """Return the decoded entity body, checked against the capture's digest.

        A capture that brought again what was there before has its body in the earlier record, or, when that is gone,
        in any other of the same bytes. Raises ArchiveError, naming file and offset, when the record is gone,
        unreadable or not the one digested.
        """
        holder = self.holder(capture)
        file, offset = self.place(holder)
        found = self._record(file, offset, holder.id)
        body = found.block if found.type == "resource" else split_http(found.block)[1]
        decoded = decode(body, holder.header("content-encoding"))
        if hashlib.sha256(decoded).hexdigest() != capture.sha256:
            raise ArchiveError(f"{file} at offset {offset}: the body of {capture.id} does not match its digest")
        return decoded

    def place(self, capture: Capture) -> tuple[str, int]:
        """Return the WARC file (relative to the archive) and the offset of a capture's response or revisit record.

        Raises ArchiveError when the exchange brought no body.
        """
        query = "SELECT f.file, body_offset FROM captures JOIN files f ON f.n = captures.file WHERE id = ?"
        row = self._db.execute(query, (short(capture.id),)).fetchone()
        if row is None or row[1] is None:
            self._mourn(capture)
            raise ArchiveError(f"{self._layout.index}: no body of {capture.id} ({capture.outcome})")
        return row[0], row[1]

    def tombstone(self, sha256: str) -> Tombstone | None:
        """Return what stands for a body that was redacted, or None."""
        row = self._db.execute(
            "SELECT tombstone FROM tombstones WHERE sha256 = ? ORDER BY redacted DESC LIMIT 1", (raw(sha256),)
        ).fetchone()
        return _TOMBSTONE.decode(row[0]) if row else None

    def redacted(self) -> frozenset[str]:
        """Return the digests of the bodies that were redacted."""
        rows = self._db.execute("SELECT tombstone FROM tombstones WHERE redacted")
        return frozenset(_TOMBSTONE.decode(row[0]).sha256 for row in rows)

    def _mourn(self, capture: Capture) -> None:
        """Raise GoneError when the body was taken out on purpose."""
        found = self.tombstone(capture.sha256) if capture.sha256 else None
        if found:
            kind, what = (RedactedError, "redacted") if found.redacted else (GoneError, "pruned")
            raise kind(f"the body of {capture.id} was {what} on {found.at:%Y-%m-%d} by {found.by}: {found.reason}")

    def holder(self, capture: Capture) -> Capture:
        """Return the capture whose record holds the body of *capture*. Raises ArchiveError when there is none."""
        query = "SELECT capture FROM captures WHERE body_offset IS NOT NULL AND refers_to IS NULL AND"
        row = self._db.execute(f"{query} id = ?", (short(capture.refers_to or capture.id),)).fetchone()
        row = row or self._db.execute(f"{query} sha256 = ? LIMIT 1", (raw(capture.sha256),)).fetchone()
        if row is None:
            self._mourn(capture)
            raise ArchiveError(f"{self._layout.index}: no body of {capture.id} ({capture.outcome})")
        return self._packing.unpack(row[0])

    def holders(self) -> Iterator[Capture]:
        """Yield the captures whose own records hold their bodies, in the order they were made."""
        yield from self._captures("body_offset IS NOT NULL AND refers_to IS NULL")

    def holds(self, capture: Capture) -> bool:
        """Tell whether the capture's own record holds its body."""
        query = "SELECT 1 FROM captures WHERE id = ? AND body_offset IS NOT NULL AND refers_to IS NULL"
        return self._db.execute(query, (short(capture.id),)).fetchone() is not None

    def size(self, capture: Capture) -> int:
        """Return how many bytes of a WARC file a capture's exchange takes."""
        row = self._db.execute("SELECT stop - start FROM captures WHERE id = ?", (short(capture.id),)).fetchone()
        return int(row[0]) if row else 0

    def every(self) -> Iterator[Capture]:
        """Yield all captures, in the order they were made."""
        yield from self._captures("1")

    def places(self) -> dict[str, tuple[str, int]]:
        """Return where the notes of all captures lie, by capture id."""
        query = "SELECT id, f.file, offset FROM captures JOIN files f ON f.n = captures.file"
        return {full(row[0]): (row[1], row[2]) for row in self._db.execute(query)}

    def of_body(self, sha256: str) -> tuple[Capture, ...]:
        """Return the captures of a body, whether their records hold it or refer to it."""
        return tuple(self._captures("sha256 = ?", raw(sha256)))

    def message(self, record_id: str) -> bytes:
        """Return the HTTP message of a response record, a redirect hop's included."""
        query = (
            "SELECT f.file, offset FROM (SELECT file, body_offset AS offset FROM captures WHERE id = ?1"
            " UNION ALL SELECT file, offset FROM hops WHERE id = ?1) AS found JOIN files f ON f.n = found.file"
        )
        row = self._db.execute(query, (short(record_id),)).fetchone()
        if row is None or row[1] is None:
            raise ArchiveError(f"{self._layout.index}: no response record {record_id}")
        return self._record(row[0], row[1], record_id).block

    def exchange(self, capture_id: str) -> Iterator[tuple[Record, bytes]]:
        """Yield the records of a capture's exchange, hops and its note included, each with its own gzip member.

        Raises ArchiveError when the capture is not in the index or a record cannot be read.
        """
        query = "SELECT f.file, start, offset FROM captures JOIN files f ON f.n = captures.file WHERE id = ?"
        row = self._db.execute(query, (short(capture_id),)).fetchone()
        if row is None:
            raise ArchiveError(f"{self._layout.index}: no capture {capture_id}")
        file, offset, last = row
        while offset <= last:
            found = self._member(file, offset)
            data, _, codec = self._at(file, offset)
            member = bytes(data[offset : offset + found.length])
            yield found.record, member if codec is GZIP else gzipped(inflate_at(data, offset, codec)[0])
            offset += found.length

    def coverage(self, night: date) -> tuple[RunCoverage, ...]:
        """Return the closing statements of a night's runs, the newest of each."""
        rows = self._db.execute("SELECT coverage FROM coverage WHERE night = ? ORDER BY run", (day(night),))
        return tuple(_COVERAGE.decode(row[0]) for row in rows)

    def nights(self) -> tuple[date, ...]:
        """Return the nights that have captures or a closing statement, oldest first."""
        rows = self._db.execute("SELECT night FROM runs UNION SELECT night FROM coverage ORDER BY night")
        return tuple(date.fromordinal(row[0]) for row in rows)

    def series_nights(self) -> tuple[date, ...]:
        """Return the nights of the series, oldest first: without those on which there were looks alone."""
        rows = self._db.execute("SELECT night, run FROM runs UNION SELECT night, run FROM coverage ORDER BY night")
        return tuple(dict.fromkeys(date.fromordinal(night) for night, run in rows if not is_look(run)))

    def _captures(self, where: str, *values: int | str | bytes | None) -> Iterator[Capture]:
        query = f"SELECT capture FROM captures WHERE {where} ORDER BY night, started, id"  # noqa: S608
        for row in self._db.execute(query, values):
            yield self._packing.unpack(row[0])

    def _record(self, file: str, offset: int, record_id: str) -> Record:
        record = self._member(file, offset).record
        if record.id != record_id:
            raise ArchiveError(f"{file} at offset {offset}: found record {record.id}, not {record_id}")
        return record

    def _member(self, file: str, offset: int) -> Member:
        try:
            return member_at(*self._at(file, offset))
        except (ValueError, OSError) as error:
            raise ArchiveError(f"{file} at offset {offset}: {error}") from error

    def _at(self, file: str, offset: int) -> tuple[mmap.mmap, int, Codec]:
        found = self._maps.get(file)
        path = self._layout.path(file)
        # A file that is still being written has grown since it was mapped.
        if found is None or path.stat().st_size != len(found[0]):
            with path.open("rb") as handle:
                data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
            found = self._maps[file] = (data, codec_of(data))
        self._maps.move_to_end(file)
        if len(self._maps) > _OPEN_FILES:
            self._maps.popitem(last=False)[1][0].close()
        return found[0], offset, found[1]


def _connect(layout: Layout) -> sqlite3.Connection:
    """Open the index for reading. An empty workspace has an empty archive; WARCs without an index are an error."""
    if not layout.index.exists():
        if layout.files():
            raise ArchiveError(f"{layout.index}: missing, though there are WARC files; {REBUILD}")
        return _empty()
    for mode in ("mode=ro", "immutable=1"):  # a read-only disk has no room for SQLite's side files
        connection = sqlite3.connect(f"{layout.index.absolute().as_uri()}?{mode}", uri=True)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("SELECT 1 FROM captures LIMIT 1").fetchone()
        except sqlite3.OperationalError:
            connection.close()
        except sqlite3.DatabaseError as error:
            connection.close()
            raise ArchiveError(f"{layout.index}: {error}; {REBUILD}") from error
        else:
            if version != VERSION:
                connection.close()
                raise ArchiveError(f"{layout.index}: made by another version of odrc; {REBUILD}")
            return connection
    raise ArchiveError(f"{layout.index}: cannot be read; {REBUILD}")


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection
