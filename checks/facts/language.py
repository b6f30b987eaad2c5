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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple, cast

from checks.facts.guard import guard
from checks.facts.letters import UNSEEN, Looks, count_letters, looks, writing_of
from checks.facts.model import LanguageShare
from checks.facts.nearest import MOST_SIGNS, Nearest, Table
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
_MOST_KNOWN = 20_000
_RUN = re.compile(r"[^\W\d_]+")
_FAVOUR = 6.0
"""What a language of the pack is favoured by, in logarithms: on its country's sites it is the likelier one."""
_MARGIN = 3.0
"""How much likelier the best language must be than the next one."""
_FAMILIAR = 7.2
"""Mean cost of a sequence that texts of a few hundred letters rarely exceed in their own language."""
_STRANGE = 8.8
"""Mean cost of a sequence from which on a text is in no language that the profiles know."""


@cache
def _tables(ids: tuple[str, ...], favoured: frozenset[str]) -> dict[str, Table]:
    """Return the profiles *ids* as one table per script."""
    by_script: dict[str, list[LetterProfile]] = defaultdict(list)
    for item in ids:
        by_script[profiles()[item].script].append(profiles()[item])
    return {code: Table(found, favoured, _FAVOUR) for code, found in by_script.items()}


def likeliest(text: str) -> str:
    """Return the likeliest of about a hundred languages: a guess, for reading month names only."""
    return guard().classify([text])[0][0] if text.strip() else UNDETERMINED


class _Told(NamedTuple):
    """What one block was told to be: its language, its letters, and how unlike that language it is in all."""

    language: str
    letters: int
    cost: float = 0.0
    sequences: int = 0
    lookalikes: int = 0


@lru_cache(maxsize=_ENOUGH_LETTERS)
def _too_short(letters: int) -> _Told:
    return _Told(UNDETERMINED, letters)


@dataclass
class _Sum:
    """What the blocks of one language come to."""

    letters: int = 0
    cost: float = 0.0
    sequences: int = 0
    texts: list[str] = field(default_factory=list)
    """The beginning of the text, as much as the guard reads."""
    begun: int = 0

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
        self._known: dict[str, _Told] = {}

    def block(self, text: str) -> str:
        """Return the language code of one block, or `und` when it is too short to tell."""
        return self._read([text])[0].language

    def prepare(self, blocks: Iterable[str]) -> None:
        """Read *blocks* all at once, which is faster than some by some."""
        self._read(list(blocks))

    def shares(self, blocks: Iterable[str]) -> tuple[LanguageShare, ...]:
        """Return letters by language over *blocks*, most first. A whole text that the guard vetoes is `und`."""
        sums: dict[str, _Sum] = defaultdict(_Sum)
        texts = list(blocks)
        for text, told in zip(texts, self._read(texts), strict=True):
            found = sums[told.language]
            found.letters += told.letters if len(text) <= _LONGEST_READ else count_letters(text)
            found.cost += told.cost
            found.sequences += told.sequences
            if found.begun < _LONGEST_GUARDED:
                found.texts.append(text[:_LONGEST_GUARDED])
                found.begun += len(text)
        vetoed = self._vetoed(sums)
        counted: Counter[str] = Counter()
        for language, item in sums.items():
            counted[UNDETERMINED if language in vetoed else language] += item.letters
        return tuple(LanguageShare(code, letters) for code, letters in counted.most_common() if letters)

    def normalise(self, text: str) -> str:
        """Return *text* composed (NFC), without what is not seen, look-alikes mapped in words that mix two scripts."""
        return self._written(text)[0]

    def lookalikes(self, blocks: Iterable[str]) -> int:
        """Return how many words of *blocks* are of one script but for look-alike letters, in what is read of each."""
        return sum(told.lookalikes for told in self._read(list(blocks)))

    def _written(self, text: str) -> tuple[str, str, int]:
        """Return the normalised *text*, its script, and how many words had look-alike letters mapped."""
        plain = text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFC", text))
        script, mixed = writing_of(plain)
        if not mixed:
            return plain, script, 0
        words = [word for word in set(_RUN.findall(plain)) if writing_of(word).mixed]
        twins = {word: mapped for word in words if not writing_of(mapped := word.translate(self._homoglyphs)).mixed}
        plain = _RUN.sub(lambda hit: twins.get(hit.group(), hit.group()), plain)
        return plain, writing_of(plain).script, len(twins)

    def _read(self, blocks: list[str]) -> list[_Told]:
        """Return what each of *blocks* is told to be, from its beginning. Menus repeat, so it is kept."""
        texts = [text[:_LONGEST_READ] for text in blocks]
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for group in _groups(new):
            self._known.update(zip(group, self._told(group), strict=True))
        return [self._known[text] for text in texts]

    def _told(self, texts: list[str]) -> list[_Told]:
        """Glance at the beginning of each text, and read on where that is not clear."""
        seen = looks(texts)
        letters = [
            count if settled else count_letters(text)
            for text, count, settled in zip(texts, seen.letters, seen.settled, strict=True)
        ]
        told = [_too_short(count) if count < _ENOUGH_LETTERS else None for count in letters]
        long = [number for number, text in enumerate(texts) if told[number] is None and len(text) > _GLANCE]
        begun = [texts[number][:_GLANCE] for number in long]
        for number, item in zip(long, self._nearest(begun, looks(begun)), strict=True):
            if item[0] and item[0].lead >= _CLEAR:
                told[number] = self._decided(letters[number], *item)
        rest = [number for number, item in enumerate(told) if item is None]
        near = self._nearest([texts[number] for number in rest], seen.of(rest))
        for number, item in zip(rest, near, strict=True):
            told[number] = self._decided(letters[number], *item)
        return cast("list[_Told]", told)

    def _decided(self, letters: int, near: Nearest | None, twins: int) -> _Told:
        if near is None or near.language not in self._codes or near.lead < _MARGIN or near.cost > _STRANGE:
            return _Told(UNDETERMINED, letters, lookalikes=twins)
        return _Told(near.language, letters, near.cost * near.sequences, near.sequences, twins)

    def _nearest(self, texts: list[str], seen: Looks) -> list[tuple[Nearest | None, int]]:
        """Return for each text its nearest language, and how many words of it had look-alike letters mapped."""
        by_script: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
        for number, (text, script, settled) in enumerate(zip(texts, seen.scripts, seen.settled, strict=True)):
            plain, code, twins = (text, script, 0) if settled else self._written(text)
            by_script[code].append((number, plain, twins))
        found: list[tuple[Nearest | None, int]] = [(None, 0)] * len(texts)
        for code, items in by_script.items():
            table = self._tables.get(code)
            near = table.nearest([plain for _, plain, _ in items]) if table else [None] * len(items)
            for (number, _, twins), item in zip(items, near, strict=True):
                found[number] = item, twins
        return found

    def _vetoed(self, sums: dict[str, _Sum]) -> set[str]:
        """Ask the guard about texts that are unlike their language: they may be in one without a profile.

        The guard knows the main script of a language only.
        """
        asked: dict[str, str] = {}
        for language, found in sums.items():
            if language != UNDETERMINED and found.letters >= _GUARD_LETTERS and found.strange:
                text, script, _ = self._written(" ".join(found.texts)[:_LONGEST_GUARDED])
                if script == self._scripts.get(language):
                    asked[language] = text
        told = zip(asked, guard().classify(list(asked.values())), strict=True)
        return {
            language
            for language, (other, confidence) in told
            if other not in self._profiled and confidence >= _GUARD_CONFIDENCE
        }


def _groups(texts: list[str]) -> Iterator[list[str]]:
    """Yield *texts* in groups that can be weighed in one go."""
    group: list[str] = []
    signs = 0
    for text in texts:
        if signs + len(text) > MOST_SIGNS:
            yield group
            group, signs = [], 0
        group.append(text)
        signs += len(text) + 1
    if group:
        yield group


def _ids(language: Language) -> tuple[str, ...]:
    """Return the profiles that a language is weighed by; all of that code where the pack names none."""
    own = language.profiles or tuple(key for key, item in profiles().items() if item.language == language.code)
    return (*own, *language.neighbours)


def dominant(shares: tuple[LanguageShare, ...], at_least: float = 0.6) -> str | None:
    """Return the language that holds at least *at_least* of the letters whose language is known, or None."""
    known = sum(item.letters for item in shares if item.language != UNDETERMINED)
    best = next((item for item in shares if item.language != UNDETERMINED), None)
    return best.language if best and best.letters >= at_least * known else None
