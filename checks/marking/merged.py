"""Findings of some rules put in the place of what these rules said before, and the marks that this changes."""

from __future__ import annotations

from collections.abc import Collection

from checks.assessment import Assessment
from checks.marking.night import Marker


def merged(recorded: Assessment, again: Assessment, marker: Marker, rules: Collection[str]) -> Assessment:
    """Return *recorded* with the findings of *rules* as *again* has them.

    Marks of the indicators that these rules serve, now or then, are made anew by *marker*; all others stay.
    """
    kept = [item for item in recorded.findings if item.rule not in rules]
    findings = (*kept, *(item for item in again.findings if item.rule in rules))
    infos = {item.id: item for item in recorded.rules if item.id not in rules}
    infos |= {item.id: item for item in again.rules if item.id in rules}
    asked = {item.id: item.indicators for item in (*recorded.rules, *again.rules) if item.id in rules}
    served = {name for item in (*recorded.rules, *again.rules) if item.id in asked for name in item.indicators}
    known = {item.id for item in marker.rules}
    made = marker.marks(item for item in findings if item.rule in known)
    marks = (
        *(item for item in recorded.marks if item.indicator not in served),
        *(item for item in made if item.indicator in served),
    )
    return Assessment(
        again.night, findings, marks, tuple(infos[name] for name in sorted(infos)), recorded.coverage,
        again.damaged, recorded.strangers,
    )  # fmt: skip
