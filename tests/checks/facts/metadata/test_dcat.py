from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.metadata import dcat, rdf, shacl
from checks.facts.metadata.dcat import Profile
from checks.facts.metadata.shacl import Action
from crawler.safexml import UnreadableError
from tests.checks.facts.metadata import samples

CONTEXT = "https://example.kz/context.jsonld"
RDF_XML = b"""<?xml version="1.0"?>%s<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">
<dcat:Dataset rdf:about="https://data.example.kz/d/1"><dct:title xml:lang="en">%s</dct:title>
<dct:description xml:lang="en">All lakes</dct:description></dcat:Dataset></rdf:RDF>"""
DOCUMENT = {"@id": "https://data.example.kz/d/1", "@type": "Dataset", "title": {"en": "Lakes"}, "description": "x"}


def test_a_good_catalogue() -> None:
    facts = dcat.read(samples.dcat())
    assert (facts.valid, facts.holds, facts.problem, facts.form) == (True, True, None, "turtle"), facts.groups
    assert (facts.catalogues, facts.datasets, facts.distributions) == (1, 1, 1)
    assert facts.profile is Profile.DCAT_AP


def test_missing_vocabularies_are_no_false_alarm() -> None:
    facts = dcat.read(samples.dcat())
    assert facts.conforms is False
    assert facts.set_apart == len([item for group in facts.groups for item in range(group.count)])
    assert {group.action for group in facts.groups} == {Action.USE_VOCABULARY}


def test_violations_say_what_to_do() -> None:
    facts = dcat.read(samples.dcat(title=""))
    group = next(item for item in facts.groups if item.action is not Action.USE_VOCABULARY)
    assert (facts.valid, facts.violations) == (False, 1)
    assert (group.action, group.path, group.examples) == (
        Action.ADD, "http://purl.org/dc/terms/title", ("https://data.example.kz/d/1",)
    )  # fmt: skip
    assert set(facts.of_focus) == {"https://data.example.kz/d/1"}


def test_a_text_where_an_address_belongs() -> None:
    body = samples.dcat().replace(b"<http://publications.europa.eu/resource/authority/frequency/ANNUAL>", b'"yearly"')
    assert Action.NAME_BY_ADDRESS in {group.action for group in dcat.read(body).groups}


def test_the_shapes_of_a_profile_bind_only_who_claims_it() -> None:
    facts = dcat.read(samples.dcat(title="", claim=""))
    assert (facts.profile, facts.valid, facts.holds) == (Profile.DCAT, False, True)


@pytest.mark.parametrize(
    ("claim", "profile"),
    [
        ("; dct:conformsTo <https://semiceu.github.io/GeoDCAT-AP/releases/3.0.0>", Profile.GEODCAT_AP),
        ("; dct:conformsTo <https://www.dcat-ap.de/def/dcatde/2.0/spec/>", Profile.DCAT_AP_NATIONAL),
        ("; <http://data.europa.eu/r5r/applicableLegislation> <https://example.kz/law>", Profile.DCAT_AP),
        ("", Profile.DCAT),
    ],
)
def test_which_profile(claim: str, profile: Profile) -> None:
    assert dcat.read(samples.dcat(claim=claim)).profile is profile


@pytest.mark.parametrize(
    ("body", "media_type", "problem", "valid"),
    [
        (b"", "text/turtle", "no_dcat", None),
        (b"<html><body>not found</body></html>", "text/html", "not_rdf", None),
        (samples.dcat()[:400], "text/turtle", "not_rdf", None),
        (b"@prefix a: <https://a.kz/> . a:b a:c a:d .", "text/turtle", "no_dcat", None),
        (
            b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://a.kz/> a dcat:Catalog .",
            None,
            "empty_catalogue",
            False,
        ),
        (b'{"@context": "https://elsewhere.kz/c", "@type": "Dataset"}', None, "remote_context", None),
        (b'{"@context": {', None, "not_json", None),
        (b"[" * 100_000, "application/ld+json", "too_deep", None),
        (RDF_XML % (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b"&x;"), None, "entities", None),
        (RDF_XML % (b'<!DOCTYPE r [<!ENTITY x "y"><!ENTITY z "&x;&x;">]>', b"&z;"), None, "entities", None),
    ],
)
def test_what_cannot_be_judged_says_why(body: bytes, media_type: str | None, problem: str, valid: bool | None) -> None:
    facts = dcat.read(body, media_type)
    assert (facts.problem, facts.valid) == (problem, valid)


def test_rdf_xml_with_small_entities() -> None:
    facts = dcat.read(RDF_XML % (b'<!DOCTYPE r [<!ENTITY name "Lakes">]>', b"&name;"))
    assert (facts.form, facts.datasets, facts.valid) == ("rdfxml", 1, True)


def test_json_ld_with_the_context_at_hand() -> None:
    context = {"@context": {"@vocab": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
               "title": {"@id": "dct:title", "@container": "@language"}, "description": "dct:description"}}  # fmt: skip
    body = json.dumps({"@context": CONTEXT, **DOCUMENT}).encode()
    facts = dcat.read(body, contexts={CONTEXT: json.dumps(context).encode()})
    assert (facts.datasets, facts.valid) == (1, True)


def test_contexts_that_lead_in_circles() -> None:
    circle = json.dumps({"@context": CONTEXT}).encode()
    facts = dcat.read(json.dumps({"@context": CONTEXT, **DOCUMENT}).encode(), contexts={CONTEXT: circle})
    assert facts.problem == "too_deep"


def test_addresses_with_spaces_go_to_the_lenient_reader() -> None:
    facts = dcat.read(RDF_XML.replace(b"/d/1", b"/d/1 a") % (b"", b"Lakes"))
    assert (facts.lenient, facts.datasets) == (True, 1)


def test_references_to_shapes_that_are_not_there_are_left_out() -> None:
    shapes = rdf.parse(b"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
      <urn:s> a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property <urn:gone>, <urn:p> .
      <urn:p> sh:path <http://purl.org/dc/terms/title> ; sh:minCount 1 .""").graph
    found = shacl.validate(rdf.parse(samples.dcat(title="")).graph, shacl.usable(shapes))
    assert [(item.component, item.path) for item in found] == [("MinCount", "http://purl.org/dc/terms/title")]


def test_the_vendored_shapes_are_whole() -> None:
    assert len(shacl.dcat_ap()) > 1500


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "text/turtle", "application/rdf+xml", "application/ld+json"]))
def test_any_bytes_never_raise(body: bytes, media_type: str | None) -> None:
    found = dcat.read(body, media_type)
    assert found.valid is not None or found.problem


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damaged_catalogues_never_raise(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([samples.dcat(), RDF_XML % (b"", b"x"), json.dumps(DOCUMENT).encode()]))
    start = data.draw(st.integers(0, len(body)))
    found = dcat.read(body[:start] + data.draw(st.binary(max_size=8)) + body[start + 3 :])
    assert found.valid is not None or found.problem


def test_unreadable_names_its_reason() -> None:
    with pytest.raises(UnreadableError, match="not_rdf"):
        rdf.parse(b"<a> <b>", "text/turtle")
