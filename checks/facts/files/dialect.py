"""How a delimited text is written: delimiter, quote, escape, line end. Found by how evenly lines fall into cells."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from checks.facts.files.cells import split
from checks.facts.model import Dialect

DELIMITERS = (",", ";", "\t", "|", "^", "~", ":", " ")
_COMMON = frozenset(",;\t|")
_LINES = 120
_CHARS = 1 << 16
_QUOTE_CHARS = 1 << 14
_MOST_CELLS = 1500
_RARE = 0.2
"""A sign that stands in fewer lines than this share parts no cells."""
_NUMBER = re.compile(r"[-+(]?[$€£₸]?\s?\d[\d\s.,'\u00a0]*(?:[eE][-+]?\d+)?\)?\s?%?$")
_DATE = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$|\d{1,2}:\d{2}(?::\d{2})?$"
)
_TOLD = re.compile(r"\ufeff?\"?sep=([,;\t|^~: ])\"?[ \t;,]*(?:\r\n|\n|\r)", re.IGNORECASE)
_WORD = re.compile(r"[\w.#/&@%'()+-]+(?: [\w.#/&@%'()+-]+){0,5}$")


class Reading(msgspec.Struct, frozen=True):
    """A text read with one dialect: how well it falls into a table (0..1), and the width most lines have."""

    dialect: Dialect
    score: float
    width: int
    even: float
    typed: float = 0.0
    rows: int = 0


def dialect_of(text: str, lines: int = _LINES) -> Reading:
    """Return the best reading of a text by its first *lines*. A text of one column scores 0 with a comma."""
    told = told_of(text)
    head = _whole_lines(text[told.end() if told else 0 :], _CHARS if lines == _LINES else _CHARS // 4)
    line_end = _line_end(head)
    edges = _QUOTE_CHARS if lines == _LINES else _QUOTE_CHARS // 4
    least = max(1, _RARE * min(head.count(line_end), lines))
    readings = [_read(head, delimiter, quote, line_end, lines) for delimiter in DELIMITERS
                if head.count(delimiter) >= least for quote in _quotes(head[:edges], delimiter)]  # fmt: skip
    if told:  # a line for spreadsheet programs, which says what the delimiter is
        readings = [item for item in readings if item.dialect.delimiter == told[1]] or readings
    best = max(readings, key=lambda item: item.score, default=None)
    if best is None or best.score <= 0:
        quote = next(iter(_quotes(head, ",")), "")
        return Reading(Dialect(",", quote, _escape(head, quote), line_end), 0.0, 1, 1.0)
    return best


def told_of(text: str) -> re.Match[str] | None:
    """Return the line `sep=;` that spreadsheet programs put first, with the delimiter as its group, or None."""
    return _TOLD.match(text)


def _whole_lines(text: str, limit: int) -> str:
    """Return the beginning of a text without the line that the limit would cut."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    return head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head


def _line_end(text: str) -> str:
    counted = {"\r\n": text.count("\r\n")}
    counted["\n"] = text.count("\n") - counted["\r\n"]
    counted["\r"] = text.count("\r") - counted["\r\n"]
    return max(counted, key=lambda end: counted[end]) if any(counted.values()) else "\n"


def _quotes(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the quotes that stand at the edges of cells; empty string alone when there is none."""
    found = []
    edge = re.escape(delimiter)
    for quote in "\"'":
        if quote not in text:
            continue
        opens = len(re.findall(rf"(?:^|{edge})[ ]?{quote}", text, re.MULTILINE))
        closes = len(re.findall(rf"{quote}[ ]?(?:{edge}|\r?$)", text, re.MULTILINE))
        even = min(opens, closes) > 1 and abs(opens - closes) <= 0.2 * opens
        if opens and closes and (quote == '"' or even):
            found.append(quote)
    return tuple(found[:1]) or ("",)


def _escape(text: str, quote: str) -> str:
    if not quote:
        return ""
    if re.search(rf"\\{quote}[^,;\t|\r\n]", text):
        return "\\"
    return quote if re.search(rf"[^,;\t|\r\n]{quote}{quote}|{quote}{quote}[^,;\t|\r\n{quote}]", text) else ""


def _read(text: str, delimiter: str, quote: str, line_end: str, most: int) -> Reading:
    dialect = Dialect(delimiter, quote, _escape(text[:_QUOTE_CHARS], quote), line_end)
    rows = [row for row in split(text, dialect, most) if any(cell and not cell.isspace() for cell in row)]
    widths = Counter(_width(row) for row in rows)
    if not rows or max(widths) < 2:  # noqa: PLR2004
        return Reading(dialect, 0.0, 1, 1.0)
    width, number = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    even = number / len(rows)
    cells = [cell for row in rows for cell in row]
    cells = cells[:: len(cells) // (_MOST_CELLS if most == _LINES else _MOST_CELLS // 5) + 1]
    typed = sum(map(_typed, cells)) / len(cells)
    pattern = sum(count * (size - 1) / size for size, count in widths.items()) / len(widths)
    rarity = 1.0 if delimiter in _COMMON else 0.3 if delimiter in ": " else 0.7
    score = pattern * typed * typed * rarity * (0.3 + 0.7 * even)
    return Reading(dialect, score, width, even, typed, len(rows))


def _width(row: list[str]) -> int:
    """Return the cells of a row without one empty cell that a delimiter at the line's end makes."""
    return len(row) - (len(row) > 1 and not row[-1])


def _typed(cell: str) -> float:
    """Return how much a cell looks like one value: number, date and name do, a sentence or half a quote do not."""
    text = cell.strip()
    if not text:
        return 0.6
    if _NUMBER.match(text) or _DATE.match(text):
        return 1.0
    if "http" in text[:5]:
        return 1.0
    return 0.9 if _WORD.match(text) else 0.3
