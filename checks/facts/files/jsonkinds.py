"""JSON, and which: GeoJSON, TopoJSON, JSON-LD, JSON lines. A cut-off head is judged by its beginning."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from checks.facts.files.guess import CERTAIN, LIKELY, STRONG, WEAK, Guess, guess

_BEGINS = re.compile(r"\s*(?:\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\]\"-]|\d|true|false|null|$))")
_GEO = frozenset(
    {
        "FeatureCollection", "Feature", "GeometryCollection",
        "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    }
)  # fmt: skip
_TYPE = re.compile(r'"type"\s*:\s*"(\w+)"')
_GEO_KEYS = frozenset({"features", "geometry", "coordinates", "geometries"})
_WHOLE = 1 << 20
_SDMX = frozenset({"dataSets", "dataflows", "dataStructures", "codelists", "structures"})


def _is_sdmx(value: dict[str, Any]) -> bool:
    inner = value["data"] if isinstance(value.get("data"), dict) else value
    return ("meta" in value or "header" in value or "structure" in value) and bool(_SDMX & inner.keys())


_OBJECTS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("geojson", lambda value: value.get("type") in _GEO and bool(_GEO_KEYS & value.keys())),
    ("topojson", lambda value: value.get("type") == "Topology" and "arcs" in value),
    ("jsonld", lambda value: "@context" in value or "@graph" in value),
    ("jsonstat", lambda value: value.get("class") in ("dataset", "collection", "dimension") and (
        "version" in value or {"id", "size"} <= value.keys())),
    ("jsonstat", lambda value: isinstance(value.get("dataset"), dict) and "dimension" in value["dataset"]),
    ("sdmxjson", _is_sdmx),
    ("openapi", lambda value: ("openapi" in value or "swagger" in value) and "paths" in value),
    ("jsonschema", lambda value: "json-schema.org" in str(value.get("$schema"))),
    ("esrijson", lambda value: str(value.get("geometryType")).startswith("esriGeometry")),
    ("cityjson", lambda value: value.get("type") in ("CityJSON", "CityJSONFeature")),
    ("ipynb", lambda value: "nbformat" in value and "cells" in value),
)  # fmt: skip
"""Kinds of JSON object by the keys that their specifications demand."""
_LINES = 20


def json_kind(text: str, *, whole: bool) -> Guess | None:
    """Return which JSON a text is, or None when it does not look like any."""
    if not _BEGINS.match(text):
        return None
    if not whole or len(text) > _WHOLE:
        return _by_head(text)
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return _lines(text) or _broken(text)
    return _by_value(value)


def _by_value(value: Any) -> Guess:
    if isinstance(value, dict):
        found = next((item for item in _OBJECTS if item[1](value)), None)
        return guess(found[0], STRONG, f"json:keys of {found[0]}") if found else guess("json", CERTAIN, "json:decoded")
    if not isinstance(value, list):
        return guess("json", WEAK, "json:scalar")
    objects = bool(value) and all(isinstance(item, dict) for item in value[:50])
    if objects and all("@context" in item or {"@id", "@type"} <= item.keys() for item in value[:50]):
        return guess("jsonld", STRONG, "json:@id")
    return guess("json", CERTAIN, "json:decoded")


def _by_head(text: str) -> Guess:
    found = _TYPE.search(text[:4096])
    if found and found[1] in _GEO and any(f'"{key}"' in text[:65_536] for key in _GEO_KEYS):
        return guess("geojson", LIKELY, f"json:type {found[1]}")
    if found and found[1] == "Topology":
        return guess("topojson", LIKELY, "json:type Topology")
    if '"@context"' in text[:2048]:
        return guess("jsonld", LIKELY, "json:@context")
    return _lines(text, cut=True) or guess("json", LIKELY, "json:begins")


def _lines(text: str, *, cut: bool = False) -> Guess | None:
    """Tell JSON lines: at least two lines, each a value of its own."""
    lines = [line for line in text.split("\n", _LINES + 1)[: _LINES + 1] if line.strip()]
    lines = lines[:-1] if cut or len(lines) > _LINES else lines
    if len(lines) < 2:  # noqa: PLR2004
        return None
    try:
        values = [msgspec.json.decode(line.encode("utf-8", "replace")) for line in lines[:_LINES]]
    except (msgspec.DecodeError, RecursionError):
        return None
    if not all(isinstance(value, dict | list) for value in values):
        return None
    features = all(isinstance(value, dict) and value.get("type") in _GEO and "geometry" in value for value in values)
    return guess("geojsonl" if features else "ndjson", STRONG, "json:value_per_line")


def _broken(text: str) -> Guess | None:
    """Tell broken JSON: it sets out as JSON, errs later, and its keys are plainly written so."""
    pairs = len(re.findall(r'"(?:[^"\\\n]|\\.){0,200}"\s*:', text[:20_000]))
    if pairs and text.lstrip()[0] == "{":
        return guess("json", WEAK, "json:broken")
    return guess("json", WEAK, "json:broken") if pairs > 1 and re.match(r"\s*\[\s*\{", text) else None
