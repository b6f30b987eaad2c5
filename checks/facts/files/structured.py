"""JSON, GeoJSON, XML, RDF and HTML tables: parse, and find the list of records that is the table."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from checks.facts.files.encoding import decode, encoding_of, in_utf8
from checks.facts.files.reading import MOST_BYTES, ReadError, Reading, UnreadError
from checks.facts.model import TableShape

_LOOK = 1000
_DEEPEST = 4
_MOST_TAGS = 5000
_MOST_HTML = 8 << 20
_MOST_TABLES = 50
_GEO_TYPES = frozenset({"Feature", "FeatureCollection"})


def read_json(body: bytes) -> Reading:
    """Return the shape of JSON: its longest list of objects. Raises ReadError."""
    text, encoding = _utf8(body)
    value = _decode(text)
    features = reference = None
    if isinstance(value, dict) and value.get("type") in _GEO_TYPES:
        found = value.get("features")
        features = len(found) if isinstance(found, list) else 1
        reference = _reference_system(value)
        value = [item.get("properties") or {} for item in found if isinstance(item, dict)] if found else value
    records = max(_records(value), key=len, default=[])
    tables = (_of_records(records),) if records else ()
    return Reading(encoding=encoding, tables=tables, features=features, reference_system=reference)


def read_lines(body: bytes) -> Reading:
    """Return the shape of JSON lines. Raises ReadError when a line is no JSON."""
    text, encoding = _utf8(body)
    values = [_decode(line) for line in text.splitlines() if line.strip()]
    records = [item for item in values if isinstance(item, dict)]
    return Reading(encoding=encoding, tables=(_of_records(records),) if records else ())


def read_xml(body: bytes) -> Reading:
    """Return the shape of XML: the element that repeats most, below the root. Raises ReadError."""
    counts: Counter[tuple[int, str]] = Counter()
    width: Counter[tuple[int, str]] = Counter()
    try:
        for depth, tag, children in _elements(in_utf8(body)):
            if depth <= _DEEPEST and len(counts) < _MOST_TAGS:
                counts[depth, tag] += 1
                width[depth, tag] = max(width[depth, tag], children)
    except etree.XMLSyntaxError as error:
        raise ReadError(_why(error)) from error
    rows = {key: number for key, number in counts.items() if number > 1 and width[key] > 0}
    best = max(rows, key=lambda key: rows[key] * width[key], default=None)
    found = encoding_of(body[:65_536], whole=False)
    tables = (TableShape(rows[best], width[best], header=True),) if best else ()
    return Reading(encoding=found.name if found else None, tables=tables)


def read_feed(body: bytes) -> Reading:
    """Return the shape of a feed: its entries, none or one included. Raises ReadError."""
    try:
        entries = [children for _depth, tag, children in _elements(in_utf8(body)) if tag in ("item", "entry")]
    except etree.XMLSyntaxError as error:
        raise ReadError(_why(error)) from error
    found = encoding_of(body[:65_536], whole=False)
    shape = TableShape(len(entries), max(entries, default=0), header=True)
    return Reading(encoding=found.name if found else None, tables=(shape,))


def read_html(body: bytes) -> Reading:
    """Return the tables of an HTML page."""
    if len(body) > _MOST_HTML:
        raise UnreadError("too_large")
    tree = LexborHTMLParser(body)
    tables = []
    for node in tree.css("table")[:_MOST_TABLES]:
        rows = node.css("tr")[:_LOOK]
        columns = max((len(row.css("td, th")) for row in rows), default=0)
        header = bool(rows and rows[0].css_first("th"))
        tables.append(TableShape(len(rows) - header, columns, header=header))
    found = encoding_of(body)
    return Reading(encoding=found.name if found else None, tables=tuple(tables))


def _utf8(body: bytes) -> tuple[str, str]:
    if len(body) > MOST_BYTES:
        raise UnreadError("too_large")
    found = encoding_of(body)
    if found is None:
        raise ReadError("undecodable")
    text = decode(body, found.name).lstrip("\ufeff")
    if not text.strip():
        raise ReadError("empty")
    return text, found.name


def _decode(text: str) -> Any:
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except msgspec.DecodeError as error:
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


def _of_records(records: list[dict[str, Any]]) -> TableShape:
    keys = [len(item) for item in records[:_LOOK]]
    names = {name for item in records[:_LOOK] for name in item}
    usual = max(set(keys), key=keys.count)
    return TableShape(len(records), len(names), header=True, ragged=sum(size != usual for size in keys))


def _reference_system(value: dict[str, Any]) -> str | None:
    crs = value.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name[:100] if isinstance(name, str) else None


def _elements(body: bytes) -> Iterator[tuple[int, str, int]]:
    """Yield depth, local name and number of children of each element as it ends, keeping no tree."""
    if len(body) > MOST_BYTES:
        raise UnreadError("too_large")
    events = etree.iterparse(
        io.BytesIO(body), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    children = [0]
    for event, element in events:
        if event == "start":
            children[-1] += 1
            children.append(0)
            continue
        inner = children.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        yield len(children), tag.rpartition("}")[2], inner + len(element.attrib)
        if len(children) >= 2:  # noqa: PLR2004 - the root itself stays until the end
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]


def _why(error: etree.XMLSyntaxError) -> str:
    said = str(error).lower()
    if "empty" in said:
        return "empty"
    return "too_deep" if "depth" in said else "entity_bomb" if "entity" in said and "loop" in said else "malformed"
