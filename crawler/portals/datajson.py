"""`data.json` of United States agencies: Project Open Data metadata schema 1.1 (DCAT-US), and DCAT-US 3.0 as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from config.model import Portal
from crawler.capture import Capture, Purpose
from crawler.portals import values
from crawler.portals.base import Ask
from crawler.portals.jsonread import read_listing
from crawler.portals.values import address, first, items, mapping, mappings, text
from crawler.records import Contact, Distribution, Licence, Record, Standard, Texts

_BOX = 4


class DataJson:
    """The adapter of kind `datajson`. `Portal.url` is the file's address, or the site that has it at /data.json."""

    def first_requests(self, portal: Portal) -> Iterator[Ask]:
        """Ask for the file."""
        named = urlsplit(portal.url).path.endswith(".json")
        yield Ask(portal.url if named else portal.url.rstrip("/") + "/data.json", Purpose.PORTAL)

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        """Ask for nothing more: one file is the whole catalogue."""
        del portal, capture, body
        return iter(())

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        """Return the entries of `dataset`."""
        for number, entry in read_listing(capture, body, "dataset").objects():
            yield _record(entry, portal.id, capture, f"$.dataset[{number}]")


ADAPTER = DataJson()


def _record(entry: dict[str, Any], portal: str, capture: Capture, locator: str) -> Record:
    """Return the record of one entry (Project Open Data 1.1, "Dataset Fields")."""
    base = capture.url
    publisher, period = mapping(entry.get("publisher")), _period(entry.get("temporal"))
    page = address(base, entry.get("landingPage")) or address(base, entry.get("@id"))
    return Record(
        id=_identifier(entry) or values.nameless(_plain(entry.get("title")), page, _plain(entry.get("description"))),
        portal=portal,
        capture=capture.id,
        locator=locator,
        standard=Standard.DATA_JSON,
        url=page,
        publisher_id=first(publisher.get("@id"), publisher.get("identifier")),
        publisher_aliases=values.strings(_list(entry, "bureauCode")),
        publisher_names=_texts(publisher.get("name")),
        titles=_texts(entry.get("title")),
        descriptions=_texts(entry.get("description")),
        keywords=values.strings(map(_plain, _list(entry, "keyword"))),
        themes=values.strings(map(_plain, _list(entry, "theme"))),
        contact=_contact(entry, publisher),
        frequency=_plain(entry.get("accrualPeriodicity")),
        issued=text(entry.get("issued")),
        modified=text(entry.get("modified")),
        temporal=period,
        extent=_extent(entry.get("spatial")),
        licence=_licence(entry),
        version=text(entry.get("version")),
        status=_plain(entry.get("status")),
        languages=values.strings(_list(entry, "language")),
        distributions=tuple(_distributions(base, entry)),
        kind="series" if entry.get("@type") == "DatasetSeries" else None,
        access_rights=first(entry.get("accessLevel"), _plain(entry.get("accessRights"))),
        conforms_to=values.strings(map(_plain, _list(entry, "conformsTo"))),
        places=values.strings([_plain(entry.get("spatial"))]),
    )


def _list(entry: dict[str, Any], name: str) -> list[Any]:
    """Return a field as a list; old files write keywords with commas in one text."""
    value = entry.get(name)
    if name == "keyword" and isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return items(value)


def _identifier(entry: dict[str, Any]) -> str | None:
    stated = entry.get("identifier")
    return first(stated, mapping(stated).get("@id"), mapping(stated).get("notation"))


def _plain(value: object) -> str | None:
    """Return a text, or what an object or a list of texts by language is called."""
    if isinstance(value, list):
        return next((found for item in value if (found := _plain(item))), None)
    if isinstance(value, dict):
        return first(
            value.get("@value"), value.get("prefLabel"), value.get("title"), value.get("@id"), value.get("name")
        )
    return text(value)


def _texts(value: object) -> Texts:
    """Return texts: plain, or as JSON-LD value objects with a language, as DCAT-US 3.0 allows."""
    found: Texts = {}
    for item in items(value):
        tag = mapping(item).get("@language") if isinstance(item, dict) else None
        if told := _plain(item):
            found.setdefault(values.language(tag), told)
    return found


def _contact(entry: dict[str, Any], publisher: dict[str, Any]) -> Contact:
    points = mappings(entry.get("contactPoint"))
    return Contact(
        has_name=any(_plain(item.get("fn")) for item in points),
        has_mail=any(_plain(item.get("hasEmail")) for item in points),
        has_phone=any(_plain(item.get("tel")) or _plain(item.get("hasTelephone")) for item in points),
        organisation=_plain(publisher.get("name")),
    )


def _period(value: object) -> tuple[str | None, str | None] | None:
    """Return first and last day: "start/end" (ISO 8601 interval), or an object with both."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        start, end = text(value.get("startDate")), text(value.get("endDate"))
    else:
        head, _, tail = (text(value) or "").partition("/")
        start, end = head or None, tail or None
    return (start, end) if start or end else None


def _extent(value: object) -> Any:
    """Return the box: "west,south,east,north", or a geometry as text."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = first(value.get("bbox"), value.get("geometry"))
    parts = (text(value) or "").split(",")
    return values.box(*parts) if len(parts) == _BOX else values.box_around(value)


def _licence(entry: dict[str, Any]) -> Licence:
    told = _plain(entry.get("license"))
    is_address = bool(told and told.lower().startswith(("http://", "https://")))
    return Licence(
        url=told if is_address else None, title=None if is_address else told, text=_plain(entry.get("rights"))
    )


def _distributions(base: str, entry: dict[str, Any]) -> Iterator[Distribution]:
    for item in mappings(entry.get("distribution"))[: values.MOST_DISTRIBUTIONS]:
        download, access = address(base, item.get("downloadURL")), address(base, item.get("accessURL"))
        url = download or access
        if url is None:
            continue
        declared = _plain(item.get("format"))
        yield Distribution(
            url=url,
            format=declared,
            media_type=text(item.get("mediaType")),
            titles=_texts(item.get("title")),
            licence=_plain(item.get("license")),
            modified=text(item.get("modified")),
            size=values.whole(item.get("byteSize")),
            service=download is None and ((declared or "").lower() == "api" or bool(item.get("accessService"))),
            access_url=access if download else None,
            issued=text(item.get("issued")),
            conforms_to=values.strings(map(_plain, items(item.get("conformsTo")))),
        )
