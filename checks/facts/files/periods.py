"""The newest period inside a table: which day, month, quarter or year its date-like columns reach.

Only the newest value of a column leaves this module, as ISO text of the precision stated (`2026-11-23`, `2026-11`,
`2026`); no other cell does. A column is date-like when nearly all of its filled cells are periods; day stands before
month. A quarter (`2026-Q1`, SDMX) and a half-year (`2026-S1`, `H1 2026`) are told by their last month; what stands in
words is read with those of the pack (`periodwords`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Any

from checks.facts.files.periodwords import spoken

MOST_PERIODS = 8
"""Columns of one table whose newest period is kept."""
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_YEARLIKE = re.compile(r"(?:19|20)\d{2}")
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})(?:[T ][\d:.,+Z -]{{1,24}})?",
        rf"(?P<day>\d{{1,2}})([-/.])(?P<month>\d{{1,2}})\2{_YEAR}(?: [\d:]{{1,8}})?",
        rf"{_YEAR}(?:[-/.]|-?M)(?P<month>\d{{2}})",
        rf"(?P<month>\d{{2}})[-/.]{_YEAR}",
        rf"{_YEAR}[ -]?[QК](?P<quarter>[1-4])",
        rf"[QК](?P<quarter>[1-4])[ -]{_YEAR}",
        rf"{_YEAR}[ -]?[HS](?P<half>[12])",
        rf"[HS](?P<half>[12])[ -]{_YEAR}",
        rf"{_YEAR}(?:\.0)?",
    )
)
_LONGEST = 40
_LOOK = 200
_LEAST, _LEAST_YEARS = 2, 3
_NEARLY = 0.9
_MOST_COLUMNS = 500


class Periods:
    """Newest periods of a grid that comes in parts: its first part decides which columns are date-like."""

    def __init__(self) -> None:
        self._newest: dict[int, str] | None = None

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Look at some more rows."""
        if self._newest is None:
            columns = islice(enumerate(zip_longest(*rows[:_LOOK])), _MOST_COLUMNS)
            self._newest = {at: found for at, cells in columns if (found := newest_of(cells))}
        for at, known in self._newest.items():
            cells = (row[at] for row in rows if at < len(row))
            self._newest[at] = max((known, *(found for cell in cells if (found := period(cell)))))

    def found(self, names: Sequence[Any] = ()) -> tuple[str, ...]:
        """Return the newest period of each date-like column, newest first; of the *names* where years are columns."""
        across = [found for name in names[:_MOST_COLUMNS] if (found := period(name))]
        wide = [max(across)] if len(across) >= _LEAST_YEARS else []
        return tuple(sorted({*(self._newest or {}).values(), *wide}, reverse=True)[:MOST_PERIODS])


def in_grid(rows: Sequence[Sequence[Any]], names: Sequence[Any] = ()) -> tuple[str, ...]:
    """Return the newest periods of a whole grid."""
    periods = Periods()
    periods.add(rows)
    return periods.found(names)


def in_objects(records: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the newest periods of a list of records."""
    keys = dict.fromkeys(key for record in records[:_LOOK] for key in islice(record, _MOST_COLUMNS))
    dated = [key for key in islice(keys, _MOST_COLUMNS) if newest_of(item.get(key) for item in records[:_LOOK])]
    return in_grid([[record.get(key) for key in dated] for record in records])


def newest_of(cells: Iterable[Any]) -> str | None:
    """Return the newest period of a column, or None when it is not date-like."""
    filled = [cell for cell in cells if cell is not None and cell != ""]
    found = [value for cell in filled if (value := period(cell))]
    least = _LEAST if found and len(found[0]) > len("2026") else _LEAST_YEARS
    return max(found) if len(found) >= max(least, _NEARLY * len(filled)) else None


def period(cell: Any) -> str | None:
    """Return the period that a cell states, or None: `31.02.2020` and two-digit years are none."""
    if isinstance(cell, date):
        return cell.isoformat()[: len("2026-11-23")]
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    if isinstance(cell, str) and len(cell) > _LONGEST:
        return None
    text = str(cell).strip()
    # Most cells have no year: they are not looked at further.
    return (_read(text) or spoken().read(text)) if _YEARLIKE.search(text) else None


@lru_cache(maxsize=4096)
def _read(text: str) -> str | None:
    hit = next((hit for form in _FORMS if (hit := form.fullmatch(text))), None)
    if hit is None:
        return None
    parts = hit.groupdict()
    year, last = int(parts["year"]), 3 * int(parts.get("quarter") or 0) or 6 * int(parts.get("half") or 0)
    month, day = int(parts.get("month") or last or 1), int(parts.get("day") or 1)
    try:
        stated = date(year, month, day).isoformat()
    except ValueError:
        return None
    return stated if parts.get("day") else stated[:7] if parts.get("month") or last else stated[:4]
