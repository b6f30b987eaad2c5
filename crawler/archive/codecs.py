"""The two ways records are compressed: gzip members, and zstandard frames with a dictionary (cold storage).

Zstandard files follow the WARC-Zstandard convention of the IIPC: one frame per record, the dictionary first, in a
skippable frame of its own.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Protocol, cast

import zstandard
from isal import igzip, isal_zlib

DICTIONARY_FRAME = 0x184D2A5D
_GZIP_MAGIC, _ZSTD_MAGIC = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_GZIP_BITS = 31
_LEVEL = 2  # igzip 2 takes no longer than 1 and less room; 3 takes twice as long for 3 % of HTML
_HEAD = struct.Struct("<II")
_LARGEST = 1 << 31
_SEGMENT = 8_192
ERRORS: tuple[type[Exception], ...] = (
    cast("type[Exception]", isal_zlib.error),
    zlib.error,
    zstandard.ZstdError,
    OSError,
)

Bytes = mmap.mmap | bytes


class Inflater(Protocol):
    """Undoes one member or frame."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, /) -> bytes:
        """Return what *data* holds so far."""


class Codec:
    """How a file's records are compressed: the mark that each begins with, and the offset of the first."""

    def __init__(self, magic: bytes, inflater: Callable[[], Inflater], first: int = 0) -> None:
        self.magic, self.inflater, self.first = magic, inflater, first


GZIP = Codec(_GZIP_MAGIC, lambda: cast("Inflater", isal_zlib.decompressobj(_GZIP_BITS)))


def codec_of(data: Bytes) -> Codec:
    """Return the codec of a WARC file. Raises ValueError for a dictionary that is cut short or broken."""
    if len(data) >= _HEAD.size:
        mark, length = _HEAD.unpack(data[: _HEAD.size])
        if mark == DICTIONARY_FRAME:
            return _zstd(bytes(data[_HEAD.size : _HEAD.size + length]), _HEAD.size + length)
    return _zstd(b"", 0) if data[:4] == _ZSTD_MAGIC else GZIP


def gzipped(data: bytes) -> bytes:
    """Return a record as a gzip member. No time is in it: the same record gives the same bytes."""
    return igzip.compress(data, _LEVEL, mtime=0)


class Packer:
    """Makes the frames of one zstandard file. *samples* are records to learn the dictionary from."""

    def __init__(self, samples: Iterable[bytes], size: int, level: int) -> None:
        """Learn a dictionary of *size* bytes, made of long stretches of the samples."""
        self._dictionary = _trained(list(samples), size)
        self._frames = zstandard.ZstdCompressor(level=level, dict_data=self._dictionary, write_checksum=True)

    @property
    def head(self) -> bytes:
        """The skippable frame with the dictionary; empty when there was too little to learn from."""
        if self._dictionary is None:
            return b""
        data = zstandard.ZstdCompressor(level=19).compress(self._dictionary.as_bytes())
        return _HEAD.pack(DICTIONARY_FRAME, len(data)) + data

    def frame(self, data: bytes) -> bytes:
        """Return a record as one frame."""
        return self._frames.compress(data)


def _trained(samples: list[bytes | bytearray | memoryview], size: int) -> zstandard.ZstdCompressionDict | None:
    # Segments of 8 KB (k) by what they share in 8 bytes (d): pages have menus and foots, which short segments tear.
    try:
        return zstandard.train_dictionary(size, samples, k=_SEGMENT, d=8)
    except zstandard.ZstdError:
        return None


def _zstd(dictionary: bytes, first: int) -> Codec:
    if dictionary[:4] == _ZSTD_MAGIC:
        try:
            dictionary = zstandard.ZstdDecompressor().decompress(dictionary, max_output_size=_LARGEST)
        except zstandard.ZstdError as error:
            raise ValueError(f"broken dictionary: {error}") from error
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    decompressor = zstandard.ZstdDecompressor(dict_data=known)
    return Codec(_ZSTD_MAGIC, lambda: cast("Inflater", decompressor.decompressobj()), first)
