"""Static pages (structure, leadership, contacts, statutes): their kinds, and signs that what they say is out of date.

A sign is something the page itself says: a body's former name, an act that is no longer in force, a plan for a year
that is over. Phrases and the day from which on each is out of date are data (pack, register); facts hold no judgement
about a night. A sentence that speaks of the past (a year beside a body's name, "formerly") is history, no sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from checks.facts.html import elements
from checks.facts.layout import Block
from checks.facts.model import AgeSign, SignKind, StaticPage
from checks.redact import Redactor
from config.pack import Extraction, Phrase
from config.urls import absolute

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_PLAN_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_WORD = re.compile(r"\w+|[^\w\s]+")
_NEAR = 60
_LONGEST = 4000
_MOST_BLOCKS = 3000
_MOST_SIGNS = 20
_MOST_LINKS = 20
_STEM, _SHORT_STEM = 6, 4


class StaticReader:
    """Reads static pages for one pack."""

    def __init__(self, extraction: Extraction, redactor: Redactor) -> None:
        self._redactor = redactor
        self._bodies = [(phrase, _inflected(phrase.p)) for phrase in _dated(extraction, "former_bodies")]
        self._acts = [(phrase, _plain(phrase.p)) for phrase in _dated(extraction, "repealed_acts")]
        self._plans = [_plain(phrase.p) for phrase in _all(extraction, "plan_words")]
        self._past = _any_of(_all(extraction, "formerly"))
        self._repealed = _any_of([*_all(extraction, "act_status_repealed"), *_all(extraction, "formerly")])

    def read(self, kinds: Iterable[str], main: Iterable[Block], base: str) -> StaticPage:
        """Return what a page of these *kinds* says in its main text."""
        blocks = list(islice(main, _MOST_BLOCKS))
        signs = [*self._bodies_named(blocks), *self._acts_cited(blocks), *self._plans_shown(blocks)]
        links = tuple(self._redactor.url(url) for url in islice(_links(blocks, base), _MOST_LINKS))
        return StaticPage(tuple(sorted(kinds)), tuple(signs[:_MOST_SIGNS]), links)

    def _bodies_named(self, blocks: list[Block]) -> Iterator[AgeSign]:
        for block in blocks:
            text = block.text[:_LONGEST]
            if self._bodies and not _YEAR.search(text) and not self._past.search(text):
                yield from self._found(SignKind.FORMER_BODY, self._bodies, block)

    def _acts_cited(self, blocks: list[Block]) -> Iterator[AgeSign]:
        for block in blocks:
            if self._acts and not self._repealed.search(block.text[:_LONGEST]):
                yield from self._found(SignKind.REPEALED_ACT, self._acts, block)

    def _found(self, kind: SignKind, phrases: list[tuple[Phrase, re.Pattern[str]]], block: Block) -> Iterator[AgeSign]:
        for phrase, pattern in phrases:
            hit = pattern.search(block.text[:_LONGEST])
            if hit and phrase.since:
                yield self._sign(kind, phrase.p, phrase.since, block, hit)

    def _plans_shown(self, blocks: list[Block]) -> Iterator[AgeSign]:
        """Yield the newest plan that the page shows: beside it older ones are an archive."""
        newest: tuple[int, Block, re.Match[str]] | None = None
        for block in blocks:
            for hit in (hit for pattern in self._plans for hit in pattern.finditer(block.text[:_LONGEST])):
                around = block.text[max(0, hit.start() - _NEAR) : hit.end() + _NEAR]
                years = [int(year) for year in _PLAN_YEAR.findall(around)]
                if years and (newest is None or max(years) > newest[0]):
                    newest = max(years), block, hit
        if newest:
            year, block, hit = newest
            yield self._sign(SignKind.PAST_PLAN, str(year), date(year + 1, 1, 1), block, hit)

    def _sign(self, kind: SignKind, phrase: str, since: date, block: Block, hit: re.Match[str]) -> AgeSign:
        excerpt = block.text[max(0, hit.start() - _NEAR) : hit.end() + 2 * _NEAR]
        return AgeSign(kind, phrase, since.isoformat(), self._redactor.excerpt(excerpt), block.path)


def _all(extraction: Extraction, meaning: str) -> list[Phrase]:
    return [phrase for phrases in extraction.phrases(meaning).values() for phrase in phrases]


def _dated(extraction: Extraction, meaning: str) -> list[Phrase]:
    return [phrase for phrase in _all(extraction, meaning) if phrase.since]


def _plain(text: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, text.split())), re.IGNORECASE)


def _any_of(phrases: list[Phrase]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(phrase.p) for phrase in phrases) or r"(?!)", re.IGNORECASE)


def _inflected(name: str) -> re.Pattern[str]:
    """Return a pattern for a name in any case: long words may end otherwise."""
    parts = [_stem(word) if word[0].isalnum() else re.escape(word) for word in _WORD.findall(name)]
    return re.compile(r"(?<!\w)" + r"\s{0,2}".join(parts) + r"(?!\w)", re.IGNORECASE)


def _stem(word: str) -> str:
    cut = 2 if len(word) >= _STEM else 1 if len(word) > _SHORT_STEM else 0
    return re.escape(word[: len(word) - cut]) + (r"\w{0,6}" if len(word) >= _SHORT_STEM else "")


def _links(blocks: list[Block], base: str) -> Iterator[str]:
    """Yield the addresses that main text links to, each once."""
    seen: set[str] = set()
    for block in blocks:
        for link in elements(block.element, "a"):
            url = absolute(base, link.get("href") or "")
            if url and url.startswith("http") and url not in seen:
                seen.add(url)
                yield url
