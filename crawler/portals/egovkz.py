"""data.egov.kz: the JSON behind its catalogue pages, as third parties describe it. There is no published contract.

The list gives at most ten entries a page whatever is asked for, so the page size is taken from the first answer. Names
come in all languages at once; the language cookie changes pages only. Rows of the data sets are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from config.model import Portal
from config.urls import site_host
from crawler.capture import Capture, Purpose
from crawler.portals import values
from crawler.portals.base import Ask, UnreadableError
from crawler.portals.jsonread import read_json, read_listing
from crawler.portals.values import first, items, mapping, mappings, suffixed, text
from crawler.records import Contact, Distribution, Field, Record, Standard

COUNT = 100
_FILTER = {"byGovAgencyId": "", "categoryId": "", "statusType": "", "datasetSortSelect": "", "status": "PUBLISHED"}
_LIST, _TOTAL, _META, _PASSPORT = "/datasets/getdatasetsre", "/datasets/getdatasetsrecount", "/meta/", "/datasets/view"
_ROWS = re.compile(
    r"/api/(?:v\d+/(?!mapping(?:/|$))|detailed(?:/|$))|/datasets/(?:getdata|exportdata)(?:/|$)", re.IGNORECASE
)
_VERSION = re.compile(rb"currentVersion\s*=\s*['\"](v\d{1,6})['\"]|[?/&](?:version=)?(v\d{1,6})\?apiKey")
_SERVER_ERROR = 500


class EgovKz:
    """The adapter of kind `egovkz`. `Portal.url` is the portal's own address."""

    def first_requests(self, portal: Portal) -> Iterator[Ask]:
        """Ask for the first page and the number of data sets."""
        yield Ask(values.with_query(_site(portal) + _LIST, **_FILTER, page=1, count=COUNT), Purpose.PORTAL)
        yield Ask(values.with_query(_site(portal) + _TOTAL, **_FILTER), Purpose.PORTAL, later=True)

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        """Ask for the next page and the entries' passports; for a version's number where version 1 is not there."""
        path = urlsplit(capture.key.url).path
        if path.endswith(_LIST):
            yield from self._behind_list(portal, capture, body)
        elif _META in path and path.endswith("/v1") and not _is_meta(capture, body):
            yield Ask(values.with_query(_site(portal) + _PASSPORT, index=_id_of(path)), Purpose.PORTAL, later=True)
        elif path.endswith(_PASSPORT):
            found = _VERSION.search(body) if capture.answered else None
            version = (found[1] or found[2]).decode() if found else "v1"
            if version != "v1":
                yield _meta(portal, values.query_of(capture.key.url).get("index", ""), version)

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        """Return the entries of a list page, or the details of one data set."""
        path = urlsplit(capture.key.url).path
        if path.endswith(_LIST):
            for number, entry in read_listing(capture, body, "datasets").objects():
                yield _record(_site(portal), entry, (portal.id, capture.id, f"$.datasets[{number}]"))
        elif _META in path:
            yield _details(mapping(_meta_of(capture, body)), (portal.id, capture.id, "$"), _id_of(path), path)

    def total(self, portal: Portal, capture: Capture, body: bytes) -> int | None:
        """Return `totalCount`."""
        del portal
        if not urlsplit(capture.key.url).path.endswith(_TOTAL):
            return None
        try:
            return values.whole(mapping(read_json(body, capture.header("content-type"))).get("totalCount"))
        except UnreadableError:
            return None

    def refuses(self, portal: Portal, url: str) -> bool:
        """Tell whether an address of this portal gives rows."""
        parts = urlsplit(url)
        same = site_host(parts.netloc.lower()) == site_host(urlsplit(portal.url).netloc.lower())
        return same and bool(_ROWS.search(unquote(parts.path)))

    def _behind_list(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        query = values.query_of(capture.key.url)
        page, count = values.whole(query.get("page")) or 1, values.whole(query.get("count")) or COUNT
        try:
            listing = read_listing(capture, body, "datasets")
        except UnreadableError:
            if page > 1 and (capture.answered or (capture.status or 0) >= _SERVER_ERROR):
                yield Ask(values.with_query(capture.key.url, page=page + 1), Purpose.PORTAL)
            return
        size = len(listing.entries)
        if size:
            # Only the first answer tells the page size; a later page may be short because an entry was held back.
            step = size if page == 1 and not listing.trouble else count
            yield Ask(values.with_query(capture.key.url, page=page + 1, count=step), Purpose.PORTAL)
        for entry in mappings(listing.entries):
            name = text(entry.get("apiUri"))
            ask = (
                _meta(portal, name, first(entry.get("version"), entry.get("currentVersion")) or "v1") if name else None
            )
            if ask and not self.refuses(portal, ask.url):  # an id may be written to lead elsewhere
                yield ask


ADAPTER = EgovKz()


def speaks(url: str) -> bool:
    """Tell whether an address is one that this adapter asks for."""
    path = urlsplit(url).path
    return path.endswith((_LIST, _TOTAL, _PASSPORT)) or _META in path


def _site(portal: Portal) -> str:
    parts = urlsplit(portal.url)
    return f"{parts.scheme}://{parts.netloc}"


def _meta(portal: Portal, name: str, version: str) -> Ask:
    return Ask(f"{_site(portal)}{_META}{quote(name, safe='')}/{quote(version, safe='')}", Purpose.PORTAL, later=True)


def _id_of(path: str) -> str:
    return unquote(path.partition(_META)[2].partition("/")[0])


def _meta_of(capture: Capture, body: bytes) -> object:
    found = read_json(body, capture.header("content-type"))
    if not isinstance(found, dict) or not ("fields" in found or any(key.startswith("name") for key in found)):
        raise UnreadableError("error_body" if isinstance(found, dict) else "no_object")
    return found


def _is_meta(capture: Capture, body: bytes) -> bool:
    if not capture.answered:
        return not capture.status  # no answer at all: another address of the same host would not answer either
    try:
        _meta_of(capture, body)
    except UnreadableError:
        return False
    return True


def _record(site: str, entry: dict[str, Any], place: tuple[str, str, str]) -> Record:
    """Return the record of an entry of the list."""
    name = text(entry.get("apiUri"))
    agency = mapping(entry.get("govAgency"))
    version = first(entry.get("version"), entry.get("currentVersion"))
    rows = f"{site}/api/v4/{quote(name, safe='')}/{quote(version or 'v1', safe='')}" if name else None
    return Record(
        id=first(name, entry.get("id")) or values.nameless(*suffixed(entry, "name").values()),
        portal=place[0],
        capture=place[1],
        locator=place[2],
        url=values.with_query(site + _PASSPORT, index=name) if name else None,
        publisher_id=text(agency.get("id")),
        publisher_names=suffixed(agency, "name"),
        titles=suffixed(entry, "name"),
        descriptions=suffixed(entry, "description"),
        keywords=values.strings(_words(entry.get("keyWords"))),
        themes=values.strings(_category(item) for item in items(entry.get("categories"))),
        contact=_contact(entry, agency),
        frequency=text(entry.get("actualizeType")),
        issued=text(entry.get("createdDate")),
        modified=text(entry.get("modifiedDate")),
        version=version,
        status=text(entry.get("status")),
        distributions=(Distribution(rows, "JSON", "application/json", service=True),) if rows else (),
        downloads=values.whole(entry.get("downloads")),
        views=values.whole(entry.get("views")),
        current=entry["actual"] if isinstance(entry.get("actual"), bool) else None,
    )


def _details(meta: dict[str, Any], place: tuple[str, str, str], name: str, path: str) -> Record:
    """Return what a passport adds: columns with their labels, who answers, descriptions."""
    stated = meta.get("fields")
    return Record(
        id=name,
        portal=place[0],
        capture=place[1],
        locator=place[2],
        standard=Standard.OWN,
        titles=suffixed(meta, "name"),
        descriptions=suffixed(meta, "description"),
        keywords=values.strings(_words(meta.get("keywords"))),
        contact=_contact(meta, mapping(meta.get("responsible"))),
        modified=text(meta.get("modifiedDate")),
        version=text(path.rpartition("/")[2]),
        fields=tuple(_fields(stated)) if isinstance(stated, dict | list) else None,
        part=True,
    )


def _fields(stated: object) -> Iterator[Field]:
    pairs = stated.items() if isinstance(stated, dict) else [(i.get("name"), i) for i in mappings(stated)]
    for name, item in list(pairs)[: values.MOST_KEYWORDS]:
        told, called = mapping(item), text(name)
        if called:
            yield Field(called, text(told.get("type")), suffixed(told, "label"))


def _contact(told: dict[str, Any], body: dict[str, Any]) -> Contact:
    responsible = mapping(told.get("responsible"))
    names = suffixed(told, "fullname") | suffixed(responsible, "fullname") | suffixed(body, "fullname")
    return Contact(
        has_name=bool(names) or text(told.get("responsible")) is not None,
        has_mail=first(told.get("email"), responsible.get("email")) is not None,
        has_phone=first(told.get("phone"), responsible.get("phone")) is not None,
        organisation=first(*suffixed(body, "name").values()),
    )


def _category(item: object) -> object:
    told = mapping(item)
    return first(*suffixed(told, "name").values(), told.get("id"), item)


def _words(value: object) -> list[object]:
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,;]", value)]
    return [first(*suffixed(mapping(item), "name").values(), mapping(item).get("name"), item) for item in items(value)]
