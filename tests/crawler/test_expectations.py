from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.capture import ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState, ScopeCoverage
from crawler.expectations import concluded, seen, shortfalls
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Web, capture, html

Make = Callable[..., Settings]
SCOPE = "http://good.lab/"
PORTAL = "http://data.lab/"


def settings_with(installation: Make, expect: dict[str, Any], portal: dict[str, Any], **crawl: Any) -> Settings:
    settings = installation({"good": [{"url": SCOPE, "expect": expect}]}, **crawl)
    portals = [{"id": "p", "kind": "ckan", "url": PORTAL, "expect": portal}]
    return Settings.model_validate(settings.model_dump() | {"portals": portals})


def a_run(*scopes: ScopeCoverage, night: date = NIGHT) -> RunCoverage:
    moment = capture().started
    return RunCoverage("nightly", night, "default", RunState.COMPLETE, moment, moment, scopes)


def site(fetched: int, failed: dict[str, int] | None = None, skipped: dict[str, int] | None = None) -> ScopeCoverage:
    known = fetched + sum((failed or {}).values()) + sum((skipped or {}).values())
    return ScopeCoverage(SCOPE, known, fetched, failed or {}, skipped or {})


def catalogue(records: int) -> ScopeCoverage:
    return ScopeCoverage(PORTAL, 5, 5, records=records)


def before(*counts: int) -> list[RunCoverage]:
    return [a_run(site(count), night=NIGHT - timedelta(days=days)) for days, count in enumerate(counts, 1)]


@pytest.mark.parametrize(
    ("expect", "tonight", "earlier", "found"),
    [
        pytest.param({}, site(0), [], None, id="nothing expected, nothing known"),
        pytest.param({"pages": 5}, site(5), [], None, id="just enough"),
        pytest.param({"pages": 5}, site(4), [], (4, 5), id="one too few"),
        pytest.param({"pages": 5}, site(3, skipped={"not_due": 2}), [], None, id="left out as not due still stands"),
        pytest.param({"pages": 5}, site(3, skipped={"policy": 2}), [], (3, 5), id="what was skipped was not seen"),
        pytest.param({"pages": 5}, site(0, {"timeout": 9}), [], (0, 5), id="failures are not seen"),
        pytest.param({"pages": 5}, site(0, {"paused": 9}), [], None, id="an operator's pause is no surprise"),
        pytest.param({}, site(50), before(100, 100, 100), None, id="half of the median is the bound"),
        pytest.param({}, site(49), before(100, 100, 100), (49, 50), id="under half of the median"),
        pytest.param({}, site(49), before(100, 100), None, id="two nights are no habit"),
        pytest.param({}, site(1), before(9, 9, 9), None, id="small sites waver"),
        pytest.param({}, site(40), before(100, 2, 80, 90, 1000), (40, 45), id="the median, not the mean"),
        pytest.param({"drop": 0.1}, site(89), before(100, 100, 100), (89, 90), id="a tighter bound of its own"),
        pytest.param({"drop": 1}, site(0), before(100, 100, 100), None, id="switched off"),
        pytest.param({}, site(20, skipped={"budget": 80}), before(99, 99, 99), None, id="our own budget"),
        pytest.param(
            {}, site(9), before(12, 12, 12, 12, 100, 100, 100, 100, 100), None, id="nights long ago do not count"
        ),
    ],
)
def test_bounds_of_a_scope(
    installation: Make,
    expect: dict[str, Any],
    tonight: ScopeCoverage,
    earlier: list[RunCoverage],
    found: tuple[int, int] | None,
) -> None:
    settings = settings_with(installation, expect, {})
    short = shortfalls(settings, a_run(tonight), earlier)
    assert [(item.seen, item.least) for item in short] == ([found] if found else [])
    assert all(item.scope == SCOPE and item.what == "pages" for item in short)


@pytest.mark.parametrize(("records", "missing"), [(100, False), (99, True), (0, True)])
def test_a_portal_is_counted_in_records(installation: Make, records: int, missing: bool) -> None:
    settings = settings_with(installation, {}, {"records": 100})
    short = shortfalls(settings, a_run(site(9), catalogue(records)))
    texts = [f"{PORTAL}: {records} records, at least 100 expected (settings)"] if missing else []
    assert [item.text() for item in short] == texts


def test_a_portal_that_suddenly_lists_less_is_missed(installation: Make) -> None:
    settings = settings_with(installation, {}, {"drop": 0.2})
    earlier = [a_run(catalogue(1000), night=NIGHT - timedelta(days=days)) for days in (1, 2, 3)]
    assert shortfalls(settings, a_run(catalogue(800)), earlier) == ()
    (short,) = shortfalls(settings, a_run(catalogue(799)), earlier)
    assert (short.seen, short.least, short.bound) == (799, 800, "median of 3 nights 1000")


def test_what_counts_as_seen() -> None:
    assert seen(site(3, {"dns": 2}, {"not_due": 4, "trap": 5})) == 7
    assert seen(catalogue(12)) == 12


def unused_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port


def crawl(settings: Settings, pack: Pack, night: date = NIGHT, run: str = "nightly") -> RunCoverage:
    found = crawl_night(settings, pack, night, run, FetchPolicy(), progress=lambda _: None)
    return concluded(settings, found)


def test_a_night_that_brings_too_little_is_incomplete_and_nothing_is_lost(
    installation: Make, pack: Pack, web: Web
) -> None:
    web.pages["/"] = html("home", "/a")
    web.pages["/a"] = html("a")
    scope = {"url": web.url("good.lab"), "expect": {"pages": 3}}
    settings = installation({"good": [scope]})
    coverage = crawl(settings, pack)
    assert coverage.state is RunState.INCOMPLETE
    assert coverage.reason == f"less than expected: {scope['url']}: 2 pages, at least 3 expected (settings)"
    with Archive(settings.workspace) as archive:
        assert [item.state for item in archive.coverage(NIGHT)] == [RunState.COMPLETE]
        assert sum(item.purpose is Purpose.PAGE for item in archive.run(NIGHT, "nightly")) == 2


def test_the_median_is_read_from_the_archive(installation: Make, pack: Pack, web: Web) -> None:
    web.pages["/"] = html("home", *(f"/{number}" for number in range(11)))
    web.pages |= {f"/{number}": html(f"page {number}") for number in range(11)}
    settings = installation({"good": [web.url("good.lab")]}, adaptive=False)
    for day in (3, 2, 1):
        assert crawl(settings, pack, NIGHT - timedelta(days=day)).state is RunState.COMPLETE
    web.pages = {"/": html("all new")}
    coverage = crawl(settings, pack)
    assert (coverage.state, coverage.scopes[0].failed) == (RunState.INCOMPLETE, {"http_error": 11})
    assert coverage.reason == (
        f"less than expected: {web.url('good.lab')}: 1 pages, at least 6 expected (median of 3 nights 12)"
    )


def test_control_probes_tell_whose_network_is_down(installation: Make, pack: Pack, web: Web) -> None:
    web.pages["/"] = html("home")
    dead, alive = f"http://nobody.lab:{unused_port()}/", web.url("control.lab")
    settings = installation({"good": [web.url("good.lab")]}, ("control.lab", "nobody.lab"), control_probes=[dead])
    down = crawl(settings, pack)
    assert (down.state, down.reason) == (RunState.INCOMPLETE, "our own network was down: no control probe answered")
    both = settings.model_copy(update={"crawl": settings.crawl.model_copy(update={"control_probes": (dead, alive)})})
    assert crawl(both, pack, NIGHT + timedelta(days=1)).state is RunState.COMPLETE
    with Archive(settings.workspace) as archive:
        probes = [item for item in archive.captures(until=NIGHT + timedelta(days=1)) if item.purpose is Purpose.CONTROL]
    outcomes = [(item.key.url, item.outcome is ExchangeOutcome.OK) for item in probes]
    assert sorted(outcomes) == sorted([(dead, False), (dead, False), (alive, True)])
    assert all(item.scopes == () for item in probes)
    assert msgspec.structs.asdict(down.scopes[0])["known"] == 1
