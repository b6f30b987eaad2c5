"""JSON and its kinds: parse, and find the list of records that is the table; what geography there is."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from math import prod
from typing import Any

import msgspec

from checks.facts.files.encoding import decode, encoding_of
from checks.facts.files.geometry import Geography, geography_of
from checks.facts.files.periods import in_objects
from checks.facts.files.personal import NOBODY, in_records
from checks.facts.files.reading import MOST_BYTES, ReadError, Reading, UnreadError
from checks.facts.model import TableShape
from config.personal import PersonalFinder

_LOOK = 1000
_DEEPEST = 4
_GEO_TYPES = frozenset({"Feature", "FeatureCollection"})
_MOST_VALUES = 8 << 20
_WGS84 = "OGC:CRS84"
"""The reference system of GeoJSON that names none (RFC 7946, section 4)."""


def read_json(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the shape of JSON: its longest list of objects. Raises ReadError."""
    text, encoding = _utf8(body)
    value = _decode(text)
    records = max(_records(value), key=len, default=[])
    return Reading(encoding=encoding, tables=(_of_records(records, finder),) if records else ())


def read_lines(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the shape of JSON lines. Raises ReadError when a line is no JSON."""
    text, encoding = _utf8(body)
    values = [_decode(line) for line in text.splitlines() if line.strip()]
    records = [item for item in values if isinstance(item, dict)]
    return Reading(encoding=encoding, tables=(_of_records(records, finder),) if records else ())


def read_geojson(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return features, kinds of geometry, extent and properties of GeoJSON. Raises ReadError."""
    text, encoding = _utf8(body)
    value = _decode(text)
    if not isinstance(value, dict):
        raise ReadError("malformed")
    found = value.get("features") if value.get("type") == "FeatureCollection" else [value]
    if not isinstance(found, list):
        raise ReadError("malformed")
    features = [item for item in found if isinstance(item, dict)]
    geography = geography_of(item.get("geometry") if item.get("type") in _GEO_TYPES else item for item in features)
    records = [item["properties"] for item in features if isinstance(item.get("properties"), dict)]
    return Reading(
        encoding=encoding, tables=(_of_records(records, finder),) if records else (), features=len(features),
        reference_system=_reference_system(value) or _WGS84, geometry=geography.kinds, extent=geography.extent,
    )  # fmt: skip


def read_topojson(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return geometries and properties of TopoJSON. Raises ReadError."""
    text, encoding = _utf8(body)
    value = _decode(text)
    objects = value.get("objects") if isinstance(value, dict) else None
    if not isinstance(objects, dict):
        raise ReadError("malformed")
    items: list[dict[str, Any]] = []
    for item in objects.values():
        if isinstance(item, dict):
            items += [each for each in item.get("geometries") or [item] if isinstance(each, dict)]
    kinds = {str(item.get("type")) for item in items if isinstance(item.get("type"), str)}
    records = [item["properties"] for item in items if isinstance(item.get("properties"), dict)]
    return Reading(
        encoding=encoding, tables=(_of_records(records, finder),) if records else (), features=len(items),
        geometry=tuple(sorted(kinds)), extent=Geography.box(value.get("bbox")),
    )  # fmt: skip


def read_jsonstat(body: bytes) -> Reading:
    """Return the cells of a JSON-stat data set as rows, its dimensions and the value as columns. Raises ReadError."""
    text, encoding = _utf8(body)
    value = _decode(text)
    dimension = value.get("dimension", {}) if isinstance(value, dict) else {}
    sizes = value.get("size") or dimension.get("size") if isinstance(value, dict) else None
    if not isinstance(sizes, list) or not all(isinstance(size, int) and size >= 0 for size in sizes):
        return read_json(body)
    shape = TableShape(min(prod(sizes), _MOST_VALUES), len(sizes) + 1, header=True)
    return Reading(encoding=encoding, tables=(shape,))


def _utf8(body: bytes) -> tuple[bytes, str]:
    """Return the text in UTF-8 without a mark, and the encoding it came in. Text in UTF-8 is not copied twice."""
    if len(body) > MOST_BYTES:
        raise UnreadError("too_large")
    found = encoding_of(body)
    if found is None:
        raise ReadError("undecodable")
    if found.name not in ("ascii", "utf-8", "utf-8-sig"):
        body = decode(body, found.name).encode("utf-8", "replace")
    body = body.removeprefix(BOM_UTF8)
    if not body.strip():
        raise ReadError("empty")
    return body, found.name


def _decode(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReadError("malformed") from error
    except RecursionError as error:
        raise ReadError("too_deep") from error


def _records(value: Any, depth: int = 0) -> Iterator[list[dict[str, Any]]]:
    """Yield lists of objects in the first levels: the usual wrappers (`data`, `result.records`) are a level or two."""
    if isinstance(value, list):
        records = [item for item in value if isinstance(item, dict)]
        if records:
            yield records
        elif value and all(isinstance(item, list) for item in value):
            yield [dict(zip(map(str, range(len(item))), item, strict=True)) for item in value]
    elif isinstance(value, dict) and depth < _DEEPEST - 1:
        for item in list(value.values())[:_LOOK]:
            yield from _records(item, depth + 1)


def _of_records(records: list[dict[str, Any]], finder: PersonalFinder) -> TableShape:
    keys = [len(item) for item in records[:_LOOK]]
    names = {name for item in records[:_LOOK] for name in item}
    usual = max(set(keys), key=keys.count)
    ragged = sum(size != usual for size in keys)
    return TableShape(
        len(records), len(names), header=True, ragged=ragged,
        personal=in_records(finder, records), periods=in_objects(records),
    )  # fmt: skip


def _reference_system(value: dict[str, Any]) -> str | None:
    crs = value.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name[:100] if isinstance(name, str) else None
