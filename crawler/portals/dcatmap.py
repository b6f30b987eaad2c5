"""Reads data sets out of an RDF graph: DCAT 3 sections 6.4 to 6.8 with the usages of DCAT-AP and older forms.

A graph has no order; everything is sorted here, so that the same bytes give the same records.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crawler.capture import Capture
from crawler.portals import values
from crawler.records import Contact, Distribution, Extent, Licence, Record, Standard, Texts

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
_ADMS = Namespace("http://www.w3.org/ns/adms#")
_FOAF = Namespace("http://xmlns.com/foaf/0.1/")
_LOCN = Namespace("http://www.w3.org/ns/locn#")
_OWL = Namespace("http://www.w3.org/2002/07/owl#")
_SCHEMA = (Namespace("http://schema.org/"), Namespace("https://schema.org/"))
_TIME = Namespace("http://www.w3.org/2006/time#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_KINDS = (DCAT.Dataset, DCAT.DatasetSeries)
_NAMES = (_FOAF.name, SKOS.prefLabel, RDFS.label, DCT.title, *(space["name"] for space in _SCHEMA), _VCARD.fn)


class Reader:
    """A graph as records are read from it."""

    def __init__(self, graph: Graph, portal: str, capture: Capture) -> None:
        self._graph, self._portal, self._capture = graph, portal, capture

    def datasets(self) -> list[Node]:
        """Return the data sets that are described here, in an order that depends on what they say only."""
        found = {item for kind in _KINDS for item in self._graph.subjects(RDF.type, kind)}
        found |= {item for item in self._graph.objects(None, DCAT.dataset) if self._described(item)}
        return sorted(found, key=lambda item: self._order(item, DCT.identifier, DCT.title, DCT.description))

    def whole(self, subject: Node) -> bool:
        """Tell whether everything that a data set is made of is described too: a graph may have been cut off."""
        parts = (DCAT.distribution, DCAT.contactPoint, DCT.publisher, DCT.temporal, DCT.spatial)
        found = [item for name in parts for item in self._graph.objects(subject, name)]
        made: list[Node] = [item for item in found if isinstance(item, BNode)]
        made += list(self._graph.objects(subject, DCAT.distribution))
        return self._described(subject) and all(self._described(item) for item in made)

    def record(self, subject: Node) -> Record:
        """Return the record of one data set."""
        publisher = self._first(subject, DCT.publisher)
        page = self._address(subject, DCAT.landingPage, _FOAF.page)
        titles, descriptions = self._texts(subject, DCT.title), self._texts(subject, DCT.description)
        name = self._text(subject, DCT.identifier) or (str(subject) if isinstance(subject, URIRef) else None)
        entry = next(self._sorted(self._graph.subjects(_FOAF.primaryTopic, subject)), subject)
        return Record(
            id=values.text(name) or values.nameless(*titles.values(), page, *descriptions.values()),
            portal=self._portal,
            capture=self._capture.id,
            locator=str(subject)
            if isinstance(subject, URIRef)
            else f"dataset {name or next(iter(titles.values()), '')}",
            standard=Standard.DCAT,
            url=page or (values.text(str(subject)) if isinstance(subject, URIRef) else None),
            publisher_id=self._publisher_id(publisher),
            publisher_aliases=values.strings(self._texts(publisher, DCT.identifier).values()) if publisher else (),
            publisher_names=self._names(publisher),
            titles=titles,
            descriptions=descriptions,
            keywords=values.strings(str(item) for item in self._objects(subject, DCAT.keyword)),
            themes=values.strings(map(self._called, self._objects(subject, DCAT.theme, DCT.subject))),
            contact=self._contact(subject, publisher),
            frequency=self._text(subject, DCT.accrualPeriodicity),
            issued=self._text(subject, DCT.issued),
            modified=self._text(subject, DCT.modified),
            metadata_modified=self._text(entry, DCT.modified) if entry != subject else None,
            temporal=self._temporal(subject),
            extent=self._extent(subject),
            licence=self._licence(subject),
            version=self._text(subject, DCAT.version, _OWL.versionInfo, _ADMS.version),
            status=self._text(subject, _ADMS.status),
            languages=values.strings(map(self._called, self._objects(subject, DCT.language))),
            distributions=tuple(self._distributions(subject)),
            kind="series" if (subject, RDF.type, DCAT.DatasetSeries) in self._graph else "dataset",
            access_rights=self._text(subject, DCT.accessRights),
            conforms_to=values.strings(map(self._called, self._objects(subject, DCT.conformsTo))),
            places=values.strings(map(self._called, self._objects(subject, DCT.spatial))),
        )

    def _described(self, item: Node) -> bool:
        return isinstance(item, URIRef | BNode) and (item, None, None) in self._graph

    def _order(self, item: Node, *names: URIRef) -> tuple[str, ...]:
        """Return what to sort a node by. The name of a blank node changes with every parse and must not count."""
        if not isinstance(item, BNode):
            return (str(item), getattr(item, "language", None) or "")
        told = sorted(f"{name} {value}" for name, value in self._graph.predicate_objects(item) if value != item)
        plain = [line for line in told if not line.rpartition(" ")[2].startswith("N")]
        return ("", *(self._text(item, name) or "" for name in names), *plain)

    def _sorted(self, found: Iterator[Node]) -> Iterator[Node]:
        yield from sorted(set(found), key=self._order)

    def _objects(self, subject: Node, *names: URIRef) -> Iterator[Node]:
        for name in names:
            yield from self._sorted(self._graph.objects(subject, name))

    def _first(self, subject: Node, *names: URIRef) -> Node | None:
        return next(self._objects(subject, *names), None)

    def _text(self, subject: Node, *names: URIRef) -> str | None:
        """Return the first value as text: a literal, an address, or what a nameless node is called."""
        return next((told for item in self._objects(subject, *names) if (told := self._called(item))), None)

    def _called(self, item: Node) -> str | None:
        if not isinstance(item, BNode):
            return values.text(str(item))
        names = (*_NAMES, RDF.value)
        return next((str(told) for told in self._objects(item, *names) if isinstance(told, Literal)), None)

    def _texts(self, subject: Node, *names: URIRef) -> Texts:
        found: Texts = {}
        for item in self._objects(subject, *names):
            told = values.text(str(item)) if isinstance(item, Literal) else None
            if told and isinstance(item, Literal):
                found.setdefault(values.language(item.language), told)
        return found

    def _names(self, item: Node | None) -> Texts:
        if item is None:
            return {}
        if isinstance(item, Literal):
            return {values.language(item.language): told} if (told := values.text(str(item))) else {}
        return next((found for name in _NAMES if (found := self._texts(item, name))), {})

    def _publisher_id(self, publisher: Node | None) -> str | None:
        if publisher is None or isinstance(publisher, Literal):
            return None
        return values.text(str(publisher)) if isinstance(publisher, URIRef) else self._text(publisher, DCT.identifier)

    def _address(self, subject: Node, *names: URIRef) -> str | None:
        found = (
            values.address(self._capture.url, str(item))
            for item in self._objects(subject, *names)
            if not isinstance(item, BNode)
        )
        return next((item for item in found if item), None)

    def _contact(self, subject: Node, publisher: Node | None) -> Contact:
        points = list(self._objects(subject, DCAT.contactPoint, _ADMS.contactPoint))
        phones = (_VCARD.hasTelephone, _VCARD.tel)
        organisation = next((self._text(item, _VCARD["organization-name"]) for item in points), None)
        return Contact(
            has_name=any(self._text(item, _VCARD.fn, _VCARD["organization-name"]) for item in points),
            has_mail=any(self._text(item, _VCARD.hasEmail, _VCARD.email) or self._nested(item) for item in points),
            has_phone=any(self._first(item, *phones) is not None for item in points),
            organisation=organisation or next(iter(self._names(publisher).values()), None),
        )

    def _nested(self, point: Node) -> str | None:
        """Return a mail address that stands in a node of its own (vCard ontology section 2.8)."""
        nodes = self._objects(point, _VCARD.hasEmail)
        return next((told for item in nodes if (told := self._text(item, _VCARD.hasValue))), None)

    def _temporal(self, subject: Node) -> tuple[str | None, str | None] | None:
        starts = (DCAT.startDate, *(space.startDate for space in _SCHEMA))
        ends = (DCAT.endDate, *(space.endDate for space in _SCHEMA))
        for item in self._objects(subject, DCT.temporal):
            if isinstance(item, Literal):
                continue
            start = self._text(item, *starts) or self._instant(item, _TIME.hasBeginning)
            end = self._text(item, *ends) or self._instant(item, _TIME.hasEnd)
            if start or end:
                return start, end
        return None

    def _instant(self, period: Node, name: URIRef) -> str | None:
        instants = self._objects(period, name)
        dates = (_TIME.inXSDDate, _TIME.inXSDDateTime, _TIME.inXSDDateTimeStamp)
        return next((told for item in instants if (told := self._text(item, *dates))), None)

    def _extent(self, subject: Node) -> Extent | None:
        places = [item for item in self._objects(subject, DCT.spatial) if not isinstance(item, Literal)]
        shapes = (shape for place in places for shape in self._objects(place, DCAT.bbox, _LOCN.geometry, DCAT.centroid))
        return next((box for shape in shapes if (box := values.box_around(str(shape)))), None)

    def _licence(self, subject: Node) -> Licence:
        rights = self._first(subject, DCT.rights)
        item = self._first(subject, DCT.license)
        said = None if rights is None else self._called(rights)
        if item is None:
            return Licence(text=said)
        url = str(item) if isinstance(item, URIRef) else None
        title = values.text(str(item)) if isinstance(item, Literal) else next(iter(self._names(item).values()), None)
        return Licence(id=self._text(item, DCT.identifier), title=title, url=url, text=said)

    def _distributions(self, subject: Node) -> Iterator[Distribution]:
        for number, item in enumerate(self._objects(subject, DCAT.distribution)):
            access, download = self._address(item, DCAT.accessURL), self._address(item, DCAT.downloadURL)
            url = download or access
            if url is None or number >= values.MOST_DISTRIBUTIONS:
                continue
            yield Distribution(
                url=url,
                format=self._text(item, DCT["format"]),
                media_type=self._text(item, DCAT.mediaType),
                titles=self._texts(item, DCT.title),
                licence=self._text(item, DCT.license, DCT.rights),
                modified=self._text(item, DCT.modified),
                size=values.whole(values.number(self._text(item, DCAT.byteSize))),
                service=download is None and self._first(item, DCAT.accessService) is not None,
                access_url=access if download else None,
                issued=self._text(item, DCT.issued),
                conforms_to=values.strings(map(self._called, self._objects(item, DCT.conformsTo))),
            )
