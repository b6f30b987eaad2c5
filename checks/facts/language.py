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
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.facts.letters import Table, count_letters, script_of
from checks.facts.model import LanguageShare
from config.pack import Language
from config.profiles import LetterProfile, profiles

UNDETERMINED = "und"
_ENOUGH_LETTERS = 16
_GUARD_LETTERS = 50
_GUARD_CONFIDENCE = 0.5
_LONGEST_READ = 4000
"""Characters of a block that are looked at: more would not change the answer, only the time it takes."""
_LONGEST_GUARDED = 1500
_RUN = re.compile(r"[^\W\d_]+")
# What is not seen: zero-width characters, marks of direction, soft hyphens. They stand within words of real pages.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SEAM = re.compile("[A-Za-z][\u0400-\u052f]|[\u0400-\u052f][A-Za-z]")
"""Where a word changes from Latin to Cyrillic letters or back: the scripts whose capitals look alike."""
_FAVOUR = 6.0
"""What a language of the pack is favoured by, in logarithms: on its country's sites it is the likelier one."""
_MARGIN = 3.0
"""How much likelier the best language must be than the next one."""
_STRANGE = 9.0
"""Mean cost of a sequence from which on a text is in no language that the profiles know."""


@cache
def _guard() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _tables(ids: tuple[str, ...]) -> dict[str, Table]:
    """Return the profiles *ids* as one table per script."""
    by_script: dict[str, list[LetterProfile]] = defaultdict(list)
    for item in ids:
        by_script[profiles()[item].script].append(profiles()[item])
    return {code: Table(found) for code, found in by_script.items()}


def likeliest(text: str) -> str:
    """Return the likeliest of about a hundred languages: a guess, for reading month names only."""
    return str(_guard().classify(text)[0]) if text.strip() else UNDETERMINED


class LanguageReader:
    """Tells languages for one pack. Deterministic; holds no state but a cache of short repeated blocks."""

    def __init__(self, languages: tuple[Language, ...], homoglyphs: dict[str, str]) -> None:
        self._codes = frozenset(item.code for item in languages)
        self._profiled = frozenset(profiles()[key].language for item in languages for key in _ids(item))
        self._tables = _tables(tuple(dict.fromkeys(key for item in languages for key in _ids(item))))
        self._scripts = {item.code: item.script for item in languages if item.script}
        self._homoglyphs = str.maketrans(homoglyphs | {k.upper(): v.upper() for k, v in homoglyphs.items()})
        self._block = lru_cache(maxsize=20_000)(self._read_block)

    def block(self, text: str) -> str:
        """Return the language code of one block, or `und` when it is too short to tell."""
        return self._block(text[:_LONGEST_READ])

    def shares(self, blocks: Iterable[str]) -> tuple[LanguageShare, ...]:
        """Return letters by language over *blocks*, most first. A whole text that the guard vetoes is `und`."""
        counted: Counter[str] = Counter()
        texts: dict[str, list[str]] = {}
        for text in blocks:
            language = self.block(text)
            counted[language] += count_letters(text)
            texts.setdefault(language, []).append(text[:_LONGEST_READ])
        for language in [code for code in counted if code != UNDETERMINED]:
            if self._vetoed(language, " ".join(texts[language])[:_LONGEST_READ]):
                counted[UNDETERMINED] += counted.pop(language)
        return tuple(LanguageShare(code, letters) for code, letters in counted.most_common() if letters)

    def normalise(self, text: str) -> str:
        """Return *text* composed (NFC), without what is not seen, look-alikes mapped in words that mix two scripts."""
        if text.isascii():
            return text
        text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
        return _RUN.sub(lambda hit: self._mapped(hit.group()), text) if _SEAM.search(text) else text

    def lookalikes(self, texts: Iterable[str]) -> int:
        """Return how many words of *texts* are of one script but for look-alike letters of another."""
        mixed = (run for text in texts if _SEAM.search(text) for run in _RUN.findall(text) if _SEAM.search(run))
        return sum(1 for run in mixed if not _SEAM.search(self._mapped(run)))

    def _mapped(self, word: str) -> str:
        return word.translate(self._homoglyphs) if _SEAM.search(word) else word

    def _read_block(self, text: str) -> str:
        if count_letters(text) < _ENOUGH_LETTERS:
            return UNDETERMINED
        plain = self.normalise(text)
        written = script_of(plain)
        if written in self._tables:
            return self._weigh(plain, self._tables[written])
        return UNDETERMINED

    def _weigh(self, text: str, table: Table) -> str:
        costs, sequences = table.costs(text)
        ranked = sorted((cost - _FAVOUR * (code in self._codes), code) for code, cost in costs.items())
        cost, best = ranked[0]
        near = len(ranked) > 1 and ranked[1][0] - cost < _MARGIN
        return UNDETERMINED if near or best not in self._codes or cost > _STRANGE * sequences else best

    def _vetoed(self, language: str, text: str) -> bool:
        """Ask the guard, which knows the main script of a language only, about languages without a profile."""
        if count_letters(text) < _GUARD_LETTERS or script_of(text) != self._scripts.get(language):
            return False
        other, confidence = _guard().classify(self.normalise(text[:_LONGEST_GUARDED]))
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
