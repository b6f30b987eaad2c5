"""XML, its tables and its geography, read as a stream: no tree is kept, no entity fetched."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from checks.facts.files.encoding import encoding_of, in_utf8
from checks.facts.files.periods import in_objects
from checks.facts.files.personal import NOBODY, in_records
from checks.facts.files.reading import MOST_BYTES, ReadError, Reading, UnreadError
from checks.facts.model import TableShape
from config.personal import PersonalFinder

_DEEPEST = 4
_MOST_TAGS = 5000
_MOST_RECORDS = 50_000
_GML_GEOMETRY = re.compile(r"(?:Multi)?(?:Point|LineString|Curve|Polygon|Surface|Geometry)$")
_KML_GEOMETRY = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model"})
_DATED = re.compile(rb"(?:19|20)\d\d")
_SRS = re.compile(rb"srsName\s*=\s*[\"']([^\"']{1,100})[\"']")


def read_xml(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return the shape of XML: the element that repeats most, below the root. Raises ReadError."""
    counts: Counter[tuple[int, str]] = Counter()
    width: Counter[tuple[int, str]] = Counter()
    text = in_utf8(body)
    with _told():
        for depth, element, children in _elements(text):
            if depth <= _DEEPEST and len(counts) < _MOST_TAGS:
                key = depth, _name(element)
                counts[key] += 1
                width[key] = max(width[key], children)
    rows = {key: number for key, number in counts.items() if number > 1 and width[key] > 0}
    best = max(rows, key=lambda key: rows[key] * width[key], default=None)
    if best is None:
        return Reading(encoding=_encoding(body))
    someone = any(tally.valid for tally in finder.counts(text.decode("utf-8", "replace")).values())
    records = _records(text, best) if someone or _DATED.search(text) else []
    personal = in_records(finder, records) if someone else ()
    table = TableShape(rows[best], width[best], header=True, personal=personal, periods=in_objects(records))
    return Reading(encoding=_encoding(body), tables=(table,))


def read_feed(body: bytes) -> Reading:
    """Return the shape of a feed: its entries, none or one included. Raises ReadError."""
    with _told():
        entries = [inner for _depth, element, inner in _elements(in_utf8(body)) if _name(element) in ("item", "entry")]
    return Reading(encoding=_encoding(body), tables=(TableShape(len(entries), max(entries, default=0), header=True),))


def read_kml(body: bytes) -> Reading:
    """Return placemarks and kinds of geometry of KML, which knows one reference system. Raises ReadError."""
    kinds: set[str] = set()
    features = 0
    with _told():
        for _depth, element, _inner in _elements(in_utf8(body)):
            name = _name(element)
            features += name == "Placemark"
            kinds |= {name} & _KML_GEOMETRY
    return Reading(
        encoding=_encoding(body), features=features, geometry=tuple(sorted(kinds)), reference_system="OGC:CRS84"
    )


def read_gml(body: bytes, finder: PersonalFinder = NOBODY) -> Reading:
    """Return features, kinds of geometry and reference system of GML. Raises ReadError."""
    kinds: set[str] = set()
    features = 0
    with _told():
        for _depth, element, _inner in _elements(in_utf8(body)):
            name, parent = _name(element), element.getparent()
            features += parent is not None and _name(parent).lower() in ("featuremember", "featuremembers", "member")
            kinds |= {name} if _is_gml(element) and _GML_GEOMETRY.match(name) else set()
    found = _SRS.search(body)
    shaped = read_xml(body, finder)
    return Reading(
        encoding=shaped.encoding, tables=shaped.tables, features=features, geometry=tuple(sorted(kinds)),
        reference_system=found[1].decode("utf-8", "replace") if found else None,
    )  # fmt: skip


def _is_gml(element: etree._Element) -> bool:
    return "opengis.net/gml" in str(element.tag)


class _told:  # noqa: N801 - used as a context manager
    """Turns what the parser says of a file into a reason code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, etree.XMLSyntaxError):
            raise ReadError(_why(error)) from error


def _records(text: bytes, row: tuple[int, str]) -> list[dict[str, str]]:
    """Return the children and attributes of the repeated element, for a look at columns."""
    records: list[dict[str, str]] = []
    current: dict[str, str] = {}
    for depth, element, _inner in _elements(text):
        if (depth, _name(element)) == row:
            records.append(current | {str(name): str(value) for name, value in element.attrib.items()})
            current = {}
        elif depth > row[0] and element.text and element.text.strip():
            current[_name(element)] = element.text.strip()
        if len(records) >= _MOST_RECORDS:
            break
    return records


def _encoding(body: bytes) -> str | None:
    found = encoding_of(body[:65_536], whole=False)
    return found.name if found else None


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _elements(body: bytes) -> Iterator[tuple[int, etree._Element, int]]:
    """Yield depth, element and number of its children and attributes as each ends, keeping no tree."""
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
        yield len(children), element, inner + len(element.attrib)
        if len(children) >= 2:  # noqa: PLR2004 - the root itself stays until the end
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del element.getparent()[0]


def _why(error: etree.XMLSyntaxError) -> str:
    said = str(error).lower()
    if "empty" in said:
        return "empty"
    return "too_deep" if "depth" in said else "entity_bomb" if "entity" in said and "loop" in said else "malformed"
