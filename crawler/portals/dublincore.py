"""Reads csw:Record (OGC 07-006r1 section 10.2.5): Dublin Core with a bounding box."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.portals import values
from crawler.records import UNDETERMINED, Contact, Distribution, Extent, Licence, Record, Standard, Texts

_PAIR = 2


def record(element: etree._Element, place: tuple[str, str, str], base: str) -> Record:
    """Return the record of an element. *place* is portal, capture and locator."""
    told = _Told(element)
    publisher = told.first("publisher", "creator", "contributor")
    titles, descriptions = told.texts("title"), told.texts("abstract", "description")
    return Record(
        id=told.first("identifier") or values.nameless(*titles.values(), *descriptions.values()),
        portal=place[0],
        capture=place[1],
        locator=place[2],
        standard=Standard.DUBLIN_CORE,
        publisher_names={UNDETERMINED: publisher} if publisher else {},
        titles=titles,
        descriptions=descriptions,
        keywords=values.strings(told.all("subject")),
        contact=Contact(organisation=publisher),
        issued=told.first("issued", "created"),
        modified=told.first("modified"),
        temporal=_period(told.first("temporal")),
        extent=_extent(element),
        licence=Licence(text=told.first("rights", "license", "accessRights")),
        languages=values.strings(told.all("language")),
        distributions=tuple(_distributions(element, base, told.first("format"))),
        kind=told.first("type"),
        conforms_to=values.strings(told.all("conformsTo")),
        places=values.strings(told.all("spatial", "coverage")),
    )


class _Told:
    def __init__(self, element: etree._Element) -> None:
        self._element = element

    def all(self, *names: str) -> Iterator[str]:
        """Yield the texts of the elements so called, in the order of *names*."""
        for name in names:
            for found in self._element.iter(f"{{*}}{name}"):
                if told := values.text(" ".join("".join(map(str, found.itertext())).split())):
                    yield told

    def first(self, *names: str) -> str | None:
        """Return the first of them."""
        return next(self.all(*names), None)

    def texts(self, *names: str) -> Texts:
        """Return the first as a text of unknown language."""
        told = self.first(*names)
        return {UNDETERMINED: told} if told else {}


def _extent(element: etree._Element) -> Extent | None:
    """Return the box of ows:BoundingBox or ows:WGS84BoundingBox; the former may put north first (EPSG:4326)."""
    for box in (*element.iter("{*}WGS84BoundingBox"), *element.iter("{*}BoundingBox")):
        corners = [(box.findtext(f"{{*}}{name}") or "").split() for name in ("LowerCorner", "UpperCorner")]
        if all(len(corner) == _PAIR for corner in corners):
            (a, b), (c, d) = corners
            north_first = "4326" in (box.get("crs") or "") and "urn:" in (box.get("crs") or "")
            return values.box(b, a, d, c) if north_first else values.box(a, b, c, d)
    return None


def _period(written: str | None) -> tuple[str | None, str | None] | None:
    if not written:
        return None
    start, _, end = written.partition("/")
    return (start.strip() or None, end.strip() or None)


def _distributions(element: etree._Element, base: str, declared: str | None) -> Iterator[Distribution]:
    for found in (*element.iter("{*}references"), *element.iter("{*}URI")):
        url = values.address(base, found.text)
        if url:
            protocol = found.get("protocol") or found.get("scheme") or ""
            title = values.text(found.get("name") or found.get("description"))
            yield Distribution(
                url=url,
                format=declared or values.text(protocol),
                titles={UNDETERMINED: title} if title else {},
                service=protocol.upper().startswith(("OGC:", "ESRI:")),
            )
