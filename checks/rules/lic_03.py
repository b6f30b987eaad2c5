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
from checks.facts.model import FactKind, NoticeKind
from checks.findings import Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lic_evidence import Decided, Told, decide_restriction, of_kind, owner_of, told_by
from checks.view import ScopeView

MOST_CITED = 3


@rule(
    id="LIC-03", version=2, indicators=("open_licence",), subject=SubjectKind.SCOPE,
    needs=frozenset({FactKind.PAGE}), none_found="no_terms_seen",
)  # fmt: skip
def open_terms(scope: ScopeView, _context: RuleContext) -> Result | None:
    """Judge one scope; one that shows no terms says nothing."""
    outcome, reason, deciding = _judge(told_by(scope.pages))
    if not deciding:
        return None
    evidence = tuple(page.cite(item.locator, item.excerpt) for page, item in deciding[:MOST_CITED])
    phrases = [item.phrase for _, item in deciding]
    owner = owner_of(deciding, shared=scope.shared_host)
    return Result(outcome, reason, {"phrases": phrases}, evidence, responsible=owner)


def _judge(told: list[Told]) -> Decided:
    # The first line whose notices were found decides.
    lines: tuple[Decided, ...] = (
        *decide_restriction(told),
        (Outcome.UNCLEAR, "attribution_condition", of_kind(told, NoticeKind.ATTRIBUTION)),
        (Outcome.PASS, "open_notice", of_kind(told, NoticeKind.OPEN, verified=True)),
        (Outcome.UNCLEAR, "open_unverified", of_kind(told, NoticeKind.OPEN)),
    )
    return next((line for line in lines if line[2]), (Outcome.NOT_OBSERVED, "no_terms_seen", []))
