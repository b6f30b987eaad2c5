"""ISO metadata: which standard and edition, valid or not, what is wrong element by element, and the fields.

ISO/TS 19139 (both editions in use), ISO 19115-2 (gmi) and ISO/TS 19115-3 with mdb 2.0 are validated by XML Schema,
offline; 19115-3 with mdb 1.0, whose schemas are not vendored, by element checks only, and `method` says which.
A response of a catalogue service may hold many records.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

import msgspec
from lxml import etree

from checks.facts.metadata import isochecks
from checks.facts.metadata.isochecks import IsoDefect
from checks.facts.metadata.isofields import IsoFields, read_fields
from checks.facts.metadata.isoschema import Edition, schema
from crawler.safexml import UnreadableError, local, namespace, parse

EXTRACTOR_VERSION = 1
_ROOTS = frozenset({"MD_Metadata", "MI_Metadata"})
_GMD = "http://www.isotc211.org/2005/gmd"
_GMI = "http://www.isotc211.org/2005/gmi"
_MDB = "http://standards.iso.org/iso/19115/-3/mdb/"
_GML_31 = "http://www.opengis.net/gml"
_GML_32 = "http://www.opengis.net/gml/3.2"
_NAME = re.compile(r"^Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '(?:\{[^}]*\})?([^']+)')?:?\s*")
_SPACES = re.compile(r"\{http[^}]*\}")
_DETAIL = 300
_MOST_DEFECTS = 100


class Method(StrEnum):
    """How a record was judged."""

    XML_SCHEMA = "xml_schema"
    ELEMENT_CHECKS = "element_checks"


class IsoFacts(msgspec.Struct, frozen=True):
    """One record. `valid` is None when nothing could be judged, and `problem` says why."""

    valid: bool | None
    problem: str | None = None
    edition: Edition | None = None
    method: Method | None = None
    schema_valid: bool | None = None
    defects: tuple[IsoDefect, ...] = ()
    fields: IsoFields = IsoFields()


def read(body: bytes) -> IsoFacts:
    """Return the facts of the first record of a document. Never raises: `problem` says what it is instead."""
    found = read_all(body)
    return found[0] if found else IsoFacts(None, "no_record")


def read_all(body: bytes) -> tuple[IsoFacts, ...]:
    """Return the facts of every record of a document; one with a `problem` when it cannot be read."""
    try:
        root = parse(body)
    except UnreadableError as error:
        return (IsoFacts(None, error.reason),)
    records = [root] if _is_record(root) else [item for item in root.iter() if _is_record(item)]
    return tuple(_judge(item) for item in records)


def _is_record(item: etree._Element) -> bool:
    return local(item) in _ROOTS and (namespace(item) in (_GMD, _GMI) or namespace(item).startswith(_MDB))


def _judge(record: etree._Element) -> IsoFacts:
    edition, method = _edition(record), Method.XML_SCHEMA
    if namespace(record).startswith(_MDB) and namespace(record) != f"{_MDB}2.0":
        method = Method.ELEMENT_CHECKS
    found = list(_schema_defects(record, edition)) if method is Method.XML_SCHEMA else []
    schema_valid = not found if method is Method.XML_SCHEMA else None
    fields = read_fields(record)
    found += isochecks.defects(record, fields)
    valid = not any(item.unlawful for item in found)
    return IsoFacts(valid, None, edition, method, schema_valid, tuple(found[:_MOST_DEFECTS]), fields)


def _edition(record: etree._Element) -> Edition:
    """Return the edition a record is written in: by its root, else by the GML namespace of its parts."""
    if namespace(record) == _GMI:
        return Edition.ISO_19115_2
    if namespace(record) != _GMD:
        return Edition.ISO_19115_3
    spaces = {namespace(item) for item in record.iter()}
    return Edition.ISO_19139_2006 if _GML_31 in spaces and _GML_32 not in spaces else Edition.ISO_19139_2007


def _schema_defects(record: etree._Element, edition: Edition) -> list[IsoDefect]:
    # A record inside a response is validated as a document of its own.
    alone = record if record.getparent() is None else etree.fromstring(etree.tostring(record, with_tail=False))
    compiled = schema(edition)
    if compiled.validate(alone):
        return []
    log: Any = compiled.error_log
    return [_schema_defect(str(entry.message), entry.line) for entry in log]


def _schema_defect(message: str, line: int) -> IsoDefect:
    found = _NAME.match(message)
    element = "/@".join(part for part in found.groups() if part) if found else ""
    detail = _SPACES.sub("", message[found.end() :] if found else message)
    return IsoDefect("schema", element, line, unlawful=True, detail=detail[:_DETAIL])
