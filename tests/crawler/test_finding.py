"""Finding pages: what robots files, sitemaps, feeds and pages name, in whole crawls of a small site on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, ScopeCoverage
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Reply, Web, html

Make = Callable[..., Settings]
XML = {"Content-Type": "application/xml"}


@pytest.fixture
def speaking(pack: Pack) -> Pack:
    """A pack of two languages that sites call by names of their own."""
    languages = [
        {"code": code, "aliases": aliases, "obligation": "required", "basis": "test", "verified": True, "names": names}
        for code, aliases, names in (("xx", ["xa"], {"xx": "Xexe"}), ("yy", [], {"yy": "Ypsilon"}))
    ]
    return Pack.model_validate({**pack.model_dump(mode="json"), "languages": languages})


def crawl(settings: Settings, pack: Pack, **more: Any) -> RunCoverage:
    return crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None, **more)


def scope_of(coverage: RunCoverage) -> ScopeCoverage:
    (scope,) = coverage.scopes
    assert scope.balanced()
    return scope


def captures(settings: Settings) -> list[Capture]:
    with Archive(settings.workspace) as archive:
        return list(archive.captures(until=NIGHT))


def page(head: str = "", body: str = "") -> Reply:
    text = f"<!doctype html><html><head><title>x</title>{head}</head><body><p>text</p>{body}</body></html>"
    return Reply(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def urlset(web: Web, *paths: str) -> bytes:
    rows = "".join(f"<url><loc>{web.url('good.lab', path)}</loc></url>" for path in paths)
    return f"<urlset>{rows}</urlset>".encode()


def test_pages_are_found_in_every_way(installation: Make, speaking: Pack, web: Web) -> None:
    there = [f"/by-{name}" for name in (
        "sitemap", "gzip", "text", "rss", "atom", "hreflang", "canonical", "refresh", "frame", "area"
    )]  # fmt: skip
    web.pages |= {path: html(path) for path in there}
    lines = [f"Sitemap: {web.url('good.lab', path)}" for path in ("/index.xml", "/list.txt")]
    web.pages["/robots.txt"] = Reply("\n".join(["User-agent: *", "Disallow:", *lines]).encode())
    children = "".join(f"<sitemap><loc>{web.url('good.lab', path)}</loc></sitemap>" for path in ("/a.xml", "/b.xml.gz"))
    web.pages["/index.xml"] = Reply(
        f"<sitemapindex>{children}</sitemapindex>".encode(), headers={"Content-Type": "text/html"}
    )
    web.pages["/a.xml"] = Reply(urlset(web, "/by-sitemap"), headers={"Content-Type": "application/octet-stream"})
    web.pages["/b.xml.gz"] = Reply(gzip.compress(urlset(web, "/by-gzip")), headers=XML)
    web.pages["/list.txt"] = Reply(web.url("good.lab", "/by-text").encode(), headers=XML)
    web.pages["/rss"] = Reply(b"<rss><channel><item><link>/by-rss</link></item></channel></rss>")
    web.pages["/atom"] = Reply(
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='by-atom'/></entry></feed>"
    )
    web.pages["/"] = page(
        "<link rel=alternate type='application/rss+xml' href=/rss><link rel=alternate type='application/atom+xml' href=/atom>"
        "<link rel=alternate hreflang=yy href=/by-hreflang><link rel=canonical href=/by-canonical>"
        "<meta http-equiv=refresh content='5; url=/by-refresh'>",
        "<iframe src=/by-frame></iframe><map><area href=/by-area></map>",
    )
    settings = installation({"good": [web.url("good.lab")]}, baselines=0)
    coverage = crawl(settings, speaking)
    scope = scope_of(coverage)
    assert {path for path in web.paths() if path.startswith("/by-")} == set(there)
    assert (scope.known, scope.fetched) == (1 + len(there), 1 + len(there))
    assert scope.exhausted == dict.fromkeys(("links", "menu", "sections", "sitemap", "data"), True)
    assert scope.discovered
    lists = [item for item in captures(settings) if item.purpose is Purpose.SITEMAP]
    assert {item.url.rpartition("/")[2] for item in lists} == {
        "index.xml",
        "a.xml",
        "b.xml.gz",
        "list.txt",
        "rss",
        "atom",
    }
    assert coverage.hosts[0].incidents == ()


@pytest.mark.parametrize(
    ("reply", "incident", "exhausted"),
    [
        (Reply(b"gone", 404), "sitemap:http_error", True),
        (Reply(b"broken", 500), "sitemap:http_error", False),
        (Reply(b"<html><body>no such page</body></html>"), "sitemap:not_a_list", False),
        (Reply(b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>"), "sitemap:entities", False),
    ],
)
def test_a_sitemap_that_cannot_be_read_is_told(
    installation: Make, pack: Pack, web: Web, reply: Reply, incident: str, exhausted: bool
) -> None:
    web.pages["/robots.txt"] = Reply(f"Sitemap: {web.url('good.lab', '/sitemap.xml')}".encode())
    web.pages |= {"/": html("home"), "/sitemap.xml": reply}
    coverage = crawl(installation({"good": [web.url("good.lab")]}, baselines=0, retries=0), pack)
    assert coverage.hosts[0].incidents == (incident,)
    scope = scope_of(coverage)
    assert (scope.exhausted["sitemap"], scope.exhausted["links"]) == (exhausted, True)


def asked_for_lists(web: Web, host: str = "good.lab") -> list[str]:
    return [path for path in web.paths(host) if "sitemap" in path]


@pytest.mark.parametrize(
    "robots", [Reply(b"", 404), Reply(b"User-agent: *\nDisallow: /x"), Reply(b"<html>home</html>")]
)
def test_a_sitemap_that_nobody_names_is_looked_for_once(
    installation: Make, pack: Pack, web: Web, robots: Reply
) -> None:
    web.pages |= {"/robots.txt": robots, "/": html("home"), "/lonely": html("named by the sitemap alone")}
    web.pages["/sitemap.xml"] = Reply(urlset(web, "/lonely"), headers=XML)
    settings = installation(
        {"good": [web.url("good.lab")], "two": [web.url("www.good.lab", "/two/")]}, usual_sitemaps=True
    )
    coverage = crawl(settings, pack)
    assert asked_for_lists(web) + asked_for_lists(web, "www.good.lab") == ["/sitemap.xml"], "once, for all its names"
    assert "/lonely" in web.paths("good.lab")
    (host,) = coverage.hosts
    assert (host.sitemaps, host.incidents) == ("found", ())


@pytest.mark.parametrize(
    "answer", [Reply(b"gone", 404), html("no such page, says status 200"), Reply(b"", 200), Reply(b"broken", 500)]
)
def test_no_sitemap_is_no_defect(installation: Make, pack: Pack, web: Web, answer: Reply) -> None:
    web.pages |= {
        "/robots.txt": Reply(b"", 404),
        "/": html("home"),
        "/sitemap.xml": answer,
        "/sitemap_index.xml": answer,
    }
    coverage = crawl(installation({"good": [web.url("good.lab")]}, usual_sitemaps=True, retries=0), pack)
    assert asked_for_lists(web) == ["/sitemap.xml", "/sitemap_index.xml"]
    (host,) = coverage.hosts
    assert (host.sitemaps, host.incidents) == ("none", ())
    scope = scope_of(coverage)
    assert scope.exhausted["sitemap"], "nobody promised one"
    assert (scope.known, scope.fetched) == (1, 1)


def test_an_index_that_nobody_names_is_read_and_what_it_names_counts(installation: Make, pack: Pack, web: Web) -> None:
    index = f"<sitemapindex><sitemap><loc>{web.url('good.lab', '/part.xml')}</loc></sitemap></sitemapindex>"
    web.pages |= {
        "/robots.txt": Reply(b"", 404),
        "/": html("home"),
        "/sitemap_index.xml": Reply(index.encode(), headers=XML),
        "/part.xml": Reply(b"broken", 500),
    }
    coverage = crawl(installation({"good": [web.url("good.lab")]}, usual_sitemaps=True, retries=0), pack)
    (host,) = coverage.hosts
    assert (host.sitemaps, host.incidents) == ("found", ("sitemap:http_error",))
    assert not scope_of(coverage).exhausted["sitemap"]


def test_robots_that_name_sitemaps_or_deny_the_usual_place_are_enough(installation: Make, pack: Pack, web: Web) -> None:
    web.pages["good.lab/robots.txt"] = Reply(f"Sitemap: {web.url('good.lab', '/own.xml')}".encode())
    web.pages["other.lab/robots.txt"] = Reply(b"User-agent: *\nDisallow: /sitemap")
    web.pages |= {"/own.xml": Reply(urlset(web, "/a"), headers=XML), "/": html("home"), "/a": html("a")}
    web.pages["slow.lab/robots.txt"] = Reply(b"", 500)
    sites = {name: [web.url(f"{name}.lab")] for name in ("good", "other", "slow")}
    coverage = crawl(installation(sites, usual_sitemaps=True, retries=0), pack)
    assert [path for host in ("good.lab", "other.lab", "slow.lab") for path in asked_for_lists(web, host)] == []
    told = {host.host.partition(".")[0]: (host.sitemaps, host.incidents) for host in coverage.hosts}
    assert told == {"good": ("named", ()), "other": ("none", ()), "slow": ("not_asked", ())}


def test_a_night_that_goes_on_does_not_look_again(installation: Make, pack: Pack, web: Web) -> None:
    web.pages |= {
        "/robots.txt": Reply(b"", 404),
        "/": html("home"),
        "/sitemap.xml": Reply(urlset(web, "/a"), headers=XML),
    }
    settings = installation({"good": [web.url("good.lab")]}, usual_sitemaps=True, deadline=1.2, delay=1)
    web.pages["/a"] = Reply(b"", delay=3)
    first = crawl(settings, pack)
    assert first.reason == "deadline"
    web.pages["/a"] = html("a")
    again = crawl(installation({"good": [web.url("good.lab")]}, usual_sitemaps=True), pack)
    assert asked_for_lists(web) == ["/sitemap.xml"]
    assert (again.hosts[0].sitemaps, scope_of(again).fetched) == ("found", 2)


def test_start_pages_of_all_languages_and_their_menus_are_required(
    installation: Make, speaking: Pack, web: Web
) -> None:
    """By path and alias, by parameter, and by a label on an address that shows no language."""
    news = "".join(f"<a href=/story-{number}>s</a>" for number in range(30))

    def home(*menu: str, main: str = "") -> Reply:
        links = "".join(f"<a href='{path}'>x</a>" for path in menu)
        return page(body=f"<nav>{links}<a href=/other>Ypsilon</a></nav><main>{main}</main>")

    menus = {
        code: [f"/{code}/{name}" for name in ("acts", "staff", "contacts", "help", "terms")] for code in ("xa", "yy")
    }
    web.pages |= {path: page() for paths in menus.values() for path in paths}
    web.pages["/robots.txt"] = Reply(status=404)
    web.pages["/"] = Reply(b"", 302, {"Location": "/xa/"})
    web.pages["/xa/"] = home(*menus["xa"], "/yy/", "?lang=yy", main=news)
    web.pages["/yy/"] = web.pages["/xa/?lang=yy"] = home(*menus["yy"], main=news)
    web.pages["/other"] = home("/deep-menu", *menus["yy"][:4])
    web.pages["/deep-menu"] = page()
    settings = installation({"good": [web.url("good.lab")]}, pages_per_site=30, baselines=0)
    scope = scope_of(crawl(settings, speaking))
    found = captures(settings)
    strata = {item.key.url.partition(".lab")[2].partition("/")[2]: item.stratum for item in found}
    for path in ("", "yy/", "xa/?lang=yy", "other"):
        assert strata[path] == "required:start"
    for path in ("xa/acts", "yy/terms", "deep-menu"):
        assert strata[path] == "required:menu"
    stories = [stratum for path, stratum in strata.items() if path.startswith("story")]
    assert stories
    assert set(stories) == {"top"}
    assert scope.exhausted["menu"]
    assert not scope.exhausted["links"]


def test_a_session_in_the_address_is_left_out(installation: Make, pack: Pack, web: Web) -> None:
    counter = [0]

    def with_session(path: str) -> Reply:
        counter[0] += 1
        links = [f"{name};jsessionid={counter[0]:032X}" for name in ("/a", "/b")]
        return html(path, *links, f"/c?PHPSESSID={counter[0]}&id=1")

    web.pages["/robots.txt"] = Reply(status=404)
    web.fallback = with_session
    scope = scope_of(crawl(installation({"good": [web.url("good.lab")]}, baselines=0), pack))
    assert (scope.known, scope.fetched) == (4, 4)
    assert sorted(web.paths()) == ["/", "/a", "/b", "/c?id=1", "/robots.txt"]


def test_a_maze_is_cut_off_and_told(installation: Make, pack: Pack, web: Web) -> None:
    def room(path: str) -> Reply:
        number = sum(map(ord, path)) + len(path)
        return html("a room like any other", *[f"/maze/{path[-6:].strip('/')}{number}{step}x" for step in range(3)])

    web.pages["/robots.txt"] = Reply(status=404)
    honest = {
        f"/news/{number}": html(
            f"story of {'abcdefghij'[number % 10] * 3} and {'klmnopqrst'[number // 10] * 4} here", "/"
        )
        for number in range(80)
    }
    web.pages |= honest
    web.pages["/"] = html("home", "/maze/in", *honest)
    web.fallback = room
    settings = installation({"good": [web.url("good.lab")]}, pages_per_site=400, baselines=0)
    scope = scope_of(crawl(settings, pack))
    asked = [path for path in web.paths() if path.startswith("/maze")]
    assert len(asked) < 120
    assert {path for path in web.paths() if path.startswith("/news")} == set(honest)
    (cut,) = scope.traps
    assert (cut.kind, cut.pattern) == ("near_equal", "/maze/*")
    assert scope.skipped == {"trap": cut.count}
    failed = [item for item in captures(settings) if item.outcome is not ExchangeOutcome.OK]
    assert [item.purpose for item in failed] == [Purpose.ROBOTS]
