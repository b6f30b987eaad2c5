"""The constraint components of SHACL Core that judge values by themselves (SHACL 4.1 to 4.4 and 4.8), as functions.

Each maker takes the parameter's value (or the items of its list) and gives a test of one value, or a count of results
over all values of a focus node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from rdflib import RDF, RDFS, SH, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from checks.facts.metadata.triples import Triples

ValueTest = Callable[[Triples, Node], bool]
Count = Callable[[set[Node]], int]

_KINDS: dict[Node, tuple[type, ...]] = {
    SH.IRI: (URIRef,), SH.BlankNode: (BNode,), SH.Literal: (Literal,), SH.BlankNodeOrIRI: (BNode, URIRef),
    SH.BlankNodeOrLiteral: (BNode, Literal), SH.IRIOrLiteral: (URIRef, Literal),
}  # fmt: skip
_VALUES: dict[Node, type | tuple[type, ...]] = {
    XSD.string: (str, bytes), RDF.langString: (str, bytes), XSD.integer: int, XSD.float: float, XSD.decimal: Decimal,
    XSD.boolean: bool, XSD.date: date, XSD.time: time, XSD.dateTime: datetime,
}  # fmt: skip
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}


def _class(items: list[Node], _flags: str) -> ValueTest:
    kind = items[0]
    return lambda data, value: data.is_a(value, kind)


def _node_kind(items: list[Node], _flags: str) -> ValueTest:
    types = _KINDS.get(items[0], ())
    return lambda _data, value: isinstance(value, types)


def _datatype(items: list[Node], _flags: str) -> ValueTest:
    wanted = items[0]
    return lambda _data, value: isinstance(value, Literal) and _is_of(value, wanted)


def _is_of(value: Literal, wanted: Node) -> bool:
    """Tell whether a literal is of the datatype and well-typed (SHACL 4.1.2)."""
    if value.datatype == wanted:
        return value.ill_typed is not True and isinstance(value.value, _VALUES.get(wanted, object))
    if wanted in (RDFS.Literal, RDFS.Datatype):
        return wanted == RDFS.Literal or bool(value.datatype)
    if wanted == XSD.string:
        return value.datatype is None and value.language is None
    return wanted == RDF.langString and bool(value.language)


def _in(items: list[Node], _flags: str) -> ValueTest:
    known = set(items)
    return lambda _data, value: value in known


def _language_in(items: list[Node], _flags: str) -> ValueTest:
    wanted = {str(item).lower() for item in items}

    def passes(_data: Triples, value: Node) -> bool:
        tag = str(value.language or "").lower() if isinstance(value, Literal) else ""
        return bool(tag) and ("*" in wanted or tag in wanted or tag.partition("-")[0] in wanted)

    return passes


def _pattern(items: list[Node], flags: str) -> ValueTest:
    compiled = re.compile(str(items[0]), sum(_FLAGS[flag] for flag in set(flags.lower()) & _FLAGS.keys()))
    return lambda _data, value: not isinstance(value, BNode) and bool(compiled.search(str(value)))


def _length(accepts: Callable[[int, int], bool]) -> Callable[[list[Node], str], ValueTest]:
    def make(items: list[Node], _flags: str) -> ValueTest:
        limit = _number(items[0])
        return lambda _data, value: not isinstance(value, BNode) and accepts(len(str(value)), limit)

    return make


def _min_count(item: Node) -> Count:
    least = _number(item)
    return lambda values: int(len(values) < least)


def _max_count(item: Node) -> Count:
    most = _number(item)
    return lambda values: int(len(values) > most)


def _unique_lang(item: Node) -> Count:
    if not (isinstance(item, Literal) and item.value is True):
        return lambda _values: 0

    def count(values: set[Node]) -> int:
        tags = (value.language.lower() for value in values if isinstance(value, Literal) and value.language)
        return sum(number > 1 for number in Counter(tags).values())

    return count


def _has_value(item: Node) -> Count:
    return lambda values: int(item not in values)


def _number(item: Node) -> int:
    if isinstance(item, Literal) and isinstance(item.value, int):
        return item.value
    raise ValueError(f"{item} is no whole number")


TESTS: dict[str, Callable[[list[Node], str], ValueTest]] = {
    "class": _class, "nodeKind": _node_kind, "datatype": _datatype, "in": _in, "languageIn": _language_in,
    "pattern": _pattern, "minLength": _length(lambda length, limit: length >= limit),
    "maxLength": _length(lambda length, limit: length <= limit),
}  # fmt: skip
LISTS = frozenset({"in", "languageIn"})
COUNTS: dict[str, Callable[[Node], Count]] = {
    "minCount": _min_count, "maxCount": _max_count, "uniqueLang": _unique_lang, "hasValue": _has_value,
}  # fmt: skip
