"""Letters: scripts, and the sequences of two and three letters that tell one language from its neighbours."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from config.profiles import LetterProfile

FLOOR = 1e-5
"""The share of a sequence that a profile does not hold."""
_SCRIPTS = {"CYRILLIC": "Cyrl", "LATIN": "Latn", "ARABIC": "Arab"}
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʻʼ`´", "'"))
_UNKNOWN_SCRIPT = "Zyyy"
_ADDRESSES = re.compile(r"\b(?:https?://|www\.)\S+")
_LETTERS = {
    "Cyrl": r"\u0400-\u0481\u048a-\u052f",
    "Latn": r"a-z\u00df-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff",
    "Arab": r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ef\u06fa-\u06ff",
}
_WORDS = {code: re.compile(f"[{letters}][{letters}']*") for code, letters in _LETTERS.items()}


@lru_cache(maxsize=65536)
def script(letter: str) -> str:
    """Return the ISO 15924 code of a letter's script; `Zyyy` for scripts that no profile is written in."""
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ", 1)[0], _UNKNOWN_SCRIPT)


def script_of(text: str) -> str:
    """Return the script of most letters of *text*."""
    counted: Counter[str] = Counter()
    for letter, times in Counter(text).items():
        if letter.isalpha():
            counted[script(letter)] += times
    return counted.most_common(1)[0][0] if counted else _UNKNOWN_SCRIPT


def grams(text: str, script_code: str) -> list[str]:
    """Return the sequences of two and three letters of one script in *text*, `_` being the edge of a word.

    An apostrophe counts after a letter: it is part of one in several orthographies, and elsewhere a quotation mark.
    """
    lower = _ADDRESSES.sub(" ", text).lower().replace("i̇", "i").translate(_APOSTROPHES)
    words = _WORDS[script_code].findall(lower)
    line = f"_{'_'.join(words)}_" if words else ""
    pairs = [line[index : index + 2] for index in range(len(line) - 1)]
    return pairs + [line[index : index + 3] for index in range(len(line) - 2)]


class Table:
    """The profiles of one script side by side."""

    def __init__(self, profiles: Sequence[LetterProfile]) -> None:
        self._script = profiles[0].script
        self.languages = tuple(item.language for item in profiles)
        floor = float(-np.log(FLOOR))
        self._row = {
            gram: index for index, gram in enumerate(dict.fromkeys(g for item in profiles for g in item.grams))
        }
        self._costs: NDArray[np.float64] = np.full((len(self._row) + 1, len(profiles)), floor)
        for column, item in enumerate(profiles):
            for gram, cost in item.grams.items():
                self._costs[self._row[gram], column] = cost / 100

    def costs(self, text: str) -> tuple[dict[str, float], int]:
        """Return what writing *text* costs in each language (its cheapest orthography), and the sequences counted."""
        unknown = len(self._row)
        found = [self._row.get(gram, unknown) for gram in grams(text, self._script)]
        summed = self._costs[found].sum(axis=0)
        cheapest: dict[str, float] = {}
        for language, cost in zip(self.languages, summed.tolist(), strict=True):
            cheapest[language] = min(cost, cheapest.get(language, cost))
        return cheapest, len(found)
