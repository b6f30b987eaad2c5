"""What a way of summing up is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.context import HistoryReader
from checks.findings import Finding, Outcome, Responsible
from checks.marking.intervals import Interval
from checks.marks import Counts, MarkValue
from config.pack import Calendar, IndicatorParams

OBSERVED = (Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR)


@dataclass(frozen=True)
class Question:
    """What a mark is made of: the findings, the thresholds, whether the scope was exhausted, the night."""

    findings: tuple[Finding, ...]
    params: IndicatorParams
    exhausted: bool
    night: date
    history: HistoryReader
    calendar: Calendar | None = None
    mends: frozenset[Responsible] = frozenset({Responsible.AGENCY})
    """Whose findings the mark speaks of: an agency's mark leaves out what others must mend, a portal's does not."""

    def of(self, *outcomes: Outcome) -> list[Finding]:
        """Return the findings of the given outcomes that the subject's owner can mend."""
        return [item for item in self.findings if item.outcome in outcomes and item.responsible in self.mends]


@dataclass(frozen=True)
class Decision:
    """A mark value (or none) with its reason, the bounds it rests on, and the findings that decide."""

    value: MarkValue | None
    reason: str
    interval: Interval | None = None
    deciding: Sequence[Finding] = ()


def counts(findings: Sequence[Finding]) -> Counts:
    """Return findings by outcome."""
    number = {outcome: sum(item.outcome is outcome for item in findings) for outcome in Outcome}
    return Counts(
        number[Outcome.PASS], number[Outcome.FAIL], number[Outcome.UNCLEAR],
        number[Outcome.NOT_APPLICABLE], number[Outcome.NOT_OBSERVED],
    )  # fmt: skip
