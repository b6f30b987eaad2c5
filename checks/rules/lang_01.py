"""Sections exist in every language of the country, each in its own words.

What it asks
    Of every section (the language versions of one page): is there a version in each required language, is its main
    text really in that language, and are the versions of comparable length? Languages the country only aims at
    (policy) may be absent, but then the answer is `unclear`.

Why
    A language switch is easily built and easily left empty: only the detected language of the main text shows that a
    reader of each language is served. Menus and footers are left out, they are translated first and prove nothing.

Outcomes
    pass: all languages present, detected as what they claim, lengths within the ratio.
    unclear: a policy language is missing or was not seen, lengths differ too much, or the language of a text cannot be
    told.
    not_applicable: too little text in all versions (tables, codes, maps).
    not_observed: a version in a required language is known or possible and was not seen.

Traps
    `lang` attributes lie; the code in the path may be an alias; the language may have no sign in the address; a
    switch may lead to the home page; a version chosen by a cookie is not seen and is no `fail`.

Law
    Basis of the assessment (three-language content of 2014). A duty of law counts only where the pack holds it
    verified.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_evidence import (
    LEAST_LETTERS,
    cite_versions,
    is_absent,
    is_other,
    is_own,
    letters_in,
    size,
    state,
    unseen,
)
from checks.rules.lines import decide
from checks.sections import Presence, Section

RATIO = 2.0


@rule(
    id="LANG-01", version=1, indicators=("lang_coverage",), subject=SubjectKind.SECTION,
    needs=frozenset({FactKind.PAGE}),
)  # fmt: skip
def three_languages(section: Section, context: RuleContext) -> Result:
    """Judge one section."""
    outcome, reason = _judge(section, context)
    letters = {code: size(item) for code, item in section.versions.items() if item.page}
    states: dict[str, Measure] = {f"version_{code}": state(item) for code, item in section.versions.items()}
    return Result(outcome, reason, {"letters": letters, **states}, cite_versions(section))


def _judge(section: Section, context: RuleContext) -> tuple[Outcome, str]:
    least = int(context.params.get("least_letters", LEAST_LETTERS))
    ratio = float(context.params.get("ratio", RATIO))
    required = [section.versions[code] for code in context.pack.codes("required")]
    policy = [section.versions[code] for code in context.pack.codes("policy")]
    both = [*required, *policy]
    sizes = [size(item) for item in both]
    missing = [item.language for item in required if item.presence is Presence.MISSING]
    held = any(letters_in(page, code) >= least for code in missing for page in section.pages)
    # What was not seen comes before what is wrong: a failure is known from one version, a pass only from all, so
    # counting the failures of half-seen sections would lean to one side.
    lines = (
        (max(page.facts.main_letters for page in section.pages) < least, Outcome.NOT_APPLICABLE, "too_little_text"),
        (bool(unseen(required)), Outcome.NOT_OBSERVED, unseen(required)),
        (any(is_other(item, least) for item in required), Outcome.FAIL, "wrong_language"),
        (held or not any(item.page for item in section.versions.values()), Outcome.UNCLEAR, "language_unclear"),
        (bool(missing), Outcome.FAIL, "required_language_missing"),
        (bool(unseen(policy)), Outcome.UNCLEAR, "policy_language_unseen"),
        (any(is_absent(item, least) for item in policy), Outcome.UNCLEAR, "policy_language_missing"),
        (not all(is_own(item) for item in both) or min(sizes) < least, Outcome.UNCLEAR, "language_unclear"),
        (max(sizes) > ratio * min(sizes), Outcome.UNCLEAR, "size_ratio"),
    )
    return decide(lines, (Outcome.PASS, "three_languages"))
