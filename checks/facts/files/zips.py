"""What a zip is, by what stands in it: Office, OpenDocument, EPUB, shapefile, KMZ, or a plain archive.

The central directory is read here by hand: it is a few slices where a zip library builds objects, and a cut-off file is
still told by the local headers it has left.
"""

from __future__ import annotations

import re
import zlib
from struct import unpack_from

import msgspec

from checks.facts.files.guess import CERTAIN, LIKELY, STRONG, WEAK, Guess, guess

MOST_MEMBERS = 4096
_TAIL = 66_000
_READ = 1 << 18
_ZIP64 = 0xFFFFFFFF
"""An offset that does not fit and stands elsewhere."""
_OPC = b"[Content_Types].xml"
# Part types of [Content_Types].xml; the first that is named decides.
_PARTS: tuple[tuple[bytes, str], ...] = (
    (b"ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
    (b"ms-excel.sheet.macroEnabled.main", "xlsm"),
    (b"ms-excel.template.macroEnabled.main", "xlsm"),
    (b"ms-word.document.macroEnabledMain", "docm"),
    (b"ms-word.document.macroEnabled.main", "docm"),
    (b"ms-word.template.macroEnabledTemplate.main", "docm"),
    (b"ms-powerpoint.presentation.macroEnabled.main", "pptm"),
    (b"ms-powerpoint.slideshow.macroEnabled.main", "pptm"),
    (b"ms-powerpoint.template.macroEnabled.main", "pptm"),
    (b"spreadsheetml.sheet.main", "xlsx"),
    (b"spreadsheetml.template.main", "xlsx"),
    (b"presentationml.presentation.main", "pptx"),
    (b"presentationml.slideshow.main", "pptx"),
    (b"presentationml.template.main", "pptx"),
    (b"wordprocessingml.document.main", "docx"),
    (b"wordprocessingml.template.main", "docx"),
    (b"visio.drawing", "vsd"),
    (b"visio.stencil", "vsd"),
    (b"visio.template", "vsd"),
    (b"package.xps-fixeddoc", "xps"),
    (b"oxps", "xps"),
    (b"3dmodel", "model3d"),
)
_FOLDERS = ((b"xl/", "xlsx"), (b"word/", "docx"), (b"ppt/", "pptx"), (b"visio/", "vsd"))
_MIMES = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.graphics": "odg",
    b"application/vnd.oasis.opendocument.formula": "odf",
    b"application/vnd.oasis.opendocument.chart": "odf",
    b"application/vnd.sun.xml.calc": "sxc",
    b"application/vnd.sun.xml.writer": "sxw",
    b"application/vnd.sun.xml.impress": "sxw",
}


_IWORK = frozenset({b"index/document.iwa", b"index.apxl", b"index.xml.gz", b"buildversionhistory.plist", b"index.zip"})
_GTFS = frozenset({b"stops.txt", b"routes.txt", b"trips.txt", b"stop_times.txt"})
_KMZ = frozenset({b"kml", b"png", b"jpg", b"jpeg", b"gif", b"dae"})


_MEDIA = re.compile(rb"media-type=[\"'](application/vnd\.(?:oasis|sun)[^\"']+)")


class Entry(msgspec.Struct, frozen=True):
    """A member: name, flags, method, sizes, and where its local header stands."""

    name: bytes
    flags: int
    method: int
    packed: int
    length: int
    offset: int

    @property
    def encrypted(self) -> bool:
        """Whether a password is asked for."""
        return bool(self.flags & 1)


def entries(body: bytes) -> tuple[list[Entry], bool]:
    """Return the members and whether the directory at the end was whole."""
    found = _directory(body)
    return (found, True) if found is not None else (_local(body), False)


def content(body: bytes, entry: Entry, limit: int = _READ) -> bytes:
    """Return at most *limit* first bytes of a member; empty when they cannot be had."""
    at = entry.offset
    if entry.encrypted or body[at : at + 4] != b"PK\x03\x04" or at + 30 > len(body):
        return b""
    names, extra = unpack_from("<HH", body, at + 26)
    start = at + 30 + names + extra
    if entry.method == 0:
        return body[start : start + min(entry.length or limit, limit)]
    if entry.method != zlib.DEFLATED:
        return b""
    packed = body[start : start + (entry.packed or limit)]
    try:
        return zlib.decompressobj(-15).decompress(packed, limit)
    except zlib.error:
        return b""


def zip_kind(body: bytes) -> Guess:
    """Return what a file that begins as a zip is."""
    members, whole = entries(body)
    signs = () if whole else ("zip:no_directory",)
    found = _office(body, members) or _by_mimetype(body, members) or _by_names(members) or _plain(members)
    return found.because(*signs)


def _directory(body: bytes) -> list[Entry] | None:
    end = body.rfind(b"PK\x05\x06", max(0, len(body) - _TAIL))
    if end < 0 or end + 22 > len(body):
        return None
    size, offset = unpack_from("<II", body, end + 12)
    # The directory ends where the end record begins; bytes put before the archive shift every offset.
    start = end - size if offset != _ZIP64 and size <= end else offset
    if body[start : start + 4] != b"PK\x01\x02":
        start = offset
    # One that begins sooner than it says lacks bytes in the middle: its members' places lead nowhere.
    shift = start - offset if start >= offset else len(body)
    found: list[Entry] = []
    at = start
    while body[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(body) and len(found) < MOST_MEMBERS:
        flags, method, packed, length = (*unpack_from("<HH", body, at + 8), *unpack_from("<II", body, at + 20))
        name, extra, comment = unpack_from("<HHH", body, at + 28)
        where = unpack_from("<I", body, at + 42)[0] + shift
        found.append(Entry(body[at + 46 : at + 46 + name], flags, method, packed, length, where))
        at += 46 + name + extra + comment
    return found if found or size == 0 else None


def _local(body: bytes) -> list[Entry]:
    """Read the local headers of a file whose directory is lost."""
    found: list[Entry] = []
    at = body.find(b"PK\x03\x04", 0, 64)
    while at >= 0 and at + 30 <= len(body) and len(found) < MOST_MEMBERS:
        flags, method = unpack_from("<HH", body, at + 6)
        packed, length, name, extra = unpack_from("<IIHH", body, at + 18)
        found.append(Entry(body[at + 30 : at + 30 + name], flags, method, packed, length, at))
        at = body.find(b"PK\x03\x04", at + 30 + name + extra + (0 if flags & 8 else packed))
    return found


def _office(body: bytes, members: list[Entry]) -> Guess | None:
    types = next((item for item in members if item.name.replace(b"\\", b"/").lstrip(b"/") == _OPC), None)
    if types is None:
        return None
    text = content(body, types)
    for part, found in _PARTS:
        if part in text:
            return guess(found, CERTAIN, f"opc:{part.decode()}")
    for folder, found in _FOLDERS:
        if any(item.name.replace(b"\\", b"/").startswith(folder) for item in members):
            return guess(found, STRONG, f"opc:folder {folder.decode()}")
    return guess("zip", WEAK, "opc:unknown_parts")


def _by_mimetype(body: bytes, members: list[Entry]) -> Guess | None:
    named = {item.name: item for item in members}
    entry = named.get(b"mimetype")
    if entry is not None:
        text = content(body, entry, 128).strip()
    elif b"content.xml" in named and b"META-INF/manifest.xml" in named:
        stated = _MEDIA.search(content(body, named[b"META-INF/manifest.xml"]))
        text = stated[1] if stated else b""
    else:
        return None
    best = max((known for known in _MIMES if text.startswith(known)), key=len, default=None)
    return guess(_MIMES[best], CERTAIN, f"zip:mimetype {best.decode()}") if best else None


def _by_names(members: list[Entry]) -> Guess | None:
    names = {item.name.lower() for item in members if not item.name.startswith(b"__MACOSX/")}
    ends = {name.rsplit(b".", 1)[-1] for name in names if b"." in name}
    # The first line that is true decides.
    bases = {name.rsplit(b"/", 1)[-1] for name in names}
    lines = (
        ({b"content.xml", b"meta-inf/manifest.xml"} <= names, "odt", WEAK, "zip:opendocument_without_mimetype"),
        (bases >= _GTFS, "gtfs", STRONG, "zip:gtfs_tables"),
        (b"meta-inf/container.xml" in names and b"opf" in ends, "epub", STRONG, "zip:opf"),
        (bool(names & _IWORK), "iwork", LIKELY, "zip:iwork"),
        ({b"shp", b"dbf"} <= ends or {b"shp", b"shx"} <= ends, "shpzip", CERTAIN, "zip:shp_and_dbf"),
        (b"gdbtable" in ends, "filegdb", CERTAIN, "zip:gdbtable"),
        (b"doc.kml" in names or (b"kml" in ends and ends <= _KMZ), "kmz", CERTAIN, "zip:kml"),
        (bool({b"meta-inf/manifest.mf", b"androidmanifest.xml"} & names), "jar", STRONG, "zip:manifest.mf"),
        (b"qgs" in ends and len(names) <= 3, "qgz", STRONG, "zip:qgs"),  # noqa: PLR2004 - a project and its data
    )
    return next((guess(found, sure, sign) for true, found, sure, sign in lines if true), None)


def _plain(members: list[Entry]) -> Guess:
    return guess("zip", CERTAIN if members else LIKELY, "zip:members" if members else "zip:magic")
