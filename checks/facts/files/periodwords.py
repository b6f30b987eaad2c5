"""Periods that cells state in words of a pack's languages: months, ranges of months, quarters and half-years.

`2021 Маусым`, `январь 2024`, `январь-июнь 2024 года`, `III квартал 2024`, `2024 жылғы 3 тоқсан`, `1 полугодие 2024`.
A cell states a period when nothing but unit words (жыл, года, г.) stands beside it; a range and a quarter are told by
their last month. The words are the pack's; a file is read with those that are `spoken` at the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple

from checks.facts.dates import DateReader
from config.pack import Extraction, Months

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_NUMBER = r"(?P<number>[1-4]|[IІ]{1,3}|[IІ]V)"
_UNIT = r"[^\W\d]{1,6}\.?"
_RANGE = re.compile(r"(?<!\w)[^\W\d]{3,}\.?\s?[-\u2013\u2014]\s?(?=[^\W\d]{3})")
_BESIDE = re.compile(rf"[\s,]*(?:{_UNIT})?[\s,]*")
_WORDY = re.compile(r"[^\W\d]")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_QUARTERS, _HALVES = 4, 2


class Spoken(NamedTuple):
    """The words of a pack: names of months by language, what a quarter and a half-year are called."""

    months: dict[str, Months]
    quarters: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()

    @classmethod
    def of(cls, extraction: Extraction) -> Spoken:
        """Return the words of a pack's extraction section."""
        return cls(
            extraction.months,
            tuple(_phrases(extraction, "quarter_words")),
            tuple(_phrases(extraction, "half_year_words")),
        )


class PeriodWords:
    """Reads periods in words. Deterministic; holds no state but a cache of cells."""

    def __init__(self, words: Spoken) -> None:
        self._dates = DateReader(words.months)
        self._parts = [
            *((pattern, 3, _QUARTERS) for pattern in _patterns(words.quarters)),
            *((pattern, 6, _HALVES) for pattern in _patterns(words.halves)),
        ]
        self.read = lru_cache(maxsize=4096)(self._read)
        """Returns the period that a text states, as ISO text of its precision; None when it states none."""

    def _read(self, text: str) -> str | None:
        if not _WORDY.search(text):
            return None
        plain = " ".join(text.split())
        return self._part(plain) or self._month(_RANGE.sub("", plain))

    def _part(self, text: str) -> str | None:
        for pattern, months, most in self._parts:
            hit = pattern.fullmatch(text)
            written = hit["number"].upper().replace("\u0406", "I") if hit else ""
            # Whatever the pattern lets through in any case, such as a dotted capital I, is no number for that.
            number = _ROMAN.get(written) or (int(written) if written.isdecimal() else 0)
            if hit and 0 < number <= most:
                return f"{hit['year']}-{months * number:02d}"
        return None

    def _month(self, text: str) -> str | None:
        found = self._dates.first(text)
        if found is None:
            return None
        before, after = text[: found.start], text[found.start + len(found.text) :]
        return found.value if not before.strip() and _BESIDE.fullmatch(after) else None


def _phrases(extraction: Extraction, meaning: str) -> Iterator[str]:
    return (phrase.p for phrases in extraction.phrases(meaning).values() for phrase in phrases)


def _patterns(words: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Yield patterns for a numbered part of a year: number, word, year; and year, number, word."""
    named = "|".join(re.escape(word) + r"[^\W\d]{0,4}\.?" for word in sorted(words, key=len, reverse=True))
    if not named:
        return
    ending = r"(?:(?:\s?-\s?|(?<=\d))[^\W\d]{1,3})?[\s-]{0,2}"  # 3-й, 1-ші, 2й
    yield re.compile(rf"{_NUMBER}{ending}(?:{named})[\s,]{{0,2}}{_YEAR}(?:\s?{_UNIT})?", re.IGNORECASE)
    yield re.compile(rf"{_YEAR}(?:\s?{_UNIT})?[\s,]{{1,2}}{_NUMBER}{ending}(?:{named})", re.IGNORECASE)


NO_WORDS = Spoken({})
_NONE = PeriodWords(NO_WORDS)
_SPOKEN: ContextVar[PeriodWords] = ContextVar("period_words")


def spoken() -> PeriodWords:
    """Return the words that files are read with now; none where nobody said which."""
    return _SPOKEN.get(_NONE)


@contextmanager
def speaking(words: Spoken) -> Iterator[None]:
    """Read files with these words until the block ends."""
    token = _SPOKEN.set(PeriodWords(words))
    try:
        yield
    finally:
        _SPOKEN.reset(token)
