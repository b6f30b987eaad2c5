"""Everything that can be read in a workspace, whatever it is wrapped in: for looking for what must not be there."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

try:
    from backports import zstd
except ImportError:
    zstd = None

_OPENERS: tuple[Callable[[bytes], bytes], ...] = (
    gzip.decompress,
    zlib.decompress,
    lambda data: zlib.decompress(data, -15),
    bz2.decompress,
    lzma.decompress,
    *((zstd.decompress,) if zstd else ()),
)
_REFUSALS: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    *((zstd.ZstdError,) if zstd else ()),
)


def texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (place, bytes) of all files below *folder*: raw, unpacked, WARC records and SQLite cells one by one.

    The body of an archived response has a place that ends in `#body`.
    """
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        name = str(path.relative_to(folder))
        if ".warc" in path.name:
            yield from _warc(path, name)
            continue
        data = path.read_bytes()
        yield from ((name, layer) for layer in _layers(data))
        if data.startswith(b"SQLite format 3"):
            yield from _cells(path, name)


def _layers(data: bytes) -> Iterator[bytes]:
    yield data
    for unpack in _OPENERS:
        try:
            yield unpack(data)
        except _REFUSALS:
            continue


def _warc(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            kind = record.rec_type
            head = "\n".join(f"{key}: {value}" for key, value in record.rec_headers.headers)
            if record.http_headers:
                head += record.http_headers.protocol + record.http_headers.statusline
                head += "\n".join(f"{key}: {value}" for key, value in record.http_headers.headers)
            yield f"{name} {kind} headers", head.encode()
            tail = "#body" if kind == "response" else "#text"
            yield f"{name} {kind}{tail}", record.content_stream().read()


def _cells(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.text_factory = bytes
    try:
        tables = [row[0].decode() for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    if isinstance(cell, bytes):
                        yield from ((f"{name} {table}", layer) for layer in _layers(cell))
    finally:
        connection.close()
