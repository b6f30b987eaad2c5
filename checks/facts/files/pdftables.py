"""Tables in a PDF page, by where its pieces of text stand: rows of several pieces whose left edges line up."""

from __future__ import annotations

from collections import Counter

from checks.facts.model import TableShape

LEAST_ROWS = 5
LEAST_COLUMNS = 3
_LINE = 3.0
_EDGE = 6.0
_GAP = 4.0
Rect = tuple[float, float, float, float]
"""Left, bottom, right and top in points."""


def table_of(rects: list[Rect]) -> TableShape | None:
    """Return the table of a page, or None: at least five rows in which three columns begin at the same places."""
    rows = [cells for cells in _rows(rects) if len(cells) >= LEAST_COLUMNS]
    if len(rows) < LEAST_ROWS:
        return None
    edges = Counter(round(left / _EDGE) for cells in rows for left in cells)
    columns = [edge for edge, number in edges.items() if number + edges[edge + 1] >= 0.6 * len(rows)]
    apart = [edge for edge in columns if edge - 1 not in columns]
    return TableShape(len(rows), len(apart)) if len(apart) >= LEAST_COLUMNS else None


def _rows(rects: list[Rect]) -> list[list[float]]:
    """Return the left edges of the pieces of each line; pieces that touch are one."""
    lines: list[list[Rect]] = []
    middle = 0.0
    for rect in sorted(rects, key=lambda item: -item[1] - item[3]):
        here = (rect[1] + rect[3]) / 2
        if not lines or middle - here > max(_LINE, (rect[3] - rect[1]) / 2):
            lines.append([])
            middle = here
        lines[-1].append(rect)
    found: list[list[float]] = []
    for line in lines:
        edges: list[float] = []
        end = float("-inf")
        for left, _bottom, right, _top in sorted(line):
            if left - end > _GAP:
                edges.append(left)
            end = max(end, right)
        found.append(edges)
    return found
