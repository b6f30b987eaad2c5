"""Walks the gzip members of a WARC file, stepping over damage: every readable record is kept."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
from isal import isal_zlib

from crawler.archive.record import Record, parse

_MAGIC = b"\x1f\x8b\x08"
_FIRST, _CHUNK = 1 << 14, 1 << 18  # most members are small: a small first bite saves copying
_GZIP_BITS = 31
_ERRORS: tuple[type[Exception], ...] = (cast("type[Exception]", isal_zlib.error), zlib.error, OSError)


class Member(msgspec.Struct, frozen=True):
    """One readable record and where it lies."""

    offset: int
    length: int
    record: Record


class Damage(msgspec.Struct, frozen=True):
    """A stretch that cannot be read, from `offset` up to the next readable record."""

    offset: int
    reason: str


def members(path: Path) -> Iterator[Member | Damage]:
    """Yield the records of the file in order, and a Damage for each stretch that is none."""
    size = path.stat().st_size
    if size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        offset = 0
        while offset < size:
            try:
                found = member_at(data, offset)
            except ValueError as error:
                yield Damage(offset, str(error))
                offset = _resume(data, offset + 1)
            else:
                yield found
                offset += found.length


def member_at(data: mmap.mmap | bytes, offset: int) -> Member:
    """Return the record at *offset*. Raises ValueError when there is none, or not a whole one."""
    inflater = isal_zlib.decompressobj(_GZIP_BITS)
    parts: list[bytes] = []
    position = offset
    try:
        while not inflater.eof and position < len(data):
            chunk = data[position : position + (_CHUNK if parts else _FIRST)]
            parts.append(inflater.decompress(chunk))
            position += len(chunk)
    except _ERRORS as error:
        raise ValueError(f"broken gzip member: {error}") from error
    if not inflater.eof:
        raise ValueError("gzip member cut short")
    return Member(offset, position - len(inflater.unused_data) - offset, parse(b"".join(parts)))


def _resume(data: mmap.mmap, start: int) -> int:
    """Return the offset of the next readable record, or the end of the file."""
    position = data.find(_MAGIC, start)
    while position != -1:
        try:
            member_at(data, position)
        except ValueError:
            position = data.find(_MAGIC, position + 1)
        else:
            return position
    return len(data)
