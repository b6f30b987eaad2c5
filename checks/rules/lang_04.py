"""Menus and footers are in the language of the page.

What it asks
    Of every page whose main text is in a language of the country: is the frame around it (menus, header, footer) in
    that language too?

Why
    A Kazakh text within Russian menus can be read, but not found. It is the other way round as often: menus are
    translated first and the text never is; that is another rule's question.

Outcomes
    pass: the frame is in the language of the main text.
    fail: the frame is clearly in another language.
    unclear: the language of the main text cannot be told.
    not_applicable: too little text in the frame or in the page to tell; a frame in several languages, as banners,
    names and switches make it: that proves nothing.
    not_observed: the page could not be seen.

Traps
    Names of languages, bodies and people; menus too short to have a language. The frame of a platform that several
    agencies share is its owner's: one thing to mend, not one for each of them.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.language import UNDETERMINED, dominant
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_evidence import LEAST_LETTERS, SHARE
from checks.rules.lines import decide
from checks.view import Page

LEAST_FRAME = 80
"""Letters of known languages in the frame from which on it has one."""


@rule(
    id="LANG-04", version=1, indicators=("lang_quality",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}),
)  # fmt: skip
def frame_in_the_pages_language(page: Page, context: RuleContext) -> Result:
    """Judge one page."""
    main, frame = dominant(page.facts.main, SHARE), dominant(page.facts.frame, SHARE)
    known = sum(item.letters for item in page.facts.frame if item.language != UNDETERMINED)
    short = page.facts.main_letters < int(context.params.get("least_letters", LEAST_LETTERS))
    lines = (
        (short or known < int(context.params.get("least_frame", LEAST_FRAME)),
         Outcome.NOT_APPLICABLE, "too_little_text"),
        (main is None, Outcome.UNCLEAR, "language_unclear"),
        (frame is None, Outcome.NOT_APPLICABLE, "frame_mixed"),
        (frame != main, Outcome.FAIL, "frame_untranslated"),
    )  # fmt: skip
    outcome, reason = decide(lines, (Outcome.PASS, "frame_translated"))
    letters: dict[str, int] = {item.language: item.letters for item in page.facts.frame}
    measures: dict[str, Measure] = {"main": main, "frame": frame, "frame_letters": letters}
    evidence = (page.cite("text:main", page.facts.main_excerpt), page.cite("css:footer", page.facts.footer_excerpt))
    who = Responsible.PLATFORM_OWNER if page.shared_host else Responsible.AGENCY
    return Result(outcome, reason, measures, evidence, responsible=who)
