from __future__ import annotations

from typing import Any

import pytest

from config.urls import absolute
from crawler.capture import ExchangeOutcome, Purpose
from crawler.portals.ckan import Ckan
from crawler.records import Contact, Distribution, Extent, Licence, Record, Standard
from tests.crawler.portals.answers import SITE, answer, as_json, asks, follow, portal, read

CKAN = Ckan()
HERE = portal("ckan")
SEARCH = f"{SITE}/api/3/action/package_search"
FIRST = f"{SEARCH}?rows=100&sort=id+asc&start=0"


def page(*packages: object, count: object = 1) -> bytes:
    return as_json({"success": True, "result": {"count": count, "results": list(packages)}})


def one(**package: Any) -> Record:
    records, trouble = read(CKAN, HERE, answer(FIRST), page({"id": "7", "name": "water", **package}))
    assert trouble is None
    return records[0]


def test_the_first_page_is_asked_whatever_address_is_configured() -> None:
    for url in (f"{SITE}/", f"{SITE}/api/3/action/package_search?q=x", f"{SITE}/api/3"):
        (ask,) = asks(CKAN, portal("ckan", url))
        assert absolute(ask.url, "") == FIRST
        assert ask.purpose is Purpose.PORTAL
    assert asks(CKAN, portal("ckan", f"{SITE}/open"))[0].url.startswith(f"{SITE}/open/api/3/")


WHOLE_PACKAGE: dict[str, Any] = {
    "title": "Water level",
    "notes": "By gauge and day",
    "organization": {"id": "o-1", "name": "water-ministry", "title": "Ministry of Water"},
    "tags": [{"name": "river", "display_name": "River"}, {"name": "level"}],
    "groups": [{"title": "Environment"}],
    "license_id": "cc-by",
    "license_title": "CC BY 4.0",
    "license_url": "http://l.example/by",
    "maintainer": "A. Person",
    "maintainer_email": "a@data.lab",
    "metadata_modified": "2026-01-01T00:00:00",
    "version": "2",
    "state": "active",
    "type": "dataset",
    "tracking_summary": {"total": 12},
    "extras": [
        {"key": "Accrual Periodicity", "value": "weekly"},
        {"key": "modified", "value": "2025-12-30"},
        {"key": "temporal_start", "value": "2020"},
        {"key": "spatial", "value": '{"type": "Polygon", "coordinates": [[[46, 40], [87.5, 40], [46, 55]]]}'},
    ],
    "resources": [
        {
            "url": "/files/a.csv", "name": "Table", "format": "CSV", "mimetype": "text/csv", "size": "120",
            "last_modified": "2025-12-31", "created": "2020-01-01",
        },
        {"url": "http://maps.lab/wms?", "format": "WMS"},
        {"url": "", "format": "PDF"},
    ],
}  # fmt: skip


def test_a_whole_package() -> None:
    record = one(**WHOLE_PACKAGE)
    assert record.standard is Standard.CKAN
    assert (record.id, record.url, record.locator) == ("7", f"{SITE}/dataset/water", "$.result.results[0]")
    assert (record.publisher_id, record.publisher_aliases) == ("o-1", ("water-ministry",))
    assert record.publisher_names == {"und": "Ministry of Water"}
    assert record.titles == {"und": "Water level"}
    assert record.keywords == ("River", "level")
    assert record.themes == ("Environment",)
    assert record.contact == Contact(has_name=True, has_mail=True, organisation="Ministry of Water")
    assert (record.frequency, record.modified, record.issued) == ("weekly", "2025-12-30", None)
    assert record.temporal == ("2020", None)
    assert record.extent == Extent(46, 40, 87.5, 55)
    assert record.licence == Licence("cc-by", "CC BY 4.0", "http://l.example/by")
    assert (record.version, record.status, record.views) == ("2", "active", 12)
    assert record.distributions == (
        Distribution(
            f"{SITE}/files/a.csv", "CSV", "text/csv", {"und": "Table"}, None, "2025-12-31", 120, issued="2020-01-01"
        ),
        Distribution("http://maps.lab/wms", "WMS", service=True),
    )


@pytest.mark.parametrize(
    ("package", "titles"),
    [
        ({"title": "A", "title_translated": {"kk": "Ә", "ru": "А"}}, {"kk": "Ә", "ru": "А", "und": "A"}),
        ({"title": "А", "title_translated": {"kk": "Ә", "ru": "А"}}, {"kk": "Ә", "ru": "А"}),
        ({"title": {"kk": "Ә", "en": "A"}}, {"kk": "Ә", "en": "A"}),
        ({"title": "А", "title_kk": "Ә", "title_en": "A", "title_id": "9"}, {"kk": "Ә", "en": "A", "und": "А"}),
        ({"title_translated": {"kk-KZ": "Ә", "": "x", "not a tag": "y"}}, {"kk-kz": "Ә", "und": "x"}),
        ({"title": None}, {}),
        ({"title": ["x"]}, {}),
    ],
)
def test_titles_by_language(package: dict[str, Any], titles: dict[str, str]) -> None:
    assert one(**package).titles == titles


def test_what_a_package_lacks_stays_open() -> None:
    record = one(resources="none", extras="none", organization=[], tags=5)
    assert record.distributions == ()
    assert record.publisher_id is None
    assert record.licence == Licence()
    assert record.modified is None


def test_a_package_without_id_or_name_gets_an_id_from_what_it_says() -> None:
    records, _ = read(CKAN, HERE, answer(FIRST), page({"title": "a"}, {"title": "a"}, {"title": "b"}))
    assert records[0].id == records[1].id != records[2].id
    assert records[0].id.startswith("no-id:")


def test_a_hundred_thousand_keywords_are_cut() -> None:
    record = one(tags=[{"name": f"word {number}"} for number in range(100_000)])
    assert len(record.keywords) == 1000


def test_pages_follow_what_came_and_not_what_is_claimed() -> None:
    body = page({"id": "a"}, {"id": "b"}, count=10**9)
    (ahead,) = follow(CKAN, HERE, answer(FIRST), body)
    assert "start=2" in ahead
    assert CKAN.total(HERE, answer(FIRST), body) == 10**9
    for count in (-4, 0, "many", None, 1e308):
        assert len(follow(CKAN, HERE, answer(FIRST), page({"id": "a"}, count=count))) == 1
    assert CKAN.total(HERE, answer(FIRST), page(count=-4)) is None
    assert follow(CKAN, HERE, answer(FIRST), page(count=500)) == []


def test_behind_a_broken_page_the_next_one_is_asked_but_not_behind_a_broken_first() -> None:
    later = answer(FIRST.replace("start=0", "start=300"))
    cut = page({"id": "a"}, {"id": "b"})[:-10]
    assert read(CKAN, HERE, later, cut)[1] == "cut_off"
    assert [record.id for record in read(CKAN, HERE, later, cut)[0]] == ["a"]
    assert "start=400" in follow(CKAN, HERE, later, cut)[0]
    assert "start=400" in follow(CKAN, HERE, later, b"<html>busy</html>")[0]
    down = answer(later.url, outcome=ExchangeOutcome.HTTP_ERROR, status=503, sha256=None)
    assert "start=400" in follow(CKAN, HERE, down, b"")[0]
    gone = answer(later.url, outcome=ExchangeOutcome.TIMEOUT, status=None, sha256=None)
    assert follow(CKAN, HERE, gone, b"") == []
    assert follow(CKAN, HERE, answer(FIRST), b"<html>no such thing</html>") == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>x</title>", "html"),
        (b"{", "not_json"),
        (b"[" * 100_000, "nested_too_deep"),
        (b"[]", "no_list"),
        (b'{"success": false, "error": {"message": "no"}}', "error_body"),
        (b'{"result": {"results": 5}}', "no_list"),
        (b'{"result": {"results": [7]}}', "odd_entries"),
    ],
)
def test_answers_that_are_no_page(body: bytes, reason: str) -> None:
    assert read(CKAN, HERE, answer(FIRST), body) == ([], reason)
    assert CKAN.total(HERE, answer(FIRST), body) is None


def test_where_robots_forbid_the_api_the_catalogue_file_is_asked() -> None:
    refused = answer(FIRST, outcome=ExchangeOutcome.ROBOTS, status=None, sha256=None)
    assert follow(CKAN, HERE, refused, b"") == [f"{SITE}/catalog.ttl"]
    feed = answer(f"{SITE}/catalog.ttl", "text/turtle")
    body = b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <http://data.lab/d/1> a dcat:Dataset ."
    assert [record.id for record in read(CKAN, HERE, feed, body)[0]] == ["http://data.lab/d/1"]
