"""PDF: pages, text layer, pages that are pictures, tables, passwords."""

from __future__ import annotations

from time import monotonic

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from checks.facts.files.pdftables import LEAST_COLUMNS, LEAST_ROWS, table_of
from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.model import TableShape

MOST_PAGES = 40
SECONDS = 6.0
_MOST_OBJECTS = 400
_MOST_RECTS = 2000
_COVERS = 0.5
_SHOWS = 0.05
"""A page without a letter is its picture, once that is larger than a seal."""
_PASSWORD = 4


def read_pdf(body: bytes) -> Reading:
    """Return pages, letters and image pages. Raises ReadError, or UnreadError for a password."""
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise UnreadError("encrypted") from error
        raise ReadError("malformed") from error
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> Reading:
    count = len(document)
    if count == 0:
        raise ReadError("empty")
    letters = images = seen = 0
    tables: list[TableShape] = []
    until = monotonic() + SECONDS
    for index in _chosen(count):
        if monotonic() > until:
            break
        try:
            page = document[index]
        except pdfium.PdfiumError:
            continue
        here, pictured, table = _page(page)
        letters, images, seen = letters + here, images + pictured, seen + 1
        tables += [table] if table else []
        page.close()
    if not seen:
        raise ReadError("malformed")
    return Reading(
        text_layer=letters > 0, pages=count, image_pages=round(images * count / seen), letters=letters,
        tables=tuple(tables),
    )  # fmt: skip


def _chosen(count: int) -> list[int]:
    """Return the pages to look at: all, or evenly spread ones of a long document."""
    if count <= MOST_PAGES:
        return list(range(count))
    return sorted({round(step * (count - 1) / (MOST_PAGES - 1)) for step in range(MOST_PAGES)})


def _page(page: pdfium.PdfPage) -> tuple[int, bool, TableShape | None]:
    """Return how many letters a page has, whether a picture covers most of it, and its largest table."""
    table = None
    text = page.get_textpage()
    try:
        letters = sum(not char.isspace() for char in text.get_text_range(0, min(text.count_chars(), 20_000)))
        number = text.count_rects() if letters >= LEAST_ROWS * LEAST_COLUMNS else 0
        table = table_of([text.get_rect(at) for at in range(min(number, _MOST_RECTS))]) if number else None
    except (pdfium.PdfiumError, UnicodeError):
        letters = 0
    finally:
        text.close()
    width, height = page.get_size()
    pictured = _pictured(page, (_COVERS if letters else _SHOWS) * width * height)
    return letters, pictured, table


def _pictured(page: pdfium.PdfPage, least: float) -> bool:
    """Tell whether pictures cover at least that area of a page."""
    covered = 0.0
    for number, item in enumerate(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if number >= _MOST_OBJECTS:
            break
        try:
            left, bottom, right, top = item.get_bounds()
        except pdfium.PdfiumError:
            continue
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return least > 0 and covered >= least
