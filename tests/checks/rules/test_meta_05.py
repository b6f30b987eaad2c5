from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from checks.findings import Finding, Outcome
from checks.rules.meta_05 import spatial_identifiers
from config.pack import Pack
from crawler.capture import Purpose
from crawler.records import Contact, Extent, Standard
from tests.checks.facts.metadata import samples
from tests.checks.lab import NIGHT, Lab, Reply, agency
from tests.checks.rules import portal_support
from tests.checks.rules.meta_support import Sample, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = spatial_identifiers
HERE, SWAPPED = Extent(60, 45, 70, 50), Extent(45, 60, 50, 70)
ISO = {"standard": Standard.ISO_19139, "fields": None, "extent": HERE}
TABLE = (
    Sample("a code of EPSG", PASS, "identifier_and_system", {**ISO, "reference_system": "EPSG:4326"}),
    Sample("an URN", PASS, "identifier_and_system", {**ISO, "reference_system": "urn:ogc:def:crs:EPSG::3857"}),
    Sample("an address", PASS, "identifier_and_system",
           {**ISO, "reference_system": "http://www.opengis.net/def/crs/EPSG/0/4326"}),
    Sample("words", UNCLEAR, "reference_system_in_words", {**ISO, "reference_system": "Pulkovo 1942, local"}),
    Sample("no system in ISO", FAIL, "no_reference_system", ISO),
    Sample("no place for a system", UNCLEAR, "reference_system_unseen", {"extent": HERE}, "portal_owner"),
    Sample("sides swapped", UNCLEAR, "extent_misplaced", {**ISO, "extent": SWAPPED, "reference_system": "EPSG:4326"}),
    Sample("no identifier", FAIL, "identifier_missing", {**ISO, "id": "no-id:0123", "reference_system": "EPSG:4326"}),
    Sample("a plain table", NOT_APPLICABLE, "not_spatial", {}),
    Sample("a service", NOT_APPLICABLE, "service_record", {**ISO, "kind": "service"}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen",
           {"extent": HERE, "contact": Contact(), "fields": None}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_05(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)


def test_geojson_is_in_a_known_system(tmp_path: Path, pack: Pack) -> None:
    point = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [70, 45]}, "properties": {"n": 1}}'
    body = f'{{"type": "FeatureCollection", "features": [{point}, {point}]}}'
    link = f"{portal_support.SITE}/a.geojson"
    sample = portal_support.Sample(
        "geojson", PASS, "identifier_and_system", portal_support.dataset("a", f'<{link}> "GeoJSON"'),
        {link: portal_support.file(body, "application/geo+json")},
    )  # fmt: skip
    assert portal_support.assert_one(sample, RULE, tmp_path, pack).measures["systems"] == ["OGC:CRS84"]


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        (("a",), ("a",), "identifier_and_system"),
        (("a",), ("b",), "identifier_changed"),
        (("a",), ("a", "b"), "identifier_and_system"),
    ],
)
def test_identifiers_over_nights(
    before: tuple[str, ...], now: tuple[str, ...], reason: str, tmp_path: Path, pack: Pack
) -> None:
    found = over_nights(csw(*before), csw(*now), tmp_path, pack)
    assert {item.subject.id for item in found} == {f"cat:{name}" for name in now}
    assert {item.reason for item in found} == {reason}


def test_another_publisher_s_set_of_the_same_title_is_another_set(tmp_path: Path, pack: Pack) -> None:
    theirs = csw("b")
    assert isinstance(theirs.body, bytes)
    assert b"Geodesy Centre" in theirs.body
    theirs = replace(theirs, body=theirs.body.replace(b"Geodesy Centre", b"Water Committee"))
    assert {item.reason for item in over_nights(csw("a"), theirs, tmp_path, pack)} == {"identifier_and_system"}


def test_what_a_catalogue_read_in_part_lacks_may_still_be_there(tmp_path: Path, pack: Pack) -> None:
    found = over_nights(csw("a"), csw("b"), tmp_path, pack, whole=())
    assert {item.reason for item in found} == {"identifier_and_system"}


PORTAL = "https://data.kz/csw"


def over_nights(
    before: Reply, now: Reply, folder: Path, pack: Pack, whole: tuple[str, ...] = (PORTAL,)
) -> list[Finding]:
    lab = Lab(folder / "workspace", pack, agencies=[agency("good", "https://good.kz/")])
    lab.portals = [{"id": "cat", "kind": "csw", "url": PORTAL, "owner": "good"}]
    for night, answer in ((NIGHT - timedelta(days=1), before), (NIGHT, now)):
        lab.crawl({AT: answer}, night, run=night.isoformat(), whole=whole)
        lab.assess(night)
    return lab.findings(RULE)


AT = "https://data.kz/csw?service=CSW&version=2.0.2&request=GetRecords"


def csw(*names: str) -> Reply:
    inner = b"".join(samples.iso(identifier=name).split(b"?>", 1)[1] for name in names)
    head = f'<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults \
numberOfRecordsMatched="{len(names)}" numberOfRecordsReturned="{len(names)}" nextRecord="0" elementSet="full">'
    body = head.encode() + inner + b"</csw:SearchResults></csw:GetRecordsResponse>"
    return Reply(body, content_type="application/xml", purpose=Purpose.PORTAL)
