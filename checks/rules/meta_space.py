"""What the spatial rules share: which data sets have coordinates, in which system, and whether their names stay.

No rule of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from checks.catalogue import read_whole
from checks.context import RuleContext
from checks.facts.metadata.crs import GEOJSON
from checks.facts.model import FileFacts
from checks.recordmarks import read_mark, title_of
from checks.subjects import DatasetSubject
from checks.view import View
from config.formats import Family, by_label, formats
from crawler.records import Extent, Record, Standard

_WITH_PLACE = frozenset({Standard.ISO_19139, Standard.ISO_19115_3})
_TITLES: WeakKeyDictionary[View, dict[str, tuple[frozenset[str], frozenset[str]]]] = WeakKeyDictionary()


def is_spatial(subject: DatasetSubject) -> bool:
    """Tell whether a data set has coordinates: by what it states, or by the form of what it offers."""
    record = subject.record
    stated = bool(record.reference_system or record.extent or record.standard in _WITH_PLACE)
    return stated or any(_is_geodata(item.format) for item in record.distributions) or any(_layers(subject))


def has_place(record: Record) -> bool:
    """Tell whether the record model has a place for the reference system."""
    return record.standard in _WITH_PLACE


def systems(subject: DatasetSubject) -> list[str]:
    """Return the names of the reference systems that the record states and its files are in."""
    files = (facts.reference_system or _implied(facts) for facts in _layers(subject))
    return list(dict.fromkeys(said for said in (subject.record.reference_system, *files) if said))


def misplaced(record: Record, params: Mapping[str, Any]) -> bool:
    """Tell whether the extent shares nothing with the territory of the pack: swapped sides do that too."""
    territory = params.get("territory")
    if record.extent is None or not territory:
        return False
    return not _meet(record.extent, Extent(*(float(side) for side in territory)))


def changed(subject: DatasetSubject, context: RuleContext) -> bool:
    """Tell whether its publisher's title was known by another identifier, which a catalogue read whole lacks now."""
    if subject.view is None or not title_of(subject.record):
        return False
    if not read_whole(subject.portal, subject.view.coverage):
        return False
    before, now = _names(subject.view, context).get(title_of(subject.record), (frozenset(), frozenset()))
    return bool(before) and subject.record.id not in before and not before & now


def _names(view: View, context: RuleContext) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return, by title, the identifiers of the newest earlier night that knew it and those of the view."""
    if view not in _TITLES:
        now: defaultdict[str, set[str]] = defaultdict(set)
        for _, record in view.records():
            now[title_of(record)].add(record.id)
        before = _before(view, context)
        _TITLES[view] = {
            title: (frozenset(before.get(title, ())), frozenset(now.get(title, ()))) for title in {*now, *before}
        }
    return _TITLES[view]


def _before(view: View, context: RuleContext) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in view.keys:
        earlier = (entry for entry in context.history.entries(key) if entry.night < context.night and entry.ids)
        for title, name in map(read_mark, next((entry.ids for entry in earlier), ())):
            found.setdefault(title, set()).add(name)
    return found


def _layers(subject: DatasetSubject) -> Iterator[FileFacts]:
    """Yield the facts of the data set's files that were fetched and are geodata."""
    view = subject.view
    for item in subject.record.distributions if view else ():
        capture = view.sees(item.url) if view else None
        facts = view.file(capture) if view and capture else None
        if facts and _is_geodata(facts.sniffed_type):
            yield facts


def _implied(facts: FileFacts) -> str | None:
    return GEOJSON if facts.sniffed_type == "geojson" else None


def _is_geodata(said: str | None) -> bool:
    found = formats().get(by_label(said) or said) if said else None
    return found is not None and found.family is Family.GEO


def _meet(left: Extent, right: Extent) -> bool:
    wide = left.west <= right.east and right.west <= left.east
    return wide and left.south <= right.north and right.south <= left.north
