"""The letter profiles of one script side by side: which language a text costs least in, for many texts at once.

A text costs what its words cost, and a word what its sequences of two and three letters cost in each profile. Words
repeat, so what one costs is worked out once. Everything else is done on arrays: texts stand side by side as UTF-16 code
units, words as rows of costs, and each text is the sum of its rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from checks.facts.letters import code_units, side_by_side, undotted, without_addresses, word_signs, words_apart
from config.profiles import LetterProfile

FLOOR = 1e-5
"""The share of a sequence that a profile does not hold."""
_REMEMBERED = 20_000
MOST_SIGNS = 30_000
"""Signs of texts that are weighed in one go, so that their words fit beside those remembered."""
_SPACE, _NEW_LINE = 32, 10
_NOTHING, _UNKNOWN = 0, 1
"""What no letter and no sequence is, and what a profile does not hold."""
_Costs = NDArray[np.float32]
"""Whole hundredths. Of texts of up to 5,000 signs sums stay below 2^24, up to which floats are exact."""


class Nearest(NamedTuple):
    """The language that a text costs least in, the lead over the next one, and the mean cost of a sequence in it.

    Costs are logarithms: how unlikely the text is to be written in that language.
    """

    language: str
    lead: float
    cost: float
    sequences: int


class _Places(dict[str, int]):
    """Numbers words as they come; `new` are those that nobody has looked at yet."""

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, word: str) -> int:
        self.new.append(word)
        self[word] = place = len(self)
        return place


class Table:
    """The profiles of one script, one column each, and a last column that counts sequences."""

    def __init__(self, profiles: Sequence[LetterProfile], favoured: Collection[str] = (), favour: float = 0) -> None:
        """Lay out *profiles*; the *favoured* languages cost *favour* less."""
        self._script = profiles[0].script
        profiles = sorted(profiles, key=lambda item: item.language)
        codes = [item.language for item in profiles]
        self._languages = list(dict.fromkeys(codes))
        self._firsts = [codes.index(code) for code in self._languages]
        self._favours = np.array([100 * favour * (code in favoured) for code in self._languages])
        self._sequences = _Sequences(profiles)
        self._signs = word_signs(self._script)
        self._places = _Places()
        self._remembered: _Costs = np.empty((_REMEMBERED + MOST_SIGNS, len(profiles) + 1), dtype=np.float32)

    def nearest(self, texts: Sequence[str]) -> list[Nearest | None]:
        """Return the nearest language of each text, in its cheapest orthography; None for one that has no word.

        The texts are at most `MOST_SIGNS` long in all.
        """
        found: list[Nearest | None] = [None] * len(texts)
        sums, owners = self._summed(texts)
        if not len(owners):
            return found
        costs = np.minimum.reduceat(sums[:, :-1], self._firsts, axis=1)
        ranked = costs - self._favours
        best = ranked.argmin(axis=1)
        leads = self._leads(ranked)
        own = costs[np.arange(len(costs)), best]
        told = zip(owners.tolist(), best.tolist(), leads.tolist(), own.tolist(), sums[:, -1].tolist(), strict=True)
        for owner, language, lead, cost, sequences in told:
            if sequences:
                found[owner] = Nearest(self._languages[language], lead / 100, cost / 100 / sequences, int(sequences))
        return found

    def _leads(self, ranked: NDArray[np.float64]) -> NDArray[np.float64]:
        if ranked.shape[1] == 1:
            return np.full(len(ranked), inf)
        lowest = np.partition(ranked, 1, axis=1)
        leads: NDArray[np.float64] = lowest[:, 1] - lowest[:, 0]
        return leads

    def _summed(self, texts: Sequence[str]) -> tuple[_Costs, NDArray[np.intp]]:
        """Return the sums of the rows of the words of each text that has one, and which text each sum is of."""
        units = code_units(undotted(without_addresses(side_by_side(texts))))
        inside = self._signs.take(units)
        begins = np.flatnonzero(inside[1:] > inside[:-1])
        bounds = np.searchsorted(begins, np.flatnonzero(units == _NEW_LINE))
        owners = np.flatnonzero(bounds[1:] > bounds[:-1])
        if not len(owners):
            return np.empty((0, len(self._languages) + 1), dtype=np.float32), owners
        spaced = np.where(inside, units, np.uint16(_SPACE))
        rows = self._rows(spaced.tobytes().decode("utf-16-le").split())
        return np.add.reduceat(self._remembered.take(rows, axis=0), bounds[owners], axis=0), owners

    def _rows(self, found: list[str]) -> NDArray[np.intp]:
        """Return the places of the words *found* among those remembered."""
        if len(self._places) > _REMEMBERED:
            self._places.clear()
        rows = np.fromiter(map(self._places.__getitem__, found), dtype=np.intp, count=len(found))
        new = self._places.new
        if new:
            first = len(self._places) - len(new)
            self._remembered[first : first + len(new)] = self._sequences.of(words_apart(new, self._script))
            self._places.new = []
        return rows


class _Sequences:
    """What each sequence of two or three letters costs in each profile.

    Letters are numbered, so a pair or a triple of them is a place in a square or a cube, which holds a row's number.
    """

    def __init__(self, profiles: Sequence[LetterProfile]) -> None:
        grams = list(dict.fromkeys(gram for item in profiles for gram in item.grams))
        alphabet = sorted({letter for gram in grams for letter in gram})
        self._number: NDArray[np.intp] = np.where(word_signs(profiles[0].script), _UNKNOWN, _NOTHING)
        self._number[[ord(letter) for letter in alphabet]] = np.arange(len(alphabet)) + 2
        self._side = len(alphabet) + 2
        self._pairs = _rows_of_unknown(self._side, 2)
        self._triples = _rows_of_unknown(self._side, 3)
        self._costs: _Costs = np.full((len(grams) + 2, len(profiles) + 1), round(-100 * log(FLOOR)), dtype=np.float32)
        self._costs[:, -1] = 1
        self._costs[_NOTHING] = 0
        for row, gram in enumerate(grams, start=2):
            place = tuple(self._number[[ord(letter) for letter in gram]])
            (self._pairs if len(gram) == 2 else self._triples)[place] = row  # noqa: PLR2004 - a pair
            for column, item in enumerate(profiles):
                if gram in item.grams:
                    self._costs[row, column] = item.grams[gram]

    def of(self, line: str) -> _Costs:
        """Return what the words of each line of *line* cost in all, `_` being the edge of a word."""
        units = code_units(line + "\n  ")
        numbers = self._number.take(units)
        pairs = numbers[:-1] * self._side + numbers[1:]
        triples = pairs[:-1] * self._side + numbers[2:]
        ends = np.flatnonzero(units == _NEW_LINE)
        starts = np.concatenate(([0], ends[:-1] + 1))
        costs: _Costs = np.add.reduceat(self._costs.take(self._pairs.take(pairs), axis=0), starts, axis=0)
        costs += np.add.reduceat(self._costs.take(self._triples.take(triples), axis=0), starts, axis=0)
        return costs


def _rows_of_unknown(side: int, dimensions: int) -> NDArray[np.uint16]:
    """Return a square or cube in which every sequence of letters is unknown, and what holds no letter is nothing."""
    rows: NDArray[np.uint16] = np.full((side,) * dimensions, _UNKNOWN, dtype=np.uint16)
    for axis in range(dimensions):
        rows[(slice(None),) * axis + (0,)] = _NOTHING
    return rows
