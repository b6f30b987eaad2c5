"""CSV and TSV: encoding, dialect, header, rows and columns, and rows of another width."""

from __future__ import annotations

import csv
from collections import Counter

from checks.facts.files.cells import TooLongError, split
from checks.facts.files.dialect import dialect_of
from checks.facts.files.encoding import decode, encoding_of
from checks.facts.files.grid import shape
from checks.facts.files.personal import NOBODY, in_rows
from checks.facts.files.reading import ReadError, Reading
from checks.facts.model import TableShape
from config.personal import PersonalFinder

MOST_ROWS = 200_000
_LOOK = 200


def read_delimited(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the shape of a delimited text. Raises ReadError for one that is no table."""
    found = encoding_of(body)
    if found is None:
        raise ReadError("undecodable")
    text = decode(body, found.name).lstrip("\ufeff")
    if not text.strip():
        raise ReadError("empty")
    try:
        dialect = dialect_of(text).dialect
        rows = list(split(text, dialect, MOST_ROWS + 1))
    except TooLongError as error:
        raise ReadError("line_too_long") from error
    except csv.Error as error:
        raise ReadError("malformed") from error
    table = _shape(rows, finder if any(tally.valid for tally in finder.counts(text).values()) else NOBODY)
    return Reading(encoding=found.name, dialect=dialect, tables=(table,))


def _shape(rows: list[list[str]], finder: PersonalFinder) -> TableShape:
    """Header and titles are told from the first rows; all rows are counted, and measured against the usual width."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    top = shape(filled[:_LOOK])
    widths = Counter(len(row) for row in filled[top.title_rows :])
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    ragged = sum(number for width, number in widths.items() if width != usual)
    data = filled[top.title_rows + top.header :]
    names = filled[top.title_rows] if top.header else ()
    return TableShape(
        rows=len(data), columns=usual, header=top.header, title_rows=top.title_rows, ragged=ragged, blocks=top.blocks,
        complete=len(rows) <= MOST_ROWS, personal=in_rows(finder, data, names),
    )  # fmt: skip
