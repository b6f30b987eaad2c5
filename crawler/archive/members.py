"""Walks the records of a WARC file, stepping over damage: every readable record is kept."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.archive.codecs import ERRORS, GZIP, Bytes, Codec, codec_of
from crawler.archive.record import Record, parse

_FIRST, _CHUNK = 1 << 14, 1 << 18  # most members are small: a small first bite saves copying


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
        try:
            codec = codec_of(data)
        except ValueError as error:
            yield Damage(0, str(error))
            return
        offset = codec.first
        while offset < size:
            try:
                found = member_at(data, offset, codec)
            except ValueError as error:
                yield Damage(offset, str(error))
                offset = _resume(data, offset + 1, codec)
            else:
                yield found
                offset += found.length


def member_at(data: Bytes, offset: int, codec: Codec = GZIP) -> Member:
    """Return the record at *offset*. Raises ValueError when there is none, or not a whole one."""
    plain, length = inflate_at(data, offset, codec)
    return Member(offset, length, parse(plain))


def inflate_at(data: Bytes, offset: int, codec: Codec = GZIP) -> tuple[bytes, int]:
    """Return the bytes of the record at *offset*, and how many compressed bytes hold it. Raises ValueError."""
    inflater = codec.inflater()
    parts: list[bytes] = []
    position = offset
    try:
        while not inflater.eof and position < len(data):
            chunk = data[position : position + (_CHUNK if parts else _FIRST)]
            parts.append(inflater.decompress(chunk))
            position += len(chunk)
    except ERRORS as error:
        raise ValueError(f"broken member: {error}") from error
    if not inflater.eof:
        raise ValueError("member cut short")
    return b"".join(parts), position - len(inflater.unused_data) - offset


def _resume(data: mmap.mmap, start: int, codec: Codec) -> int:
    """Return the offset of the next readable record, or the end of the file."""
    position = data.find(codec.magic, start)
    while position != -1:
        try:
            member_at(data, position, codec)
        except ValueError:
            position = data.find(codec.magic, position + 1)
        else:
            return position
    return len(data)
