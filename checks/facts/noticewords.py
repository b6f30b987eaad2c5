"""The words of rights notices: a pack's phrases and the world's formulas as patterns, and licences named in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from checks.facts.licences import creative_in_words
from checks.facts.model import NoticeKind
from config.licences import OpenStatus, notice_formulas
from config.pack import Extraction, Phrase

SIGN = re.compile(r"©|\(\s?[cс]\s?\)|&copy;", re.IGNORECASE)
_YEAR = r"(?:19|20)\d{2}"
_NEAR = 40
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 4000
"""Characters at either end of a block that are read: notices stand at the beginning or the end of long ones."""
_LONGEST_LINE = 300
_LONGEST_FORMULA = 60
_MEANINGS = (
    ("copyright_restrictive", NoticeKind.RESTRICTED),
    ("unchanged_only", NoticeKind.RESTRICTED),
    ("copyright_attribution", NoticeKind.ATTRIBUTION),
    ("registration_required", NoticeKind.ATTRIBUTION),
    ("own_purposes", NoticeKind.ATTRIBUTION),
    ("free_use", NoticeKind.OPEN),
)


class Wording(NamedTuple):
    """Words found in a text: what they mean, the phrase or licence, whether it is verified, and where it begins."""

    kind: NoticeKind
    phrase: str
    verified: bool
    start: int
    licence: bool = False


class _Pattern(NamedTuple):
    kind: NoticeKind
    phrase: str
    verified: bool
    first: str
    pattern: re.Pattern[str]


class NoticeWords:
    """Reads the words of notices with one pack's phrases. The pack's go before the world's formulas."""

    def __init__(self, extraction: Extraction) -> None:
        formulas = notice_formulas()
        own = [(kind, item) for name, kind in _MEANINGS for item in _phrases(extraction, name) if not _is_sign(item.p)]
        known = {item.p for _, item in own}
        world = [
            text
            for table in (formulas.reserved, formulas.forbidden)
            for texts in table.values()
            for text in texts
            if text not in known
        ]
        self._patterns = [_pattern(kind, item.p, verified=item.verified) for kind, item in own]
        self._patterns += [_pattern(NoticeKind.RESTRICTED, text, verified=False) for text in world]
        self._firsts = frozenset(item.first for item in self._patterns)
        self._formulas = {
            " ".join(_WORD.findall(item.phrase)): item for item in self._patterns if item.kind is NoticeKind.RESTRICTED
        }
        bare = [item.p for item in _phrases(extraction, "copyright_bare") if not _is_sign(item.p)]
        self._marks = tuple(text.split()[0].lower() for text in bare)
        mark = rf"(?:{SIGN.pattern}|{_any_of(bare)})"
        self._line = re.compile(
            rf"{mark}[^\n]{{0,{_NEAR}}}?(?<!\d){_YEAR}(?!\d)|(?<!\d){_YEAR}(?!\d)\W{{0,4}}{mark}", re.IGNORECASE
        )
        builders = _any_of(text for texts in formulas.builders.values() for text in texts)
        years = rf"(?:{_YEAR}\W{{0,4}}){{0,2}}"
        self._credit = re.compile(rf"(?:{mark}\W{{0,4}}|{years}){{1,3}}(?:\w{{2,3}}\s)?{builders}", re.IGNORECASE)

        # Footers repeat on every page of a site.
        self.find = lru_cache(maxsize=4096)(self._find)
        self.is_line = lru_cache(maxsize=4096)(self._is_line)

    def _find(self, text: str) -> tuple[Wording, ...]:
        """Return what *text* says on re-use, each phrase once."""
        found: list[Wording] = []
        for offset, part in _ends(text):
            lower = part.lower()
            begun = {first for first in self._firsts if first in lower}
            for item in self._patterns if begun else ():
                hit = item.pattern.search(part) if item.first in begun else None
                if hit:
                    found.append(Wording(item.kind, item.phrase, item.verified, offset + hit.start()))
            found += _named(part, offset)
        return tuple({(item.kind, item.phrase): item for item in reversed(found)}.values())

    def formula(self, text: str) -> Wording | None:
        """Return the restriction that *text* is, when it is a sign and says nothing else."""
        whole = len(text) <= _LONGEST_FORMULA and _may_have_sign(text) and SIGN.search(text)
        item = self._formulas.get(" ".join(_WORD.findall(SIGN.sub(" ", text.lower())))) if whole else None
        return Wording(item.kind, item.phrase, item.verified, 0) if item else None

    def sign(self, text: str) -> int | None:
        """Return where a copyright line begins: a sign, or the word beside a year; None for a builder's credit."""
        for offset, part in _ends(text):
            hit = SIGN.search(part) or self._line.search(part)
            if hit and not self._credit.match(part, hit.start()):
                return offset + hit.start()
        return None

    def _is_line(self, text: str) -> bool:
        """Tell whether *text* is a copyright line with a year, as pages have it outside a marked footer too."""
        marked = len(text) <= _LONGEST_LINE and (_may_have_sign(text) or _holds_any(text.lower(), self._marks))
        hit = self._line.search(text) if marked else None
        return bool(hit and not self._credit.match(text, hit.start()))


def _named(text: str, offset: int) -> Iterator[Wording]:
    """Yield the licence that a sentence names: its terms are the licence's own, so nothing is left to verify."""
    named = creative_in_words(text)
    if named:
        licence, start = named
        kind = NoticeKind.OPEN if licence.status is OpenStatus.APPROVED else NoticeKind.RESTRICTED
        yield Wording(kind, licence.id, verified=True, start=offset + start, licence=True)


def _may_have_sign(text: str) -> bool:
    return "©" in text or "(" in text or "&" in text


def _holds_any(text: str, parts: Iterable[str]) -> bool:
    for part in parts:  # noqa: SIM110 - asked of every block, and a generator takes thrice as long
        if part in text:
            return True
    return False


def _phrases(extraction: Extraction, meaning: str) -> list[Phrase]:
    return [item for phrases in extraction.phrases(meaning).values() for item in phrases]


def _is_sign(text: str) -> bool:
    return bool(SIGN.fullmatch(text))


def _escaped(text: str) -> str:
    """Return a pattern of the words of *text*; a sign or a comma may stand between them."""
    return r"\W{1,4}".join(map(re.escape, text.split()))


def _pattern(kind: NoticeKind, text: str, *, verified: bool) -> _Pattern:
    pattern = re.compile(rf"(?<!\w){_escaped(text)}", re.IGNORECASE)
    return _Pattern(kind, text, verified, text.split(maxsplit=1)[0].lower(), pattern)


def _any_of(texts: Iterable[str]) -> str:
    each = "|".join(_escaped(text) for text in sorted(set(texts), key=len, reverse=True))
    return rf"(?<!\w)(?:{each or '(?!)'})(?!\w)"


def _ends(text: str) -> list[tuple[int, str]]:
    """Return the beginning and the end of *text* with where they begin: megabytes of footer are not read through."""
    if len(text) <= 2 * _LONGEST:
        return [(0, text)]
    return [(0, text[:_LONGEST]), (len(text) - _LONGEST, text[-_LONGEST:])]
