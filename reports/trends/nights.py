"""Two nights side by side: what is marked otherwise, why, and whether the figures can be compared at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from checks.marks import Mark
from config.model import Agency
from reports.ledger import Cause, MarkChange
from reports.trends import moved
from reports.trends.documents import DiffDocument, DiffLine, Side
from reports.trends.lineage import heir_of

_Key = tuple[str | None, str | None, str, str]


def diff(
    nights: tuple[date, date],
    before: Iterable[Mark],
    after: Iterable[Mark],
    changes: Iterable[MarkChange],
    agencies: Sequence[Agency],
) -> DiffDocument:
    """Return how the marks of two nights differ. *changes* are those of the nights after the first, with causes.

    A mark counts as the same when value and method are; a body that went is held against the one that carries it on.
    """
    now = {_key(mark.agency, mark): mark for mark in after}
    present = frozenset(mark.agency for mark in now.values())
    was = {_key(heir_of(mark.agency, agencies, present) or mark.agency, mark): mark for mark in before}
    causes = _causes(changes)
    found = [_line(key, was.get(key), now.get(key), causes.get(key, ())) for key in sorted({*was, *now}, key=str)]
    lines = tuple(item for item in found if item)
    return DiffDocument(nights[0], nights[1], len(found) - len(lines), lines)


def _key(agency: str | None, mark: Mark) -> _Key:
    return agency, mark.group, mark.indicator, mark.profile


def _causes(changes: Iterable[MarkChange]) -> dict[_Key, tuple[Cause, ...]]:
    found: dict[_Key, tuple[Cause, ...]] = {}
    for item in changes:
        if not item.decided:
            key = (item.agency, item.group, item.indicator, item.profile)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *item.causes)))
    return found


def _line(key: _Key, was: Mark | None, now: Mark | None, causes: tuple[Cause, ...]) -> DiffLine | None:
    notes = []
    if was and now:
        notes = [
            *moved.lineage(was.agency, now.agency),
            *moved.method(was.rules, now.rules),
            *moved.denominator(was.counts.observed, now.counts.observed),
        ]
        if was.value == now.value and not notes:
            return None
    return DiffLine(*key, _side(was), _side(now), causes, tuple(notes))


def _side(mark: Mark | None) -> Side:
    if mark is None:
        return Side(None, None, None)
    value = mark.value.value if mark.value else None
    return Side(mark.agency, value, mark.reason, mark.counts.passed, mark.counts.observed)
