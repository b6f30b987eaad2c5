"""What a way of summing up is asked, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from checks.context import HistoryReader
from checks.findings import Finding, Outcome, Responsible
from checks.marking.confirmed import NOTHING_HELD, Held
from checks.marking.frame import Frame
from checks.marking.intervals import Interval
from checks.marks import Bounds, Counts, MarkValue
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
    discoveries: Held = NOTHING_HELD
    mends: frozenset[Responsible] = frozenset({Responsible.AGENCY})
    """Whose findings the mark speaks of: an agency's mark leaves out what others must mend, a portal's does not."""
    frame: Frame | None = None
    """How the pages were chosen; None where that is not known, or the findings are of no pages."""
    absence: bool = False
    """Whether full menu, section indexes and sitemaps were seen: what is not there is then said to be absent."""

    def of(self, *outcomes: Outcome) -> list[Finding]:
        """Return the findings of the given outcomes that the subject's owner can mend."""
        return [item for item in self.findings if self.outcome(item) in outcomes and item.responsible in self.mends]

    def outcome(self, finding: Finding) -> Outcome:
        """Return a finding's outcome as this profile reads it: what meets the class of formats it accepts passes."""
        met = finding.measures.get("meets")
        accepted = self.params.accepts is not None and isinstance(met, list) and self.params.accepts in met
        return Outcome.PASS if accepted and finding.outcome in OBSERVED else finding.outcome

    def counts(self) -> Counts:
        """Return the findings by outcome that the mark speaks of: what others must mend is counted with them."""
        number = Counter(self.outcome(item) for item in self.findings if item.responsible in self.mends)
        return Counts(
            number[Outcome.PASS], number[Outcome.FAIL], number[Outcome.UNCLEAR],
            number[Outcome.NOT_APPLICABLE], number[Outcome.NOT_OBSERVED],
        )  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """A mark value (or none) with its reason, the bounds it rests on, and the findings that decide."""

    value: MarkValue | None
    reason: str
    interval: Interval | None = None
    deciding: Sequence[Finding] = ()
    bounds: Bounds | None = None
