"""RDF of strangers as an rdflib graph: Turtle, RDF/XML, JSON-LD, N-Triples, TriG and N-Quads.

Pyoxigraph reads the line and Turtle forms and RDF/XML much faster than rdflib and gives the same triples; what it
refuses (mostly addresses with spaces, which RDF 1.1 does not allow either) is given to rdflib before it is called
broken, and `lenient` says so. Entities of RDF/XML are legal and common; they are accepted while they stay small.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import parse as ox_parse
from rdflib import BNode, Graph, Literal, URIRef

from checks.facts.metadata import jsonld
from crawler.safexml import UnreadableError

MOST_BYTES = 64 * 1024 * 1024
_MOST_ENTITY_TEXT = 1024 * 1024
_ENTITY = re.compile(rb"<!ENTITY\s+(%\s+)?([\w.:-]+)\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC))", re.IGNORECASE)
_BASE = "https://no-base.invalid/"
_FORMS: dict[str, tuple[RdfFormat | None, str]] = {
    "turtle": (RdfFormat.TURTLE, "turtle"),
    "rdfxml": (RdfFormat.RDF_XML, "xml"),
    "jsonld": (None, "json-ld"),
    "ntriples": (RdfFormat.N_TRIPLES, "nt"),
    "nquads": (RdfFormat.N_QUADS, "nquads"),
    "trig": (RdfFormat.TRIG, "trig"),
}
_TYPES = {
    "text/turtle": "turtle", "application/x-turtle": "turtle", "text/n3": "turtle", "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld", "application/n-triples": "ntriples", "application/n-quads": "nquads",
    "application/trig": "trig",
}  # fmt: skip
# Ill-typed values are what is being judged here; rdflib would log each with its traceback.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


class Parsed(msgspec.Struct, frozen=True):
    """A graph, the form it was written in, and whether only the lenient reader took it."""

    graph: Graph
    form: str
    lenient: bool = False


def form_of(body: bytes, media_type: str | None = None) -> str:
    """Return the form of a body: by its first signs, else by the media type, else Turtle."""
    start = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        # `[` begins a blank node in Turtle too.
        return "turtle" if start[:1] == b"[" and start[1:].lstrip()[:1] not in (b"{", b"[", b"]", b'"') else "jsonld"
    if start.startswith((b"<?xml", b"<rdf:", b"<!DOCTYPE")) or re.match(rb"<[A-Za-z][\w.-]*:?RDF\b", start):
        return "rdfxml"
    return _TYPES.get((media_type or "").split(";")[0].strip().lower(), "turtle")


def parse(
    body: bytes, media_type: str | None = None, base: str | None = None, contexts: Mapping[str, bytes] | None = None
) -> Parsed:
    """Return the graph of a body.

    Raises UnreadableError: too_large, entities, not_rdf, not_json, remote_context, too_deep.
    """
    if len(body) > MOST_BYTES:
        raise UnreadableError("too_large", f"{len(body)} bytes")
    form = form_of(body, media_type)
    if form == "jsonld":
        return Parsed(_slow(jsonld.localise(body, contexts or {}), form, base), form)
    if form == "rdfxml":
        _refuse_entities(body)
    fast = _fast(body, form, base)
    return Parsed(fast, form) if fast is not None else Parsed(_slow(body, form, base), form, lenient=True)


def _refuse_entities(body: bytes) -> None:
    """Raise UnreadableError for entities that are external, nested, or grow beyond measure."""
    if b"<!ENTITY" not in body:
        return
    grown = 0
    for parameter, name, double, single, external in _ENTITY.findall(body):
        text = double or single
        if parameter or external or b"&" in text or b"%" in text:
            raise UnreadableError("entities", name[:60].decode("ascii", "replace"))
        grown += len(text) * body.count(b"&" + name + b";")
    if len(_ENTITY.findall(body)) != body.count(b"<!ENTITY") or grown > _MOST_ENTITY_TEXT:
        raise UnreadableError("entities")


def _fast(body: bytes, form: str, base: str | None) -> Graph | None:
    graph = Graph()
    names: dict[str, URIRef] = {}  # one object per address: comparing an object with itself costs nothing
    try:
        for item in ox_parse(body, format=_FORMS[form][0], base_iri=base or _BASE):
            graph.add((_term(item.subject, names), _term(item.predicate, names), _term(item.object, names)))
    except (SyntaxError, ValueError, OSError, TypeError):
        return None
    return graph


def _term(item: NamedNode | BlankNode | OxLiteral | Triple, names: dict[str, URIRef]) -> URIRef | BNode | Literal:
    if isinstance(item, NamedNode):
        return names.get(item.value) or names.setdefault(item.value, URIRef(item.value))
    if isinstance(item, BlankNode):
        return BNode(item.value)
    if isinstance(item, OxLiteral):
        if item.language:
            return Literal(item.value, lang=item.language)
        plain = item.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return Literal(item.value) if plain else Literal(item.value, datatype=URIRef(item.datatype.value))
    raise TypeError("a quoted triple is no term of RDF 1.1")


def _slow(body: bytes | str, form: str, base: str | None) -> Graph:
    graph = Graph()
    try:
        with quiet():
            graph.parse(data=body, format=_FORMS[form][1], publicID=base or _BASE)
    except RecursionError as error:
        raise UnreadableError("too_deep") from error
    except Exception as error:  # rdflib raises whatever its grammars meet: SAX, KeyError, AssertionError, ...
        raise UnreadableError("not_rdf", f"{type(error).__name__}: {error}"[:300]) from error
    return graph


@contextmanager
def quiet() -> Iterator[None]:
    """Keep back what rdflib's own readers are told by rdflib: that a class they use is deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
