"""The fields of an ISO metadata record that open data questions ask for, in all editions alike.

Elements are found by their local names: ISO/TS 19139 (gmd, gmi, srv) and ISO/TS 19115-3 (mdb and kin) name them
alike where it matters. A code list's value is its `codeListValue` (ISO/TS 19139, 8.5.5), not the text beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from lxml import etree

from crawler.records import Contact, Extent
from crawler.safexml import at, attribute, children, local, named, text

IDENTIFICATION = ("identificationInfo", "*")
CITATION = (*IDENTIFICATION, "citation", "*")


class IsoFields(msgspec.Struct, frozen=True):
    """What a record states. Empty where it states nothing; persons are never named, only that they are.

    `languages` are those of the record and of the data, once each; `online` counts every online resource,
    `distribution_links` those under the transfer options.
    """

    identifier: str | None = None
    languages: tuple[str, ...] = ()
    date_stamp: str | None = None
    title: str | None = None
    abstract: str | None = None
    contact: Contact = Contact()
    legal_constraints: bool = False
    formats: int = 0
    online: int = 0
    distribution_links: int = 0
    extent: Extent | None = None
    reference_systems: tuple[str, ...] = ()
    level: str | None = None
    topics: tuple[str, ...] = ()


def read_fields(root: etree._Element) -> IsoFields:
    """Return the fields of one record."""
    return IsoFields(
        identifier=_first(value(item) for item in children(root, "fileIdentifier"))
        or _first(value(item) for item in at(root, "metadataIdentifier", "*", "code")),
        languages=_languages(root),
        date_stamp=_date_stamp(root),
        title=_first(value(item) for item in at(root, *CITATION, "title")),
        abstract=_first(value(item) for item in at(root, *IDENTIFICATION, "abstract")),
        contact=read_contact([*children(root, "contact"), *at(root, *IDENTIFICATION, "pointOfContact")]),
        legal_constraints=next(named(root, "MD_LegalConstraints"), None) is not None,
        formats=sum(1 for _ in named(root, "MD_Format")),
        online=sum(1 for _ in named(root, "CI_OnlineResource")),
        distribution_links=_links(root),
        extent=_extent(root),
        reference_systems=_reference_systems(root),
        level=_first(value(item) for item in (*children(root, "hierarchyLevel"), *named(root, "resourceScope"))),
        topics=tuple(filter(None, (value(item) for item in at(root, *IDENTIFICATION, "topicCategory")))),
    )


def value(holder: etree._Element) -> str:
    """Return the value of a property: its code list value, else its text (of the default language)."""
    for item in holder.iter():
        if attribute(item, "codeListValue"):
            return attribute(item, "codeListValue")
    for item in holder:
        if local(item) != "PT_FreeText":
            return text(item)
    return text(holder)


def _first(values: Iterable[str]) -> str | None:
    return next((item for item in values if item), None)


def _languages(root: etree._Element) -> tuple[str, ...]:
    """Return the distinct values of `language` in document order, in the record and in what it describes."""
    return tuple(dict.fromkeys(filter(None, (value(item) for item in named(root, "language")))))


def _date_stamp(root: etree._Element) -> str | None:
    """Return the date of the record: `dateStamp`, in 19115-3 the revision among `dateInfo`, else the first."""
    stamp = _first(text(item) for item in children(root, "dateStamp"))
    infos = list(at(root, "dateInfo", "*"))
    revised = [item for item in infos if any(value(kind) == "revision" for kind in children(item, "dateType"))]
    dates = (text(found) for item in (*revised, *infos) for found in children(item, "date"))
    return stamp or _first(dates)


def read_contact(holders: list[etree._Element]) -> Contact:
    """Return what the parties of the given properties offer, presence only."""
    persons, places = ("individualName", "positionName"), ("organisationName",)
    names = [value(item) for holder in holders for item in named(holder, *persons)]
    bodies = [value(item) for holder in holders for item in named(holder, *places)]
    bodies += [value(name) for holder in holders for item in named(holder, "CI_Organisation")
               for name in children(item, "name")]  # fmt: skip
    names += [value(name) for holder in holders for item in named(holder, "CI_Individual")
              for name in children(item, "name")]  # fmt: skip
    mails = [value(item) for holder in holders for item in named(holder, "electronicMailAddress")]
    phones = [text(item) for holder in holders for item in named(holder, "CI_Telephone")]
    return Contact(any(names), any(mails), any(phones), _first(bodies))


def _links(root: etree._Element) -> int:
    offers = named(root, "MD_DigitalTransferOptions")
    return sum(1 for offer in offers for _ in at(offer, "onLine", "CI_OnlineResource"))


def _extent(root: etree._Element) -> Extent | None:
    """Return the first bounding box whose four sides are numbers."""
    for box in named(root, "EX_GeographicBoundingBox"):
        sides = [_number(box, f"{side}Bound{kind}") for side, kind in _SIDES]
        if None not in sides:
            return Extent(*(side for side in sides if side is not None))
    return None


_SIDES = (("west", "Longitude"), ("south", "Latitude"), ("east", "Longitude"), ("north", "Latitude"))


def _number(box: etree._Element, name: str) -> float | None:
    try:
        return float(_first(text(item) for item in children(box, name)) or "")
    except ValueError:
        return None


def _reference_systems(root: etree._Element) -> tuple[str, ...]:
    found = []
    for system in at(root, "referenceSystemInfo", "*", "referenceSystemIdentifier", "*"):
        space = _first(value(item) for item in children(system, "codeSpace"))
        code = _first(value(item) for item in children(system, "code"))
        if code:
            found.append(f"{space}:{code}" if space and code.isdigit() else code)
    return tuple(dict.fromkeys(found))
