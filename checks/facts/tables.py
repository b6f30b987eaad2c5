"""Tables of an HTML document: those that hold rows and cells of data, not those that lay a page out."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from checks.facts.files.periods import in_grid
from checks.facts.files.personal import NOBODY, in_rows
from checks.facts.html import Document, Element, text_of
from checks.facts.model import TableShape
from config.personal import PersonalFinder

MOST_TABLES = 50
MOST_ROWS = 1000
_CELL = ("td", "th")
_CELL_TEXT = 400
_LONG = 200
"""Mean length of a cell's text from which on a table lays out prose."""
_WEEK, _LAST_DAY = 7, 31


def tables_of(document: Document, finder: PersonalFinder = NOBODY) -> Iterator[TableShape]:
    """Yield the shape of each table of data: no table stands in it, no field to fill in, and no prose."""
    for number, table in enumerate(document.all("table")):
        if number >= MOST_TABLES:
            return
        if table.get("role") in ("presentation", "none") or _holds(table):
            continue
        shape = _shape(table, finder)
        if shape:
            yield shape


def forms_of(document: Document) -> int:
    """Return how many forms ask for a choice or for several fields: not a search, not a log-in, not a letter."""
    return sum(map(_asks, document.all("form")))


def _holds(table: Element) -> bool:
    return any(True for _item in table.iterdescendants("table", "input", "select", "textarea"))


def _shape(table: Element, finder: PersonalFinder) -> TableShape | None:
    rows: list[list[Element]] = []
    for row in table.iterdescendants("tr"):
        if len(rows) >= MOST_ROWS:
            break
        rows.append([cell for cell in row if cell.tag in _CELL])
    rows = [row for row in rows if row]
    texts = [[text_of(cell)[:_CELL_TEXT] for cell in row] for row in rows]
    filled = [text for row in texts for text in row if text]
    if not filled or mean(map(len, filled)) > _LONG or _is_calendar(texts):
        return None
    header = any(cell.tag == "th" for cell in rows[0])
    merged = sum(_spans(cell) for row in rows for cell in row)
    names = texts[0] if header else ()
    columns = max(map(len, rows))
    return TableShape(
        len(rows) - header, columns, header=header, merged=merged,
        personal=in_rows(finder, texts[header:], names), periods=in_grid(texts[header:], names),
    )  # fmt: skip


def _spans(cell: Element) -> bool:
    return (cell.get("colspan") or "1") != "1" or (cell.get("rowspan") or "1") != "1"


def _is_calendar(texts: list[list[str]]) -> bool:
    days = [text for row in texts[1:] for text in row if text]
    numbers = sum(text.isdigit() and int(text) <= _LAST_DAY for text in days)
    return max(map(len, texts)) == _WEEK and bool(days) and numbers >= 0.8 * len(days)


def _asks(form: Element) -> bool:
    kinds = [(item.get("type") or "text").lower() for item in form.iterdescendants("input")]
    if "password" in kinds or any(True for _item in form.iterdescendants("textarea")) or "email" in kinds:
        return False
    fields = sum(kind in ("text", "date", "number", "month", "radio", "checkbox") for kind in kinds)
    return any(True for _item in form.iterdescendants("select")) or fields > 1
