"""The reader of GOV.KZ: tables of answers as they were described, and what becomes of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.platforms.base import as_html
from crawler.platforms.govkz import MOST_DETAILS, MOST_LISTS, SIZE, GovKz
from crawler.portals import UnreadableError
from tests.crawler.support import capture

SCOPE = "https://www.gov.kz/memleket/entities/mam"
API = "https://www.gov.kz/api/v1/public/content-manager/"
KK, RU = (("header:accept-language", "kk"),), (("header:accept-language", "ru"),)
READER = GovKz()
DOCUMENT = {
    "id": 543126,
    "title": "Бұйрық",
    "content": '<p>Мәтін</p><a href="/uploads/2026/order.pdf">PDF</a><a href="https://other.kz/x.pdf">x</a>',
    "created_date": "2026-09-25T18:59:00.000+00:00",
    "gosorgan": {"items": [{"project_name": "mam"}]},
    "activities": {"items": [{"title": "Мәдениет"}]},
}


def answer(path: str, *, status: int = 200, variant: Any = KK) -> Capture:
    outcome = ExchangeOutcome.OK if status == 200 else ExchangeOutcome.HTTP_ERROR
    url = API + path
    kind = (("Content-Type", "application/json;charset=UTF-8"),)
    return capture(
        url=url,
        key=CaptureKey("GET", url, None, variant),
        status=status,
        outcome=outcome,
        sha256="0" * 64,
        headers=kind,
    )


def dump(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def test_first_questions() -> None:
    asked = list(READER.first_requests(SCOPE, (KK, RU)))
    data = [item for item in asked if READER.claims(item.url)]
    assert {item.url.removeprefix(API).partition("?")[0] for item in data} == {"documents", "pages", "curators", "news"}
    assert [item.variant for item in data if "documents" in item.url] == [KK, RU]
    assert len([item for item in data if "/news" in item.url]) == 1
    seen = [item for item in asked if not READER.claims(item.url)]
    assert {item.url.rpartition("=")[2] for item in seen} == {"kk", "ru"}
    assert [item.url for item in seen if item.shared] == ["https://www.gov.kz/?lang=kk", "https://www.gov.kz/?lang=ru"]
    assert all("created_date=gte" not in item.url for item in asked)
    assert list(READER.first_requests("https://www.gov.kz/", (KK,))) == []
    plain = list(READER.first_requests(SCOPE, ()))
    assert {item.variant for item in plain} == {()}


def test_lists_lead_to_documents_and_the_next_page() -> None:
    rows = dump([{**DOCUMENT, "id": number} for number in range(SIZE)])
    url = f"documents?page=1&projects=mam&size={SIZE}&sort-by=created_date%3ADESC"
    follow = list(READER.next_requests(SCOPE, (KK, RU), answer(url), rows))
    assert "page=2" in follow[0].url
    assert not follow[0].later
    assert [item.url for item in follow[1:3]] == [f"{API}documents/0", f"{API}documents/1"]
    assert len(follow) == 1 + MOST_DETAILS
    assert all(item.variant == KK for item in follow)
    assert all(item.later for item in follow[1:])
    last = url.replace("page=1", f"page={MOST_LISTS}")
    assert list(READER.next_requests(SCOPE, (KK,), answer(last), rows)) == []
    assert list(READER.next_requests(SCOPE, (KK,), answer(url, status=500), b"")) == []


def test_a_document_leads_to_its_files_on_the_platform() -> None:
    (file,) = READER.next_requests(SCOPE, (KK,), answer("documents/543126"), dump(DOCUMENT))
    assert (file.url, file.purpose) == ("https://www.gov.kz/uploads/2026/order.pdf", Purpose.DOCUMENT)


def test_news_that_answer_openly_are_asked_in_every_language() -> None:
    rows = dump([{"id": 1, "title": "Жаңалық", "created_date": "2026-11-01"}])
    url = "news?page=1&projects=eq%3Amam&size=20&sort-by=created_date%3ADESC"
    assert [item.variant for item in READER.next_requests(SCOPE, (KK, RU), answer(url), rows)] == [RU]
    assert list(READER.next_requests(SCOPE, (KK, RU), answer(url, variant=RU), rows)) == []
    assert list(READER.next_requests(SCOPE, (KK, RU), answer(url, status=400), b'{"message": "notAllowed"}')) == []


def test_a_document_as_a_visitor_sees_it() -> None:
    page = READER.page(answer("documents/543126"), dump(DOCUMENT))
    assert page.url == f"{SCOPE}/documents/details/543126?lang=kk"
    assert (page.title, page.published) == ("Бұйрық", "2026-09-25T18:59:00.000+00:00")
    assert "<p>Мәтін</p>".encode() in as_html(page)
    plain = READER.page(answer("documents/1", variant=()), dump({"id": 1, "title": "x < y", "content": "a < b"}))
    assert b"<h1>x &lt; y</h1><p>a &lt; b</p>" in as_html(plain)


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"content": rows}, lambda rows: {"items": rows}])
def test_a_list_as_a_visitor_sees_it(wrap: Any) -> None:
    page = READER.page(answer("documents?page=1&projects=mam"), dump(wrap([DOCUMENT, {"id": 2}, 7])))
    assert page.url == f"{SCOPE}/documents?lang=kk"
    (entry,) = page.entries
    assert (entry.title, entry.date) == ("Бұйрық", "2026-09-25T18:59:00.000+00:00")
    assert entry.url == f"{SCOPE}/documents/details/543126?lang=kk"
    assert page.kinds == ("documents",)
    menu = READER.page(answer("pages?projects=contains%3Amam"), dump([{"id": 3, "title": "Қызмет"}]))
    assert (menu.url, menu.entries[0].url) == (f"{SCOPE}?lang=kk", f"{SCOPE}/activities/3?lang=kk")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, b'{"code": 400, "message": "notAllowed"}', "access_control"),
        (401, b"", "access_control"),
        (403, b"<html></html>", "access_control"),
        (200, b'{"message": "notAllowed"}', "access_control"),
        (500, b'{"message": "Internal Server Error"}', "error_body"),
        (404, b"", "no_answer"),
        (200, b'{"error": "x"}', "error_body"),
        (200, b"<!doctype html><html><body><div id=root></div></body></html>", "html"),
        (200, b"[", "not_json"),
        (200, b"3", "no_list"),
    ],
)
def test_what_is_no_page(status: int, body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        READER.page(answer("documents?projects=mam", status=status), body)
    assert caught.value.reason == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*DOCUMENT, "items", "body", "error"]), inner, max_size=5)
    ),
)


@given(
    JSON, st.sampled_from(["documents?projects=mam&page=1", "documents/1", "news?projects=eq%3Amam", "pages", "x/y/z"])
)
def test_any_answer_is_read_or_refused(data: object, path: str) -> None:
    body = dump(data)
    asked = list(READER.next_requests(SCOPE, (KK, RU), answer(path), body))
    assert all(item.url.startswith("https://www.gov.kz/") for item in asked)
    try:
        page = READER.page(answer(path), body)
    except UnreadableError:
        return
    assert as_html(page).startswith(b"<!doctype html>")
