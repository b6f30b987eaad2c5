"""Geometries as GeoJSON writes them: which kinds there are, and what box they fill."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isfinite
from typing import Any

import msgspec

Box = tuple[float, float, float, float]
_MOST_POSITIONS = 2_000_000
_DEEPEST = 8


class Geography(msgspec.Struct, frozen=True):
    """Kinds of geometry, sorted, and the extent west, south, east, north in the units of the data."""

    kinds: tuple[str, ...] = ()
    extent: Box | None = None

    @staticmethod
    def box(value: Any) -> Box | None:
        """Return a stated box of four or six numbers, or None."""
        numbers = [float(item) for item in value if _is_number(item)] if isinstance(value, list | tuple) else []
        half = len(numbers) // 2
        return (numbers[0], numbers[1], numbers[half], numbers[half + 1]) if len(numbers) in (4, 6) else None


def geography_of(geometries: Iterable[Any]) -> Geography:
    """Return the geography of geometries; what is none is passed over. Past 2 million positions only kinds count."""
    kinds: set[str] = set()
    west = south = inf
    east = north = -inf
    left = _MOST_POSITIONS
    waiting: list[tuple[Any, int]] = [(item, 0) for item in geometries]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict) and isinstance(item.get("type"), str):
            kinds.add(item["type"][:40])
            waiting.append((item.get("coordinates"), depth))
            inner = item.get("geometries")
            waiting += [(each, depth + 1) for each in (inner if isinstance(inner, list) else ()) if depth < _DEEPEST]
        elif isinstance(item, list) and left > 0:
            if len(item) > 1 and _is_number(item[0]) and _is_number(item[1]):
                left -= 1
                west, south = min(west, item[0]), min(south, item[1])
                east, north = max(east, item[0]), max(north, item[1])
            elif depth < _DEEPEST:
                waiting += [(each, depth + 1) for each in item if isinstance(each, list)]
    extent = (float(west), float(south), float(east), float(north)) if west <= east else None
    return Geography(tuple(sorted(kinds)), extent)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
