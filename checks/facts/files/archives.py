"""Archives, looked into one level deep: what kinds of file are inside. Names are not kept, sizes are capped."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib

from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.files.sniff import settle, sniff
from checks.facts.files.zips import content, entries
from checks.facts.model import Member
from config.formats import by_extension

MOST_LOOKED_INTO = 50
MOST_BYTES = 4 << 20
MOST_TOTAL = 32 << 20
_NOISE = (b"__MACOSX/", b".DS_Store", b"Thumbs.db")


def read_zip(body: bytes) -> Reading:
    """Return the members of a zip. Raises ReadError when it has no directory, UnreadError when all are encrypted."""
    found, whole = entries(body)
    if not whole:
        raise ReadError("malformed")
    files = [item for item in found if not item.name.endswith(b"/") and not item.name.startswith(_NOISE)]
    if not files:
        raise ReadError("empty")
    members: list[Member] = []
    spent = 0
    for item in files:
        data = b""
        if len(members) < MOST_LOOKED_INTO and spent < MOST_TOTAL:
            data = content(body, item, MOST_BYTES)
            spent += len(data)
        members.append(Member(_type(data, item.name.decode("utf-8", "replace")), item.length, item.encrypted))
    if all(item.encrypted for item in members):
        raise UnreadError("encrypted")
    sealed = any(item.encrypted for item in members)
    return Reading(members=tuple(members[: 4 * MOST_LOOKED_INTO]), encrypted=sealed)


def read_compressed(body: bytes) -> Reading:
    """Return the one member of a gzip, bzip2, xz or lzma file, by its first bytes."""
    try:
        data = _first_bytes(body)
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
        raise ReadError("malformed") from error
    if not data:
        raise ReadError("empty")
    inner = _tar(data, cut=True) if sniff(data).type == "tar" else ()
    return Reading(members=inner or (Member(sniff(data).type, len(data)),))


def read_tar(body: bytes) -> Reading:
    """Return the members of a tar."""
    return Reading(members=_tar(body, cut=False))


def _first_bytes(body: bytes) -> bytes:
    if body.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(body, MOST_BYTES)
    if body.startswith(b"BZh"):
        return bz2.BZ2Decompressor().decompress(body, MOST_BYTES)
    return lzma.LZMADecompressor(memlimit=256 << 20).decompress(body, MOST_BYTES)


def _tar(body: bytes, *, cut: bool) -> tuple[Member, ...]:
    members: list[Member] = []
    try:
        with tarfile.open(fileobj=io.BytesIO(body), mode="r:") as archive:
            for item in archive:
                if item.isfile() and len(members) < MOST_LOOKED_INTO:
                    source = archive.extractfile(item)
                    data = source.read(MOST_BYTES) if source else b""
                    members.append(Member(_type(data, item.name), item.size))
    except (tarfile.TarError, OSError, ValueError) as error:
        if not cut or not members:
            raise ReadError("malformed") from error
    return tuple(members)


def _type(data: bytes, name: str) -> str | None:
    return settle(sniff(data), by_extension(name)).type if data else None
