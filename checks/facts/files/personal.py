"""Columns of a table in which identifiers of persons stand: names of columns and counts leave this module, no cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from checks.facts.model import PersonalColumn
from config.personal import PersonalFinder

NOBODY = PersonalFinder()
"""Finds nothing: for readers that are asked for the shape alone."""
_NAME = 60
_TELLING = re.compile(r"\d{5}|@")
_MOST_ROWS = 50_000
_MOST_KEYS = 500


def in_rows(
    finder: PersonalFinder, rows: Sequence[Sequence[Any]], names: Sequence[Any] = ()
) -> tuple[PersonalColumn, ...]:
    """Return the columns of a grid that hold identifiers; *names* is its line of names, if it has one."""
    if not finder:
        return ()
    columns = zip_longest(*rows[:_MOST_ROWS])
    return tuple(
        found
        for number, cells in enumerate(columns)
        for found in _column(finder, number + 1, names[number] if number < len(names) else "", cells)
    )


def in_records(finder: PersonalFinder, records: Sequence[Mapping[str, Any]]) -> tuple[PersonalColumn, ...]:
    """Return the keys of a list of records whose values hold identifiers."""
    if not finder:
        return ()
    columns: dict[str, list[Any]] = {}
    for record in records[:_MOST_ROWS]:
        for key, value in record.items():
            if key in columns or len(columns) < _MOST_KEYS:
                columns.setdefault(key, []).append(value if isinstance(value, str | int | float) else _flat(value))
    return tuple(
        found
        for number, (key, cells) in enumerate(columns.items())
        for found in _column(finder, number + 1, key, cells)
    )


def _column(finder: PersonalFinder, number: int, name: Any, cells: Sequence[Any]) -> Iterator[PersonalColumn]:
    for pattern, tally in finder.column(cells).items():
        if tally.valid:
            filled = sum(cell is not None and cell != "" for cell in cells)
            yield PersonalColumn(number, _safe(name), pattern, filled, tally.alike, tally.valid)


def _safe(name: Any) -> str:
    """Return a column's name on one line, or nothing where it could be somebody's number or address."""
    text = " ".join(name.split()) if isinstance(name, str) else ""
    return "" if _TELLING.search(text) else text[:_NAME]


def _flat(value: Any) -> str:
    return "" if value is None or isinstance(value, bool) else str(value)[:2000]
