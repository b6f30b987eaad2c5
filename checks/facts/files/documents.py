"""Word and OpenDocument texts: letters, pictures in them, tables, macros. A document of pictures alone is a scan."""

from __future__ import annotations

import re

from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.files.zips import Entry, content, entries
from checks.facts.model import TableShape

_MOST_XML = 16 << 20
_MAIN = (b"word/document.xml", b"content.xml", b"word/document2.xml")
_TEXT = re.compile(rb">([^<>]+)<")
_TABLE = re.compile(rb"<(?:w:tbl|table:table)[ >]")
_TABLE_END = re.compile(rb"</(?:w:tbl|table:table)>")
_ROW = re.compile(rb"<(?:w:tr|table:table-row)[ >]")
_CELL = re.compile(rb"<(?:w:tc|table:table-cell)[ >/]")
_PICTURE = re.compile(rb"(?:word/media|Pictures)/[^/]+\.(?:jpe?g|png|tiff?|gif|bmp|emf|wmf)$", re.IGNORECASE)
_LARGE_PICTURE = 30_000
_MOST_TABLES = 50


def read_document(body: bytes) -> Reading:
    """Return letters, large pictures and tables of a DOCX or ODT. Raises ReadError or UnreadError."""
    members, whole = entries(body)
    by_name = {item.name.replace(b"\\", b"/"): item for item in members}
    if any(item.encrypted for item in members) or _is_sealed(body, by_name.get(b"META-INF/manifest.xml")):
        raise UnreadError("encrypted")
    main = next((by_name[name] for name in _MAIN if name in by_name), None)
    xml = content(body, main, _MOST_XML) if main else b""
    if not whole or not xml:
        raise ReadError("malformed")
    letters = sum(len(text.decode("utf-8", "replace").strip()) for text in _TEXT.findall(xml))
    pictures = sum(bool(_PICTURE.search(item.name)) and item.length >= _LARGE_PICTURE for item in members)
    macros = any(name.endswith(b"vbaProject.bin") or name.startswith(b"Basic/") for name in by_name)
    tables = tuple(_table(_TABLE_END.split(part, 1)[0]) for part in _TABLE.split(xml, _MOST_TABLES)[1:])
    return Reading(text_layer=letters > 0, image_pages=pictures, letters=letters, macros=macros, tables=tables)


def _is_sealed(body: bytes, manifest: Entry | None) -> bool:
    return manifest is not None and b"encryption-data" in content(body, manifest)


def _table(xml: bytes) -> TableShape:
    rows = len(_ROW.findall(xml))
    return TableShape(rows, round(len(_CELL.findall(xml)) / rows) if rows else 0)
