from __future__ import annotations

from typing import Any

import pytest

from crawler.portals.datajson import DataJson
from crawler.records import Contact, Distribution, Extent, Licence, Record, Standard
from tests.crawler.portals.answers import SITE, answer, as_json, asks, follow, portal, read

DATA = DataJson()
HERE = portal("datajson")
URL = f"{SITE}/data.json"


def one(**entry: Any) -> Record:
    records, trouble = read(DATA, HERE, answer(URL), as_json({"dataset": [entry]}))
    assert trouble is None
    return records[0]


def test_where_the_file_is() -> None:
    assert [ask.url for ask in asks(DATA, HERE)] == [URL]
    assert [ask.url for ask in asks(DATA, portal("datajson", f"{SITE}/x/catalog.json"))] == [f"{SITE}/x/catalog.json"]
    assert follow(DATA, HERE, answer(URL), b"{}") == []


def test_a_whole_entry() -> None:
    record = one(
        identifier="w-1",
        title="Water",
        description="Levels",
        keyword=["river", "level", 5],
        theme=["Environment"],
        modified="2026-01-01",
        issued="2020-01-01",
        accrualPeriodicity="R/P1W",
        publisher={"name": "Ministry", "identifier": "m-1"},
        contactPoint={"fn": "Unit", "hasEmail": "mailto:unit@data.lab"},
        accessLevel="public",
        license="http://l.example/by",
        rights="none",
        spatial="46,40,87,55",
        temporal="2020-01-01/2021-01-01",
        language=["kk", "ru"],
        landingPage="/view/1",
        distribution=[
            {
                "downloadURL": "files/a.csv",
                "accessURL": "/view/1",
                "mediaType": "text/csv",
                "format": "CSV",
                "title": "T",
            },
            {"accessURL": "http://api.lab/", "format": "API"},
            {"title": "nowhere"},
        ],
    )
    assert (record.id, record.standard, record.url) == ("w-1", Standard.DATA_JSON, f"{SITE}/view/1")
    assert (record.publisher_id, record.publisher_names) == ("m-1", {"und": "Ministry"})
    assert record.keywords == ("river", "level", "5")
    assert record.contact == Contact(has_name=True, has_mail=True, organisation="Ministry")
    assert (record.frequency, record.issued, record.modified) == ("R/P1W", "2020-01-01", "2026-01-01")
    assert record.licence == Licence(url="http://l.example/by", text="none")
    assert record.access_rights == "public"
    assert record.extent == Extent(46, 40, 87, 55)
    assert record.temporal == ("2020-01-01", "2021-01-01")
    assert record.languages == ("kk", "ru")
    assert record.distributions == (
        Distribution(f"{SITE}/files/a.csv", "CSV", "text/csv", {"und": "T"}, access_url=f"{SITE}/view/1"),
        Distribution("http://api.lab/", "API", service=True),
    )


@pytest.mark.parametrize(
    ("title", "titles"),
    [
        ("A", {"und": "A"}),
        ({"@value": "Ә", "@language": "kk"}, {"kk": "Ә"}),
        ([{"@value": "Ә", "@language": "kk"}, {"@value": "А", "@language": "ru"}], {"kk": "Ә", "ru": "А"}),
        (None, {}),
        (True, {}),
    ],
)
def test_titles(title: object, titles: dict[str, str]) -> None:
    assert one(title=title).titles == titles


def test_old_files_write_keywords_in_one_text() -> None:
    assert one(keyword="a, b,c").keywords == ("a", "b", "c")


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"dataset": {}}', b"<html>", b"", b"\xff\xfe", b'{"dataset"'])
def test_answers_that_are_no_catalogue(body: bytes) -> None:
    records, trouble = read(DATA, HERE, answer(URL), body)
    assert records == []
    assert trouble
