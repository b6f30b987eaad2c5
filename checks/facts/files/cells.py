"""Delimited text into rows of cells, in bounded memory: how many rows, how long a line, how many cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from checks.facts.model import Dialect

LONGEST_LINE = 1 << 20
MOST_CELLS = 20_000


class TooLongError(ValueError):
    """A line or a row goes beyond what a table can be."""


def split(text: str, dialect: Dialect, most: int) -> Iterator[list[str]]:
    """Yield at most *most* rows. Raises TooLongError for a line or row beyond the limits, csv.Error for bad quoting."""
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(
        _lines(text),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=dialect.escape != "\\",
        escapechar="\\" if dialect.escape == "\\" else None,
        skipinitialspace=bool(dialect.quote) and dialect.delimiter != " ",
    )
    try:
        for number, row in enumerate(reader):
            if number >= most:
                return
            if len(row) > MOST_CELLS:
                raise TooLongError(len(row))
            yield row
    except csv.Error as error:
        if "field larger" in str(error):
            raise TooLongError from error
        raise


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=None):
        if len(line) > LONGEST_LINE:
            raise TooLongError(len(line))
        yield line
