"""The compiled shapes against pySHACL: the same results, one by one, on any small graph."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from checks.facts.metadata.shacl import asked_of_pyshacl
from checks.facts.metadata.shapes import Result, Shapes, UnsupportedError
from checks.facts.metadata.triples import Triples

EX = Namespace("http://example.org/")
PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
NODE = "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; {} ] ."
SHAPES = {
    "class": NODE.format("sh:class ex:B"),
    "node kind": NODE.format("sh:nodeKind sh:IRI"),
    "node kind of two": NODE.format("sh:nodeKind sh:BlankNodeOrIRI ; sh:severity sh:Warning"),
    "date": NODE.format("sh:datatype xsd:date"),
    "string": NODE.format("sh:datatype xsd:string"),
    "language string": NODE.format("sh:datatype rdf:langString"),
    "any literal": NODE.format("sh:datatype rdfs:Literal"),
    "counts": NODE.format("sh:minCount 1 ; sh:maxCount 2"),
    "lengths": NODE.format("sh:minLength 2 ; sh:maxLength 5"),
    "pattern": NODE.format('sh:pattern "^A" ; sh:flags "i"'),
    "in": NODE.format('sh:in ( ex:a "x" )'),
    "languages": NODE.format('sh:languageIn ( "kk" "ru" )'),
    "one per language": NODE.format("sh:uniqueLang true"),
    "has value": NODE.format("sh:hasValue ex:a"),
    "or": NODE.format("sh:or ( [ sh:datatype xsd:date ] [ sh:nodeKind sh:IRI ] )"),
    "and": NODE.format("sh:and ( [ sh:class ex:A ] [ sh:nodeKind sh:IRI ] )"),
    "not": NODE.format("sh:not [ sh:class ex:B ]"),
    "exactly one": NODE.format("sh:xone ( [ sh:class ex:A ] [ sh:class ex:B ] )"),
    "node": "ex:T a sh:NodeShape ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ." + NODE.format("sh:node ex:T"),
    "property within property": NODE.format("sh:property [ sh:path ex:q ; sh:maxCount 1 ]"),
    "closed": "ex:S sh:targetClass ex:A ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;"
    " sh:property [ sh:path ex:p ] .",
    "inverse": "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount 0 ] .",
    "choice": "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:minCount 2 ] .",
    "sequence": "ex:S sh:targetClass ex:A ; sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ] .",
    "subjects of": "ex:S sh:targetSubjectsOf ex:q ; sh:class ex:A .",
    "objects of": "ex:S sh:targetObjectsOf ex:q ; sh:nodeKind sh:IRI .",
    "a node that is not there": 'ex:S sh:targetNode ex:a, "x" ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .',
    "off": "ex:S sh:targetClass ex:A ; sh:deactivated true ; sh:nodeKind sh:Literal .",
}
NODES = st.sampled_from([EX.a, EX.b, EX.c, BNode("n1"), BNode("n2")])
LITERALS = st.sampled_from(
    [
        Literal("x"), Literal("Abc", lang="kk"), Literal("abcdefg", lang="KK"), Literal("abc", lang="ru-KZ"),
        Literal("2026-02-28", datatype=XSD.date), Literal("2026-02-31", datatype=XSD.date), Literal(7),
        Literal("much", datatype=XSD.integer), Literal("x", datatype=XSD.string),
    ]
)  # fmt: skip
TRIPLES = st.one_of(
    st.tuples(NODES, st.just(RDF.type), st.sampled_from([EX.A, EX.B, EX.C])),
    st.tuples(NODES, st.sampled_from([EX.p, EX.q]), st.one_of(NODES, LITERALS)),
    st.tuples(st.just(EX.C), st.just(RDFS.subClassOf), st.sampled_from([EX.A, EX.C])),
)


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(triples=st.lists(TRIPLES, max_size=12))
def test_the_results_are_those_of_pyshacl(name: str, triples: list[tuple[Node, URIRef, Node]]) -> None:
    data, shapes = Graph(), Graph().parse(data=PREFIXES + SHAPES[name], format="turtle")
    for triple in triples:
        data.add(triple)
    ours = Shapes(shapes).results(Triples(data))
    assert Counter(map(shown, ours)) == Counter(map(shown, asked_of_pyshacl(data, shapes)))


@pytest.mark.parametrize(
    "shape",
    [
        NODE.format("sh:minInclusive 3"),
        NODE.format("sh:equals ex:q"),
        NODE.format("sh:qualifiedValueShape [ sh:class ex:B ] ; sh:qualifiedMinCount 1"),
        "ex:S sh:targetClass ex:A ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:maxCount 3 ] .",
        "ex:S a sh:NodeShape, rdfs:Class ; sh:nodeKind sh:IRI .",
        "ex:S sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:node ex:S ] .",
    ],
)
def test_what_it_does_not_know_is_left_to_pyshacl(shape: str) -> None:
    with pytest.raises(UnsupportedError):
        Shapes(Graph().parse(data=PREFIXES + shape, format="turtle"))


def shown(item: Result) -> tuple[str, ...]:
    """Return a result with blank nodes without their names, which differ from one report to the other."""
    return (item.component, *("_:" if isinstance(part, BNode) else str(part) for part in item[1:]))
