"""What a catalogue refers to is of the class that its vocabulary says; what no vocabulary has is a defect."""

from __future__ import annotations

import pytest
from rdflib import Namespace, URIRef

from checks.facts.metadata import dcat
from checks.facts.metadata.dcat import DcatFacts
from checks.facts.metadata.shacl import Action
from checks.facts.metadata.vocabularies import NONE, vocabularies

SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCT = Namespace("http://purl.org/dc/terms/")
THEMES = "http://publications.europa.eu/resource/authority/data-theme/"
SET = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://d.example/s> a dcat:Dataset ; dct:title "Lakes"@en ; dct:description "Areas"@en ;
  dct:conformsTo <https://semiceu.github.io/DCAT-AP/releases/3.0.0> ; {} ."""


def judged(line: str, more: str = "") -> DcatFacts:
    return dcat.read((SET.format(line) + more).encode(), "text/turtle")


@pytest.mark.parametrize(
    "line",
    [
        f"dcat:theme <{THEMES}ECON>",
        "dct:language <http://publications.europa.eu/resource/authority/language/KAZ>",
        "dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/WEEKLY>",
    ],
)
def test_a_member_of_a_known_vocabulary_needs_no_description(line: str) -> None:
    facts = judged(line)
    assert (facts.violations, facts.set_apart) == (0, 0)


def test_a_code_that_does_not_exist_is_a_defect_to_be_mended_by_choosing_one() -> None:
    facts = judged(f"dcat:theme <{THEMES}NONSENSE>")
    assert facts.valid is False
    assert [(item.action, item.count) for item in facts.groups] == [(Action.CHOOSE_VALUE, 1)]


def test_a_member_of_an_unknown_vocabulary_is_set_apart() -> None:
    facts = judged("dcat:theme <https://own.example/themes/1>")
    assert (facts.violations, facts.set_apart) == (0, 1)


def test_a_kind_of_agent_is_an_agent() -> None:
    facts = judged("dct:publisher <https://d.example/o>", '<https://d.example/o> a foaf:Organization ; foaf:name "B" .')
    assert (facts.violations, facts.set_apart) == (0, 0)


def test_a_catalogue_is_no_target_of_the_shape_of_data_sets_for_being_a_kind_of_one() -> None:
    more = '<https://d.example/c> a dcat:Catalog ; dct:description "All"@en ; dcat:dataset <https://d.example/s> .'
    found = {item.path for item in judged("dct:identifier 's'", more).of_focus.get("https://d.example/c", ())}
    assert found == {str(DCT.title), str(DCT.publisher)}  # the catalogue's own shape, once


@pytest.mark.parametrize(
    ("address", "classes"),
    [
        (f"{THEMES}ECON", frozenset({SKOS.Concept})),
        (f"{THEMES}ECO", NONE),
        ("http://www.iana.org/assignments/media-types/text/csv", frozenset({DCT.MediaType, DCT.MediaTypeOrExtent})),
        ("https://own.example/themes/1", None),
    ],
)
def test_what_the_table_says(address: str, classes: frozenset[URIRef] | None) -> None:
    assert vocabularies().classes(URIRef(address)) == classes
