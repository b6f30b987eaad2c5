"""When a body is asked for only if it has changed, and whom a 304 is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive.exchange import Original
from crawler.conditional import FULL_AFTER, Known, conditions, confirms, merged
from tests.crawler.support import capture

THEN = datetime(2026, 1, 2, 20, tzinfo=UTC)
URL = "http://good.lab/"
DATE = ("Date", "Fri, 02 Jan 2026 20:00:00 GMT")
OLD = ("Last-Modified", "Thu, 01 Jan 2026 08:00:00 GMT")


def known(*headers: tuple[str, str]) -> Known:
    return Known(capture(url=URL, headers=headers), Original("urn:uuid:1", URL, THEN, "0" * 64))


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ((("ETag", '"a"'), OLD, DATE), {"If-None-Match": '"a"', "If-Modified-Since": OLD[1]}),
        ((("etag", 'W/"a"'),), {"If-None-Match": 'W/"a"'}),  # weak ones may be compared: no Range is asked for
        ((OLD,), {"If-Modified-Since": OLD[1]}),
        ((("Last-Modified", DATE[1]), DATE), {}),  # changed in the very second of the answer
        ((("Last-Modified", "yesterday"), DATE), {}),
        ((("Last-Modified", "Fri, 99 Jan 2026 20:00:00 GMT"),), {}),
        ((("ETag", "a"), ("ETag", '"b"')), {}),  # no quotes: not an entity tag
        ((("ETag", '"a"\r\nX: y'),), {}),
        ((), {}),
    ],
)
def test_validators_are_those_of_the_answer(headers: tuple[tuple[str, str], ...], asked: dict[str, str]) -> None:
    assert conditions(known(*headers), URL, THEN) == asked


def test_another_address_is_asked_plainly() -> None:
    assert conditions(known(("ETag", '"a"')), URL + "moved", THEN) == {}
    assert conditions(None, URL, THEN) == {}


def test_after_a_month_a_body_is_asked_for_whole() -> None:
    held = known(("ETag", '"a"'))
    assert conditions(held, URL, THEN + FULL_AFTER)
    assert conditions(held, URL, THEN + FULL_AFTER + timedelta(seconds=1)) == {}


@pytest.mark.parametrize(
    ("told", "believed"),
    [((), True), ((("ETag", '"a"'),), True), ((("ETag", 'W/"a"'),), True), ((("ETag", '"b"'),), False)],
)
def test_a_304_must_speak_of_the_same_body(told: tuple[tuple[str, str], ...], believed: bool) -> None:
    assert confirms(known(("ETag", '"a"')), told) is believed
    assert confirms(known(OLD), told)


def test_headers_are_brought_up_to_date() -> None:
    before = capture(headers=(("Content-Type", "text/html"), ("ETag", '"a"'), ("Expires", "0"), ("Server", "x")))
    told = (("expires", "1"), ("Content-Type", "text/plain"), ("Content-Length", "0"), ("Server", "y"))
    assert dict(merged(before, told)) == {
        "Content-Type": "text/html", "ETag": '"a"', "expires": "1", "Server": "y",
    }  # fmt: skip
