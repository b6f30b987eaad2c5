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
from checks.facts.letters import count_letters
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_records import LONG, are_same, is_name, wrong_texts
from checks.rules.lines import decide
from checks.rules.meta_evidence import cite, only_listed
from checks.subjects import DatasetSubject


@rule(
    id="LANG-03", version=1, indicators=("lang_quality",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def described_in_each_language(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record, codes = subject.record, context.pack.codes()
    wrong = wrong_texts(record, context.pack)
    equal = [pair for pair in combinations(codes, 2) if are_same(record.titles, *pair)]
    least = int(context.params.get("long", LONG))
    long = [pair for pair in equal if count_letters(title := record.titles[pair[0]]) > least and not is_name(title)]
    titled = sum(1 for code in codes if count_letters(record.titles.get(code, "")) > 0)
    lines = (
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (bool(wrong), Outcome.FAIL, "wrong_language"),
        (titled < 2, Outcome.NOT_APPLICABLE, "one_language"),  # noqa: PLR2004 - a pair
        (bool(long), Outcome.FAIL, "titles_equal"),
        (bool(equal), Outcome.UNCLEAR, "short_titles_equal"),
    )
    outcome, reason = decide(lines, (Outcome.PASS, "texts_in_their_languages"))
    measures: dict[str, Measure] = {"wrong": wrong, "equal": [" ".join(pair) for pair in equal]}
    return Result(outcome, reason, measures, cite(subject, next(iter(record.titles.values()), record.id)))
