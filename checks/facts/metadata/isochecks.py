"""What ISO metadata must hold and XML Schema cannot say.

`unlawful` defects make a record invalid: a mandatory property without any value and without the `gco:nilReason` that
ISO/TS 19139 (8.4.1) wants in that case, or a contact whose details are such an empty shell. `weak` ones are conditional
statements (ISO/TS 19139, table A.1) and sense: they are named, and leave the record valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from lxml import etree

from checks.facts.metadata.isofields import CITATION, IDENTIFICATION, IsoFields, value
from crawler.safexml import at, attribute, children, line, local, named, text

_VALUES = frozenset(
    {
        "CharacterString", "Anchor", "Date", "DateTime", "TM_PeriodDuration", "Decimal", "Integer", "Real", "Boolean",
        "URL", "Measure", "Distance", "Length", "Angle", "Scale", "Record", "RecordType", "ScopedName", "LocalName",
        "FileName", "MimeFileType", "Binary", "PT_FreeText",
    }
)  # fmt: skip
_MANDATORY = (
    ("contact",),
    ("dateStamp",),
    ("dateInfo",),
    ("identificationInfo",),
    (*IDENTIFICATION, "citation"),
    (*CITATION, "title"),
    (*IDENTIFICATION, "abstract"),
)
RECOMMENDED = "recommended_missing"
_OF_DATA = frozenset({"dataset", "series"})
_EAST, _NORTH = 180.0, 90.0
_WHOLE_WORLD = (-_EAST, -_NORTH, _EAST, _NORTH)


class IsoDefect(msgspec.Struct, frozen=True):
    """One thing wrong: a code, the element it is wrong with, where, and whether it makes the record invalid."""

    code: str
    element: str
    line: int
    unlawful: bool
    detail: str = ""


def defects(root: etree._Element, fields: IsoFields) -> Iterator[IsoDefect]:
    """Yield what is wrong with a record beyond its schema."""
    yield from _empty_properties(root)
    yield from _empty_contacts(root)
    for check in (_absent, _weak_texts, _unnamed_parties, _conditional, _extent, _recommended):
        yield from check(root, fields)


def is_shell(holder: etree._Element) -> bool:
    """Tell whether a property holds no value at all: no value element, no code, no reference; only a frame."""
    return not any(
        local(item) in _VALUES or attribute(item, "codeListValue") or attribute(item, "href")
        or attribute(item, "uuidref") or (len(item) == 0 and text(item))
        for item in holder.iter()
    )  # fmt: skip


def _nil(item: etree._Element) -> bool:
    return bool(attribute(item, "nilReason"))


def _empty_properties(root: etree._Element) -> Iterator[IsoDefect]:
    for path in _MANDATORY:
        for item in at(root, *path):
            if is_shell(item) and not _nil(item):
                yield _defect("mandatory_empty", item, unlawful=True)


def _empty_contacts(root: etree._Element) -> Iterator[IsoDefect]:
    """Contact details of the party that answers for the record: present, and nothing in them."""
    for contact in children(root, "contact"):
        for item in named(contact, "contactInfo"):
            if is_shell(item) and not _nil(item):
                yield _defect("contact_unreachable", item, unlawful=True)


def _absent(root: etree._Element, fields: IsoFields) -> Iterator[IsoDefect]:
    """Core elements that a schema may leave out or this edition has no schema for."""
    needed: dict[str, Callable[[], bool]] = {
        "identificationInfo": lambda: next(children(root, "identificationInfo"), None) is not None,
        "contact": lambda: next(children(root, "contact"), None) is not None,
        "dateStamp": lambda: fields.date_stamp is not None,
    }
    for name, present in needed.items():
        if not present():
            yield IsoDefect("mandatory_missing", name, line(root), unlawful=True)


def _weak_texts(root: etree._Element, fields: IsoFields) -> Iterator[IsoDefect]:
    for name, found in (("title", fields.title), ("abstract", fields.abstract)):
        if not found:
            yield IsoDefect("text_empty", name, line(root), unlawful=False)
    if not fields.identifier:
        yield IsoDefect("identifier_missing", "fileIdentifier", line(root), unlawful=False)


def _unnamed_parties(root: etree._Element, _fields: IsoFields) -> Iterator[IsoDefect]:
    """Table A.1: a responsible party has an individual, an organisation or a position."""
    for party in named(root, "CI_ResponsibleParty"):
        names = ("individualName", "organisationName", "positionName")
        if not any(value(item) for name in names for item in children(party, name)):
            yield _defect("party_unnamed", party)


def _conditional(root: etree._Element, fields: IsoFields) -> Iterator[IsoDefect]:
    """Table A.1: format of what is distributed; topic and extent of data; the words of other restrictions."""
    for offer in named(root, "MD_Distribution"):
        if next(named(offer, "distributionFormat", "distributorFormat"), None) is None:
            yield _defect("format_missing", offer)
    level = fields.level or "dataset"
    for data in at(root, "identificationInfo", "MD_DataIdentification"):
        if level in _OF_DATA and not fields.topics:
            yield _defect("topic_missing", data)
        if (
            level == "dataset"
            and next(named(data, "EX_GeographicBoundingBox", "EX_GeographicDescription"), None) is None
        ):
            yield _defect("extent_missing", data)
    for limits in named(root, "MD_LegalConstraints"):
        codes = {value(item) for name in ("accessConstraints", "useConstraints") for item in children(limits, name)}
        if "otherRestrictions" in codes and next(children(limits, "otherConstraints"), None) is None:
            yield _defect("restriction_unsaid", limits)


def _extent(root: etree._Element, fields: IsoFields) -> Iterator[IsoDefect]:
    """Sense of the bounding box: within the globe, south below north, not the whole world by default."""
    box = fields.extent
    if box is None:
        return
    globe = max(abs(box.west), abs(box.east)) <= _EAST and max(abs(box.south), abs(box.north)) <= _NORTH
    item = next(named(root, "EX_GeographicBoundingBox"))
    if not globe or box.south > box.north:
        yield _defect("extent_impossible", item)
    elif (box.west, box.south, box.east, box.north) == _WHOLE_WORLD:
        yield _defect("extent_whole_world", item)


def _recommended(root: etree._Element, fields: IsoFields) -> Iterator[IsoDefect]:
    """Core metadata (ISO 19115:2003, table 3) that the standard leaves optional and whoever uses the data misses."""
    if (fields.level or "dataset") not in _OF_DATA:
        return
    wanted = {
        "referenceSystemInfo": bool(fields.reference_systems),
        "resourceConstraints": next(named(root, "resourceConstraints"), None) is not None,
        "onLine": fields.online > 0,
        "date": next(at(root, *CITATION, "date"), None) is not None,
    }
    for name, present in wanted.items():
        if not present:
            yield IsoDefect(RECOMMENDED, name, line(root), unlawful=False)


def _defect(code: str, item: etree._Element, *, unlawful: bool = False) -> IsoDefect:
    return IsoDefect(code, local(item), line(item), unlawful)
