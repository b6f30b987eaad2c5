from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.meta_03 import record_valid
from config.pack import Pack
from crawler.records import Standard
from tests.checks.facts.metadata import samples
from tests.checks.rules.meta_support import Sample, ask, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = record_valid
ISO = {"standard": Standard.ISO_19139, "id": "lakes-2026"}
RDF = {"standard": Standard.DCAT, "id": "1", "locator": "https://data.example.kz/d/1"}
XML, TURTLE = "application/xml", "text/turtle"


def response(*parts: bytes) -> bytes:
    inner = b"".join(part.split(b"?>", 1)[1] for part in parts)
    return b'<c:GetRecordsResponse xmlns:c="http://www.opengis.net/cat/csw/2.0.2">' + inner + b"</c:GetRecordsResponse>"


OTHER = samples.iso(identifier="other", extra="<gmd:nosuchelement/>")
TABLE = (
    Sample("valid ISO 19139", PASS, "record_valid", ISO, body=samples.iso(), content_type=XML),
    Sample("valid beside an invalid one", PASS, "record_valid", ISO, body=response(OTHER, samples.iso()),
           content_type=XML),
    Sample("valid DCAT-AP", PASS, "record_valid", RDF, body=samples.dcat(), content_type=TURTLE),
    Sample("an unknown element", FAIL, "record_invalid", ISO, "portal_owner",
           samples.iso(extra="<gmd:nosuchelement/>"), XML),
    Sample("an empty contact", FAIL, "record_invalid", ISO, "agency", samples.iso(contact="<gmd:contact/>"), XML),
    Sample("DCAT-AP without a title", FAIL, "record_invalid", RDF, "portal_owner", samples.dcat(title=""), TURTLE),
    Sample("plain DCAT without a title", UNCLEAR, "record_weak", RDF, "portal_owner",
           samples.dcat(title="", claim=""), TURTLE),
    Sample("an empty abstract", UNCLEAR, "record_weak", ISO, "agency", samples.iso(abstract=""), XML),
    Sample("the whole world", UNCLEAR, "record_weak", ISO, "agency", samples.iso(box=(-180, -90, 180, 90)), XML),
    Sample("CKAN", NOT_APPLICABLE, "no_standard_claimed", {"standard": Standard.CKAN}),
    Sample("cut off", NOT_OBSERVED, "metadata_unreadable", ISO, body=samples.iso()[:2000], content_type=XML),
    Sample("a context elsewhere", NOT_OBSERVED, "metadata_unreadable", RDF,
           body=b'{"@context": "https://elsewhere.kz/c"}', content_type="application/ld+json"),
    Sample("another record of the answer", NOT_OBSERVED, "record_not_found", {**ISO, "id": "gone"},
           body=response(OTHER, samples.iso()), content_type=XML),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_03(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)


def test_defects_are_named_with_their_element(tmp_path: Path, pack: Pack) -> None:
    sample = Sample("x", FAIL, "", ISO, body=samples.iso(extra="<gmd:nosuchelement/>"), content_type=XML)
    found = ask(sample, RULE, tmp_path, pack)
    assert found.measures["defects"] == ["schema nosuchelement"]
    assert "nosuchelement" in found.evidence[0].excerpt


def test_without_the_bytes_nothing_is_said(tmp_path: Path, pack: Pack) -> None:
    found = ask(Sample("x", PASS, "", ISO), RULE, tmp_path, pack, with_view=False)
    assert found.outcome is Outcome.NOT_OBSERVED
