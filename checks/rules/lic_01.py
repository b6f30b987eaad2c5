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
from checks.facts.model import FactKind, Notice, NoticeKind
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.view import Page


@rule(
    id="LIC-01", version=1, indicators=("copyright_notice",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}), none_found="no_footer_seen",
)  # fmt: skip
def no_restriction(page: Page, _context: RuleContext) -> Result | None:
    """Judge one page; pages that show neither footer nor notice say nothing."""
    notices = page.facts.notices
    if not notices and not page.facts.footer_excerpt:
        return None
    outcome, reason, deciding = _judge(notices)
    evidence = tuple(page.cite(item.locator, item.excerpt) for item in deciding)
    if not deciding:
        evidence = (page.cite("css:footer", page.facts.footer_excerpt),)
    others = tuple(page.cite(item.locator, item.excerpt) for item in notices if item not in deciding)
    frame = page.shared_host and all(item.in_footer for item in deciding)
    measures: dict[str, Measure] = {} if deciding else {"by_absence": True}
    return Result(
        outcome, reason, measures, evidence, others, Responsible.PLATFORM_OWNER if frame else Responsible.AGENCY
    )


def _judge(notices: tuple[Notice, ...]) -> tuple[Outcome, str, list[Notice]]:
    kinds = {kind: [item for item in notices if item.kind is kind] for kind in NoticeKind}
    restricted, opened, condition = kinds[NoticeKind.RESTRICTED], kinds[NoticeKind.OPEN], kinds[NoticeKind.ATTRIBUTION]
    # The first line whose notices were found decides.
    lines = (
        (Outcome.UNCLEAR, "contradicting_notices", [*restricted, *opened] if restricted and opened else []),
        (Outcome.FAIL, "restricted_notice", [item for item in restricted if item.verified]),
        (Outcome.UNCLEAR, "restricted_unverified", restricted),
        (Outcome.PASS, "open_notice", [item for item in opened if item.verified]),
        (Outcome.UNCLEAR, "open_unverified", opened),
        (Outcome.UNCLEAR, "attribution_condition", condition),
        (Outcome.UNCLEAR, "bare_notice", kinds[NoticeKind.BARE]),
    )
    return next((line for line in lines if line[2]), (Outcome.PASS, "no_restriction", []))
