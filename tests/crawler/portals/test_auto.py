from __future__ import annotations

import pytest

from crawler.capture import ExchangeOutcome
from crawler.portals.auto import Auto
from tests.crawler.portals.answers import SITE, answer, as_json, asks, follow, portal, read
from tests.crawler.portals.test_csw import EXCEPTION, results, small

AUTO = Auto()
HERE = portal("auto")


def gone(url: str, outcome: ExchangeOutcome = ExchangeOutcome.HTTP_ERROR) -> tuple[str, ...]:
    return tuple(follow(AUTO, HERE, answer(url, outcome=outcome, status=404, sha256=None), b""))


def addresses() -> list[str]:
    found, ahead = [], [asks(AUTO, HERE)[0].url]
    while ahead:
        found += ahead
        ahead = list(gone(ahead[0]))
    return found


def test_the_addresses_are_asked_one_after_the_other() -> None:
    found = addresses()
    assert found[0] == f"{SITE}/"
    assert [url.partition("?")[0].removeprefix(SITE) for url in found] == [
        "/", "/api/3/action/package_search", "/datasets/getdatasetsre", "/data.json", "/csw", "/catalogue/csw",
        "/geonetwork/srv/eng/csw", "/catalog.ttl",
    ]  # fmt: skip
    assert gone(found[-1]) == ()
    assert gone(found[1], ExchangeOutcome.ROBOTS) == (found[2],)


@pytest.mark.parametrize(
    ("place", "body", "content_type", "ids"),
    [
        (0, b"<http://data.lab/d> a <http://www.w3.org/ns/dcat#Dataset> .", "text/turtle", ["http://data.lab/d"]),
        (0, as_json({"dataset": [{"identifier": "j"}]}), "application/json", ["j"]),
        (1, as_json({"result": {"results": [{"id": "c"}]}}), "application/json", ["c"]),
        (2, as_json({"datasets": [{"apiUri": "e"}]}), "application/json", ["e"]),
        (3, as_json({"dataset": [{"identifier": "j"}]}), "text/html", ["j"]),
        (5, results(small(1), matched=2), "text/xml", ["r1"]),
    ],
)
def test_what_answers_is_read_and_followed(place: int, body: bytes, content_type: str, ids: list[str]) -> None:
    url, behind = addresses()[place], addresses()[place + 1]
    records, trouble = read(AUTO, HERE, answer(url, content_type), body)
    assert ([record.id for record in records], trouble) == (ids, None)
    assert behind not in follow(AUTO, HERE, answer(url, content_type), body)


def test_what_does_not_is_passed_over() -> None:
    for url, behind in zip(addresses(), addresses()[1:], strict=False):
        for body in (b"<html><p>Welcome", b"{}", b"", b"<a/>"):
            assert read(AUTO, HERE, answer(url), body) == ([], "not_recognised")
            assert follow(AUTO, HERE, answer(url), body) == [behind]


def test_a_service_that_answers_with_an_exception_is_a_service() -> None:
    url = addresses()[4]
    (ahead,) = follow(AUTO, HERE, answer(url, "text/xml"), EXCEPTION)
    assert "csw%3ARecord" in ahead
    assert [item.id for item in read(AUTO, HERE, answer(ahead, "text/xml"), results(small(1)))[0]] == ["r1"]


def test_later_pages_are_read_by_their_address() -> None:
    url = f"{SITE}/api/3/action/package_search?rows=100&start=100"
    body = as_json({"result": {"count": 150, "results": [{"id": "c"}]}})
    assert [item.id for item in read(AUTO, HERE, answer(url), body)[0]] == ["c"]
    assert AUTO.total(HERE, answer(url), body) == 150
    assert read(AUTO, HERE, answer(url), b"<html>busy") == ([], "html")


def test_the_number_is_asked_of_the_kazakh_portal_too() -> None:
    found = follow(AUTO, HERE, answer(addresses()[2]), as_json({"datasets": [{"apiUri": "e"}]}))
    assert any("getdatasetsrecount" in url for url in found)
    assert AUTO.refuses(HERE, f"{SITE}/api/v4/e")


def test_an_endpoint_of_a_service_is_asked_as_such() -> None:
    (ask,) = asks(AUTO, portal("auto", f"{SITE}/catalogue/csw"))
    assert "GetRecords" in ask.url
