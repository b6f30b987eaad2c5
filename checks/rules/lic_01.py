"""Footers and terms do not restrict the re-use of public information.

What it asks
    Of every page: what do its footer and, on pages about terms, its text say about rights: an open licence, free use
    with a link, a restriction, a bare copyright sign, or nothing?

Why
    "All rights reserved" under public information makes every re-user ask for permission. The assessment counts it
    against readiness, wherever it stands.

Outcomes
    pass: an open licence or free use is stated, or footer or terms were seen and restrict nothing.
    unclear: a bare sign without words; a condition (a link, own purposes); a phrase that the pack does not hold
    verified; an open licence beside a restriction.
    fail: a restriction in a phrase the pack holds verified, or a licence that forbids change or commercial use.
    not_observed: neither footer nor terms were seen.

Traps
    Credits of photos and news agencies inside articles, notices of the site's builder, years that run (2014-2026).
    The footer of a platform that several agencies share is its owner's to mend.

Law
    Criterion of the assessment of 2014 (copyright notices of state bodies' sites); no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, NoticeKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lic_evidence import Decided, Told, decide_restriction, of_kind, owner_of
from checks.view import Page


@rule(
    id="LIC-01", version=2, indicators=("copyright_notice",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}), none_found="no_footer_seen",
)  # fmt: skip
def no_restriction(page: Page, _context: RuleContext) -> Result | None:
    """Judge one page; pages that show neither footer nor notice say nothing."""
    told = [(page, item) for item in page.facts.notices]
    if not told and not page.facts.footer_excerpt:
        return None
    outcome, reason, deciding = _judge(told)
    evidence = tuple(page.cite(item.locator, item.excerpt) for _, item in deciding)
    decisive = [item for _, item in deciding]
    others = tuple(page.cite(item.locator, item.excerpt) for _, item in told if item not in decisive)
    measures: dict[str, Measure] = {} if deciding else {"by_absence": True}
    seen = evidence or (page.cite("css:footer", page.facts.footer_excerpt),)
    return Result(outcome, reason, measures, seen, others, owner_of(deciding, shared=page.shared_host))


def _judge(told: list[Told]) -> Decided:
    # The first line whose notices were found decides.
    lines: tuple[Decided, ...] = (
        *decide_restriction(told),
        (Outcome.PASS, "open_notice", of_kind(told, NoticeKind.OPEN, verified=True)),
        (Outcome.UNCLEAR, "open_unverified", of_kind(told, NoticeKind.OPEN)),
        (Outcome.UNCLEAR, "attribution_condition", of_kind(told, NoticeKind.ATTRIBUTION)),
        (Outcome.UNCLEAR, "bare_notice", of_kind(told, NoticeKind.BARE)),
    )
    return next((line for line in lines if line[2]), (Outcome.PASS, "no_restriction", []))
