"""Whole crawls against real servers on loopback: each starts the crawl's own process."""

from __future__ import annotations

import gzip
import socket
import ssl
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import trustme

from config.pack import Pack
from crawler.archive import Archive
from crawler.baselines import NAME
from crawler.capture import ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState
from crawler.hosts import Progress
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.shelf import NAME as SHELF
from crawler.shelf import discard
from tests.crawler.support import NIGHT, Reply, Web, html
from tests.crawler.wholenight import Make, Night, by_path, captures


def test_an_ordinary_night(installation: Make, night: Night, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(b"User-agent: odrc\nDisallow: /private\n")
    web.pages["/"] = html(
        "home", "/a", "/b", "/private/x", "/gone", "http://elsewhere.lab/", "/doc.pdf", "/search?q=x", "/a#top"
    )
    web.pages["/a"] = html("a", "/", web.url("www.good.lab", "/b"), "http://elsewhere.lab/")
    packed = html("b", "/deep")
    web.pages["/b"] = Reply(
        gzip.compress(packed.body), headers={**packed.headers, "Content-Encoding": "gzip"}, chunked=True
    )
    web.pages["/deep"] = html("deep")
    settings = installation({"good": [web.url("good.lab")]})
    heard: list[Progress] = []
    coverage = night(settings, progress=heard.append)

    assert coverage.state is RunState.COMPLETE
    (scope,) = coverage.scopes
    assert (scope.known, scope.fetched, scope.failed) == (8, 4, {"http_error": 1, "robots": 1})
    assert scope.skipped == {"policy": 2}
    assert scope.exhausted["links"]
    assert coverage.out_of_scope == 1
    (host,) = coverage.hosts
    assert (host.host, host.requests, host.robots) == (f"good.lab:{web.port}", 6, "ok")
    assert sorted(web.paths()) == ["/", "/a", "/b", "/deep", "/gone", "/robots.txt"]

    found = by_path(settings)
    assert found["private/x"].outcome is ExchangeOutcome.ROBOTS
    gone = found["gone"]
    assert (gone.outcome, gone.status, gone.found_on) == (ExchangeOutcome.HTTP_ERROR, 404, web.url("good.lab"))
    assert gone.sha256
    page = found["b"]
    assert (page.length, page.ip, page.vantage, page.truncated) == (len(packed.body), "127.0.0.1", "default", False)
    assert page.digest_received != page.sha256
    assert page.started <= page.finished
    assert page.started.utcoffset() == page.started.tzinfo.utcoffset(None)  # type: ignore[union-attr]
    (robots,) = captures(settings, Purpose.ROBOTS)
    assert robots.outcome is ExchangeOutcome.OK

    again = night(settings)  # a complete run is not made again
    assert again == coverage
    assert len(web.seen) == 6


def test_who_we_are_is_on_the_wire(installation: Make, night: Night, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    web.pages["/"] = Reply(
        b"<a href=/next>x</a>", headers={"Content-Type": "text/html", "Set-Cookie": "lang=kk; Path=/"}
    )
    web.pages["/next"] = html("next")
    night(installation({"good": [web.url("good.lab")]}))
    assert web.paths() == ["/robots.txt", "/", "/next"]
    for item in web.seen:
        agent = item.headers["user-agent"]
        assert agent.startswith("odrc/")
        assert agent.endswith("(+https://centre.kz/bot; %D0%A6%D0%B5%D0%BD%D1%82%D1%80; data@centre.kz)")
        assert "accept-language" not in item.headers
        assert "cookie" not in item.headers
        assert "referer" not in item.headers
        assert item.headers["accept-encoding"] == "gzip, deflate"


def _failing(web: Web, elsewhere: Web) -> None:
    """A site whose pages fail each in a way of its own."""
    big = b"x" * 4000
    text = {"Content-Type": "text/html"}
    home = [
        "/drop", "/slow", "/500", "/loop", "/far", "/away", "/bad", "/declared", "/grown", "/short", "/many/1",
        "/moved", "/binary",
    ]  # fmt: skip
    web.pages["/"] = html("home", *home)
    web.pages["/drop"] = Reply(drop=True)
    web.pages["/slow"] = Reply(delay=3)
    web.pages["/500"] = Reply(b"oops", 500)
    web.pages["/loop"] = Reply(status=302, headers={"Location": "/loop"})
    web.pages["/far"] = Reply(status=302, headers={"Location": elsewhere.url("other.lab", "/landing")})
    web.pages["/away"] = Reply(status=302, headers={"Location": web.url("www.good.lab", "/landed")})
    web.pages["/landed"] = html("landed")
    web.pages["/bad"] = Reply(status=302, headers={"Location": "mailto:x@y.kz"})
    web.pages["/declared"] = Reply(big, headers=text)
    web.pages["/grown"] = Reply(big, headers=text, chunked=True)
    web.pages["/short"] = Reply(b"<p>cut", headers=text, short=50)
    web.pages["/moved"] = Reply(status=304)
    web.pages["/binary"] = Reply(b"\0\1\2", headers={"Content-Type": "application/octet-stream"})
    for number in range(1, 6):
        web.pages[f"/many/{number}"] = Reply(status=301, headers={"Location": f"/many/{number + 1}"})


def test_each_way_to_fail_has_its_outcome(
    installation: Make, night: Night, web: Web, serve: Callable[..., Web]
) -> None:
    elsewhere = serve()
    _failing(web, elsewhere)
    settings = installation(
        {"good": [web.url("good.lab")]}, timeout=1, max_file=2000, max_redirects=3, retries=1, concurrency=8
    )
    coverage = night(settings)
    found = by_path(settings)
    outcomes = {path: item.outcome.value for path, item in found.items()}
    assert outcomes == {
        "": "ok",
        "drop": "reset",
        "slow": "timeout",
        "500": "http_error",
        "loop": "redirect_loop",
        "far": "out_of_scope",
        "away": "ok",
        "bad": "invalid",
        "declared": "too_large",
        "grown": "too_large",
        "short": "ok",
        "many/1": "redirect_loop",
        "moved": "http_error",
        "binary": "ok",
    }
    assert coverage.state is RunState.COMPLETE
    assert (found["declared"].truncated, found["declared"].length, found["declared"].status) == (True, 0, 200)
    assert (found["grown"].truncated, found["grown"].length) == (True, 2000)
    assert found["short"].truncated
    assert "before the body was complete" in (found["short"].detail or "")
    assert found["500"].detail == "tries: 500, 500"
    assert found["drop"].detail
    assert found["away"].url == web.url("www.good.lab", "/landed")
    assert [hop.status for hop in found["many/1"].redirects] == [301] * 4
    assert elsewhere.seen == []
    with Archive(settings.workspace) as archive:
        for item in found.values():
            for hop in item.redirects:
                assert hop.record
                assert archive.message(hop.record).startswith(f"HTTP/1.1 {hop.status}".encode())


def test_a_redirect_leads_into_nothing_that_is_left_out(installation: Make, night: Night, web: Web) -> None:
    web.pages["/one/"] = html("one", "/one/a", "/one/b")
    web.pages["/one/a"] = Reply(status=302, headers={"Location": "/two/a"})
    web.pages["/one/b"] = Reply(status=302, headers={"Location": "/one/closed/b"})
    web.fallback = html("page")
    one = {"url": web.url("good.lab", "/one/"), "exclude": ["/one/closed/"]}
    settings = installation({"one": [one], "two": [web.url("good.lab", "/two/")]})
    night(settings)
    outcomes = {path: item.outcome.value for path, item in by_path(settings).items()}
    assert outcomes == {"one/": "ok", "one/a": "out_of_scope", "one/b": "out_of_scope", "two/": "ok"}
    assert not {"/two/a", "/one/closed/b"} & set(web.paths())


def test_hosts_that_cannot_be_reached(installation: Make, night: Night, web: Web, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
        settings = installation(
            {
                "refused": [f"http://good.lab:{closed}/"],
                "dns": ["http://no-such-name.invalid/"],
                "down": [web.url("other.lab")],
                "tls": [web.url("tls.lab", scheme="https")],
            },
            names=("tls.lab",),
            retries=0,
        )
        web.pages["/robots.txt"] = Reply(b"down", 500)
        coverage = night(settings)
    states = {host.host.partition(":")[0].partition(".")[0]: host.robots for host in coverage.hosts}
    assert states["good"] == "refused"
    assert states["no-such-name"] == "dns"
    outcomes = {item.key.url: item.outcome.value for item in captures(settings)}
    assert set(outcomes.values()) == {"refused", "dns", "robots_unreachable", "tls"}
    assert "/" not in web.paths()


def test_the_guard_keeps_private_networks_out(installation: Make, night: Night, web: Web) -> None:
    settings = installation({"good": [web.url("good.lab")], "ip": [web.url("127.0.0.1")]}, allow_private=False)
    coverage = night(settings)
    assert [scope.failed for scope in coverage.scopes] == [{"guard": 1}, {"guard": 1}]
    assert {item.detail for item in captures(settings, Purpose.ROBOTS)} == {"127.0.0.1: loopback"}
    assert web.seen == []


def test_through_a_proxy_names_are_not_resolved_here(installation: Make, night: Night, web: Web) -> None:
    web.pages["http://public.lab/robots.txt"] = Reply(status=404)
    web.pages["http://public.lab/"] = html("home", "/next")
    web.pages["http://public.lab/next"] = html("next")
    settings = installation({"a": ["http://public.lab/"]}, allow_private=False, proxy=web.url("127.0.0.1"), resolve={})
    coverage = night(settings)
    assert coverage.scopes[0].fetched == 2
    assert web.paths() == ["http://public.lab/robots.txt", "http://public.lab/", "http://public.lab/next"]
    assert all(item.ip is None for item in captures(settings))


def test_crawl_delay_is_obeyed_up_to_the_cap(installation: Make, night: Night, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 60\n")
    web.pages["/"] = html("home", "/a", "/b")
    web.pages["/a"] = web.pages["/b"] = html("page")
    night(installation({"good": [web.url("good.lab")]}, crawl_delay_cap=0.4))
    moments = [item.at for item in web.seen if item.path != "/robots.txt"]
    assert len(moments) == 3
    assert all(later - earlier > 0.35 for earlier, later in pairwise(moments))


def test_robots_is_asked_once_and_its_absence_allows(installation: Make, night: Night, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(status=302, headers={"Location": "/r2.txt"})
    web.pages["/r2.txt"] = Reply(b"gone", 410)
    web.pages["/"] = html("home", *[f"/{number}" for number in range(5)])
    coverage = night(installation({"good": [web.url("good.lab")]}))
    assert web.paths().count("/robots.txt") == 1
    assert coverage.hosts[0].robots == "absent"
    assert coverage.scopes[0].failed == {"http_error": 5}


def test_two_scopes_share_a_host_fairly(installation: Make, night: Night, web: Web) -> None:
    web.pages["/a"] = html("a", *[f"/a/{number}" for number in range(30)])
    web.pages["/b"] = html("b", *[f"/b/{number}" for number in range(30)])
    web.fallback = html("page")
    settings = installation(
        {"a": [web.url("good.lab", "/a")], "b": [web.url("good.lab", "/b")]}, pages_per_site=10, concurrency=1
    )
    coverage = night(settings)
    assert [scope.fetched for scope in coverage.scopes] == [10, 10]
    assert [scope.skipped for scope in coverage.scopes] == [{"budget": 21}] * 2
    order = [path[1] for path in web.paths() if path != "/robots.txt"]
    for cut in range(4, 20):
        assert abs(order[:cut].count("a") - order[:cut].count("b")) <= 2


def test_block_pages_are_an_incident_and_lead_nowhere(installation: Make, night: Night, web: Web) -> None:
    web.pages["/"] = html("Доступ ограничен", "/trap")
    coverage = night(installation({"good": [web.url("good.lab")]}))
    assert coverage.hosts[0].incidents == ("blocked:access_limited_ru",)
    assert coverage.scopes[0].known == 1


def test_documents_and_first_bytes(installation: Make, night: Night, web: Web) -> None:
    web.pages["/"] = html("home", "/data.csv")
    web.pages["/data.csv"] = Reply(b"a,b\n" * 50_000, headers={"Content-Type": "text/csv"})
    settings = installation({"good": [web.url("good.lab")]})
    purposes = frozenset({Purpose.PAGE, Purpose.DOCUMENT})
    night(settings, FetchPolicy(purposes, frozenset({Purpose.PAGE})))
    (document,) = captures(settings, Purpose.DOCUMENT)
    assert (document.outcome, document.truncated, document.length) == (ExchangeOutcome.OK, True, 65_536)


def test_secrets_reach_no_file_of_the_workspace(installation: Make, night: Night, web: Web) -> None:
    secret = "s3cr3t0123456789"
    web.fallback = Reply(status=302, headers={"Location": f"/?token={secret}x", "Set-Cookie": f"sid={secret}"})
    web.pages["/robots.txt"] = Reply(status=404)
    settings = installation({"good": [web.url("good.lab", f"/?apiKey={secret}")]})
    coverage = night(settings)
    assert f"/?apiKey={secret}" in web.paths()
    assert secret not in repr(coverage)
    for path in settings.workspace.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert secret.encode() not in (gzip.decompress(data) if path.suffix == ".gz" else data)


def test_agencies_can_be_named(installation: Make, night: Night, web: Web) -> None:
    web.fallback = html("page")
    settings = installation({"a": [web.url("good.lab")], "b": [web.url("other.lab")]})
    coverage = night(settings, only=frozenset({"b"}))
    assert [scope.scope for scope in coverage.scopes] == [web.url("other.lab")]
    assert web.paths("good.lab") == []


def test_tls_is_verified_first(
    installation: Make, night: Night, serve: Callable[..., Web], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted, stranger = trustme.CA(), trustme.CA()
    bundle = tmp_path / "roots.pem"
    trusted.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    scopes = {}
    for name, authority, names in (
        ("good", trusted, ["good.lab"]),
        ("other", stranger, ["other.lab"]),
        ("slow", trusted, ["another-name.lab"]),
    ):
        server = _tls(serve, authority, names)
        server.fallback = html("page")
        scopes[name] = [server.url(f"{name}.lab", scheme="https")]
    settings = installation(scopes)
    night(settings)
    found = {item.host.partition(".")[0]: item for item in captures(settings)}
    assert {item.outcome for item in found.values()} == {ExchangeOutcome.OK}
    assert found["good"].tls
    assert found["other"].tls
    assert found["slow"].tls
    assert (found["good"].tls.verified, found["good"].tls.error) == (True, None)
    assert (found["other"].tls.verified, found["other"].tls.error) == (False, "issuer not known or not sent")
    assert (found["slow"].tls.verified, found["slow"].tls.error) == (False, "certificate is for another name")


def _tls(serve: Callable[..., Web], authority: trustme.CA, names: list[str]) -> Web:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names).configure_cert(context)
    return serve(lambda plain: context.wrap_socket(plain, server_side=True))


def test_a_window_of_a_whole_day(installation: Make, night: Night, web: Web) -> None:
    shut = {"start": "00:00", "end": "00:00"}
    settings = installation({"good": [web.url("good.lab")]}, window=shut)
    assert settings.crawl.window
    coverage = night(settings)  # equal ends: the whole day
    assert coverage.state is RunState.COMPLETE
    assert msgspec.json.decode(msgspec.json.encode(coverage), type=RunCoverage) == coverage


def test_an_address_that_names_nothing_is_asked_once_per_prefix(installation: Make, night: Night, web: Web) -> None:
    web.pages |= {"/": html("home", "/a/1", "/a/2", "/b/1", "/c/1"), "/robots.txt": Reply(b"", 404)}
    web.pages |= {path: html(path) for path in ("/a/1", "/a/2", "/b/1", "/c/1")}
    web.fallback = html("the same for everything")
    settings = installation({"good": [web.url("good.lab")]}, baselines=2)
    coverage = night(settings)
    asked = [path for path in web.paths() if NAME in path]
    assert sorted(path.rpartition("/")[0] for path in asked) == ["", "/a"]
    found = captures(settings, Purpose.BASELINE)
    assert {item.url for item in found} == {web.url("good.lab", path) for path in asked}
    assert all(item.scopes == () and item.sha256 for item in found)
    assert coverage.scopes[0].known == coverage.scopes[0].fetched == 5, "no account pays for them"


@pytest.mark.parametrize("shelf", ["kept", "deleted"])
def test_the_next_night_asks_what_was_not_seen_yet(installation: Make, pack: Pack, web: Web, shelf: str) -> None:
    menu = "<nav>" + "".join(f"<a href=http://n{number}.lab/>x</a>" for number in range(6)) + "</nav>"
    names = [f"/page-{letter}" for letter in "abcdefgh"]
    web.pages["/robots.txt"] = Reply(status=404)
    home = html("home", *names)
    web.pages["/"] = Reply(home.body.replace(b"<body>", b"<body>" + menu.encode()), headers=home.headers)
    deep = {f"{name}/{number}": html("deep") for name in names for number in range(2)}
    web.pages |= {name: html("list", f"{name}/0", f"{name}/1") for name in names} | deep
    settings = installation({"good": [web.url("good.lab")]}, pages_per_site=9, baselines=0)
    seen: set[str] = set()
    for number in range(4):
        web.seen.clear()
        coverage = crawl_night(
            settings, pack, NIGHT + timedelta(days=number), f"night{number}", FetchPolicy(), progress=lambda _: None
        )
        (scope,) = coverage.scopes
        assert scope.balanced()
        assert scope.fetched == 9
        asked = set(web.paths()) - {"/robots.txt", "/"}
        assert len(asked - seen) == min(8, len(names) + len(deep) - len(seen)), "what was never seen goes first"
        seen |= asked
        if shelf == "deleted":
            discard(settings.workspace / SHELF)
    assert seen == {*names, *deep}
