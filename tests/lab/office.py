"""Workbooks and archives by hand: a tidy XLSX, one laid out for print, one behind a password, a ZIP."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

Cell = str | int | float | None
SPACE = "http://schemas.openxmlformats.org"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (
    f'{HEAD}<Types xmlns="{SPACE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
LINKS = (
    f'{HEAD}<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{SPACE}/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
)
BOOK = (
    f'{HEAD}<workbook xmlns="{SPACE}/spreadsheetml/2006/main" '
    f'xmlns:r="{SPACE}/officeDocument/2006/relationships"><sheets><sheet name="data" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>"
)
SECTOR = 512
FREE, END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
LEAST_STREAM = 4096  # shorter streams would have to live in the mini stream


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of *members*: the same bytes every time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)  # dated 1980, so that no clock is read
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return target.getvalue()


def workbook(rows: Iterable[Sequence[Cell]], merged: Sequence[str] = ()) -> bytes:
    """Return an XLSX of one sheet; *merged* names cell ranges that are one cell."""
    lines = "".join(_row(number, cells) for number, cells in enumerate(rows, 1))
    areas = "".join(f'<mergeCell ref="{item}"/>' for item in merged)
    joined = f'<mergeCells count="{len(merged)}">{areas}</mergeCells>' if merged else ""
    sheet = (
        f'{HEAD}<worksheet xmlns="{SPACE}/spreadsheetml/2006/main"><sheetData>{lines}</sheetData>{joined}</worksheet>'
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": LINKS % ("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": LINKS % ("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def _row(number: int, cells: Sequence[Cell]) -> str:
    shown = "".join(_cell(f"{chr(65 + column)}{number}", cell) for column, cell in enumerate(cells) if cell is not None)
    return f'<row r="{number}">{shown}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def locked() -> bytes:
    """Return what Excel writes under a password: a compound file that holds one encrypted package."""
    info = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<encryption '
        'xmlns="http://schemas.microsoft.com/office/2006/encryption"><keyData saltSize="16" blockSize="16" '
        'keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" '
        'saltValue="TGFiJ3Mgc2FsdCBpcyB1cw=="/></encryption>'
    )
    package = struct.pack("<Q", 6000) + bytes((number * 181 + number // 7) % 256 for number in range(6000))
    return _compound({"EncryptionInfo": struct.pack("<HHI", 4, 4, 0x40) + info.encode(), "EncryptedPackage": package})


def _compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE2 compound file: header, one sector of allocation table, directory, streams."""
    table, bodies, entries, place = [FAT_SECTOR, END], b"", [], 2
    for name, data in streams.items():
        padded = data.ljust(-(-max(len(data), LEAST_STREAM) // SECTOR) * SECTOR, b" ")
        sectors = len(padded) // SECTOR
        entries.append(_entry(name, 2, place, max(len(data), LEAST_STREAM), right=NONE if entries else 2))
        table += [*range(place + 1, place + sectors), END]
        bodies, place = bodies + padded, place + sectors
    directory = _entry("Root Entry", 5, END, 0, child=1) + b"".join(entries)
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    head += struct.pack("<IIIII", LEAST_STREAM, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    return head + fat + directory.ljust(SECTOR, b"\0") + bodies


def _entry(name: str, kind: int, start: int, size: int, right: int = NONE, child: int = NONE) -> bytes:
    spelled = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", NONE, right, child)
    return struct.pack("<64sHBB", spelled, len(spelled), kind, 1) + links + bytes(36) + struct.pack("<IQ", start, size)
