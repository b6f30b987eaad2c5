"""Pages are in the language they declare.

What it asks
    Of every page: do the languages it declares (`html lang`, the sign in its address, hreflang links that lead to
    itself) agree with the language of its main text?

Why
    Search engines, screen readers and translators believe the declaration. A Kazakh version that carries Russian text
    serves nobody, though a switch leads to it.

Outcomes
    pass: every declaration fits the detected language.
    fail: the text is in another language than its address or its links promise, or than its only declaration says.
    unclear: only `html lang` is wrong beside a right address; nothing is declared; the text is mixed or its language
    cannot be told; a code that stands for no language.
    not_applicable: too little text to tell (tables, codes, maps).
    not_observed: the page could not be seen.

Traps
    One `lang` in the template of all versions; codes that are no codes (kz, ru_RU, aliases): they are read as meant
    and reported; menus and footers prove nothing; quotations and names in another language.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

import re

from checks.context import RuleContext
from checks.facts.language import UNDETERMINED, dominant
from checks.facts.model import FactKind
from checks.facts.versions import VersionReader
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.view import Page
from config.pack import Pack

LEAST_LETTERS = 120
SHARE = 0.7
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")


@rule(
    id="LANG-02", version=1, indicators=("lang_quality",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}),
)  # fmt: skip
def language_as_declared(page: Page, context: RuleContext) -> Result:
    """Judge one page."""
    declared = page.facts.declared_language or ""
    promised = _promised(page, context.pack)
    outcome, reason = _judge(page, context, context.pack.language(declared) if declared else None, promised)
    measures: dict[str, Measure] = {
        "declared": declared or None,
        "promised": sorted(promised),
        "detected": dominant(page.facts.main, SHARE),
        "malformed": bool(declared) and not _is_code(declared, context.pack),
    }
    frame = page.shared_host and reason in ("html_lang_wrong", "language_code_unknown", "language_undeclared")
    evidence = (page.cite("css:html[lang]", f'lang="{declared}"'), page.cite("text:main", page.facts.main_excerpt))
    return Result(outcome, reason, measures, evidence, responsible=_OWNER if frame else Responsible.AGENCY)


_OWNER = Responsible.PLATFORM_OWNER


def _judge(page: Page, context: RuleContext, code: str | None, promised: set[str]) -> tuple[Outcome, str]:
    least = int(context.params.get("least_letters", LEAST_LETTERS))
    found = dominant(page.facts.main, float(context.params.get("share", SHARE)))
    unknown = sum(item.letters for item in page.facts.main if item.language == UNDETERMINED)
    declared = page.facts.declared_language
    wrong = code is not None and code != found
    # The first line that is true decides.
    lines = (
        (page.facts.main_letters < least, Outcome.NOT_APPLICABLE, "too_little_text"),
        (not declared and not promised, Outcome.UNCLEAR, "language_undeclared"),
        (found is None or 2 * unknown > page.facts.main_letters, Outcome.UNCLEAR, "language_unclear"),
        (bool(promised) and promised != {found}, Outcome.FAIL, "wrong_language"),
        (wrong and not promised, Outcome.FAIL, "wrong_language"),
        (wrong, Outcome.UNCLEAR, "html_lang_wrong"),
        (bool(declared) and code is None, Outcome.UNCLEAR, "language_code_unknown"),
    )
    first = next(((outcome, reason) for true, outcome, reason in lines if true), None)
    return first or (Outcome.PASS, "language_as_declared")


def _promised(page: Page, pack: Pack) -> set[str]:
    """Return the languages that the page's address and the links to itself name."""
    sign = VersionReader(pack).neutral(page.facts.url, page.scope.url).language
    own = {
        item.language for item in page.facts.language_links if item.method == "hreflang" and item.url == page.facts.url
    }
    return ({sign} if sign else set()) | (own if len(own) == 1 else set())


def _is_code(declared: str, pack: Pack) -> bool:
    """Tell whether a declaration is a well-formed tag whose language is a code and no alias."""
    return bool(_TAG.fullmatch(declared)) and declared.split("-", maxsplit=1)[0] not in {
        alias for item in pack.languages for alias in item.aliases if len(alias) == len(item.code)
    }
