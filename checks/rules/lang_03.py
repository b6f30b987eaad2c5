"""Data sets are described in each language in that language.

What it asks
    Of every data set of a catalogue: are the texts under each language in that language, and do the titles of two
    languages differ?

Why
    Portals ask for a title per language and accept the same text three times. Whoever searches in Kazakh then finds
    Russian titles, or nothing.

Outcomes
    pass: titles and descriptions are in their languages, as far as they are long enough to tell.
    fail: a text is clearly in another language than it stands under, or two languages share one long title that is no
    proper name.
    unclear: a short title shared by two languages, or a proper name or code.
    not_applicable: texts in one language only (completeness is another rule's), or too short to tell.
    not_observed: only a line of a list was seen.

Traps
    Names of places and bodies, abbreviations and codes are rightly the same in two languages; look-alike letters of
    another script; a title too short to have a language.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from itertools import combinations

from checks.context import RuleContext
from checks.facts.language import UNDETERMINED, LanguageReader
from checks.facts.letters import count_letters
from checks.facts.model import FactKind, RecordFacts
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.meta_evidence import cite, only_listed
from checks.subjects import DatasetSubject
from config.pack import Pack

LONG = 40
NAMES = 0.6
_READERS: dict[str, tuple[object, LanguageReader]] = {}


@rule(
    id="LANG-03", version=1, indicators=("lang_quality",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def described_in_each_language(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record, codes = subject.record, context.pack.codes()
    wrong = _wrong(record, codes, _reader(context.pack))
    equal = [pair for pair in combinations(codes, 2) if _same(record.titles, *pair)]
    long = [pair for pair in equal if _counts(record.titles[pair[0]], context)]
    titled = sum(1 for code in codes if count_letters(record.titles.get(code, "")) > 0)
    # The first line that is true decides.
    lines = (
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (bool(wrong), Outcome.FAIL, "wrong_language"),
        (titled < 2, Outcome.NOT_APPLICABLE, "one_language"),  # noqa: PLR2004 - a pair
        (bool(long), Outcome.FAIL, "titles_equal"),
        (bool(equal), Outcome.UNCLEAR, "short_titles_equal"),
    )
    outcome, reason = next(
        ((item[1], item[2]) for item in lines if item[0]), (Outcome.PASS, "texts_in_their_languages")
    )
    measures: dict[str, Measure] = {"wrong": wrong, "equal": [" ".join(pair) for pair in equal]}
    return Result(outcome, reason, measures, cite(subject, next(iter(record.titles.values()), record.id)))


def _wrong(record: RecordFacts, codes: tuple[str, ...], reader: LanguageReader) -> list[str]:
    """Return `field:code` of the texts that are clearly in another language than they stand under."""
    fields = (("title", record.titles), ("description", record.descriptions))
    return [
        f"{name}:{code}"
        for name, texts in fields
        for code in codes
        if count_letters(texts.get(code, "")) >= LONG
        and not _is_name(texts[code])
        and reader.block(texts[code]) not in (code, UNDETERMINED)
    ]


def _same(titles: dict[str, str], left: str, right: str) -> bool:
    one, other = (" ".join(titles.get(code, "").casefold().split()) for code in (left, right))
    return bool(one) and one == other


def _counts(title: str, context: RuleContext) -> bool:
    """Tell whether an equal title counts: long, and no proper name or code."""
    return count_letters(title) > int(context.params.get("long", LONG)) and not _is_name(title)


def _is_name(text: str) -> bool:
    """Tell whether most words begin with a capital or a digit: a proper name or a code."""
    words = text.split()
    return sum(1 for word in words if not word[0].islower()) >= NAMES * len(words)


def _reader(pack: Pack) -> LanguageReader:
    found = _READERS.get(pack.id)
    if found is None or found[0] is not pack.languages:
        found = _READERS[pack.id] = (pack.languages, LanguageReader(pack.languages, pack.extraction.homoglyphs))
    return found[1]
