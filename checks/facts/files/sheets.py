"""Spreadsheets: XLSX, XLSM, XLSB, XLS, ODS. Sheets as they are laid out, macros, passwords."""

from __future__ import annotations

import io
import re

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from checks.facts.files.grid import shape
from checks.facts.files.magic import OLE2
from checks.facts.files.ole import streams
from checks.facts.files.personal import NOBODY
from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.files.zips import Entry, content, entries
from checks.facts.model import TableShape
from config.personal import PersonalFinder

MOST_SHEETS = 30
MOST_ROWS = 50_000
MOST_CELLS = 5_000_000
_MOST_XML = 32 << 20
_LAST_ROW = re.compile(rb'<row [^>]{0,200}?\br="(\d+)"')
_COLUMNS = ((3, 18_278), (2, 702), (1, 26))
"""Letters that a column's name has, and how many columns there are of up to so many letters."""
_NAMED = {letters: re.compile(rb'<c [^>]{0,60}?\br="[A-Z]{%d,}\d' % letters) for letters, _most in _COLUMNS[:-1]}
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')


def read_sheets(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the shape of a workbook's sheets. Raises ReadError or UnreadError."""
    zipped = body.startswith(b"PK")
    if not zipped and not body.startswith(OLE2):
        raise UnreadError("no_reader")  # workbooks of the years before OLE2
    macros = _guard_zip(body) if zipped else bool({"_vba_project", "vba"} & streams(body))
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
            return Reading(tables=_tables(book, finder), macros=macros)
    except PasswordError as error:
        raise UnreadError("encrypted") from error
    except CalamineError as error:
        raise _why(error) from error


def _why(error: Exception) -> ReadError | UnreadError:
    said = str(error).lower()
    return UnreadError("encrypted") if "password" in said or "encrypt" in said else ReadError("malformed")


def _tables(book: CalamineWorkbook, finder: PersonalFinder) -> tuple[TableShape, ...]:
    tables: list[TableShape] = []
    for meta in book.sheets_metadata[:MOST_SHEETS]:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        merged = len(sheet.merged_cell_ranges or ())
        rows = sheet.to_python(skip_empty_area=True, nrows=MOST_ROWS)
        hidden = meta.visible is not SheetVisibleEnum.Visible
        complete = sheet.height <= MOST_ROWS
        tables.append(shape(rows, merged=merged, hidden=hidden, complete=complete, finder=finder))
    return tuple(tables)


def _guard_zip(body: bytes) -> bool:
    """Tell whether macros are there. Raises UnreadError for sheets so wide or long that a grid would not fit."""
    members, _whole = entries(body)
    if any(item.encrypted for item in members):
        raise UnreadError("encrypted")
    if sum(item.length for item in members) > 10 * _MOST_XML:
        raise UnreadError("too_large")
    for item in members:
        if item.name.startswith(b"xl/worksheets/") and item.name.endswith(b".xml"):
            _guard_sheet(body, item)
        if item.name == b"META-INF/manifest.xml" and b"manifest:encryption-data" in content(body, item):
            raise UnreadError("encrypted")
    return any(item.name.lower().endswith(b"vbaproject.bin") or item.name.startswith(b"Basic/") for item in members)


def _guard_sheet(body: bytes, item: Entry) -> None:
    xml = content(body, item, _MOST_XML)
    rows = max((int(found) for found in _LAST_ROW.findall(xml[-65_536:])), default=0)
    columns = next(most for letters, most in _COLUMNS if letters not in _NAMED or _NAMED[letters].search(xml))
    stated = _DIMENSION.search(xml[:4096])
    if not rows and stated:
        rows = int(stated[2])
    used = min(rows, 1_048_576) * columns
    if used > MOST_CELLS and used > 64 * xml.count(b"<c "):
        raise UnreadError("too_large")
