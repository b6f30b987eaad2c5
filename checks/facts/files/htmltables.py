"""Tables of an HTML document: those that hold rows and cells of data, not those that lay a page out."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from checks.facts.files.encoding import decode, encoding_of
from checks.facts.files.personal import NOBODY, in_rows
from checks.facts.files.reading import Reading, UnreadError
from checks.facts.model import TableShape
from config.personal import PersonalFinder

_MOST_HTML = 8 << 20
_MOST_TABLES = 50
_MOST_ROWS = 1000
_CELL_TEXT = 200


def read_html(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the tables of an HTML page."""
    if len(body) > _MOST_HTML:
        raise UnreadError("too_large")
    found = encoding_of(body)
    text = decode(body, found.name if found else "utf-8")
    tables = tuple(tables_of(text, finder)) if "<t" in text or "<T" in text else ()
    return Reading(encoding=found.name if found else None, tables=tables)


def tables_of(text: str, finder: PersonalFinder = NOBODY) -> Iterator[TableShape]:
    """Yield the shape of each innermost table: one that holds others lays out the page."""
    for node in LexborHTMLParser(text).css("table")[:_MOST_TABLES]:
        if node.css_first("table table") is not None or any(True for inner in node.css("table") if inner != node):
            continue
        yield _shape(node, finder)


def _shape(node: LexborNode, finder: PersonalFinder) -> TableShape:
    rows = [row.css("td, th") for row in node.css("tr")[:_MOST_ROWS]]
    columns = max(map(len, rows), default=0)
    header = bool(rows and any(cell.tag == "th" for cell in rows[0]))
    merged = sum(1 for row in rows for cell in row if _spans(cell))
    texts = [[cell.text(strip=True)[:_CELL_TEXT] for cell in row] for row in rows] if finder else []
    personal = in_rows(finder, texts[header:], texts[0] if header and texts else ())
    return TableShape(len(rows) - header, columns, header=header, merged=merged, personal=personal)


def _spans(cell: LexborNode) -> bool:
    given = cell.attributes
    return (given.get("colspan") or "1") != "1" or (given.get("rowspan") or "1") != "1"
