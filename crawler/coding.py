"""Content codings: from the bytes on the wire to the entity body that `Capture.sha256` speaks of.

The crawl and the archive's reader decode with this one function, so a digest can always be checked again. A coding
that is unknown or broken leaves the bytes as they are: evidence is never thrown away.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol, cast

import brotli  # type: ignore[import-untyped]  # ships none
import zstandard
from isal import isal_zlib

ACCEPT_ENCODING = "gzip, deflate"
DECODED_LIMIT = 64_000_000
MOST_CODINGS = 3  # nobody codes a body more often to save bytes
_GZIP_BITS = 31
_ZSTD_WINDOW = 8_388_608  # RFC 8878 section 3.1.1.1.2, as browsers do (RFC 9659)
_ERRORS: tuple[type[Exception], ...] = (
    cast("type[Exception]", isal_zlib.error),
    zlib.error,
    brotli.error,
    EOFError,
    OSError,
    ValueError,
)


class _Inflater(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def decode(body: bytes, content_encoding: str | None) -> bytes:
    """Return *body* without its content codings, at most DECODED_LIMIT bytes; a cut stream gives what it held."""
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MOST_CODINGS:
        return body
    for name in reversed(names):
        decoder = _DECODERS.get(name)
        decoded = decoder(body) if decoder else None
        if decoded is None:
            return body
        body = decoded
    return body


def _gzip(body: bytes) -> bytes | None:
    return _inflate(body, lambda: isal_zlib.decompressobj(_GZIP_BITS))


def _deflate(body: bytes) -> bytes | None:
    # The name means zlib (RFC 9110), but servers send bare deflate streams too.
    wrapped = _inflate(body, lambda: isal_zlib.decompressobj(zlib.MAX_WBITS))
    return wrapped if wrapped is not None else _inflate(body, lambda: isal_zlib.decompressobj(-zlib.MAX_WBITS))


def _inflate(body: bytes, make: Callable[[], _Inflater]) -> bytes | None:
    parts: list[bytes] = []
    room = DECODED_LIMIT
    while body and room > 0:
        inflater = make()
        try:
            part = inflater.decompress(body, room)
        except _ERRORS:
            break
        parts.append(part)
        room -= len(part)
        if not inflater.eof:
            break
        body = inflater.unused_data
    return b"".join(parts) if parts or not body else None


def _brotli(body: bytes) -> bytes | None:
    try:
        return bytes(brotli.Decompressor().process(body, output_buffer_limit=DECODED_LIMIT)[:DECODED_LIMIT])
    except _ERRORS:
        return None


def _zstd(body: bytes) -> bytes | None:
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(body, read_across_frames=True)
        return reader.read(DECODED_LIMIT)
    except zstandard.ZstdError:
        return None


_DECODERS: dict[str, Callable[[bytes], bytes | None]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
