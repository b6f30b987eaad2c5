"""Word 97-2003 documents: letters, tables and passwords by the head of the main stream, and the marks in its text.

The head is the FIB of [MS-DOC] 2.5: identity at 0, version at 2, flags at 10, length of the main text at 76 (at 52 in
Word 6 and 95). Cells end with the sign 7, and rows with one more.
"""

from __future__ import annotations

from struct import unpack_from

from checks.facts.files.magic import OLE2
from checks.facts.files.ole import stream, streams
from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.model import TableShape

_MOST = 4 << 20
_HEAD = 80
_KNOWN = frozenset({0xA5DC, 0xA5DB, 0xA5EC})
_VERSION_97 = 0xC1
_ENCRYPTED = 0x0100
_SOME_TEXT = 40
_LARGE_PICTURES = 60_000


def read_doc(body: bytes) -> Reading:
    """Return letters, tables and macros of a DOC. Raises ReadError, or UnreadError for a password or an older file."""
    if not body.startswith(OLE2):
        raise UnreadError("no_reader")  # Word 1 and 2 wrote no compound file
    main = stream(body, "worddocument", _MOST)
    if len(main) < _HEAD or unpack_from("<H", main, 0)[0] not in _KNOWN:
        raise ReadError("malformed")
    version, flags = unpack_from("<H", main, 2)[0], unpack_from("<H", main, 10)[0]
    if flags & _ENCRYPTED:
        raise UnreadError("encrypted")
    letters = unpack_from("<I", main, 76 if version >= _VERSION_97 else 52)[0]
    if letters > len(body):
        raise ReadError("malformed")
    pictures = int(letters < _SOME_TEXT and len(stream(body, "data", _MOST)) >= _LARGE_PICTURES)
    macros = bool({"_vba_project", "vba", "macros"} & streams(body))
    return Reading(
        text_layer=letters > 1,
        letters=max(letters - 1, 0),
        image_pages=pictures,
        macros=macros,
        tables=_tables(_text(main)),
    )


def _text(main: bytes) -> bytes:
    """Return the part of the stream that holds text; all of it where the head does not say."""
    start, end = unpack_from("<II", main, 24)
    return main[start:end] if _HEAD <= start < end <= len(main) else main


def _tables(main: bytes) -> tuple[TableShape, ...]:
    """Return the rows of all tables as one shape. Text is in 8 or in 16 bits: the reading with more marks counts."""
    wide = (main.count(b"\x07\0\x07\0"), main.count(b"\x07\0"))
    narrow = (main.count(b"\x07\x07"), main.count(b"\x07") - main.count(b"\x07\0"))
    rows, marks = max(wide, narrow)
    return (TableShape(rows, max(round((marks - rows) / rows), 1)),) if rows else ()
