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
from checks.facts.language import dominant
from checks.facts.model import FactKind
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.sections import Presence, Section, Version
from checks.view import Page

LEAST_LETTERS = 120
RATIO = 2.0


@rule(
    id="LANG-01", version=1, indicators=("lang_coverage",), subject=SubjectKind.SECTION,
    needs=frozenset({FactKind.PAGE}),
)  # fmt: skip
def three_languages(section: Section, context: RuleContext) -> Result:
    """Judge one section."""
    least = int(context.params.get("least_letters", LEAST_LETTERS))
    outcome, reason = _judge(section, context, least)
    letters = {code: _letters(item) for code, item in section.versions.items() if item.page}
    states: dict[str, Measure] = {f"version_{code}": _state(item) for code, item in section.versions.items()}
    cited = [(code, item.page) for code, item in section.versions.items() if item.page]
    evidence = tuple(_cite(code, page) for code, page in cited or [("und", page) for page in section.pages])
    return Result(outcome, reason, {"letters": letters, **states}, evidence)


def _judge(section: Section, context: RuleContext, least: int) -> tuple[Outcome, str]:
    required = [section.versions[code] for code in context.pack.codes("required")]
    policy = [section.versions[code] for code in context.pack.codes("policy")]
    both = [*required, *policy]
    sizes = [_letters(item) for item in both]
    ratio = float(context.params.get("ratio", RATIO))
    unseen = _reason(required, Presence.UNSEEN)
    longest = max(page.facts.main_letters for page in section.pages)
    missing = [item for item in required if item.presence is Presence.MISSING]
    # The first line that is true decides. What was not seen comes before what is wrong: a failure is known from one
    # version, a pass only from all, so counting the failures of half-seen sections would lean to one side.
    lines = (
        (longest < least, Outcome.NOT_APPLICABLE, "too_little_text"),
        (bool(unseen), Outcome.NOT_OBSERVED, unseen),
        (any(_wrong(item, least) for item in required), Outcome.FAIL, "wrong_language"),
        (any(_holds(section, item.language, least) for item in missing), Outcome.UNCLEAR, "language_unclear"),
        (not any(item.page for item in section.versions.values()), Outcome.UNCLEAR, "language_unclear"),
        (bool(missing), Outcome.FAIL, "required_language_missing"),
        (bool(_reason(policy, Presence.UNSEEN)), Outcome.UNCLEAR, "policy_language_unseen"),
        (any(_absent(item, least) for item in policy), Outcome.UNCLEAR, "policy_language_missing"),
        (not all(_is_own(item) for item in both) or min(sizes) < least, Outcome.UNCLEAR, "language_unclear"),
        (max(sizes) > ratio * min(sizes), Outcome.UNCLEAR, "size_ratio"),
    )
    return next(((outcome, reason) for true, outcome, reason in lines if true), (Outcome.PASS, "three_languages"))


def _letters(version: Version) -> int:
    return version.page.facts.main_letters if version.page else 0


def _reason(versions: list[Version], presence: Presence) -> str:
    """Return why the first version of that presence is so; empty when there is none."""
    return next((item.reason or presence.value for item in versions if item.presence is presence), "")


def _absent(version: Version, least: int) -> bool:
    return version.presence is Presence.MISSING or _wrong(version, least)


def _is_own(version: Version) -> bool:
    return bool(version.page and dominant(version.page.facts.main) == version.language)


def _wrong(version: Version, least: int) -> bool:
    """Tell whether the text is clearly in another language of which enough was seen."""
    found = dominant(version.page.facts.main, 0.7) if version.page else None
    return bool(version.page and found and found != version.language and _of(version.page, found) >= least)


def _holds(section: Section, code: str, least: int) -> bool:
    """Tell whether a page of the section carries enough text of a language that has no page of its own."""
    return any(_of(page, code) >= least for page in section.pages)


def _of(page: Page, code: str) -> int:
    return sum(item.letters for item in page.facts.main if item.language == code)


def _state(version: Version) -> str:
    if version.page is None:
        return f"{version.presence.value}:{version.reason}"
    return f"detected:{dominant(version.page.facts.main) or 'mixed'}"


def _cite(code: str, page: Page) -> Evidence:
    return page.cite(f"text:main {code}", page.facts.main_excerpt)
