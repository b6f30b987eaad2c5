from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.metadata import iso
from checks.facts.metadata.iso import Method
from checks.facts.metadata.isochecks import RECOMMENDED
from checks.facts.metadata.isoschema import Edition
from tests.checks.facts.metadata import samples

GML_31, GML_32 = "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"


def codes(body: bytes) -> set[tuple[str, str]]:
    return {(item.code, item.element) for item in iso.read(body).defects}


@pytest.mark.parametrize(
    ("body", "edition"),
    [
        (samples.iso(), Edition.ISO_19139_2007),
        (samples.iso(extra=samples.time_period(GML_31)), Edition.ISO_19139_2006),
        (samples.iso(extra=samples.time_period(GML_32)), Edition.ISO_19139_2007),
        (samples.iso(root="gmi:MI_Metadata"), Edition.ISO_19115_2),
        (samples.iso_3(), Edition.ISO_19115_3),
    ],
)
def test_valid_records_of_every_edition(body: bytes, edition: Edition) -> None:
    facts = iso.read(body)
    assert (facts.valid, facts.schema_valid, facts.edition) == (True, True, edition), facts.defects
    assert facts.method is Method.XML_SCHEMA


def test_the_fields() -> None:
    fields = iso.read(samples.iso()).fields
    assert fields.identifier == "lakes-2026"
    assert fields.languages == ("kaz", "rus")
    assert (fields.date_stamp, fields.title) == ("2026-05-04", "Lakes")
    assert (fields.formats, fields.online, fields.distribution_links) == (1, 1, 1)
    assert fields.legal_constraints
    assert fields.reference_systems == ("EPSG:4326",)
    assert fields.extent is not None
    assert fields.extent.north == 55.4
    assert fields.contact.has_mail
    assert fields.contact.organisation == "Geodesy Centre"
    assert not fields.contact.has_phone


def test_the_fields_of_19115_3() -> None:
    fields = iso.read(samples.iso_3()).fields
    assert (fields.identifier, fields.languages, fields.title) == ("lakes-3", ("rus",), "Lakes")
    assert fields.date_stamp == "2026-02-03"
    assert fields.contact.organisation == "Geodesy Centre"


def test_schema_defects_name_the_element() -> None:
    facts = iso.read(samples.iso(extra="<gmd:nosuchelement/>"))
    assert facts.valid is False
    defect = facts.defects[0]
    assert (defect.code, defect.element, defect.unlawful) == ("schema", "nosuchelement", True)
    assert "not expected" in defect.detail
    assert defect.line > 1


@pytest.mark.parametrize(
    ("body", "defect", "valid"),
    [
        (samples.iso(contact="<gmd:contact/>"), ("mandatory_empty", "contact"), False),
        (samples.iso(contact='<gmd:contact gco:nilReason="withheld"/>'), None, True),
        (
            samples.iso(
                contact=samples.CONTACT.replace(
                    "<gmd:electronicMailAddress><gco:CharacterString>geo@example.kz</gco:CharacterString>"
                    "</gmd:electronicMailAddress>",
                    "",
                )
            ),
            ("contact_unreachable", "contactInfo"),
            False,
        ),
        (samples.iso(abstract=""), ("text_empty", "abstract"), True),
        (samples.iso(title="  "), ("text_empty", "title"), True),
        (samples.iso(box=(40.6, 146.5, 55.4, 87.3)), ("extent_impossible", "EX_GeographicBoundingBox"), True),
        (samples.iso(box=(-180, -90, 180, 90)), ("extent_whole_world", "EX_GeographicBoundingBox"), True),
        (samples.iso(date="<gco:Date>04.05.2026</gco:Date>"), ("schema", "Date"), False),
    ],
)
def test_defects_one_by_one(body: bytes, defect: tuple[str, str] | None, valid: bool) -> None:
    assert iso.read(body).valid is valid
    assert (defect in codes(body)) if defect else not codes(body)


def test_an_edition_without_schemas_is_judged_by_its_elements() -> None:
    facts = iso.read(samples.iso_3("1.0"))
    assert (facts.valid, facts.schema_valid, facts.method) == (True, None, Method.ELEMENT_CHECKS)


def test_every_record_of_a_response_is_judged_by_itself() -> None:
    parts = [samples.iso(), samples.iso(identifier="broken", extra="<gmd:nosuchelement/>")]
    inner = b"".join(part.split(b"?>", 1)[1] for part in parts)
    found = iso.read_all(b'<csw:R xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">' + inner + b"</csw:R>")
    assert [(item.fields.identifier, item.valid) for item in found] == [("lakes-2026", True), ("broken", False)]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not_xml"),
        (b"<html><body>no such page", "not_xml"),
        (b"<metadata><idinfo/></metadata>", "no_record"),
        (samples.iso()[:900], "not_xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "entities"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "entities"),
        (b"x" * (33 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_record_says_why(body: bytes, problem: str) -> None:
    assert (iso.read(body).valid, iso.read(body).problem) == (None, problem)


def test_an_entity_bomb_is_refused_at_once() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x"}">' for n in range(12))
    assert iso.read(f"<!DOCTYPE a [{lines}]><a>&a11;</a>".encode()).valid is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_never_raise(body: bytes) -> None:
    assert all(item.valid is not None or item.problem for item in iso.read_all(body))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_records_never_raise(data: st.DataObject) -> None:
    body = samples.iso()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    found = iso.read_all(body[:start] + data.draw(st.binary(max_size=20)) + body[end:])
    assert all(item.valid is not None or item.problem for item in found)


@pytest.mark.parametrize("element", ["referenceSystemInfo", "resourceConstraints"])
def test_what_the_standard_only_recommends_is_named_and_leaves_the_record_valid(element: str) -> None:
    body = re.sub(rf"<gmd:{element}>.*?</gmd:{element}>".encode(), b"", samples.iso(), flags=re.DOTALL)
    assert (RECOMMENDED, element) in codes(body)
    assert iso.read(body).valid is True
