"""Looks leave no trace in what the series goes by, and ask no more than they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from config.model import Settings
from config.pack import Pack, VaryingValue
from crawler.archive import Archive
from crawler.baselines import NAME
from crawler.coverage import RunCoverage, RunState
from crawler.expectations import concluded
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.secondlook import look_id
from tests.crawler.support import NIGHT, Reply, Web, html

Make = Callable[..., Settings]


def crawl(settings: Settings, pack: Pack, night: date, run: str = "nightly", *urls: str) -> RunCoverage:
    return crawl_night(settings, pack, night, run, FetchPolicy(), urls=urls, progress=lambda _: None)


def look(settings: Settings, pack: Pack, night: date, *urls: str) -> RunCoverage:
    return crawl(settings, pack, night, look_id(night, "1"), *urls)


def asked(web: Web) -> set[str]:
    """Return what was asked since the last time."""
    paths = {path for path in web.paths() if path != "/robots.txt"}
    web.seen.clear()
    return paths


def test_the_coverage_of_a_look_is_not_what_a_night_usually_brings(installation: Make, pack: Pack, web: Web) -> None:
    whole = {"/": html("home", *(f"/{number}" for number in range(11)))}
    whole |= {f"/{number}": html(f"page {number}") for number in range(11)}
    settings = installation({"good": [web.url("good.lab")]}, adaptive=False)
    for day in (3, 2, 1):
        web.pages = dict(whole)
        assert crawl(settings, pack, NIGHT - timedelta(days=day)).state is RunState.COMPLETE
        web.pages = {"/": html("all new")}
        assert look(settings, pack, NIGHT - timedelta(days=day)).state is RunState.COMPLETE
    found = concluded(settings, crawl(settings, pack, NIGHT))
    assert found.state is RunState.INCOMPLETE
    assert "at least 6 expected (median of 3 nights 12)" in (found.reason or "")


def test_a_night_with_a_look_alone_is_none_of_the_series(installation: Make, pack: Pack, web: Web) -> None:
    web.pages["/"] = html("home")
    settings = installation({"good": [web.url("good.lab")]})
    crawl(settings, pack, NIGHT)
    look(settings, pack, NIGHT)
    look(settings, pack, NIGHT + timedelta(days=1))
    with Archive(settings.workspace) as archive:
        assert archive.nights() == (NIGHT, NIGHT + timedelta(days=1))
        assert archive.series_nights() == (NIGHT,)


def test_a_shelf_made_anew_knows_nothing_of_looks(installation: Make, pack: Pack, web: Web) -> None:
    web.pages |= {"/": html("home", "/looked"), "/looked": html("found by a look")}
    settings = installation({"good": [web.url("good.lab")]})
    look(settings, pack, NIGHT - timedelta(days=1))
    assert asked(web) == {"/", "/looked"}
    web.pages["/"] = html("home")
    crawl(settings, pack, NIGHT)
    assert asked(web) == {"/"}


def test_a_look_goes_by_what_it_finds_and_not_by_what_nights_knew(installation: Make, pack: Pack, web: Web) -> None:
    web.pages |= {"/": html("home", "/a"), "/a": html("a"), "/b": html("b")}
    settings = installation({"good": [web.url("good.lab")]})
    crawl(settings, pack, NIGHT - timedelta(days=1))
    web.pages["/"] = html("home", "/b")
    asked(web)
    look(settings, pack, NIGHT)
    assert asked(web) == {"/", "/b"}


def test_a_look_at_an_address_asks_it_and_nothing_else(installation: Make, pack: Pack, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(f"Sitemap: {web.url('good.lab', '/sitemap.xml')}\n".encode())
    web.pages |= {"/": html("home"), "/ru/news": html("news", "/more", "/paper.pdf")}
    office = web.url("other.lab", "/memleket/entities/x")
    languages = VaryingValue(kind="cookie", name="lang", values={"en": "en"}, hosts=("good.lab",))
    sites = [web.url("good.lab"), {"url": office, "platform": "govkz"}]
    settings = installation({"good": sites}, baselines=3)
    asking = pack.model_copy(update={"varying": (languages,)})
    crawl(settings, asking, NIGHT - timedelta(days=1))
    paths = web.paths("good.lab")
    assert (paths.count("/"), "/sitemap.xml" in paths, any(NAME in path for path in paths)) == (2, True, True)
    assert len(web.paths("other.lab")) > 2, "a platform is asked for its data"
    web.seen.clear()
    look(settings, asking, NIGHT, web.url("good.lab", "/ru/news"))
    assert web.paths() == ["/robots.txt", "/ru/news"]
    web.seen.clear()
    look(settings, asking, NIGHT + timedelta(days=1), office)
    assert web.paths() == ["/robots.txt", "/memleket/entities/x"]
