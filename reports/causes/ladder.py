"""The ladder from last night's marks to tonight's: on each rung one more cause is let in, and the night marked again.

Where a mark differs between two rungs, the upper rung's cause has a share in the change. Marks that end as they began
did not change, whatever happened on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from checks.marks import Mark
from reports.ledger import Cause, MarkChange, Step

Question: TypeAlias = tuple[str | None, str | None, str, str]
"""Agency, group, indicator, profile."""
Said: TypeAlias = tuple[str | None, str | None]
"""Value and reason of a mark; (None, None) where there is no mark."""
Told: TypeAlias = Mapping[Question, Said]
Evidence: TypeAlias = "Callable[[Question, Told], list[Rung]]"
"""Gives the rungs of what was found, which end in tonight's answer to a question."""
NOTHING: Said = (None, None)


@dataclass(frozen=True)
class Rung:
    """The marks once `cause` is let in; `events` name what happened, per agency (None: for all)."""

    cause: Cause
    marks: Told
    events: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)


def told(marks: Iterable[Mark]) -> dict[Question, Said]:
    """Return what *marks* say, by question."""
    return {
        (mark.agency, mark.group, mark.indicator, mark.profile): (mark.value.value if mark.value else None, mark.reason)
        for mark in marks
    }


def changed(before: Told, after: Told) -> list[Question]:
    """Return the questions that are answered otherwise, in a fixed order."""
    asked = sorted({*before, *after}, key=lambda key: tuple(part or "" for part in key))
    return [key for key in asked if before.get(key, NOTHING) != after.get(key, NOTHING)]


def steps(question: Question, start: Told, end: Told, rungs: Sequence[Rung], evidence: Evidence) -> tuple[Step, ...]:
    """Return the rungs on which the answer to *question* changes, as steps; *evidence* gives the uppermost rungs.

    A mark that was not there before, or is not there any more, has one cause: what brought or took it.
    """
    came = question not in start
    if came or question not in end:
        brought = next((rung for rung in rungs if (question in rung.marks) is came), None)
        rung = brought or evidence(question, end)[-1]
        return (Step(rung.cause, *end.get(question, NOTHING), rung.events.get(question[0], ())),)
    found = []
    said = start[question]
    for rung in (*rungs, *evidence(question, end)):
        now = rung.marks.get(question, NOTHING)
        if now != said:
            found.append(Step(rung.cause, *now, rung.events.get(question[0], ())))
        said = now
    return tuple(found)


def change(nights: tuple[date, date], question: Question, after: Told, found: tuple[Step, ...]) -> MarkChange:
    """Return the change of one mark between two *nights*."""
    agency, group, indicator, profile = question
    return MarkChange(nights[1], nights[0], agency, group, indicator, profile, *after.get(question, NOTHING), found)
