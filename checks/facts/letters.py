"""Letters: scripts, and the sequences of two and three letters that tell one language from its neighbours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from config.profiles import LetterProfile

FLOOR = 1e-5
"""The share of a sequence that a profile does not hold."""
_SCRIPTS = {"CYRILLIC": "Cyrl", "LATIN": "Latn", "ARABIC": "Arab"}
_APOSTROPHES = "’‘ʻʼ`´"
_UNKNOWN_SCRIPT = "Zyyy"
_CODES = (*_SCRIPTS.values(), _UNKNOWN_SCRIPT)
_ADDRESSES = re.compile(r"\b(?:https?://|www\.)\S+")
_ADDRESS_SIGNS = ("://", "www.")
_LETTERS = {
    "Cyrl": r"\u0400-\u0481\u048a-\u052f",
    "Latn": r"a-z\u00df-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff",
    "Arab": r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ef\u06fa-\u06ff",
}
_WORDS = {code: re.compile(f"[{letters}][{letters}']*") for code, letters in _LETTERS.items()}
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_SHORT = 100
_REMEMBERED = 40_000
_LONGEST_REMEMBERED = 40


def count_letters(text: str) -> int:
    """Return the number of letters in *text*: digits, signs and spaces do not speak a language."""
    if text.isascii():
        return len(text.encode().translate(None, _NO_ASCII_LETTERS))
    if len(text) <= _SHORT:
        return sum(map(str.isalpha, text))
    return int(_counts(text)[1:].sum())


@lru_cache(maxsize=65536)
def script(letter: str) -> str:
    """Return the ISO 15924 code of a letter's script; `Zyyy` for scripts that no profile is written in."""
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ", 1)[0], _UNKNOWN_SCRIPT)


@cache
def _classes() -> NDArray[np.uint8]:
    """Return the class of each code unit: 0 no letter, else one more than its script's place in `_CODES`."""
    letters = (chr(code) if not 0xD800 <= code < 0xE000 else " " for code in range(0x10000))  # noqa: PLR2004 - surrogates
    return np.array([_CODES.index(script(sign)) + 1 if sign.isalpha() else 0 for sign in letters], dtype=np.uint8)


def _counts(text: str) -> NDArray[np.int64]:
    """Return how many signs of *text* are of each class. Letters beyond the basic plane are in no profile's script."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    counted: NDArray[np.int64] = np.bincount(_classes()[units], minlength=len(_CODES) + 1)
    return counted


def scripts_of(text: str) -> dict[str, int]:
    """Return how many letters of *text* are of each script that is there, the commonest first."""
    counted = {"Latn": count_letters(text)} if text.isascii() else dict(zip(_CODES, _counts(text)[1:].tolist(), strict=True))
    return {code: n for code, n in sorted(counted.items(), key=lambda item: -item[1]) if n}


def script_of(text: str) -> str:
    """Return the script of most letters of *text*."""
    return next(iter(scripts_of(text)), _UNKNOWN_SCRIPT)


def words(text: str, script_code: str) -> list[str]:
    """Return the words of one script in *text*, in lower case; addresses are none.

    An apostrophe counts after a letter: it is part of one in several orthographies, and elsewhere a quotation mark.
    """
    if any(sign in text for sign in _ADDRESS_SIGNS):
        text = _ADDRESSES.sub(" ", text)
    text = text.lower().replace("i̇", "i")
    for sign in _APOSTROPHES:
        text = text.replace(sign, "'")
    return _WORDS[script_code].findall(text)


def grams(text: str, script_code: str) -> list[str]:
    """Return the sequences of two and three letters of one script in *text*, `_` being the edge of a word."""
    found = words(text, script_code)
    return [gram for word in found for gram in _inner(word)] + [
        _joint(left, right) for left, right in zip(found, found[1:], strict=False)
    ]


def _inner(word: str) -> list[str]:
    """Return the sequences of a word and its edges."""
    line = f"_{word}_"
    pairs = [line[index : index + 2] for index in range(len(line) - 1)]
    return pairs + [line[index : index + 3] for index in range(len(line) - 2)]


def _joint(left: str, right: str) -> str:
    """Return the sequence across the space between two words."""
    return f"{left[-1]}_{right[0]}"


class Table:
    """The profiles of one script side by side. Words repeat, so what one costs is remembered."""

    def __init__(self, profiles: Sequence[LetterProfile]) -> None:
        self._script = profiles[0].script
        self.languages = tuple(item.language for item in profiles)
        names = dict.fromkeys(gram for item in profiles for gram in item.grams)
        self._row = {gram: index for index, gram in enumerate(names)}
        # Whole hundredths: sums of them are exact, in whatever order they are taken.
        self._costs: NDArray[np.int64] = np.full((len(self._row) + 1, len(profiles)), round(-100 * log(FLOOR)))
        for column, item in enumerate(profiles):
            for gram, cost in item.grams.items():
                self._costs[self._row[gram], column] = cost
        self._place: dict[str, int] = {}
        self._remembered: NDArray[np.int64] = np.empty((_REMEMBERED, len(profiles)), dtype=np.int64)

    def costs(self, text: str) -> tuple[dict[str, float], int]:
        """Return what writing *text* costs in each language (its cheapest orthography), and the sequences counted."""
        found = words(text, self._script)
        summed = self._of_words(found) + self._of_grams(list(map(_joint, found, found[1:])))
        cheapest: dict[str, float] = {}
        for language, cost in zip(self.languages, (summed / 100).tolist(), strict=True):
            cheapest[language] = min(cost, cheapest.get(language, cost))
        return cheapest, 2 * (len("".join(found)) + len(found)) - 1 if found else 0

    def _of_words(self, found: list[str]) -> NDArray[np.int64]:
        if len(self._place) + len(found) > _REMEMBERED:
            self._place.clear()
        rows = [self._place.get(word) for word in found]
        known = [row for row in rows if row is not None]
        summed = self._remembered[known].sum(axis=0)
        for word in (word for word, row in zip(found, rows, strict=True) if row is None):
            summed = summed + self._remember(word)
        return summed

    def _remember(self, word: str) -> NDArray[np.int64]:
        cost = self._of_grams(_inner(word))
        if len(word) <= _LONGEST_REMEMBERED and len(self._place) < _REMEMBERED:
            self._remembered[self._place.setdefault(word, len(self._place))] = cost
        return cost

    def _of_grams(self, found: list[str]) -> NDArray[np.int64]:
        unknown = len(self._row)
        summed: NDArray[np.int64] = self._costs[[self._row.get(gram, unknown) for gram in found]].sum(axis=0)
        return summed
