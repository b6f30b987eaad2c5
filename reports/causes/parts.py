"""The evidence let in by parts: the smallest part that brings tonight's mark about is the cause.

Four causes have sixteen parts; each is marked once, when a mark first asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from reports.causes.evidence import Shift, applied, events_of
from reports.causes.ladder import NOTHING, Question, Rung, Said, Told, told
from reports.ledger import Cause

if TYPE_CHECKING:
    from checks.night import Judged

_EVIDENCE = (Cause.RULE, Cause.COVERAGE, Cause.PLATFORM, Cause.SITE)
_Part = tuple[Cause, ...]


class Parts:
    """Marks for every part of what changed in the evidence between `base` (last night's) and `tonight`."""

    def __init__(self, base: Judged, tonight: Judged, made: tuple[Shift, ...]) -> None:
        self._base = base
        self._tonight = tonight
        self._made = made
        self._told: dict[_Part, Told] = {(): told(base.assessment.marks), _EVIDENCE: told(tonight.assessment.marks)}

    def rungs(self, question: Question, end: Told) -> list[Rung]:
        """Return the rungs of the smallest part that answers *question* as *end* does, one a cause."""
        wanted = end.get(question, NOTHING)
        part = next(item for item in self._by_size() if self._marks(item).get(question, NOTHING) == wanted)
        return [
            Rung(cause, self._marks(part[: place + 1]), events_of(self._of(question, cause)))
            for place, cause in enumerate(part)
        ]

    @property
    def base(self) -> Told:
        """What last night's evidence says."""
        return self._told[()]

    def said(self, question: Question) -> Said:
        """Return what tonight answers *question*."""
        return self._told[_EVIDENCE].get(question, NOTHING)

    def _by_size(self) -> Iterator[_Part]:
        for size in range(len(_EVIDENCE) + 1):
            yield from combinations(_EVIDENCE, size)

    def _marks(self, part: _Part) -> Told:
        if part not in self._told:
            findings = applied(self._base.assessment.findings, [item for item in self._made if item.cause in part])
            known = (self._tonight if Cause.COVERAGE in part else self._base).marker.known
            marker = replace(self._tonight.marker, known=known)
            self._told[part] = told(marker.marks(findings))
        return self._told[part]

    def _of(self, question: Question, cause: Cause) -> list[Shift]:
        """Return the shifts of *cause* that may bear on *question*."""
        rules = {rule.id for rule in self._tonight.marker.rules if question[2] in rule.indicators}
        bodies = {item.id for item in self._tonight.marker.agencies} if question[0] is None else {question[0]}
        return [
            item
            for item in self._made
            if item.cause is cause and item.key[0] in rules and (item.agency is None or item.agency in bodies)
        ]
