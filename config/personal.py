"""Personal identifiers in texts: a pack's patterns with their checks. Plain and pure: texts in, counts out.

Used to redact excerpts, to flag archived bodies, and to count columns of published tables. A pattern alone finds
numbers of the right form; only those whose check holds identify somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from config.pack import PersonalPattern

_IIN_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))


def is_iin(digits: str) -> bool:
    """Tell whether 12 digits carry the checksum of the Kazakh individual identification number.

    Weights 1..11, then 3..11,1,2 when the first remainder is 10; a second remainder of 10 is no valid number.
    """
    if len(digits) != 12 or not digits.isdigit():  # noqa: PLR2004 - the number's length
        return False
    numbers = [int(digit) for digit in digits]
    for weights in _IIN_WEIGHTS:
        rest = sum(number * weight for number, weight in zip(numbers, weights, strict=False)) % 11
        if rest < 10:  # noqa: PLR2004 - one decimal digit
            return rest == numbers[11]
    return False


CHECKS: dict[str, Callable[[str], bool]] = {"none": lambda _text: True, "iin": is_iin}


class Tally(msgspec.Struct, frozen=True):
    """How many numbers of a pattern's form a text holds, and for how many of them the check holds."""

    alike: int
    valid: int


class PersonalFinder:
    """Finds the identifiers of one pack. Holds no text and keeps nothing of what it has seen."""

    def __init__(self, patterns: Iterable[PersonalPattern] = ()) -> None:
        self._patterns = [(item.id, re.compile(item.pattern), CHECKS[item.check], item.digits) for item in patterns]

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self._patterns)

    def numbers(self, text: str) -> Iterator[str]:
        """Yield each identifier that stands in *text*, once: for redaction only, never to be stored."""
        for _name, pattern, check, _digits in self._patterns:
            found = {hit.group() for hit in pattern.finditer(text)}
            yield from sorted(filter(check, found))

    def counts(self, text: str) -> dict[str, Tally]:
        """Return tallies by the pattern's id; ids of which the text holds nothing alike are left out."""
        found: dict[str, Tally] = {}
        for name, pattern, check, _digits in self._patterns:
            hits = [hit.group() for hit in pattern.finditer(text)]
            if hits:
                found[name] = Tally(len(hits), sum(map(check, hits)))
        return found

    def column(self, cells: Iterable[object]) -> dict[str, Tally]:
        """Return tallies of one column of a table.

        A spreadsheet stores digits as a number and drops the zeros in front: a whole number is filled up to the
        pattern's `digits` where it lacks at most two.
        """
        texts = [text for cell in cells if (text := _text(cell))]
        found = self.counts("\n".join(texts))
        for name, pattern, check, digits in self._patterns:
            short = [text.zfill(digits) for text in texts if digits and digits - 2 <= len(text) < digits]
            hits = [text for text in short if text.isdigit() and pattern.fullmatch(text)]
            if hits:
                had = found.get(name, Tally(0, 0))
                found[name] = Tally(had.alike + len(hits), had.valid + sum(map(check, hits)))
        return found


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else ""
    return str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else ""
