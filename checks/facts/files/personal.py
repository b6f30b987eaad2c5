"""Columns of a table in which identifiers of persons stand: names of columns and counts leave this module, no cell."""

from __future__ import annotations

import re
from collections import Counter
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


class Columns:
    """Counts of a grid that comes in parts, so that its cells need not be kept."""

    def __init__(self, finder: PersonalFinder) -> None:
        self._finder = finder
        self._found: dict[tuple[int, str], tuple[int, int]] = {}
        self._cells: Counter[int] = Counter()

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Count some more rows."""
        if not self._finder:
            return
        for number, cells in enumerate(zip_longest(*rows)):
            for pattern, tally in self._finder.column(cells).items():
                alike, valid = self._found.get((number, pattern), (0, 0))
                self._found[number, pattern] = alike + tally.alike, valid + tally.valid
            self._cells[number] += sum(cell is not None and cell != "" for cell in cells)

    def found(self, names: Sequence[Any] = ()) -> tuple[PersonalColumn, ...]:
        """Return the columns that hold identifiers; *names* is the grid's line of names, if it has one."""
        return tuple(
            PersonalColumn(
                at + 1, _safe(names[at] if at < len(names) else ""), pattern, self._cells[at], alike, valid
            )
            for (at, pattern), (alike, valid) in sorted(self._found.items()) if valid
        )  # fmt: skip


def in_rows(
    finder: PersonalFinder, rows: Sequence[Sequence[Any]], names: Sequence[Any] = ()
) -> tuple[PersonalColumn, ...]:
    """Return the columns of a whole grid that hold identifiers."""
    columns = Columns(finder)
    columns.add(rows[:_MOST_ROWS] if finder else ())
    return columns.found(names)


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
