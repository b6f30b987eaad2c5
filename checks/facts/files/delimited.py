"""CSV and TSV: encoding, dialect, header, rows and columns, and rows of another width."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from checks.facts.files.cells import TooLongError, split
from checks.facts.files.dialect import dialect_of, told_of
from checks.facts.files.encoding import decode, encoding_of
from checks.facts.files.grid import shape
from checks.facts.files.periods import Periods
from checks.facts.files.personal import NOBODY, Columns
from checks.facts.files.reading import ReadError, Reading
from checks.facts.model import TableShape
from config.personal import PersonalFinder

MOST_ROWS = 200_000
_LOOK = 200
_PART = 2000


def read_delimited(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the shape of a delimited text. Raises ReadError for one that is no table."""
    found = encoding_of(body)
    if found is None:
        raise ReadError("undecodable")
    text = decode(body, found.name).lstrip("\ufeff")
    if not text.strip():
        raise ReadError("empty")
    told = told_of(text)
    finder = finder if any(tally.valid for tally in finder.counts(text).values()) else NOBODY
    try:
        dialect = dialect_of(text).dialect
        table = _shape(split(text[told.end() if told else 0 :], dialect, MOST_ROWS + 1), finder)
    except TooLongError as error:
        raise ReadError("line_too_long") from error
    except csv.Error as error:
        raise ReadError("malformed") from error
    return Reading(encoding=found.name, dialect=dialect, tables=(table,))


def _shape(rows: Iterator[list[str]], finder: PersonalFinder) -> TableShape:
    """Header and titles are told from the first rows; all rows are counted, and measured against the usual width."""
    raw = list(islice(rows, _LOOK))  # empty rows part tables
    top, first = shape(raw), list(_filled(iter(raw)))
    data = first[top.title_rows + top.header :]
    widths = Counter(len(row) for row in first[top.title_rows :])
    columns, periods, read = Columns(finder), Periods(), len(first)
    columns.add(data)
    periods.add(data)
    for part in _parts(_filled(rows)):
        widths.update(map(len, part))
        columns.add(part)
        periods.add(part)
        read += len(part)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    names = first[top.title_rows] if top.header else ()
    return TableShape(
        rows=read - top.title_rows - top.header, columns=usual, header=top.header, title_rows=top.title_rows,
        ragged=sum(number for width, number in widths.items() if width != usual), blocks=top.blocks,
        complete=read <= MOST_ROWS, personal=columns.found(names), periods=periods.found(names),
    )  # fmt: skip


def _filled(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    return (row for row in rows if any(cell and not cell.isspace() for cell in row))


def _parts(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while part := list(islice(rows, _PART)):
        yield part
