"""Reads ISO 19115 metadata in XML: ISO/TS 19139 (gmd, also gmi) and ISO/TS 19115-3 (mdb), which share their names.

Namespaces are left aside: elements are found by local name, so one reading serves all editions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.portals import values
from crawler.portals.values import local_name
from crawler.records import UNDETERMINED, Contact, Distribution, Extent, Licence, Record, Standard, Texts

_XLINK = "{http://www.w3.org/1999/xlink}href"
_PUBLISHERS = ("publisher", "owner", "custodian", "resourceProvider", "pointOfContact")
_VALUES = ("CharacterString", "Anchor", "Date", "DateTime", "Decimal", "Integer", "Real", "Boolean", "URL", "LocalName")
# Item ids of the North American profile's register stand where ISO has words; the words follow as text.
_REGISTER = re.compile(r"RI_\d+")
_SERVICES = ("OGC:", "ESRI:", "WMS", "WFS", "WCS", "CSW", "WMTS")


def record(root: etree._Element, place: tuple[str, str, str], base: str) -> Record:
    """Return the record of a metadata element. *place* is portal, capture and locator."""
    told = _Told(root)
    identity = told.one(root, "identificationInfo")
    citation = told.one(identity, "citation")
    parties = [*told.parties(identity, "pointOfContact", "citedResponsibleParty"), *told.parties(root, "contact")]
    publisher = _publisher(parties)
    titles, descriptions = told.texts(citation, "title"), told.texts(identity, "abstract")
    identifiers = told.plain(root, "fileIdentifier") or told.plain(told.one(root, "metadataIdentifier"), "code")
    return Record(
        id=identifiers or values.nameless(*titles.values(), *descriptions.values()),
        portal=place[0],
        capture=place[1],
        locator=place[2],
        standard=Standard.ISO_19115_3 if "/19115/-3/" in str(root.tag) else Standard.ISO_19139,
        url=told.page(base),
        publisher_names=publisher,
        titles=titles,
        descriptions=descriptions,
        keywords=values.strings(told.code(item) for item in told.all(identity, "keyword")),
        themes=values.strings(told.code(item) for item in told.all(identity, "topicCategory")),
        contact=told.contact(root, publisher),
        frequency=told.plain(identity, "maintenanceAndUpdateFrequency"),
        issued=told.date(citation, "publication") or told.date(citation, "creation"),
        modified=told.date(citation, "revision", "lastUpdate", "lastRevision"),
        metadata_modified=told.plain(root, "dateStamp") or told.metadata_date(),
        temporal=told.temporal(identity),
        extent=told.extent(identity),
        reference_system=told.reference_system(root),
        licence=told.licence(identity),
        version=told.plain(citation, "edition"),
        status=told.plain(identity, "status"),
        languages=values.strings(told.code(item) for item in told.all(identity, "language", "defaultLocale")),
        distributions=tuple(told.distributions(base)),
        kind=told.plain(root, "hierarchyLevel") or told.plain(told.one(root, "metadataScope"), "resourceScope"),
        access_rights=told.plain(identity, "accessConstraints"),
        conforms_to=values.strings([told.plain(root, "metadataStandardName")]),
        places=values.strings(
            told.code(item)
            for item in told.all(identity, "geographicIdentifier", "description")
            if told.inside(item, "EX_Extent")
        ),
    )


class _Told:
    """A metadata element and the languages that it declares."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._locales = {
            f"#{item.get('id')}": _language(self.code(self.one(item, "languageCode", "language")))
            for item in root.iter("{*}PT_Locale")
        }
        own = next((item for item in root if local_name(item) in ("language", "defaultLocale")), None)
        stated = self.one(own, "language", "languageCode") if own is not None else None
        self._language = _language(self.code(stated)) if stated is not None else UNDETERMINED

    def all(self, within: etree._Element | None, *names: str) -> Iterator[etree._Element]:
        """Yield the elements so called, in document order."""
        if within is not None:
            yield from within.iter(*(f"{{*}}{name}" for name in names))

    def one(self, within: etree._Element | None, *names: str) -> etree._Element | None:
        """Return the first of them."""
        return next(self.all(within, *names), None)

    def inside(self, item: etree._Element, name: str) -> bool:
        """Tell whether the element stands within one so called."""
        return any(local_name(above) == name for above in item.iterancestors())

    def code(self, item: etree._Element | None) -> str | None:
        """Return what an element says: its code list value (ISO 19139 section 8.5.5), else its text."""
        if item is None:
            return None
        for found in item.iter():
            listed = values.text(found.get("codeListValue")) if local_name(found) else None
            if listed and not _REGISTER.fullmatch(listed):
                return listed
            if listed and (told := _written(found)):
                return told.partition(";")[0].strip() or listed
        return next((told for part in _own_parts(item) if (told := _written(part))), None)

    def plain(self, within: etree._Element | None, *names: str) -> str | None:
        """Return what the first of the elements so called that says something says."""
        return next((told for item in self.all(within, *names) if (told := self.code(item))), None)

    def reference_system(self, root: etree._Element) -> str | None:
        """Return the code of the reference system, with its register where the code alone is a number."""
        info = self.one(root, "referenceSystemInfo")
        code, space = self.plain(info, "code"), self.plain(info, "codeSpace")
        return f"{space}:{code}" if code and code.isdigit() and space else code

    def texts(self, within: etree._Element | None, name: str) -> Texts:
        """Return a text in all its languages (PT_FreeText, ISO 19139 section 9.8)."""
        item = self.one(within, name)
        if item is None:
            return {}
        main = next((told for part in _own_parts(item) if (told := _written(part))), None)
        found: Texts = {self._language: main} if main else {}
        for local in item.iter("{*}LocalisedCharacterString"):
            named = local.get("locale") or ""
            code, told = self._locales.get(named) or _language(named.lstrip("#")), _written(local)
            if told:
                found.setdefault(code, told)
        return found

    def parties(self, within: etree._Element | None, *names: str) -> Iterator[tuple[str, Texts]]:
        """Yield role and organisation name of the parties so called."""
        for item in self.all(within, *names):
            name = self.texts(item, "organisationName")
            group = self.one(item, "CI_Organisation")
            name = name or self.texts(group, "name")
            if name:
                yield self.plain(item, "role") or "", name

    def contact(self, root: etree._Element, publisher: Texts) -> Contact:
        """Return what is there to get in touch by, of the data or of the metadata."""
        return Contact(
            has_name=self.plain(root, "individualName", "positionName", "organisationName") is not None
            or self.plain(self.one(root, "CI_Organisation"), "name") is not None,
            has_mail=self.plain(root, "electronicMailAddress") is not None,
            has_phone=self.plain(root, "voice") is not None
            or self.plain(self.one(root, "phone"), "number") is not None,
            organisation=next(iter(publisher.values()), None),
        )

    def date(self, citation: etree._Element | None, *kinds: str) -> str | None:
        """Return the latest date of the given types (CI_DateTypeCode)."""
        found = [
            told
            for item in self.all(citation, "CI_Date")
            if self.plain(item, "dateType") in kinds and (told := self._moment(item))
        ]
        return max(found, default=None)

    def metadata_date(self) -> str | None:
        """Return the date of the metadata (19115-3 `dateInfo`), the latest one."""
        found = [self._moment(item) for item in self.all(self.root, "dateInfo")]
        return max((item for item in found if item), default=None)

    def temporal(self, identity: etree._Element | None) -> tuple[str | None, str | None] | None:
        """Return first and last moment of the data (gml:TimePeriod, GML 3.2 section 14.2.2)."""
        period = self.one(identity, "TimePeriod")
        starts = (self.one(period, "beginPosition"), self.one(period, "begin"))
        ends = (self.one(period, "endPosition"), self.one(period, "end"))
        start, end = (next((told for item in pair if (told := _all_text(item))), None) for pair in (starts, ends))
        return (start, end) if start or end else None

    def extent(self, identity: etree._Element | None) -> Extent | None:
        """Return the first geographic box."""
        names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        boxes = self.all(identity, "EX_GeographicBoundingBox")
        return next((box for item in boxes if (box := values.box(*(self.plain(item, name) for name in names)))), None)

    def licence(self, identity: etree._Element | None) -> Licence:
        """Return what the constraints say: other constraints and use limitations, with the address of an anchor."""
        said = [item for name in ("otherConstraints", "useLimitation") for item in self.all(identity, name)]
        links = (anchor.get(_XLINK) for item in said for anchor in item.iter("{*}Anchor"))
        urls = (told for item in said if (told := self.code(item)) and told.lower().startswith(("http://", "https://")))
        texts = values.strings(self.code(item) for item in said)
        return Licence(
            id=self.plain(identity, "useConstraints"),
            url=next((link for link in links if link), None) or next(urls, None),
            text=values.text("; ".join(texts)),
        )

    def page(self, base: str) -> str | None:
        """Return the address of the data set's page, where the record states one."""
        return values.address(base, self.plain(self.root, "dataSetURI") or _function(self, "information"))

    def distributions(self, base: str) -> Iterator[Distribution]:
        """Yield the online resources of the distribution section, with the format that is declared for all."""
        section = self.one(self.root, "distributionInfo")
        formats = self.all(section, "MD_Format")
        declared = next((told for item in formats if (told := self.plain(item, "name", "title"))), None)
        for item in self.all(section, "CI_OnlineResource"):
            url = values.address(base, self.plain(item, "linkage"))
            protocol = self.plain(item, "protocol") or ""
            if url:
                service = protocol.upper().startswith(_SERVICES)
                yield Distribution(
                    url=url, format=protocol if service else declared, titles=self.texts(item, "name"), service=service
                )

    def _moment(self, item: etree._Element) -> str | None:
        found = self.one(item, "Date", "DateTime")
        return _written(found) if found is not None else None


def _language(stated: str | None) -> str:
    """Return a language code; profiles write `eng; CAN`, language before country."""
    return values.language((stated or "").partition(";")[0].strip())


def _function(told: _Told, wanted: str) -> str | None:
    section = told.one(told.root, "distributionInfo")
    items = told.all(section, "CI_OnlineResource")
    return next((told.plain(item, "linkage") for item in items if told.plain(item, "function") == wanted), None)


def _publisher(parties: Iterable[tuple[str, Texts]]) -> Texts:
    """Return the organisation that answers for the data: by role, the nearest to a publisher first."""
    found = list(parties)
    named = (name for role in _PUBLISHERS for stated, name in found if stated == role)
    return next(named, found[0][1] if found else {})


def _own_parts(item: etree._Element) -> Iterator[etree._Element]:
    """Yield the value elements of a property, without those of its translations."""
    for found in item.iter():
        name = local_name(found)
        if name in _VALUES or (name != "LocalisedCharacterString" and len(found) == 0):
            yield found


def _written(item: etree._Element) -> str | None:
    return values.text(" ".join((item.text or "").split()))


def _all_text(item: etree._Element | None) -> str | None:
    return None if item is None else values.text(" ".join("".join(map(str, item.itertext())).split()))
