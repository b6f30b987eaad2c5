"""The shape of a grid of cells: title rows above, header, data rows, blocks, empty columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from checks.facts.files.periods import in_grid
from checks.facts.files.personal import NOBODY, in_rows
from checks.facts.model import TableShape
from config.personal import PersonalFinder

_NUMBER = re.compile(r"\s*[-+]?[\d\s\u00a0.,]*\d[\d\s\u00a0.,]*%?\s*$")
_TITLE_ROWS = 30
_NUMBER_LENGTH = 40
_NEARLY = 0.5

Row = Sequence[Any]


def shape(
    rows: Sequence[Row],
    *,
    merged: int = 0,
    hidden: bool = False,
    complete: bool = True,
    finder: PersonalFinder = NOBODY,
) -> TableShape:
    """Return the shape of a grid. Cells are empty when None or blank text."""
    filled = [[not _is_empty(cell) for cell in row] for row in rows]
    used = [index for index, row in enumerate(filled) if any(row)]
    if not used:
        return TableShape(0, 0, hidden=hidden, complete=complete)
    first = _first_row(filled, used)
    columns = _columns(filled, first)
    body = [rows[index] for index in used if index >= first]
    header = _is_header(body)
    titles = sum(index < first for index in used)
    names = body[0] if header else ()
    personal, periods = in_rows(finder, body[header:], names), in_grid(body[header:], names)
    return TableShape(
        rows=len(body) - header, columns=len(columns), header=header, title_rows=titles, merged=merged,
        blocks=_blocks(filled, used[0], used[-1]), empty_columns=_gaps(columns), hidden=hidden, complete=complete,
        ragged=_ragged(filled, used, first), personal=personal, periods=periods,
    )  # fmt: skip


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _first_row(filled: list[list[bool]], used: list[int]) -> int:
    """Return where the table begins: the first row that is about as full as most of the rows are."""
    counts = Counter(sum(filled[index]) for index in used)
    usual = max(counts, key=lambda size: (counts[size] * (size > 1), size))
    early = (index for index in used[:_TITLE_ROWS] if sum(filled[index]) >= max(2, _NEARLY * usual))
    return next(early, used[0]) if usual > 1 else used[0]


def _columns(filled: list[list[bool]], first: int) -> list[int]:
    return sorted({index for row in filled[first:] for index, cell in enumerate(row) if cell})


def _gaps(columns: list[int]) -> int:
    return columns[-1] - columns[0] + 1 - len(columns) if columns else 0


def _is_header(body: Sequence[Row]) -> bool:
    """Tell whether the first row names the columns: texts, none twice, and no number where the rows below have some."""
    if len(body) < 2:  # noqa: PLR2004 - a table of one row
        return False
    names = [str(cell).strip() for cell in body[0] if not _is_empty(cell)]
    if not names or any(not isinstance(cell, str) for cell in body[0] if not _is_empty(cell)):
        return False
    return len(set(names)) == len(names) and sum(
        bool(_NUMBER.match(name[:_NUMBER_LENGTH])) for name in names
    ) <= 0.2 * len(names)


def _blocks(filled: list[list[bool]], first: int, last: int) -> int:
    """Count tables one below the other: runs of at least two rows of two cells, parted by an empty row."""
    blocks, run = 0, 0
    for row in [*filled[first : last + 1], []]:
        if any(row):
            run += sum(row) > 1
        else:
            blocks += run > 1
            run = 0
    return max(blocks, 1)


def _ragged(filled: list[list[bool]], used: list[int], first: int) -> int:
    """Count rows that have cells where the header row has none."""
    head = {index for index, cell in enumerate(filled[first]) if cell}
    return sum(any(cell and at not in head for at, cell in enumerate(filled[index])) for index in used if index > first)
