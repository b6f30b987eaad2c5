"""Archives: what kinds of file are inside, three levels down at most. Names are not kept, sizes are capped.

One budget of bytes and members holds for a file and all that is in it: a bomb, flat, nested or overlapping, costs no
more than an honest archive, and one that holds itself ends at the third level. Tables inside are read for their newest
period while a smaller budget lasts: reading takes longer than looking.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator

import zstandard

from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.files.sniff import settle, sniff
from checks.facts.files.zips import Entry, content, entries
from checks.facts.model import Member
from config.formats import by_extension

MOST_LOOKED_INTO = 50
MOST_MEMBERS = 200
MOST_BYTES = 4 << 20
MOST_TOTAL = 32 << 20
MOST_TABLE, MOST_TABLES = 4 << 20, 12 << 20
"""Bytes of one table inside, and of all of them, that are read for their newest period."""
DEEPEST = 3
_MEMORY = 128 << 20
_NOISE = (b"__MACOSX/", b".DS_Store", b"Thumbs.db")
_COMPRESSED = frozenset({"gz", "bz2", "xz", "lzma", "zst"})
_ERRORS = (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError, tarfile.TarError, zstandard.ZstdError)


PeriodsOf = Callable[[str, bytes], tuple[str, ...] | None]
"""Returns the newest periods of a file of a type; None for one that is no table or cannot be read to its end."""


class _Budget:
    """How much may still be looked into, and who reads the tables."""

    def __init__(self, periods_of: PeriodsOf) -> None:
        self.bytes = MOST_TOTAL
        self.members = MOST_LOOKED_INTO
        self._tables = MOST_TABLES
        self._periods_of = periods_of

    def periods(self, type_: str | None, data: bytes, length: int) -> tuple[str, ...] | None:
        """Return the newest periods of a member that is at hand as a whole, while the budget for tables lasts."""
        if type_ is None or len(data) < length or len(data) > min(MOST_TABLE, self._tables):
            return None
        found = self._periods_of(type_, data)
        self._tables -= len(data) if found is not None else 0
        return found

    @property
    def next(self) -> int:
        """Bytes of the next member that may be read."""
        return min(MOST_BYTES, self.bytes) if self.members > 0 else 0

    def spend(self, data: bytes) -> bytes:
        self.bytes -= len(data)
        self.members -= 1
        return data


def _unread(_type: str, _data: bytes) -> None:
    return None


def read_zip(body: bytes, periods_of: PeriodsOf = _unread) -> Reading:
    """Return the members of a zip. Raises ReadError when it has no directory, UnreadError when all are encrypted."""
    found, whole = entries(body)
    if not whole:
        raise ReadError("malformed")
    files = _files(found)
    if not files:
        raise ReadError("empty")
    if all(item.encrypted for item in files):
        raise UnreadError("encrypted")
    members = tuple(_zipped(body, files, _Budget(periods_of), 1))
    return Reading(members=members[:MOST_MEMBERS], encrypted=any(item.encrypted for item in files))


def read_compressed(body: bytes, periods_of: PeriodsOf = _unread) -> Reading:
    """Return what is in a gzip, bzip2, xz, lzma or zstd file, by its first bytes."""
    budget = _Budget(periods_of)
    most = budget.next
    try:
        data = budget.spend(_first_bytes(body, most))
    except _ERRORS as error:
        raise ReadError("malformed") from error
    if not data:
        raise ReadError("empty")
    type_ = sniff(data).type
    inner = tuple(_inside(data, type_, budget, 1))
    whole = len(data) + (len(data) == most)  # one that fills what may be read goes on beyond it
    return Reading(members=inner or (Member(type_, len(data), periods=budget.periods(type_, data, whole)),))


def read_tar(body: bytes, periods_of: PeriodsOf = _unread) -> Reading:
    """Return the members of a tar. Raises ReadError."""
    try:
        return Reading(members=tuple(_tarred(body, _Budget(periods_of), 1))[:MOST_MEMBERS])
    except _ERRORS as error:
        raise ReadError("malformed") from error


def _files(found: list[Entry]) -> list[Entry]:
    return [item for item in found if not item.name.endswith(b"/") and not item.name.startswith(_NOISE)]


def _zipped(body: bytes, files: list[Entry], budget: _Budget, depth: int) -> Iterator[Member]:
    for item in files:
        data = budget.spend(content(body, item, budget.next)) if budget.next else b""
        yield from _member(data, item.name.decode("utf-8", "replace"), item.length, budget, depth, item.encrypted)


def _tarred(body: bytes, budget: _Budget, depth: int) -> Iterator[Member]:
    with tarfile.open(fileobj=io.BytesIO(body), mode="r:") as archive:
        for item in archive:
            if not item.isfile():
                continue
            source = archive.extractfile(item) if budget.next else None
            data = budget.spend(source.read(budget.next)) if source else b""
            yield from _member(data, item.name, item.size, budget, depth)
            if not budget.next:
                return


def _member(
    data: bytes,
    name: str,
    length: int,
    budget: _Budget,
    depth: int,
    encrypted: bool = False,  # noqa: FBT001, FBT002
) -> Iterator[Member]:
    """Yield a member, or what is in it when it is an archive itself."""
    type_ = settle(sniff(data), by_extension(name)).type if data else None
    inner = list(_inside(data, type_, budget, depth)) if data else []
    yield from inner or [Member(type_, length, encrypted, budget.periods(type_, data, length))]


def _inside(data: bytes, type_: str | None, budget: _Budget, depth: int) -> Iterator[Member]:
    if depth >= DEEPEST or not budget.next:
        return
    try:
        if type_ == "zip":
            yield from _zipped(data, _files(entries(data)[0]), budget, depth + 1)
        elif type_ == "tar":
            yield from _tarred(data, budget, depth + 1)
        elif type_ in _COMPRESSED:
            packed = budget.spend(_first_bytes(data, budget.next))
            kind = sniff(packed).type
            inner = list(_inside(packed, kind, budget, depth))  # a packing is no level; the budget ends a chain of them
            yield from inner or [Member(kind, len(packed))]
    except _ERRORS:  # a member that was cut off, or is broken: what was found of it stands
        return


def _first_bytes(body: bytes, most: int) -> bytes:
    if body.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(body, most)
    if body.startswith(b"BZh"):
        return bz2.BZ2Decompressor().decompress(body, most)
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        with zstandard.ZstdDecompressor(max_window_size=_MEMORY).stream_reader(body) as source:
            return source.read(most)
    return lzma.LZMADecompressor(memlimit=_MEMORY).decompress(body, most)
