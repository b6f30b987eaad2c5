"""Data sets are described in each language in that language.

What it asks
    Of every data set of a catalogue: are the texts under each language in that language, do the titles of two languages
    differ, and does the language that the record declares fit its texts?

Why
    Portals ask for a title per language and accept the same text three times. Whoever searches in Kazakh then finds
    Russian titles, or nothing.

Outcomes
    pass: titles and descriptions are in their languages, as far as they are long enough to tell; texts in one language
    are in the language that the record declares.
    fail: a text is clearly in another language than it stands under, or two languages share one long title that is no
    proper name.
    unclear: a short title shared by two languages, or a proper name or code; none of the texts is in a language that
    the record declares (it may speak of the data); a declaration that stands for no language.
    not_applicable: texts in one language only (completeness is another rule's), or too short to tell.
    not_observed: only a line of a list was seen.

Traps
    Names of places and bodies, abbreviations and codes are rightly the same in two languages; look-alike letters of
    another script; a title too short to have a language. Malformed codes (kz, ru_RU, names) are read as meant and
    reported. An ISO record states one language for all its texts: often a default that nobody changed.

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
from checks.rules.lang_declared import declared, detected
from checks.rules.lang_records import LONG, are_same, by_language, is_name, wrong_texts
from checks.rules.lines import decide
from checks.rules.meta_evidence import cite, only_listed
from checks.subjects import DatasetSubject


@rule(
    id="LANG-03", version=2, indicators=("lang_quality",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def described_in_each_language(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record, codes = subject.record, context.pack.codes()
    wrong, titles = wrong_texts(record, context.pack), by_language(record.titles, context.pack)
    said, found = declared(record, context.pack), detected(record, context.pack)
    equal = [pair for pair in combinations(codes, 2) if are_same(titles, *pair)]
    least = int(context.params.get("long", LONG))
    long = [pair for pair in equal if count_letters(title := titles[pair[0]]) > least and not is_name(title)]
    alone = sum(1 for code in codes if count_letters(titles.get(code, "")) > 0) < 2  # noqa: PLR2004 - a pair
    told = bool(said.codes and found)
    lines = (
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (bool(wrong), Outcome.FAIL, "wrong_language"),
        (bool(long), Outcome.FAIL, "titles_equal"),
        (told and not said.others and not said.codes & found, Outcome.UNCLEAR, "declared_language_differs"),
        (bool(said.unknown) and not said.codes, Outcome.UNCLEAR, "language_code_unknown"),
        (alone and told and found <= said.codes, Outcome.PASS, "language_as_declared"),
        (alone, Outcome.NOT_APPLICABLE, "one_language"),
        (bool(equal), Outcome.UNCLEAR, "short_titles_equal"),
    )
    outcome, reason = decide(lines, (Outcome.PASS, "texts_in_their_languages"))
    measures: dict[str, Measure] = {
        "wrong": wrong,
        "equal": [" ".join(pair) for pair in equal],
        "declared": sorted(said.codes),
        "detected": sorted(found),
        "malformed": list(said.malformed),
    }
    return Result(outcome, reason, measures, cite(subject, next(iter(record.titles.values()), record.id)))
