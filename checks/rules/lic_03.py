"""Sites state an open licence or terms of free re-use.

What it asks
    Of every scope: what do footers, terms and licence links of its pages say on re-use, taken together?

Why
    Most information of a body is on its pages, not in a catalogue. One named licence in the footer answers every
    re-user at once.

Outcomes
    pass: an open licence, or free use in words that the pack holds verified, and no restriction beside it.
    fail: a restriction, in words that the pack holds verified or by a licence without commerce or change.
    unclear: both; a condition (a link, own purposes); words that nobody verified.
    not_observed: no terms were found, or no page was seen.

Traps
    A bare copyright sign licenses nothing and forbids nothing by itself; credits of pictures and of the site's
    builder; the footer of a shared platform is its owner's.

Law
    Criterion of the assessment of 2014. Where no terms are found there is no mark.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, Notice, NoticeKind
from checks.findings import Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.view import Page, ScopeView

MOST_CITED = 3
Told = tuple[Page, Notice]


@rule(
    id="LIC-03", version=1, indicators=("open_licence",), subject=SubjectKind.SCOPE,
    needs=frozenset({FactKind.PAGE}), none_found="no_terms_seen",
)  # fmt: skip
def open_terms(scope: ScopeView, _context: RuleContext) -> Result | None:
    """Judge one scope; one that shows no terms says nothing."""
    told = {(item.kind, item.phrase): (page, item) for page in reversed(scope.pages) for item in page.facts.notices}
    outcome, reason, deciding = _judge([told[key] for key in sorted(told)])
    if not deciding:
        return None
    evidence = tuple(page.cite(item.locator, item.excerpt) for page, item in deciding[:MOST_CITED])
    frame = scope.shared_host and all(item.in_footer for _, item in deciding)
    owner = Responsible.PLATFORM_OWNER if frame else Responsible.AGENCY
    return Result(outcome, reason, {"phrases": [item.phrase for _, item in deciding]}, evidence, responsible=owner)


def _judge(told: list[Told]) -> tuple[Outcome, str, list[Told]]:
    kinds = {kind: [pair for pair in told if pair[1].kind is kind] for kind in NoticeKind}
    restricted, opened = kinds[NoticeKind.RESTRICTED], kinds[NoticeKind.OPEN]
    # The first line whose notices were found decides.
    lines = (
        (Outcome.UNCLEAR, "contradicting_notices", [*restricted, *opened] if restricted and opened else []),
        (Outcome.FAIL, "restricted_notice", _verified(restricted)),
        (Outcome.UNCLEAR, "restricted_unverified", restricted),
        (Outcome.UNCLEAR, "attribution_condition", kinds[NoticeKind.ATTRIBUTION]),
        (Outcome.PASS, "open_notice", _verified(opened)),
        (Outcome.UNCLEAR, "open_unverified", opened),
    )
    return next((line for line in lines if line[2]), (Outcome.NOT_OBSERVED, "no_terms_seen", []))


def _verified(told: list[Told]) -> list[Told]:
    return [pair for pair in told if pair[1].verified]
