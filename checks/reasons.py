"""From what happened on the wire to the reason codes that rules, marks and the message catalogues share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crawler.capture import Capture, ExchangeOutcome
from crawler.verdicts import Verdict

NETWORK = frozenset(
    {ExchangeOutcome.DNS, ExchangeOutcome.REFUSED, ExchangeOutcome.RESET, ExchangeOutcome.TIMEOUT, ExchangeOutcome.TLS}
)
_OUTCOMES = {
    ExchangeOutcome.TIMEOUT: "timeout",
    ExchangeOutcome.ROBOTS: "robots",
    ExchangeOutcome.PAUSED: "paused",
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


def reason_of(capture: Capture, verdict: Verdict | None = None) -> str:
    """Return why a capture shows nothing of what was asked. A page that can be judged has no such reason."""
    if verdict is not None and verdict in _VERDICTS:
        return _VERDICTS[verdict]
    if capture.status in GONE:
        return "gone"
    if capture.status in _DENIED:
        return "access_control"
    if capture.status == _TOO_MANY:  # the host is up and turns us away
        return "blocked"
    if capture.answered:
        return "not_html"
    return _OUTCOMES.get(capture.outcome, "unreachable")


def commonest(reasons: Iterable[str], otherwise: str = "not_observed") -> str:
    """Return the most frequent reason; ties go to the first in the alphabet."""
    counted = Counter(reasons)
    return min(counted, key=lambda reason: (-counted[reason], reason), default=otherwise)
