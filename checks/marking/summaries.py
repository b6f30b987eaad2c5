"""The five ways of summing up findings into a mark: share, exists, cadence, worst, evidence.

General rules (docs/marking.md): `0` only for evidence that was seen; too little evidence is no mark with its reason;
a `-` needs a verified threshold; what a platform's owner must mend is inherited, never the agency's `-`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from checks.findings import Finding, Outcome
from checks.marking.cadence import cadence
from checks.marking.frame import frame_bounds
from checks.marking.intervals import Interval, share_interval
from checks.marking.question import OBSERVED, Decision, Question
from checks.marks import Bounds, MarkValue
from checks.reasons import commonest
from config.indicators import Sum
from config.pack import IndicatorParams

PLUS, MINUS, ZERO = MarkValue.PLUS, MarkValue.MINUS, MarkValue.ZERO


def decide(kind: Sum, question: Question) -> Decision:
    """Sum up, then hold the `-` to its conditions: a verified threshold, and discoveries that a person confirmed."""
    decision = _nothing_seen(question) or _WAYS[kind](question)
    if decision.value is MINUS and not question.params.verified:
        return Decision(ZERO, "basis_unverified", decision.interval, decision.deciding)
    if decision.value is MINUS and not _confirmed(kind, question, decision):
        return Decision(ZERO, "discovery_unconfirmed", decision.interval, decision.deciding)
    return decision


def _confirmed(kind: Sum, question: Question, decision: Decision) -> bool:
    """Tell whether a `-` stands without what only the machine's own discoveries say is late or absent."""
    if kind is Sum.CADENCE:
        return any(question.discoveries.names_list(item) for item in decision.deciding)
    findings = tuple(
        item if item.outcome is not Outcome.FAIL or question.discoveries.confirms(item)
        else msgspec.structs.replace(item, outcome=Outcome.UNCLEAR)
        for item in question.findings
    )  # fmt: skip
    return findings == question.findings or _WAYS[kind](replace(question, findings=findings)).value is MINUS


def _nothing_seen(question: Question) -> Decision | None:
    if question.of(*OBSERVED):
        return None
    if any(item.outcome in OBSERVED for item in question.findings):
        inherited = [item for item in question.findings if item.outcome in OBSERVED]
        return Decision(None, "inherited", deciding=inherited)
    unseen = [item.reason for item in question.findings if item.outcome is Outcome.NOT_OBSERVED]
    if unseen:
        return Decision(None, commonest(unseen), deciding=question.of(Outcome.NOT_OBSERVED))
    return Decision(None, "not_applicable" if question.findings else "not_observed", deciding=question.findings)


def share(question: Question) -> Decision:
    """`+` or `-` when the whole interval lies beyond a threshold; `0` mixed when it lies between the two."""
    seen = question.of(*OBSERVED)
    passed = question.of(Outcome.PASS)
    if not question.exhausted and len(seen) < question.params.minimum:
        return Decision(None, "too_few", deciding=seen)
    worst, kind = _bounds(question, passed, seen)
    best, _ = _bounds(question, [*passed, *question.of(Outcome.UNCLEAR)], seen)
    bounds = (worst[0], best[1])
    readings = {_reading(worst, question.params), _reading(best, question.params)}
    if None in readings:
        return Decision(None, "undecided_sample", bounds, seen, kind)
    if len(readings) > 1:
        return Decision(ZERO, "dual", bounds, seen, kind)
    value = readings.pop()
    return Decision(value, {PLUS: "share_high", MINUS: "share_low"}.get(value or ZERO, "mixed"), bounds, seen, kind)


def _bounds(question: Question, passed: list[Finding], seen: list[Finding]) -> tuple[Interval, Bounds]:
    """Return the bounds of a share and what they are."""
    if question.exhausted:
        return share_interval(len(passed), len(seen), len(seen)), Bounds.EXACT
    if question.frame is None:
        return share_interval(len(passed), len(seen), None), Bounds.SEEN
    return frame_bounds(question.frame, passed, seen), Bounds.SAMPLING


def _reading(interval: Interval, params: IndicatorParams) -> MarkValue | None:
    """Return what an interval says, None when it straddles a threshold."""
    plus, minus = params.plus if params.plus is not None else 1.0, params.minus if params.minus is not None else 0.0
    low, high = interval
    if low >= plus:
        return PLUS
    if high <= minus:
        return MINUS
    return ZERO if low > minus and high < plus else None


def exists(question: Question) -> Decision:
    """`+` when one is there; `-` when it is seen empty or dead; `0` when it can be read both ways."""
    if found := question.of(Outcome.PASS):
        return Decision(PLUS, "exists", deciding=found)
    if unclear := question.of(Outcome.UNCLEAR):
        return Decision(ZERO, "dual", deciding=unclear)
    if unseen := question.of(Outcome.NOT_OBSERVED):  # it may stand where nobody could look
        return Decision(None, commonest(item.reason for item in unseen), deciding=unseen)
    return Decision(MINUS, "absent", deciding=question.of(Outcome.FAIL))


def worst(question: Question) -> Decision:
    """`-` when one fails; else `0` when one is unclear; `+` when enough was seen and all pass.

    Passing by absence alone (nothing restrictive was seen) is said only where menu, section indexes and sitemaps were
    seen in full.
    """
    if failed := question.of(Outcome.FAIL):
        return Decision(MINUS, "worst_fail", deciding=failed)
    if unclear := question.of(Outcome.UNCLEAR):
        return Decision(ZERO, "worst_unclear", deciding=unclear)
    passed = question.of(Outcome.PASS)
    if not question.exhausted and len(passed) < question.params.minimum:
        return Decision(None, "too_few", deciding=passed)
    if not (question.exhausted or question.absence) and all(item.measures.get("by_absence") for item in passed):
        return Decision(None, "not_exhausted", deciding=passed)
    return Decision(PLUS, "worst_pass", deciding=passed)


def evidence(question: Question) -> Decision:
    """Shown, never marked."""
    return Decision(None, "evidence_only", deciding=question.of(*OBSERVED))


_WAYS: dict[Sum, Callable[[Question], Decision]] = {
    Sum.SHARE: share,
    Sum.EXISTS: exists,
    Sum.CADENCE: cadence,
    Sum.WORST: worst,
    Sum.EVIDENCE: evidence,
}
