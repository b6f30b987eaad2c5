"""Which language a block of text is in: the letter profiles of its script, the pack's languages against neighbours.

A detector that knows only the pack's languages calls every neighbour one of them, and one that knows a hundred knows no
Kazakh in Latin letters. So the sequences of letters of a block are weighed against the profiles that the pack names,
each orthography on its own; a block that fits a neighbour, or two languages about equally well, or none, is `und`.
What no profile speaks of (a German page) is vetoed once a page by a detector of about a hundred languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.facts.letters import Nearest, Table, count_letters, writing_of
from checks.facts.model import LanguageShare
from config.pack import Language
from config.profiles import LetterProfile, profiles

UNDETERMINED = "und"
_ENOUGH_LETTERS = 16
_GUARD_LETTERS = 50
_GUARD_CONFIDENCE = 0.5
_LONGEST_READ = 1000
"""Characters of a block that are looked at: more would not change the answer, only the time it takes."""
_GLANCE = 120
_CLEAR = 12.0
"""The lead from which on a glance at a block is enough."""
_LONGEST_GUARDED = 500
_RUN = re.compile(r"[^\W\d_]+")
# What is not seen: zero-width characters, marks of direction, soft hyphens. They stand within words of real pages.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FAVOUR = 6.0
"""What a language of the pack is favoured by, in logarithms: on its country's sites it is the likelier one."""
_MARGIN = 3.0
"""How much likelier the best language must be than the next one."""
_FAMILIAR = 7.2
"""Mean cost of a sequence that texts of a few hundred letters rarely exceed in their own language."""
_STRANGE = 8.8
"""Mean cost of a sequence from which on a text is in no language that the profiles know."""


@cache
def _guard() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _tables(ids: tuple[str, ...], favoured: frozenset[str]) -> dict[str, Table]:
    """Return the profiles *ids* as one table per script."""
    by_script: dict[str, list[LetterProfile]] = defaultdict(list)
    for item in ids:
        by_script[profiles()[item].script].append(profiles()[item])
    return {code: Table(found, favoured, _FAVOUR) for code, found in by_script.items()}


def likeliest(text: str) -> str:
    """Return the likeliest of about a hundred languages: a guess, for reading month names only."""
    return str(_guard().classify(text)[0]) if text.strip() else UNDETERMINED


class _Told(NamedTuple):
    """What one block was told to be: its language, its letters, and how unlike that language it is in all."""

    language: str
    letters: int
    cost: float = 0.0
    sequences: int = 0
    lookalikes: int = 0


@dataclass
class _Sum:
    """What the blocks of one language come to."""

    letters: int = 0
    cost: float = 0.0
    sequences: int = 0
    texts: list[str] = field(default_factory=list)

    @property
    def strange(self) -> bool:
        """Tell whether the text is dearer than texts of that language are."""
        return self.cost > _FAMILIAR * self.sequences


class LanguageReader:
    """Tells languages for one pack. Deterministic; holds no state but a cache of short repeated blocks."""

    def __init__(self, languages: tuple[Language, ...], homoglyphs: dict[str, str]) -> None:
        self._codes = frozenset(item.code for item in languages)
        self._profiled = frozenset(profiles()[key].language for item in languages for key in _ids(item))
        self._tables = _tables(tuple(dict.fromkeys(key for item in languages for key in _ids(item))), self._codes)
        self._scripts = {item.code: item.script for item in languages if item.script}
        self._homoglyphs = str.maketrans(homoglyphs | {k.upper(): v.upper() for k, v in homoglyphs.items()})
        self._block = lru_cache(maxsize=20_000)(self._read_block)

    def block(self, text: str) -> str:
        """Return the language code of one block, or `und` when it is too short to tell."""
        return self._block(text[:_LONGEST_READ]).language

    def shares(self, blocks: Iterable[str]) -> tuple[LanguageShare, ...]:
        """Return letters by language over *blocks*, most first. A whole text that the guard vetoes is `und`."""
        sums: dict[str, _Sum] = defaultdict(_Sum)
        for text in blocks:
            told = self._block(text[:_LONGEST_READ])
            found = sums[told.language]
            found.letters += told.letters if len(text) <= _LONGEST_READ else count_letters(text)
            found.cost += told.cost
            found.sequences += told.sequences
            found.texts.append(text[:_LONGEST_READ])
        counted: Counter[str] = Counter()
        for language, item in sums.items():
            counted[UNDETERMINED if self._vetoed(language, item) else language] += item.letters
        return tuple(LanguageShare(code, letters) for code, letters in counted.most_common() if letters)

    def normalise(self, text: str) -> str:
        """Return *text* composed (NFC), without what is not seen, look-alikes mapped in words that mix two scripts."""
        return self._written(text)[0]

    def lookalikes(self, blocks: Iterable[str]) -> int:
        """Return how many words of *blocks* are of one script but for look-alike letters, in what is read of each."""
        return sum(self._block(text[:_LONGEST_READ]).lookalikes for text in blocks)

    def _written(self, text: str) -> tuple[str, str, int]:
        """Return the normalised *text*, its script, and how many words had look-alike letters mapped."""
        plain = text if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFC", text))
        script, mixed = writing_of(plain)
        if not mixed:
            return plain, script, 0
        words = [word for word in set(_RUN.findall(plain)) if writing_of(word).mixed]
        twins = {word: mapped for word in words if not writing_of(mapped := word.translate(self._homoglyphs)).mixed}
        plain = _RUN.sub(lambda hit: twins.get(hit.group(), hit.group()), plain)
        return plain, writing_of(plain).script, len(twins)

    def _read_block(self, text: str) -> _Told:
        """Glance at the beginning of a block, and read on where that is not clear."""
        letters = count_letters(text)
        if letters < _ENOUGH_LETTERS:
            return _Told(UNDETERMINED, letters)
        near, twins = self._nearest(text[:_GLANCE]) if len(text) > _GLANCE else (None, 0)
        if near is None or near.lead < _CLEAR:
            near, twins = self._nearest(text)
        if near is None or near.language not in self._codes or near.lead < _MARGIN or near.cost > _STRANGE:
            return _Told(UNDETERMINED, letters, lookalikes=twins)
        return _Told(near.language, letters, near.cost * near.sequences, near.sequences, twins)

    def _nearest(self, text: str) -> tuple[Nearest | None, int]:
        plain, script, twins = self._written(text)
        table = self._tables.get(script)
        return (table.nearest(plain) if table else None), twins

    def _vetoed(self, language: str, found: _Sum) -> bool:
        """Ask the guard about a text that is unlike its language: it may be in one without a profile.

        The guard knows the main script of a language only.
        """
        if language == UNDETERMINED or found.letters < _GUARD_LETTERS or not found.strange:
            return False
        text, script, _ = self._written(" ".join(found.texts)[:_LONGEST_GUARDED])
        if script != self._scripts.get(language):
            return False
        other, confidence = _guard().classify(text)
        return bool(other not in self._profiled and confidence >= _GUARD_CONFIDENCE)


def _ids(language: Language) -> tuple[str, ...]:
    """Return the profiles that a language is weighed by; all of that code where the pack names none."""
    own = language.profiles or tuple(key for key, item in profiles().items() if item.language == language.code)
    return (*own, *language.neighbours)


def dominant(shares: tuple[LanguageShare, ...], at_least: float = 0.6) -> str | None:
    """Return the language that holds at least *at_least* of the letters whose language is known, or None."""
    known = sum(item.letters for item in shares if item.language != UNDETERMINED)
    best = next((item for item in shares if item.language != UNDETERMINED), None)
    return best.language if best and best.letters >= at_least * known else None
