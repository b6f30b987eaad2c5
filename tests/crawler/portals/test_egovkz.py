from __future__ import annotations

from typing import Any

import pytest

from crawler.capture import ExchangeOutcome
from crawler.portals.egovkz import EgovKz
from crawler.portals.values import query_of
from crawler.records import Contact, Field, Record
from tests.crawler.portals.answers import SITE, answer, as_json, asks, follow, portal, read

EGOV = EgovKz()
HERE = portal("egovkz")
LIST, TOTAL = (ask.url for ask in asks(EGOV, HERE))


def page(*entries: object) -> bytes:
    return as_json({"datasets": list(entries)})


def entries(count: int) -> list[dict[str, Any]]:
    return [{"apiUri": f"set_{number}"} for number in range(count)]


def one(**entry: Any) -> Record:
    records, trouble = read(EGOV, HERE, answer(LIST), page({"apiUri": "water", **entry}))
    assert trouble is None
    return records[0]


def test_the_number_and_the_first_page_are_asked() -> None:
    assert TOTAL.startswith(f"{SITE}/datasets/getdatasetsrecount?")
    assert query_of(LIST)["status"] == "PUBLISHED"
    assert (query_of(LIST)["page"], query_of(LIST)["count"]) == ("1", "100")
    assert EGOV.total(HERE, answer(TOTAL), as_json({"totalCount": 3900})) == 3900
    assert EGOV.total(HERE, answer(TOTAL), b"<html>") is None
    assert EGOV.total(HERE, answer(LIST), as_json({"totalCount": 3900})) is None


def test_the_page_size_is_that_of_the_first_answer() -> None:
    ahead = follow(EGOV, HERE, answer(LIST), page(*entries(10)))[0]
    assert (query_of(ahead)["page"], query_of(ahead)["count"]) == ("2", "10")
    short = follow(EGOV, HERE, answer(ahead), page(*entries(9)))[0]
    assert (query_of(short)["page"], query_of(short)["count"]) == ("3", "10")
    assert follow(EGOV, HERE, answer(ahead), page()) == []


def test_a_whole_entry() -> None:
    record = one(
        id=5000,
        nameKk="Су", nameRu="Вода", nameEn=None, descriptionRu="О воде",
        categories=[{"id": 1, "nameRu": "Экология"}],
        govAgency={"id": 101, "nameKk": "Су министрлігі", "nameRu": "Министерство воды"},
        keyWords=["вода", {"nameRu": "река"}],
        status="PUBLISHED", actual=False, actualizeType="WEEKLY",
        createdDate="2020-01-01", modifiedDate=1767225600000, views=7, downloads="3",
    )  # fmt: skip
    assert (record.id, record.url) == ("water", f"{SITE}/datasets/view?index=water")
    assert record.titles == {"kk": "Су", "ru": "Вода"}
    assert record.descriptions == {"ru": "О воде"}
    assert record.publisher_id == "101"
    assert record.publisher_names == {"kk": "Су министрлігі", "ru": "Министерство воды"}
    assert (record.themes, record.keywords) == (("Экология",), ("вода", "река"))
    assert (record.frequency, record.status, record.current) == ("WEEKLY", "PUBLISHED", False)
    assert (record.issued, record.modified) == ("2020-01-01", "1767225600000")
    assert (record.views, record.downloads) == (7, 3)
    assert all(item.service for item in record.distributions)


def test_details_are_asked_once_per_entry_and_read_as_parts() -> None:
    found = list(EGOV.next_requests(HERE, answer(LIST), page({"apiUri": "a/b"}, {"apiUri": "c", "version": "v3"}, {})))
    assert [(ask.url, ask.later) for ask in found[1:]] == [
        (f"{SITE}/meta/a%2Fb/v1", True), (f"{SITE}/meta/c/v3", True),
    ]  # fmt: skip
    body = as_json(
        {
            "nameKk": "Су", "descriptionKk": "Су туралы", "modifiedDate": "2026-01-01", "fullnameRu": "Отдел",
            "phone": "1", "email": "a@data.lab", "keywords": "су; өзен",
            "fields": {"year": {"type": "Int", "labelKk": "Жыл", "labelRu": "Год"}, "x": 5},
        }
    )  # fmt: skip
    (record,), trouble = read(EGOV, HERE, answer(f"{SITE}/meta/a%2Fb/v1"), body)
    assert trouble is None
    assert (record.id, record.part, record.version) == ("a/b", True, "v1")
    assert record.fields == (Field("year", "Int", {"kk": "Жыл", "ru": "Год"}), Field("x"))
    assert record.contact == Contact(has_name=True, has_mail=True, has_phone=True)
    assert record.keywords == ("су", "өзен")


def test_where_version_one_is_not_the_passport_tells_the_number() -> None:
    meta, view = f"{SITE}/meta/water/v1", f"{SITE}/datasets/view?index=water"
    missing = answer(meta, outcome=ExchangeOutcome.HTTP_ERROR, status=404)
    assert follow(EGOV, HERE, missing, b"<html>") == [view]
    assert follow(EGOV, HERE, answer(meta), as_json({"error": "no version"})) == [view]
    assert follow(EGOV, HERE, answer(meta), as_json({"fields": {}})) == []
    gone = answer(meta, outcome=ExchangeOutcome.TIMEOUT, status=None, sha256=None)
    assert follow(EGOV, HERE, gone, b"") == []
    html = answer(view, "text/html")
    assert follow(EGOV, HERE, html, b"<script>var currentVersion = 'v7';</script>") == [f"{SITE}/meta/water/v7"]
    assert follow(EGOV, HERE, html, b'<a href="/api/v4/water/v12?apiKey=yourApiKey">') == [f"{SITE}/meta/water/v12"]
    assert follow(EGOV, HERE, html, b"<p>nothing</p>") == []
    assert read(EGOV, HERE, html, b"<p>nothing</p>") == ([], None)


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/api/v4/water", True),
        ("/api/v4/water/v1?source=%7B%7D", True),
        ("/api/v2/water", True),
        ("/API/V4/water", True),
        ("/api/%764/water", True),
        ("/api/v4/mapping/water", False),
        ("/api/v4/mappings_of_roads", True),
        ("/api/detailed/water/v1", True),
        ("/datasets/getdata?index=water", True),
        ("/datasets/getdatasetsre?page=1", False),
        ("/datasets/getdatasetsrecount", False),
        ("/meta/water/v1", False),
        ("/datasets/view?index=water", False),
    ],
)
def test_rows_are_refused(path: str, refused: bool) -> None:
    assert EGOV.refuses(HERE, SITE + path) is refused
    assert not EGOV.refuses(HERE, f"http://elsewhere.lab{path}")


def test_nothing_that_is_asked_gives_rows() -> None:
    bodies = (page(*entries(3)), as_json({"datasets": [{"apiUri": "../../api/v4/water"}, {"apiUri": "detailed"}]}))
    for body in bodies:
        for ask in EGOV.next_requests(HERE, answer(LIST), body):
            assert not EGOV.refuses(HERE, ask.url)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"datasets": null}', b'{"datasets": [1, 2]}'])
def test_answers_that_are_no_list(body: bytes) -> None:
    records, trouble = read(EGOV, HERE, answer(LIST), body)
    assert records == []
    assert trouble
    later = answer(LIST.replace("page=1", "page=4"))
    assert [query_of(url)["page"] for url in follow(EGOV, HERE, later, body)] == ["5"]
    meta = read(EGOV, HERE, answer(f"{SITE}/meta/x/v1"), body)
    assert meta[0] == []
    assert meta[1]
