"""RDF: does it parse? Read as a stream and without a network; JSON-LD is read as JSON, since contexts are remote."""

from __future__ import annotations

from itertools import islice

from pyoxigraph import RdfFormat, parse

from checks.facts.files.encoding import in_utf8
from checks.facts.files.reading import ReadError, Reading, UnreadError

_MOST_BYTES = 64 << 20
_MOST_STATEMENTS = 500_000
_BASE = "https://base.invalid/"


def read_turtle(body: bytes) -> Reading:
    """Read Turtle. Raises ReadError."""
    return _read(body, RdfFormat.TURTLE)


def read_trig(body: bytes) -> Reading:
    """Read TriG. Raises ReadError."""
    return _read(body, RdfFormat.TRIG)


def read_ntriples(body: bytes) -> Reading:
    """Read N-Triples. Raises ReadError."""
    return _read(body, RdfFormat.N_TRIPLES)


def read_nquads(body: bytes) -> Reading:
    """Read N-Quads. Raises ReadError."""
    return _read(body, RdfFormat.N_QUADS)


def read_rdfxml(body: bytes) -> Reading:
    """Read RDF/XML. Raises ReadError."""
    return _read(in_utf8(body), RdfFormat.RDF_XML)


def _read(body: bytes, form: RdfFormat) -> Reading:
    if len(body) > _MOST_BYTES:
        raise UnreadError("too_large")
    try:
        statements = sum(1 for _item in islice(parse(body, form, base_iri=_BASE), _MOST_STATEMENTS))
    except (SyntaxError, ValueError, OSError) as error:
        raise ReadError("malformed") from error
    if not statements:
        raise ReadError("empty")
    return Reading(encoding="utf-8")
