"""Pages are in the language they declare.

What it asks
    Of every page: do the languages it declares (`html lang`, Content-Language, metadata, the sign in its address,
    hreflang links that lead to itself) agree with the language of its main text?

Why
    Search engines, screen readers and translators believe the declaration. A Kazakh version that carries Russian text
    serves nobody, though a switch leads to it.

Outcomes
    pass: every declaration fits the detected language.
    fail: the text is in another language than its address or its links promise, or than its only declaration says.
    unclear: only `html lang`, a header or metadata is wrong beside a right address; nothing is declared; the text is
    mixed or its language cannot be told; a code that stands for no language.
    not_applicable: too little text to tell (tables, codes, maps).
    not_observed: the page could not be seen.

Traps
    One `lang` in the template of all versions; codes that are no codes (kz, ru_RU, aliases): they are read as meant
    and reported; menus and footers prove nothing; quotations and names in another language.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.language import UNDETERMINED, dominant
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_evidence import LEAST_LETTERS, SHARE, declared, letters_in, malformed, promised
from checks.rules.lines import decide
from checks.view import Page

_OF_FRAME = ("html_lang_wrong", "language_code_unknown", "language_undeclared", "declarations_differ")
"""What the template decides: on a shared host it is the platform owner's to mend."""


@rule(
    id="LANG-02", version=2, indicators=("lang_quality",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}),
)  # fmt: skip
def language_as_declared(page: Page, context: RuleContext) -> Result:
    """Judge one page."""
    outcome, reason = _judge(page, context)
    measures: dict[str, Measure] = {
        "declared": page.facts.declared_language,
        "declarations": [f"{item.method}={item.text}" for item in page.facts.declarations],
        "promised": sorted(promised(page, context.pack)),
        "detected": dominant(page.facts.main, SHARE),
        "malformed": malformed(page, context.pack),
        "lookalikes": page.facts.lookalikes,
    }
    lang = page.cite("css:html[lang]", f'lang="{page.facts.declared_language or ""}"')
    evidence = (lang, page.cite("text:main", page.facts.main_excerpt))
    frame = page.shared_host and reason in _OF_FRAME
    who = Responsible.PLATFORM_OWNER if frame else Responsible.AGENCY
    return Result(outcome, reason, measures, evidence, responsible=who)


def _judge(page: Page, context: RuleContext) -> tuple[Outcome, str]:
    found = dominant(page.facts.main, float(context.params.get("share", SHARE)))
    unknown = 2 * letters_in(page, UNDETERMINED) > page.facts.main_letters
    means = declared(page, context.pack)
    stated, address = page.facts.declared_language, promised(page, context.pack)
    code = means.get("html_lang")
    others = {item for method, item in means.items() if method != "html_lang" and item}
    wrong = code is not None and code != found
    lines = (
        (page.facts.main_letters < int(context.params.get("least_letters", LEAST_LETTERS)),
         Outcome.NOT_APPLICABLE, "too_little_text"),
        (not stated and not address and not others, Outcome.UNCLEAR, "language_undeclared"),
        (found is None or unknown, Outcome.UNCLEAR, "language_unclear"),
        (bool(address) and address != {found}, Outcome.FAIL, "wrong_language"),
        (wrong and not address and not others & {found}, Outcome.FAIL, "wrong_language"),
        (wrong, Outcome.UNCLEAR, "html_lang_wrong"),
        (bool(others - {found}), Outcome.UNCLEAR, "declarations_differ"),
        (bool(stated) and code is None, Outcome.UNCLEAR, "language_code_unknown"),
    )  # fmt: skip
    return decide(lines, (Outcome.PASS, "language_as_declared"))
