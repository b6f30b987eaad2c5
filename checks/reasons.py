"""From what happened on the wire to the reason codes that rules, marks and the message catalogues share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from config.discoveries import DiscoveryKind
from crawler.capture import Capture, ExchangeOutcome
from crawler.verdicts import Verdict

NETWORK = frozenset(
    {ExchangeOutcome.DNS, ExchangeOutcome.REFUSED, ExchangeOutcome.RESET, ExchangeOutcome.TIMEOUT, ExchangeOutcome.TLS}
)
_OUTCOMES = {
    ExchangeOutcome.TIMEOUT: "timeout",
    ExchangeOutcome.ROBOTS: "robots",
    ExchangeOutcome.PAUSED: "paused",
    ExchangeOutcome.COOLED_OFF: "cooled_off",
    ExchangeOutcome.OUT_OF_SCOPE: "redirected",
    ExchangeOutcome.REDIRECT_LOOP: "redirected",
    ExchangeOutcome.GUARD: "guard",
    ExchangeOutcome.TOO_LARGE: "too_large",
}
_VERDICTS = {
    Verdict.BLOCKED: "blocked",
    Verdict.ACCESS_CONTROL: "access_control",
    Verdict.JS_SHELL: "js_shell",
    Verdict.ERROR_BODY: "error_body",
    Verdict.SOFT_404: "soft_404",
    Verdict.EMPTY: "too_little_text",
    Verdict.NOT_PAGE: "not_html",
    Verdict.TRAP: "trap",
}
_DENIED = frozenset({401, 403, 407, 451})
_TOO_MANY = 429
GONE = frozenset({404, 410})
RESTS_ON = {"required_language_missing": DiscoveryKind.LANGUAGE_SWITCH}
"""Reasons that say something is absent, and the discovery that tells where it would stand."""


def reason_of(capture: Capture, verdict: Verdict | None = None) -> str:
    """Return why a capture shows nothing of what was asked. A page that can be judged has no such reason."""
    # Whatever the answer of a host that was only busy looks like, it says nothing about the page.
    judged = None if capture.outcome is ExchangeOutcome.COOLED_OFF else _VERDICTS.get(verdict or Verdict.PAGE)
    if judged:
        return judged
    if capture.status in GONE:
        return "gone"
    if capture.status in _DENIED:
        return "access_control"
    if capture.answered:
        return "not_html"
    # A host that is up may turn us away (429); one that did so all night is cooled off.
    otherwise = "blocked" if capture.status == _TOO_MANY else "unreachable"
    return _OUTCOMES.get(capture.outcome, otherwise)


def commonest(reasons: Iterable[str], otherwise: str = "not_observed") -> str:
    """Return the most frequent reason; ties go to the first in the alphabet."""
    counted = Counter(reasons)
    return min(counted, key=lambda reason: (-counted[reason], reason), default=otherwise)
