"""DCAT catalogues (W3C DCAT 2 and 3, DCAT-AP) in Turtle, RDF/XML or JSON-LD, paged by Hydra or a Link header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from config.model import Portal
from config.urls import absolute, site_host
from crawler.capture import Capture, Purpose
from crawler.portals import values
from crawler.portals.base import Ask, UnreadableError
from crawler.portals.dcatmap import DCAT, DCT, HYDRA, Reader
from crawler.portals.rdfread import Parsed, parse
from crawler.records import Record

ACCEPT = (("header:accept", "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8"),)
MOST_LINKED = 20_000
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*?rel\s*=\s*"?(?:[^",;]*\s)?next\b', re.IGNORECASE)


class Dcat:
    """The adapter of kind `dcat`. `Portal.url` is the catalogue's own address."""

    def first_requests(self, portal: Portal) -> Iterator[Ask]:
        """Ask for the catalogue, in a form that can be read."""
        yield Ask(portal.url, Purpose.PORTAL, variant=ACCEPT)

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        """Ask for the next page, and on the portal's own host for catalogues and data sets that are only named."""
        parsed = _parsed(capture, body)
        if parsed is None:
            return
        for url in _next_pages(parsed.graph, capture):
            yield _ask(url)
        home = site_host(urlsplit(portal.url).netloc)
        here = urldefrag(capture.key.url).url
        for url, later in _linked(parsed.graph):
            address = absolute(capture.url, url)
            if address and site_host(urlsplit(address).netloc) == home and address != here:
                yield _ask(address, later=later)

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        """Return the data sets that the graph describes; of one that was cut off, those that are whole."""
        parsed = parse(body, capture.header("content-type"), capture.url)
        reader = Reader(parsed.graph, portal.id, capture)
        described = reader.datasets()
        if not described and not parsed.trouble and not _is_catalogue(parsed.graph):
            raise UnreadableError("no_catalogue", f"{len(parsed.graph)} triples")
        for subject in described:
            if not parsed.trouble or (subject != parsed.last and reader.whole(subject)):
                yield reader.record(subject)
        if parsed.trouble:
            raise UnreadableError(parsed.trouble)

    def total(self, portal: Portal, capture: Capture, body: bytes) -> int | None:
        """Return `hydra:totalItems`."""
        del portal
        parsed = _parsed(capture, body)
        found = parsed.graph.objects(None, HYDRA.totalItems) if parsed else ()
        return next((number for item in found if (number := values.whole(str(item))) is not None), None)


ADAPTER = Dcat()


def _ask(url: str, *, later: bool = False) -> Ask:
    return Ask(url, Purpose.PORTAL, variant=ACCEPT, later=later)


def _parsed(capture: Capture, body: bytes) -> Parsed | None:
    if not capture.answered:
        return None
    try:
        return parse(body, capture.header("content-type"), capture.url)
    except UnreadableError:
        return None


def _is_catalogue(graph: Graph) -> bool:
    kinds = (DCAT.Catalog, DCAT.DataService, DCAT.CatalogRecord, HYDRA.Collection, HYDRA.PagedCollection)
    return any((None, RDF.type, kind) in graph for kind in kinds)


def _next_pages(graph: Graph, capture: Capture) -> Iterator[str]:
    """Yield the address of the next page: Hydra (`next`, formerly `nextPage`) or RFC 8288."""
    found = {str(item) for name in (HYDRA.next, HYDRA.nextPage) for item in graph.objects(None, name)}
    header = _NEXT.search(capture.header("link") or "")
    if header:
        found.add(header[1])
    for url in sorted(found):
        address = absolute(capture.url, url)
        if address and address != capture.key.url:
            yield address


def _linked(graph: Graph) -> Iterator[tuple[str, bool]]:
    """Yield addresses of catalogues and data sets that this graph names without describing them."""
    kinds = ((DCAT.catalog, False), (DCT.hasPart, False), (DCAT.dataset, True))
    for name, later in kinds:
        subjects = graph.subjects(RDF.type, DCAT.Catalog) if name == DCT.hasPart else (None,)
        found = {item for subject in subjects for item in graph.objects(subject, name) if _bare(graph, item)}
        for item in sorted(map(str, found))[:MOST_LINKED]:
            yield item, later


def _bare(graph: Graph, item: Node) -> bool:
    """Tell whether a node has an address and nothing is said of it."""
    return isinstance(item, URIRef) and not any(name != RDF.type for name in graph.predicates(item, None, unique=True))
