"""Letters: scripts, and the sequences of two and three letters that tell one language from its neighbours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from math import inf, log
from typing import NamedTuple

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
_CYRILLIC = re.compile(f"[{_LETTERS['Cyrl']}]")
_OTHER_THAN_CYRILLIC = re.compile(rf"[^\W\d_{_LETTERS['Cyrl']}]")
_SEAM = 2
"""The product of the classes of a Cyrillic (1) and a Latin (2) letter: scripts whose letters look alike."""
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_SHORT = 100
_REMEMBERED = 20_000
Costs = NDArray[np.int64]


def count_letters(text: str) -> int:
    """Return the number of letters in *text*: digits, signs and spaces do not speak a language."""
    if text.isascii():
        return len(text.encode().translate(None, _NO_ASCII_LETTERS))
    if len(text) <= _SHORT:
        return sum(map(str.isalpha, text))
    return int(np.count_nonzero(_classed(text)))


@lru_cache(maxsize=65536)
def script(letter: str) -> str:
    """Return the ISO 15924 code of a letter's script; `Zyyy` for scripts that no profile is written in."""
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ", 1)[0], _UNKNOWN_SCRIPT)


@cache
def _classes() -> NDArray[np.uint8]:
    """Return the class of each code unit: 0 no letter, else one more than its script's place in `_CODES`."""
    letters = (chr(code) if not 0xD800 <= code < 0xE000 else " " for code in range(0x10000))  # noqa: PLR2004 - surrogates
    return np.array([_CODES.index(script(sign)) + 1 if sign.isalpha() else 0 for sign in letters], dtype=np.uint8)


def _classed(text: str) -> NDArray[np.uint8]:
    """Return the class of each sign of *text*. Letters beyond the basic plane are in no profile's script."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    return _classes()[units]


class Writing(NamedTuple):
    """The script of most letters of a text, and whether Latin and Cyrillic letters meet within a word of it."""

    script: str
    mixed: bool = False


def writing_of(text: str) -> Writing:
    """Look at the letters of *text*."""
    if text.isascii():
        return Writing("Latn" if count_letters(text) else _UNKNOWN_SCRIPT)
    if not _OTHER_THAN_CYRILLIC.search(text) and _CYRILLIC.search(text):
        return Writing("Cyrl")
    classed = _classed(text)
    counted = np.bincount(classed, minlength=len(_CODES) + 1)[1:]
    mixed = counted[0] and counted[1] and np.any(classed[1:] * classed[:-1] == _SEAM)
    return Writing(_CODES[int(counted.argmax())] if counted.any() else _UNKNOWN_SCRIPT, bool(mixed))


def script_of(text: str) -> str:
    """Return the script of most letters of *text*."""
    return writing_of(text).script


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
    return [gram for word in words(text, script_code) for gram in _inner(word)]


def _inner(word: str) -> list[str]:
    """Return the sequences of a word and its edges."""
    line = f"_{word}_"
    pairs = [line[index : index + 2] for index in range(len(line) - 1)]
    return pairs + [line[index : index + 3] for index in range(len(line) - 2)]


class Nearest(NamedTuple):
    """The language that a text costs least in, the lead over the next one, and the mean cost of a sequence in it.

    Costs are logarithms: how unlikely the text is to be written in that language.
    """

    language: str
    lead: float
    cost: float
    sequences: int


class Table:
    """The profiles of one script side by side. Words repeat, so what one costs is remembered."""

    def __init__(self, profiles: Sequence[LetterProfile], favoured: Collection[str] = (), favour: float = 0) -> None:
        """Lay out *profiles*; the *favoured* languages cost *favour* less."""
        self._script = profiles[0].script
        profiles = sorted(profiles, key=lambda item: item.language)
        codes = [item.language for item in profiles]
        starts = [codes.index(code) for code in dict.fromkeys(codes)]
        self._spans = [
            (codes[first], first, last, 100 * favour * (codes[first] in favoured))
            for first, last in zip(starts, [*starts[1:], len(codes)], strict=True)
        ]
        self._row = {
            gram: index for index, gram in enumerate(dict.fromkeys(g for item in profiles for g in item.grams))
        }
        # Whole hundredths: sums of them are exact, in whatever order they are taken.
        self._costs: Costs = np.full((len(self._row) + 1, len(profiles)), round(-100 * log(FLOOR)))
        for column, item in enumerate(profiles):
            for gram, cost in item.grams.items():
                self._costs[self._row[gram], column] = cost
        self._place: dict[str, int] = {}
        self._remembered: Costs = np.empty((2 * _REMEMBERED, len(profiles)), dtype=np.int64)

    def nearest(self, text: str) -> Nearest | None:
        """Return the nearest language of *text*, each in its cheapest orthography; None when it has no word."""
        found = words(text, self._script)
        if not found:
            return None
        costs = self._of_words(found).tolist()
        best = lead = inf
        nearest, own = "", inf
        for language, first, last, favour in self._spans:
            cost = min(costs[first:last])
            ranked = cost - favour
            if ranked < best:
                lead, best, nearest, own = best - ranked, ranked, language, cost
            elif ranked - best < lead:
                lead = ranked - best
        sequences = 2 * len("".join(found)) + len(found)
        return Nearest(nearest, lead / 100, own / 100 / sequences, sequences)

    def _of_words(self, found: list[str]) -> Costs:
        if len(found) > _REMEMBERED:
            return self._of_words(found[:_REMEMBERED]) + self._of_words(found[_REMEMBERED:])
        if len(self._place) > _REMEMBERED:
            self._place.clear()
        place = self._place
        rows = [place.get(word, -1) for word in found]
        if -1 in rows:
            self._remember([word for word in dict.fromkeys(found) if word not in place])
            rows = [place[word] for word in found]
        summed: Costs = np.add.reduce(self._remembered.take(rows, axis=0), axis=0)
        return summed

    def _remember(self, new: list[str]) -> None:
        """Work out what *new* words cost, all in one go."""
        inner = [_inner(word) for word in new]
        costs = self._of_grams([gram for line in inner for gram in line])
        starts = [0, *accumulate(map(len, inner))][:-1]
        first = len(self._place)
        self._remembered[first : first + len(new)] = np.add.reduceat(costs, starts, axis=0)
        self._place.update(zip(new, range(first, first + len(new)), strict=True))

    def _of_grams(self, found: list[str]) -> Costs:
        unknown, row = len(self._row), self._row
        costs: Costs = self._costs.take([row.get(gram, unknown) for gram in found], axis=0)
        return costs
