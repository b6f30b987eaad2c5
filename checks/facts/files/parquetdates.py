"""The newest period in a Parquet file, by the statistics that writers keep of columns (Parquet format, `Statistics`).

A column is dated when it is a date or a time stamp by type, or when its least and greatest values are both periods
whose order as text is that of time (year first) or both years. A column without statistics in any row group tells
nothing: its newest value may stand there.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from struct import error, unpack
from typing import Any, NamedTuple

from checks.facts.files.periods import MOST_PERIODS, period

_TYPE, _CONVERTED, _LOGICAL = 1, 6, 10
_INT32, _INT64, _BYTES = 1, 2, 6
_DATE, _MILLIS, _MICROS = 6, 9, 10
_LOGICAL_DATE, _LOGICAL_TIME = 6, 8
_COLUMNS, _META, _STATISTICS = 1, 3, 12
_MAX, _MIN = 5, 6
_UNITS = {1: 1_000, 2: 1_000_000, 3: 1_000_000_000}
_EARLIEST, _LATEST, _LEAST_ROWS = 1900, 2100, 3
_YEAR_FIRST = re.compile(rb"(?:19|20)\d{2}(?:[-/.]\d{2}(?:[-/.]\d{2}(?:[T ][\d:.,+Z -]{0,24})?)?|-?M\d{2}|-?Q\d)?")


class _Bounds(NamedTuple):
    """The least and the greatest value of a column in one row group, as stored."""

    least: bytes
    greatest: bytes


def newest_periods(leaves: list[Any], groups: Any, rows: int) -> tuple[str, ...]:
    """Return the newest period of each dated column, newest first. Statistics that make no sense tell nothing."""
    try:
        found = {value for at, leaf in enumerate(leaves) if (value := _newest(leaf, _bounds(groups, at), rows))}
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, OverflowError, error):
        return ()
    return tuple(sorted(found, reverse=True)[:MOST_PERIODS])


def _bounds(groups: Any, at: int) -> list[_Bounds]:
    """Return what each row group says of a column; nothing when one of them does not say."""
    said = [group[_COLUMNS][at][_META].get(_STATISTICS, {}) for group in groups or ()]
    if not all(_MAX in item and _MIN in item for item in said):
        return []
    return [_Bounds(bytes(item[_MIN]), bytes(item[_MAX])) for item in said]


def _newest(leaf: Any, bounds: list[_Bounds], rows: int) -> str | None:
    if not bounds:
        return None
    kind, logical = leaf.get(_TYPE), leaf.get(_LOGICAL) or {}
    if kind == _INT32 and (leaf.get(_CONVERTED) == _DATE or _LOGICAL_DATE in logical):
        days = max(unpack("<i", item.greatest)[0] for item in bounds)
        return (date(1970, 1, 1) + timedelta(days=days)).isoformat()
    if kind == _INT64 and (per_second := _per_second(leaf.get(_CONVERTED), logical)):
        moment = max(unpack("<q", item.greatest)[0] for item in bounds) // per_second
        return datetime.fromtimestamp(moment, UTC).date().isoformat()
    return _in_values(kind, bounds, rows)


def _per_second(converted: int | None, logical: dict[int, Any]) -> int:
    """Return how many units a second has in a column of time stamps; 0 for another column."""
    unit = next(iter(logical.get(_LOGICAL_TIME, {}).get(2, {})), None)
    return _UNITS.get(unit or {_MILLIS: 1, _MICROS: 2}.get(converted or 0, 0), 0)


def _in_values(kind: int | None, bounds: list[_Bounds], rows: int) -> str | None:
    ends = [end for item in bounds for end in item]
    if kind == _BYTES and all(_YEAR_FIRST.fullmatch(end) for end in ends):
        stated = [period(end.decode("utf-8", "replace")) for end in ends]
        return max(item or "" for item in stated) if all(stated) else None
    if kind in (_INT32, _INT64) and rows >= _LEAST_ROWS:
        return _of_years([unpack("<i" if kind == _INT32 else "<q", end)[0] for end in ends])
    return None


def _of_years(numbers: list[int]) -> str | None:
    return str(max(numbers)) if all(_EARLIEST <= number <= _LATEST for number in numbers) else None
