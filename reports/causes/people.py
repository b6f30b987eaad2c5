"""Changes of the marks that count: what people decided stands before what the machine proposes.

A decision taken since the night before is the analyst's doing; one that began or ended by its date is time's. What the
machine proposes otherwise shows through where no decision stands before it, with the cause it has there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from reports.analysts.acts import Stated
from reports.analysts.items import MarkItem
from reports.analysts.state import State
from reports.causes.ladder import NOTHING, Evidence, Question, Rung, Said, Told
from reports.ledger import Cause, MarkChange, Step

Word: TypeAlias = Callable[[Question, Said, date], Said]
"""Gives what counts of a proposed answer on a night."""


def word_of(state: State) -> Word:
    """Return what counts by *state*: an erratum, else an override, else an adoption, else the proposal."""

    def word(question: Question, proposed: Said, night: date) -> Said:
        agency, group, indicator, profile = question
        item = MarkItem(indicator, profile, agency, group).key
        if erratum := state.erratum(item, night):
            return (erratum.value, "erratum")
        if decision := state.override(item, night):
            return (decision.act.value, "override")
        decision = state.adopted(item, night)
        if decision is None or isinstance(decision.act, Stated):
            return proposed
        return (decision.act.value, getattr(decision.act, "reason", None) or "adopted")

    return word


def decided(
    nights: tuple[date, date],
    marks: tuple[Told, Told],
    words: tuple[Word, Word],
    rungs: Sequence[Rung],
    evidence: Evidence,
) -> Iterator[MarkChange]:
    """Yield the changes between two *nights* of marks that people decided about, with their causes.

    *words* say what counted by what was known on each night.
    """
    start, end = marks
    for question in sorted({*start, *end}, key=str):
        was, now = start.get(question, NOTHING), end.get(question, NOTHING)
        told = [(Cause.TIME, words[0](question, was, nights[1])), (Cause.ANALYST, words[1](question, was, nights[1]))]
        counted = (words[0](question, was, nights[0]), words[1](question, now, nights[1]))
        if counted[0] == counted[1] or counted == (was, now):
            continue
        lifted = [*rungs, *(evidence(question, end) if was != now else ())]
        told += [(rung.cause, words[1](question, rung.marks.get(question, NOTHING), nights[1])) for rung in lifted]
        yield _change(nights, question, counted, told)


def _change(
    nights: tuple[date, date], question: Question, counted: tuple[Said, Said], told: list[tuple[Cause, Said]]
) -> MarkChange:
    steps = []
    said = counted[0]
    for cause, now in told:
        if now != said:
            steps.append(Step(cause, *now))
        said = now
    agency, group, indicator, profile = question
    return MarkChange(nights[1], nights[0], agency, group, indicator, profile, *counted[1], tuple(steps), decided=True)
