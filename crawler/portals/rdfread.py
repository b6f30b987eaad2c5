"""Parses RDF answers without ever going to the network: remote JSON-LD contexts and XML entities are not followed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urldefrag

import rdflib
from rdflib import Graph
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.term import Node

from crawler.portals.base import UnreadableError
from crawler.portals.jsonread import decoded, is_markup

_XML = re.compile(rb"\s*(?:<\?xml|<!--|<!DOCTYPE|<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?[\s>/])", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%|[^\s>]+\s+(?:SYSTEM|PUBLIC|(?:'[^']*[&%]|\"[^\"]*[&%])))", re.IGNORECASE)
_QUERY = re.compile(r"(?<![^\s,;(\[])<(\?[^\s<>\"]*)>")
_DEEPEST = 100
_BOM = b"\xef\xbb\xbf"
# Stands in for a remote context, which is not fetched: the terms of DCAT-AP's own context.
_CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "id": "@id",
    "type": "@type",
    "Catalog": "dcat:Catalog",
    "Dataset": "dcat:Dataset",
    "Distribution": "dcat:Distribution",
    "dataset": {"@id": "dcat:dataset", "@type": "@id"},
    "distribution": {"@id": "dcat:distribution", "@type": "@id"},
    "accessURL": {"@id": "dcat:accessURL", "@type": "@id"},
    "downloadURL": {"@id": "dcat:downloadURL", "@type": "@id"},
    "landingPage": {"@id": "dcat:landingPage", "@type": "@id"},
    "contactPoint": {"@id": "dcat:contactPoint", "@type": "@id"},
    "publisher": {"@id": "dct:publisher", "@type": "@id"},
    "keyword": "dcat:keyword",
    "theme": {"@id": "dcat:theme", "@type": "@id"},
    "mediaType": "dcat:mediaType",
    "byteSize": "dcat:byteSize",
    "title": "dct:title",
    "description": "dct:description",
    "identifier": "dct:identifier",
    "issued": "dct:issued",
    "modified": "dct:modified",
    "language": "dct:language",
    "license": "dct:license",
    "rights": "dct:rights",
    "format": "dct:format",
    "accrualPeriodicity": {"@id": "dct:accrualPeriodicity", "@type": "@id"},
    "spatial": {"@id": "dct:spatial", "@type": "@id"},
    "temporal": {"@id": "dct:temporal", "@type": "@id"},
    "name": "foaf:name",
    "fn": "vcard:fn",
    "hasEmail": {"@id": "vcard:hasEmail", "@type": "@id"},
}


class Parsed(NamedTuple):
    """A graph; when the answer was cut off, why, and the last thing it spoke of (which may not be whole)."""

    graph: Graph
    trouble: str | None = None
    last: Node | None = None


class _Watched(Graph):
    """A graph that remembers the subject of the last triple that came in."""

    last: Node | None = None

    def add(self, triple: Any) -> Any:
        """Take a triple in."""
        self.last = triple[0]
        return super().add(triple)


@lru_cache(maxsize=2)  # an answer is asked for its records, its total and its next pages one after the other
def parse(body: bytes, content_type: str | None, base: str) -> Parsed:
    """Return the graph of an answer, told by its bytes, since the declared type is often wrong.

    Raises UnreadableError when it is no RDF at all.
    """
    content = body.removeprefix(_BOM)
    if not content.strip():
        raise UnreadableError("empty")
    if is_markup(body):
        raise UnreadableError("html")
    if content.lstrip()[:1] in (b"{", b"[") and "turtle" not in (content_type or ""):
        return Parsed(_linked_data(content, content_type, base))
    graph = _Watched()
    try:
        data, syntax = _source(content, content_type, base)
        with _as_written():
            graph.parse(data=data, format=syntax, publicID=base)
    except UnreadableError:
        raise
    except Exception as error:  # rdflib's parsers let through whatever their inside raises
        if not len(graph):
            raise UnreadableError("not_rdf", type(error).__name__) from error
        return Parsed(graph, "syntax", graph.last)
    return Parsed(graph)


@contextmanager
def _as_written() -> Iterator[None]:
    """Let rdflib keep literals as they are written, dates above all; it would spell them anew and log odd ones."""
    log, normalise = logging.getLogger("rdflib.term"), rdflib.NORMALIZE_LITERALS
    level = log.level
    rdflib.NORMALIZE_LITERALS = False
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalise
        log.setLevel(level)


def _source(body: bytes, content_type: str | None, base: str) -> tuple[bytes | str, str]:
    """Return what to parse and the name of its syntax."""
    if not _XML.match(body):
        # rdflib resolves a reference that is a query alone against the folder, not the file (RFC 3986 section 5.2.2).
        here = urldefrag(base).url.partition("?")[0]
        return _QUERY.sub(lambda found: f"<{here}{found[1]}>", decoded(body, content_type)), "turtle"
    if _ENTITY.search(body):
        raise UnreadableError("entities", "entities that refer to others or to files")
    return body, "xml"


def _linked_data(body: bytes, content_type: str | None, base: str) -> Graph:
    """Return the graph of a JSON-LD document."""
    graph = Graph()
    try:
        data = _closed(json.loads(decoded(body, content_type)), 0)
        with _as_written():
            to_rdf(data, graph, base, version=1.1)  # Graph.parse would wrap a deprecated class around it
    except UnreadableError:
        raise
    except RecursionError as error:
        raise UnreadableError("nested_too_deep") from error
    except Exception as error:
        raise UnreadableError("not_json" if isinstance(error, ValueError) else "not_rdf", str(error)[:200]) from error
    return graph


def _closed(value: Any, depth: int) -> Any:
    """Return a JSON-LD value whose contexts are all given in the document (JSON-LD 1.1 sections 3.1 and 4.1.9)."""
    if depth > _DEEPEST:
        raise UnreadableError("nested_too_deep")
    if isinstance(value, list):
        return [_closed(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _context(item, depth) if name == "@context" else _closed(item, depth + 1)
        for name, item in value.items()
        if name != "@import"
    }


def _context(value: Any, depth: int) -> Any:
    contexts = value if isinstance(value, list) else [value]
    return [_CONTEXT if isinstance(item, str) else _closed(item, depth + 1) for item in contexts]
