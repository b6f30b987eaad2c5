"""Letters: scripts, and the sequences of two and three letters that tell one language from its neighbours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_SCRIPTS = {"CYRILLIC": "Cyrl", "LATIN": "Latn", "ARABIC": "Arab"}
_APOSTROPHES = "’‘ʻʼ`´"
_DOT_ABOVE = "\u0307"
_NEW_LINE = 10
_UNKNOWN_SCRIPT = "Zyyy"
_CODES = (*_SCRIPTS.values(), _UNKNOWN_SCRIPT)
_ADDRESSES = re.compile(r"\b(?:https?://|www\.)\S+")
_LETTERS = {
    "Cyrl": r"\u0400-\u0481\u048a-\u052f",
    "Latn": r"a-z\u00df-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff",
    "Arab": r"\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ef\u06fa-\u06ff",
}
_WORDS = {code: re.compile(f"[{letters}][{letters}']*") for code, letters in _LETTERS.items()}
_WORDS_AND_LINES = {code: re.compile(rf"{word.pattern}|\n") for code, word in _WORDS.items()}
_CYRILLIC = re.compile(f"[{_LETTERS['Cyrl']}]")
_OTHER_THAN_CYRILLIC = re.compile(rf"[^\W\d_{_LETTERS['Cyrl']}]")
_SEAM = 2
"""The product of the classes of a Cyrillic (1) and a Latin (2) letter: scripts whose letters look alike."""
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_SHORT = 100
_BASIC = 0x10000
"""Code units of UTF-16: the signs of the basic plane, and surrogates, which are no letters here."""
# What is not seen: zero-width characters, marks of direction, soft hyphens. They stand within words of real pages.
UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BITS = 12
"""Width of a counter of a look."""
MOST_LOOKED_AT = 2**_BITS // 2 - 1
"""Signs of a text that a look counts; a sign may be two code units."""


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
    return np.array(
        [_CODES.index(script(sign)) + 1 if sign.isalpha() else 0 for sign in map(chr, range(_BASIC))], dtype=np.uint8
    )


def _classed(text: str) -> NDArray[np.uint8]:
    """Return the class of each sign of *text*. Letters beyond the basic plane are in no profile's script."""
    return _classes().take(code_units(text))


def code_units(text: str) -> NDArray[np.uint16]:
    """Return *text* in UTF-16."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


@cache
def _small() -> NDArray[np.uint16]:
    """Return the small letter of each code unit, itself where that is no single unit."""
    small = [sign.lower() for sign in map(chr, range(_BASIC))]
    return np.array([ord(low) if len(low) == 1 else code for code, low in enumerate(small)], dtype=np.uint16)


def lowered(text: str) -> str:
    """Return *text* in lower case, each sign by itself; of a whole page in a quarter of the time of `str.lower`."""
    if text.isascii():
        return text.lower()
    return _small().take(code_units(text)).tobytes().decode("utf-16-le", "surrogatepass")


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


class Looks(NamedTuple):
    """What a first look at each of many texts tells: its letters, the script of most of them, whether that is all.

    `settled` is a text that normalising (NFC) leaves as it is, in which nothing is unseen, and no word in Latin and
    Cyrillic letters. Of others the count of letters may be off.
    """

    letters: list[int]
    scripts: list[str]
    settled: list[bool]

    def of(self, numbers: Sequence[int]) -> Looks:
        """Return what was seen of the texts of these *numbers*."""
        letters, scripts, settled = self
        return Looks(
            [letters[number] for number in numbers],
            [scripts[number] for number in numbers],
            [settled[number] for number in numbers],
        )


def looks(texts: Sequence[str]) -> Looks:
    """Look at many *texts* at once, each of at most `MOST_LOOKED_AT` signs."""
    if not texts:
        return Looks([], [], [])
    units = code_units(side_by_side(texts))
    lines = np.flatnonzero(units == _NEW_LINE)
    added = np.add.reduceat(_counters().take(units), lines[:-1])
    counts = added[:, np.newaxis] >> (_BITS * np.arange(len(_CODES) + 1)) & (2**_BITS - 1)
    letters, settled = counts[:, :-1], counts[:, -1] == 0
    classed = _classes().take(units)
    seams = np.flatnonzero(classed[1:] * classed[:-1] == _SEAM)
    settled[np.searchsorted(lines, seams, side="right") - 1] = False
    scripts = np.where(letters.any(axis=1), letters.argmax(axis=1), len(_CODES) - 1)
    return Looks(letters.sum(axis=1).tolist(), [_CODES[number] for number in scripts.tolist()], settled.tolist())


@cache
def _counters() -> NDArray[np.int64]:
    """Return for each code unit what it adds to counters side by side in a number: of its script, of the unsettled."""
    classes = _classes()
    counters = np.array([0, *(1 << _BITS * number for number in range(len(_CODES)))])[classes]
    known = ((classes > 0) & (classes < len(_CODES))).tolist()
    settled = [_is_settled(chr(code), known=known[code]) for code in range(_BASIC)]
    return np.where(settled, counters, counters + (1 << _BITS * len(_CODES)))


def _is_settled(sign: str, *, known: bool) -> bool:
    """Tell whether a sign is the same composed, whatever stands before it: a letter of a known script, or no letter."""
    alone = known or unicodedata.category(sign)[0] in "PSZN" or sign in "\t\n\r"
    return alone and unicodedata.is_normalized("NFC", sign) and not UNSEEN.match(sign)


def side_by_side(texts: Sequence[str]) -> str:
    """Return *texts* as one, a line feed before and after each."""
    whole = "\n".join(["", *texts, ""])
    if whole.count("\n") > len(texts) + 1:
        return side_by_side([text.replace("\n", " ") for text in texts])
    return whole


def without_addresses(text: str) -> str:
    """Return *text* without addresses of the web: they are no words."""
    # One sign is found many times faster than several in a row.
    named = ("/" in text and "://" in text) or ("w" in text and "www." in text)
    return _ADDRESSES.sub(" ", text) if named else text


def words(text: str, script_code: str) -> list[str]:
    """Return the words of one script in *text*, in lower case; addresses are none.

    An apostrophe counts after a letter: it is part of one in several orthographies, and elsewhere a quotation mark.
    """
    return _WORDS[script_code].findall(_folded(without_addresses(text)))


def undotted(text: str) -> str:
    """Return *text* with the small letter of the Turkish dotted capital, as Python makes it, as a plain i."""
    return text.replace(f"i{_DOT_ABOVE}", "i") if _DOT_ABOVE in text else text


def _folded(text: str) -> str:
    text = undotted(text.lower())
    for sign in _APOSTROPHES:
        text = text.replace(sign, "'")
    return text


@cache
def word_signs(script_code: str) -> NDArray[np.bool_]:
    """Return for each code unit whether words of that script are written with it: letters, capitals, apostrophes."""
    word = _WORDS[script_code]
    signs = (_folded(sign) if sign.isalpha() or sign in _APOSTROPHES else sign for sign in map(chr, range(_BASIC)))
    return np.array([sign == "'" or bool(word.fullmatch(sign)) for sign in signs])


def words_apart(texts: Iterable[str], script_code: str) -> str:
    """Return the words of each text on a line of their own, each word between two `_`."""
    found = _WORDS_AND_LINES[script_code].findall(_folded("\n".join(texts)))
    return "".join([f"_{word}_ " if word != "\n" else word for word in found])


def grams(text: str, script_code: str) -> list[str]:
    """Return the sequences of two and three letters of one script in *text*, `_` being the edge of a word."""
    return [gram for word in words(text, script_code) for gram in _inner(word)]


def _inner(word: str) -> list[str]:
    """Return the sequences of a word and its edges."""
    line = f"_{word}_"
    pairs = [line[index : index + 2] for index in range(len(line) - 1)]
    return pairs + [line[index : index + 3] for index in range(len(line) - 2)]
