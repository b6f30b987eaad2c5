"""A night on a real spatial catalogue: pycsw, with the records of a geodesy committee."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from lxml import etree

from crawler.archive.reader import Archive
from tests.e2e.conftest import ROOT, Odrc, watching
from tests.lab import country
from tests.lab.country import NIGHT
from tests.servers import pycsw, spatial

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("spatial"),
    pytest.mark.skipif(pycsw.missing() is not None, reason=str(pycsw.missing())),
]
SCHEMAS = ROOT / "config" / "vendor" / "iso" / "schemas.opengis.net" / "iso" / "19139" / "20060504"
XS = "http://www.w3.org/2001/XMLSchema"
BODY, PORTAL = "old", "spatial"
PROFILE = "assessment_2014"


@dataclass(frozen=True)
class Told:
    """What one night gave."""

    odrc: Odrc
    catalogue: pycsw.Catalogue
    findings: list[dict[str, Any]]
    marks: dict[str, dict[str, Any]]
    exhausted: bool


@pytest.fixture(scope="module")
def told(lab: country.Server, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("spatial")
    (folder / "server").mkdir()
    with pycsw.catalogue(folder / "server", NIGHT) as catalogue:
        settings = country.config(NIGHT, lab.port, folder / "workspace", only=(BODY,))
        settings["portals"] = [{"id": PORTAL, "kind": "csw", "url": catalogue.url, "owner": BODY}]
        settings["agencies"][0]["publishers"] = [
            {"portal": PORTAL, "name": name} for name in sorted(set(spatial.OWNER.values()))
        ]
        settings["crawl"]["resolve"][catalogue.host] = "127.0.0.1"
        odrc = watching(folder, settings)
        odrc.run(NIGHT)
    with Archive(odrc.workspace) as archive:
        scopes = archive.coverage(NIGHT)[-1].scopes
    whole = next(item.exhausted["data"] for item in scopes if item.scope == catalogue.url)
    marks = {
        mark["indicator"]: mark for mark in odrc.marks(NIGHT) if mark["agency"] == BODY and mark["profile"] == PROFILE
    }
    return Told(odrc, catalogue, odrc.findings(NIGHT), marks, whole)


def by_set(told: Told, rule: str) -> dict[str, tuple[str, str]]:
    """Return outcome and reason of a rule by the record's own id."""
    return {
        item["subject"]["id"].partition(":")[2]: (item["outcome"], item["reason"])
        for item in told.findings
        if item["rule"] == rule and item["subject"]["kind"] == "dataset"
    }


def valid() -> dict[str, bool]:
    """Tell of every record whether it is valid by the schema that ISO published."""
    spaces = {"gmd": "http://www.isotc211.org/2005/gmd", "gmx": "http://www.isotc211.org/2005/gmx"}
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{(SCHEMAS / name / name).as_uri()}.xsd"/>'
        for name, space in spaces.items()
    )
    schema = etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>'))
    documents = {sheet.id: spatial.document(sheet, NIGHT, "http://map.lab/files/") for sheet in spatial.SHEETS}
    return {name: bool(schema.validate(etree.fromstring(text.encode()))) for name, text in documents.items()}


def test_every_record_was_read_page_by_page(told: Told) -> None:
    """The server gives five records a page, whatever is asked for."""
    assert set(by_set(told, "META-01")) == set(told.catalogue.records)
    assert told.exhausted


def test_records_are_the_bodys_own(told: Told) -> None:
    assert {item["agency"] for item in told.findings if item["subject"]["kind"] == "dataset"} == {BODY}


def test_records_are_valid_where_the_schema_says_so(told: Told) -> None:
    found = {name: outcome in ("pass", "unclear") for name, (outcome, _reason) in by_set(told, "META-03").items()}
    assert found == valid()


def test_frequency_is_held_against_the_declared_one(told: Told) -> None:
    """Weekly and 30 days old, quarterly and 60, annually and 20 to 370, as needed, not planned."""
    found = by_set(told, "FRESH-02")
    assert found["kz-names"] == ("fail", "late_as_declared")
    assert found["kz-lakes"] == found["kz-roads"] == ("pass", "updated_as_declared")
    assert found["kz-regions"] == ("unclear", "as_needed")
    assert found["kz-ortho"][0] == "fail"
    assert found["kz-cadastre"][0] == "not_observed"


def test_service_document_is_no_data(told: Told) -> None:
    """The records name GeoPackages; the server answers those addresses with the description of its service."""
    found = [item for item in told.findings if item["rule"] == "FMT-04"]
    assert found
    assert not [item for item in found if item["outcome"] == "pass"]


def test_marks_are_those_a_person_would_sign(told: Told) -> None:
    """Eleven of twelve name who answers; of nine that promise a period three are late."""
    found = {name: (mark["mark"], mark["reason"]) for name, mark in told.marks.items()}
    assert found["responsible_named"] == ("+", "share_high")
    assert found["freshness_declared"] == ("0", "mixed")
    assert found["metadata_standard"][0] is not None
    assert Counter(item["reason"] for item in told.findings)["rule_error"] == 0
