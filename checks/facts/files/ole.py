"""What an OLE2 compound file is, by the names of its streams."""

from __future__ import annotations

from collections.abc import Iterator
from struct import error, unpack_from
from typing import NamedTuple

from checks.facts.files.guess import CERTAIN, STRONG, WEAK, Guess, guess

_MOST_SECTORS = 4096
_END = 0xFFFFFFFA
_SMALL = 4096
_MOST_PARTS = 1 << 16
_MOST_STORE = 16 << 20
_STREAMS: tuple[tuple[str, str], ...] = (
    ("encryptedpackage", "ooxml_encrypted"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("worddocument", "doc"),
    ("powerpoint document", "ppt"),
    ("pp40", "ppt"),
    ("__properties_version1.0", "msg"),
    ("hwpsummaryinformation", "hwp"),
    ("\x05hwpsummaryinformation", "hwp"),
    ("starwriterdocument", "staroffice"),
    ("starcalcdocument", "staroffice"),
    ("stardrawdocument3", "staroffice"),
    ("perfectoffice_main", "wpd"),
    ("nativecontent_main", "wk"),
    ("wksssworkbook", "xlr"),
    ("dgn~h", "dgn"),
    ("visiodocument", "vsd"),
    ("quill", "pub"),
    ("matost", "wps"),
    ("mm", "wps"),
    ("props9", "mpp"),
    ("props12", "mpp"),
    ("props14", "mpp"),
)
_CLASSES: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x09\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "doc"),
    (b"\x06\x09\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "doc"),
    (b"\x10\x08\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "xls"),
    (b"\x20\x08\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "xls"),
    (b"\x10\x8d\x81\x64\x9b\x4f\xcf\x11\x86\xea\0\xaa\0\xb9\x29\xe8", "ppt"),
    (b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "exe"),
)


class _Entry(NamedTuple):
    name: str
    clsid: bytes
    left: int
    right: int
    child: int
    start: int = _END
    size: int = 0


def ole_kind(body: bytes) -> Guess:
    """Return what a file that begins as OLE2 is."""
    found_entries = _directory(body)
    names = _top(found_entries) or {entry.name for entry in found_entries}
    for stream, found in _STREAMS:
        if stream in names:
            return guess(found, CERTAIN, f"ole:stream {stream}")
    for clsid, found in _CLASSES:
        if found_entries and found_entries[0].clsid == clsid:
            return guess(found, STRONG, "ole:class")
    return _by_text(body) or guess("ole2", WEAK, "ole:no_known_stream")


def streams(body: bytes) -> frozenset[str]:
    """Return the lower-case names of all streams and storages; empty when the directory cannot be read."""
    return frozenset(entry.name for entry in _directory(body))


def stream(body: bytes, name: str, most: int) -> bytes:
    """Return at most *most* first bytes of a stream of the root, by its lower-case name; empty when there is none."""
    found = _directory(body)
    entry = next((item for item in found if item.name == name), None)
    if entry is None:
        return b""
    try:
        if entry.size >= _SMALL:
            return _chain(body, entry.start, min(entry.size, most))
        return _small(body, found[0], entry)[:most]
    except error:
        return b""


def _chain(body: bytes, sector: int, left: int) -> bytes:
    """Return the bytes of a chain of sectors."""
    size = 1 << unpack_from("<H", body, 30)[0]
    difat = _difat(body)
    parts: list[bytes] = []
    while sector < _END and left > 0 and len(parts) < _MOST_PARTS:
        start = (sector + 1) * size
        parts.append(body[start : start + min(size, left)])
        sector, left = _next(body, difat, size, sector), left - size
    return b"".join(parts)


def _small(body: bytes, root: _Entry, entry: _Entry) -> bytes:
    """Return a stream under 4096 bytes: it stands in pieces of 64 within the root's own stream."""
    store = _chain(body, root.start, min(root.size, _MOST_STORE))
    table = _chain(body, unpack_from("<I", body, 60)[0], _MOST_STORE // 16)
    parts: list[bytes] = []
    piece = entry.start
    while piece < len(table) // 4 and len(parts) * 64 < entry.size:
        parts.append(store[64 * piece : 64 * piece + 64])
        piece = unpack_from("<I", table, 4 * piece)[0]
    return b"".join(parts)[: entry.size]


def _difat(body: bytes) -> list[int]:
    """Return the first sectors of the allocation table: the header lists those of the first seven megabytes."""
    count = unpack_from("<I", body, 44)[0]
    return [item for item in unpack_from("<109I", body, 76) if item < _END][: min(count, 109)]


def _directory(body: bytes) -> list[_Entry]:
    try:
        return list(_entries(body))
    except (error, ValueError):
        return []


def _top(entries: list[_Entry]) -> set[str]:
    """Return the names in the root storage: an embedded document has streams of its own further down."""
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [entries[0].child] if entries else []
    while waiting:
        at = waiting.pop()
        if at < len(entries) and at not in seen:
            seen.add(at)
            names.add(entries[at].name)
            waiting += [entries[at].left, entries[at].right]
    return names


def _entries(body: bytes) -> Iterator[_Entry]:
    """Yield the directory's entries, following the sector chain."""
    shift = unpack_from("<H", body, 30)[0]
    if shift not in (9, 12):
        raise ValueError(shift)
    size = 1 << shift
    difat = _difat(body)
    sector, seen = unpack_from("<I", body, 48)[0], 0
    while sector < _END and seen < _MOST_SECTORS:
        start = (sector + 1) * size
        for at in range(start, min(start + size, len(body)) - 127, 128):
            length = min(unpack_from("<H", body, at + 64)[0], 64)
            name = body[at : at + max(length - 2, 0)].decode("utf-16-le", "replace").lower()
            links, place = unpack_from("<III", body, at + 68), unpack_from("<II", body, at + 116)
            yield _Entry(name, body[at + 80 : at + 96], *links, *place)
        sector, seen = _next(body, difat, size, sector), seen + 1


def _next(body: bytes, difat: list[int], size: int, sector: int) -> int:
    per = size // 4
    if sector // per >= len(difat):
        return _END
    at = (difat[sector // per] + 1) * size + 4 * (sector % per)
    return int(unpack_from("<I", body, at)[0]) if at + 4 <= len(body) else _END


def _by_text(body: bytes) -> Guess | None:
    """Tell a cut-off file by stream names anywhere in it."""
    for stream, found in (("WordDocument", "doc"), ("Workbook", "xls"), ("PowerPoint Document", "ppt")):
        if stream.encode("utf-16-le") in body:
            return guess(found, WEAK, f"ole:name {stream}")
    return None
