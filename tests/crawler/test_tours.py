"""Tours of platform readers: what is asked on whose account, and what goes wrong without costing the night."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from config.model import Scope, Settings
from config.scopes import ScopeMap
from crawler.capture import Capture, CaptureKey, Purpose
from crawler.frontier import Frontier, Plan, Visit
from crawler.platforms.base import PlatformPage
from crawler.platforms.tours import Tours
from crawler.portals import Ask
from crawler.varying import Variant, Varying
from tests.crawler.support import NIGHT, capture

KK: Variant = (("header:accept-language", "kk"),)
SITES = {
    "one": [{"url": "http://good.lab/one", "platform": "x"}],
    "two": [{"url": "http://good.lab/two", "platform": "x"}],
}


class Reader:
    """A reader of `/data/`, which asks what it is told to."""

    version = 1

    def __init__(self, *asks: Ask) -> None:
        self.asks = asks

    def claims(self, url: str) -> bool:
        return "/data/" in url

    def first_requests(self, scope_url: str, variants: tuple[Variant, ...]) -> Iterable[Ask]:
        for variant in variants:
            yield Ask(f"/data/{scope_url[-3:]}", Purpose.PAGE, variant=variant)
        yield from self.asks

    def next_requests(
        self, _scope_url: str, _variants: tuple[Variant, ...], capture: Capture, body: bytes
    ) -> Iterable[Ask]:
        if body == b"broken":
            raise KeyError(capture.url)
        yield Ask(body.decode(), Purpose.PAGE, variant=KK, later=True)

    def page(self, capture: Capture, _body: bytes) -> PlatformPage:
        return PlatformPage(capture.url, "x")


@pytest.fixture
def frontier(installation: Callable[..., Settings]) -> Frontier:
    made = Frontier(ScopeMap(installation(SITES), NIGHT), Plan(NIGHT, 100), frozenset({Purpose.PAGE}))
    made.varying = (Varying(("good.lab",), (KK,)),)
    return made


def tours(frontier: Frontier, reader: Any) -> Tours:
    scopes = [Scope.model_validate(site) for sites in SITES.values() for site in sites]
    return Tours(frontier, scopes, {"x": reader} if reader else {})


def drained(frontier: Frontier) -> list[Visit]:
    visits = []
    while visit := frontier.next(lambda _: True):
        visits.append(visit)
    return visits


def test_each_scope_is_asked_on_its_own_account_and_what_is_shared_once(frontier: Frontier) -> None:
    tours(frontier, Reader(Ask("/", Purpose.PAGE, shared=True))).seed()
    asked = {visit.key.text(): visit.scopes for visit in drained(frontier)}
    one, two = "http://good.lab/one", "http://good.lab/two"
    assert asked == {
        "GET http://good.lab/data/one header:accept-language=kk": (one,),
        "GET http://good.lab/data/two header:accept-language=kk": (two,),
        "GET http://good.lab/": (one, two),
    }
    assert all(item.known == 2 for item in frontier.coverage(None))


def test_answers_lead_on_and_nothing_is_asked_twice(frontier: Frontier) -> None:
    tour = tours(frontier, Reader())
    known = CaptureKey("GET", "http://good.lab/data/old", None, KK)
    tour.again(capture(url="http://good.lab/data/old", key=known, scopes=("http://good.lab/one",)))
    told = capture(url="http://good.lab/data/one", scopes=("http://good.lab/one",), sha256="0" * 64)
    for body in (b"/data/new", b"/data/new", b"/data/old"):
        tour.read(told, lambda body=body: body)  # type: ignore[misc]
    tour.read(capture(url="http://good.lab/page", scopes=("http://good.lab/one",)), lambda: b"/data/never")
    tour.read(capture(url="http://good.lab/data/x", scopes=("http://strange.lab/",)), lambda: b"/data/never")
    assert [visit.url for visit in drained(frontier)] == ["http://good.lab/data/new"]


def test_what_goes_wrong_is_an_incident(frontier: Frontier) -> None:
    assert list(tours(frontier, None).incidents()) == [("good.lab", "platform:no_reader:x", 2)]
    tour = tours(frontier, Reader(Ask("http://other.lab/data/", Purpose.PAGE)))
    tour.seed()
    tour.read(
        capture(url="http://good.lab/data/one", scopes=("http://good.lab/one",), sha256="0" * 64), lambda: b"broken"
    )
    assert {reason: count for _, reason, count in tour.incidents()} == {
        "platform:bad_address": 2,
        "platform:reader_broke": 1,
    }
    assert {visit.site for visit in drained(frontier)} == {"good.lab"}
