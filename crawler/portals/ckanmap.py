"""Reads one CKAN package: core fields, `extras`, and the fields of ckanext-scheming, -fluent and -dcat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crawler.portals import values
from crawler.portals.values import address, first, items, mapping, mappings, text
from crawler.records import UNDETERMINED, Contact, Distribution, Licence, Record, Standard, Texts

# Two-letter endings of keys such as title_kk; `title_translated` and `title-kk` are known by their own shape.
_TAIL = re.compile(r"[_-]([a-z]{2}(?:[_-][A-Za-z]{2})?)$")
_NO_LANGUAGE = frozenset({"id", "no", "to", "at", "by", "of", "is", "in", "on"})
_FREQUENCY = ("frequency", "accrual_periodicity", "update_frequency", "frequency_of_update")
_SERVICES = frozenset({"wms", "wfs", "wcs", "wmts", "csw", "api", "sparql", "ogc wms", "ogc wfs", "esri rest"})
_SPLIT = re.compile(r"(?<=[a-z])(?=[A-Z])|[\s:_-]+")
Place = tuple[str, str, str]


def record(site: str, package: Mapping[str, Any], place: Place) -> Record:
    """Return the record of a package. *place* is portal, capture and locator."""
    told = _Package(package)
    name = first(package.get("name"), package.get("id"))
    organization = mapping(package.get("organization"))
    return Record(
        id=first(package.get("id"), name) or values.nameless(package.get("title"), package.get("url")),
        portal=place[0],
        capture=place[1],
        locator=place[2],
        standard=Standard.CKAN,
        url=f"{site}/dataset/{name}" if name else None,
        publisher_id=first(organization.get("id"), package.get("owner_org"), told.get("publisher_uri")),
        publisher_aliases=values.strings([organization.get("name"), told.get("publisher_identifier")]),
        publisher_names=told.publisher(organization),
        titles=told.texts("title"),
        descriptions=told.texts("notes") or told.texts("description"),
        keywords=told.keywords(),
        themes=told.themes(),
        contact=told.contact(organization),
        frequency=told.get(*_FREQUENCY),
        issued=told.get("issued", "dcat_issued"),
        modified=told.get("modified", "dcat_modified", "last_updated", "date_updated"),
        metadata_modified=text(package.get("metadata_modified")),
        temporal=told.temporal(),
        extent=told.extent(),
        reference_system=told.get("spatial_reference_system", "spatial_crs"),
        licence=told.licence(),
        version=first(package.get("version"), told.get("dcat_version")),
        status=first(told.get("adms_status", "status"), package.get("state")),
        languages=values.strings(told.many("language")),
        distributions=tuple(
            found
            for item in mappings(package.get("resources"))[: values.MOST_DISTRIBUTIONS]
            if (found := _distribution(site, item))
        ),
        views=values.whole(mapping(package.get("tracking_summary")).get("total")),
        kind=text(package.get("type")),
        access_rights=told.get("access_rights"),
        conforms_to=values.strings(told.many("conforms_to")),
        places=values.strings(_label(item) for item in told.many("spatial_coverage")),
    )


class _Package:
    """A package with its extras, which hold the same things under the same names, spelled more freely."""

    def __init__(self, package: Mapping[str, Any]) -> None:
        self._package = package
        extras = package.get("extras")
        pairs = (
            extras.items() if isinstance(extras, dict) else [(i.get("key"), i.get("value")) for i in mappings(extras)]
        )
        self._extras = {_plain(key): value for key, value in pairs if isinstance(key, str)}

    def get(self, *names: str) -> str | None:
        """Return the first text under one of *names*, in the package or its extras."""
        return first(*(self._package.get(name) for name in names), *(self._extras.get(name) for name in names))

    def many(self, name: str) -> list[Any]:
        """Return the values under *name*; extras write lists as JSON or with commas."""
        found = items(self._package.get(name))
        written = self._extras.get(name)
        return found or ([part.strip(' []"') for part in written.split(",")] if isinstance(written, str) else [])

    def texts(self, name: str) -> Texts:
        """Return a text in all languages that it is there in."""
        return _texts(self._package, name)

    def publisher(self, organization: dict[str, Any]) -> Texts:
        """Return the publisher's names: the organisation's, else those that extras or ckanext-dcat state."""
        stated = next(iter(mappings(self._package.get("publisher"))), {})
        found = _texts(organization, "title") or _texts(stated, "name") or _texts(organization, "name")
        return found or values.translated(None, self.get("publisher_name", "publisher"))

    def keywords(self) -> tuple[str, ...]:
        """Return tags, and keywords by language where ckanext-fluent keeps them."""
        by_language = [
            word
            for name in ("keywords", "tags_translated")
            for words in mapping(self._package.get(name)).values()
            for word in items(words)
        ]
        return values.strings([*map(_label, items(self._package.get("tags"))), *by_language])

    def themes(self) -> tuple[str, ...]:
        """Return groups and stated themes."""
        groups = [_label(item) for item in items(self._package.get("groups"))]
        return values.strings([*groups, *self.many("theme"), *self.many("category")])

    def contact(self, organization: dict[str, Any]) -> Contact:
        """Return what is there to get in touch by."""
        stated = mappings(self._package.get("contact"))
        pairs = [(item.get("name"), item.get("email"), item.get("phone") or item.get("telephone")) for item in stated]
        names, mails, phones = zip(*pairs, strict=True) if pairs else ((), (), ())
        return Contact(
            has_name=bool(first(*names, self.get("maintainer", "author", "contact_name"))),
            has_mail=bool(first(*mails, self.get("maintainer_email", "author_email", "contact_email"))),
            has_phone=bool(first(*phones, self.get("maintainer_phone", "contact_phone", "phone"))),
            organisation=first(organization.get("title"), organization.get("name")),
        )

    def temporal(self) -> tuple[str | None, str | None] | None:
        """Return first and last day covered."""
        stated = next(iter(mappings(self._package.get("temporal_coverage"))), {})
        start = first(stated.get("start"), self.get("temporal_start", "temporal_coverage_from"))
        end = first(stated.get("end"), self.get("temporal_end", "temporal_coverage_to"))
        return (start, end) if start or end else None

    def extent(self) -> Any:
        """Return the box of ckanext-spatial or of the `bbox-*` extras of its harvester."""
        sides = [self._extras.get(f"bbox_{side}") for side in ("west_long", "south_lat", "east_long", "north_lat")]
        stated = next(iter(mappings(self._package.get("spatial_coverage"))), {})
        geometries = (self.get("spatial"), stated.get("bbox"), stated.get("geom"))
        found = (values.box_around(geometry) for geometry in geometries)
        return values.box(*sides) or next((item for item in found if item), None)

    def licence(self) -> Licence:
        """Return what the licence fields say; `notspecified` is an id like any other, for checks to judge."""
        package = self._package
        return Licence(
            id=text(package.get("license_id")),
            title=text(package.get("license_title")),
            url=first(package.get("license_url"), self.get("license_url")),
            text=self.get("rights", "license_text", "terms_of_use"),
        )


def _distribution(site: str, resource: dict[str, Any]) -> Distribution | None:
    url = address(f"{site}/", resource.get("url"))
    if url is None:
        return None
    declared = text(resource.get("format"))
    service = first(resource.get("resource_type")) in ("api", "service") or (declared or "").lower() in _SERVICES
    download = address(f"{site}/", resource.get("download_url"))
    return Distribution(
        url=download or url,
        format=declared,
        media_type=text(resource.get("mimetype")),
        titles=_texts(resource, "name"),
        licence=first(resource.get("license"), resource.get("license_url"), resource.get("license_id")),
        modified=first(resource.get("modified"), resource.get("last_modified")),
        size=values.whole(resource.get("size")),
        service=service or bool(items(resource.get("access_services"))),
        access_url=address(f"{site}/", resource.get("access_url")) or (url if download else None),
        issued=first(resource.get("issued"), resource.get("created")),
        conforms_to=values.strings(items(resource.get("conforms_to"))),
    )


def _texts(item: Mapping[Any, Any], name: str) -> Texts:
    """Return the text under *name*: as an object by language, under name_translated, or under keys such as name_kk."""
    plain = item.get(name)
    found = values.translated(plain) | values.translated(item.get(f"{name}_translated"))
    for key, value in item.items():
        tail = _TAIL.search(key) if isinstance(key, str) and key.startswith(name) else None
        if tail and key[: tail.start()] == name and tail[1] not in _NO_LANGUAGE and (told := text(value)):
            found.setdefault(values.language(tail[1]), told)
    rest = text(plain)
    if rest and rest not in found.values():
        found[UNDETERMINED] = rest
    return found


def _label(item: object) -> object:
    """Return what an entry is called, whether it is a text or an object with a name."""
    if not isinstance(item, dict):
        return item
    return first(item.get("display_name"), item.get("title"), item.get("text"), item.get("uri"), item.get("name"))


def _plain(key: str) -> str:
    return "_".join(part for part in _SPLIT.split(key.strip()) if part).lower()
