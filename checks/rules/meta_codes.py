"""Codes of administrative units in the features of a layer: counts alone. No rule of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.subjects import DatasetSubject
from crawler.archive.layout import ArchiveError
from crawler.records import Record

_MOST = 200_000  # features


@dataclass(frozen=True)
class Codes:
    """How many features a layer has, how many carry a code, how many codes differ, how many are of another form."""

    features: int
    coded: int
    distinct: int
    odd: int


def of_units(record: Record, params: Mapping[str, Any]) -> bool:
    """Tell whether a record describes boundaries of administrative units, by the pack's words for them."""
    said = " ".join((*record.titles.values(), *record.keywords)).casefold()
    return any(str(word).casefold() in said for word in params.get("boundaries", ()))


def counted(subject: DatasetSubject, params: Mapping[str, Any]) -> Codes | None:
    """Return the counts of the data set's first GeoJSON that was seen; None when none was."""
    features = next((found for body in _layers(subject) if (found := _features(body)) is not None), None)
    if features is None:
        return None
    names = {str(name).casefold() for name in params.get("codes", ())}
    form = re.compile(str(params.get("form", r"\S+")))
    told = [code for item in features if (code := _code(item, names))]
    return Codes(len(features), len(told), len(set(told)), sum(not form.fullmatch(code) for code in told))


def _layers(subject: DatasetSubject) -> Iterator[bytes]:
    view = subject.view
    for item in subject.record.distributions if view else ():
        capture = view.sees(item.url) if view else None
        facts = view.file(capture) if view and capture else None
        if view and capture and facts and facts.sniffed_type == "geojson" and not facts.truncated:
            try:
                yield view.body(capture)
            except ArchiveError:
                continue


def _features(body: bytes) -> list[Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = told.get("features") if isinstance(told, dict) else None
    return found[:_MOST] if isinstance(found, list) and found else None


def _code(feature: Any, names: set[str]) -> str:
    """Return the code among a feature's properties, as text; empty when there is none."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    told = (properties or {}).items() if isinstance(properties, dict) else ()
    found = (value for name, value in told if str(name).casefold() in names)
    return next((str(value).strip() for value in found if value is not None and str(value).strip()), "")
