"""Whole crawls of catalogues on loopback that page, lie and break: each starts the crawl's own process."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from config.model import Probe, Settings
from config.pack import Pack, VaryingValue
from crawler.archive import Archive
from crawler.books import Visit
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState, ScopeCoverage
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.site import SiteSpider
from tests.crawler.support import NIGHT, Reply, Web, html

Make = Callable[..., Settings]
PORTALS = FetchPolicy(frozenset({Purpose.PAGE, Purpose.PORTAL}))
FILES = FetchPolicy(frozenset({Purpose.PAGE, Purpose.PORTAL, Purpose.DISTRIBUTION}))


@pytest.fixture
def installed(installation: Make, web: Web) -> Make:
    def make(kind: str, path: str = "/", **crawl: Any) -> Settings:
        settings = installation({"a": []}, ("data.lab", "files.lab"), **crawl)
        portal = {"id": "p", "kind": kind, "url": web.url("data.lab", path)}
        return Settings.model_validate(settings.model_dump() | {"portals": [portal]})

    return make


@pytest.fixture
def crawl(pack: Pack) -> Callable[..., tuple[RunCoverage, ScopeCoverage]]:
    def run(settings: Settings, policy: FetchPolicy = PORTALS, **more: Any) -> tuple[RunCoverage, ScopeCoverage]:
        more.setdefault("progress", lambda _: None)
        coverage = crawl_night(settings, more.pop("pack", pack), NIGHT, "nightly", policy, **more)
        scope = next((item for item in coverage.scopes if item.scope == settings.portals[0].url), ScopeCoverage("none"))
        assert all(item.balanced() for item in coverage.scopes)
        found = [item for item in captures(settings) if scope.scope in item.scopes]
        assert Counter(item.outcome is ExchangeOutcome.OK for item in found) == Counter(
            {key: number for key, number in {True: scope.fetched, False: sum(scope.failed.values())}.items() if number}
        )
        return coverage, scope

    return run


def captures(settings: Settings, *purposes: Purpose) -> list[Capture]:
    wanted = purposes or (Purpose.PORTAL, Purpose.DISTRIBUTION)
    with Archive(settings.workspace) as archive:
        return [item for item in archive.captures(until=NIGHT) if item.purpose in wanted]


def incidents(coverage: RunCoverage) -> list[str]:
    return [item for host in coverage.hosts for item in host.incidents]


def ckan(packages: list[dict[str, Any]], *, most: int = 2, count: object = None) -> Callable[[str], Reply]:
    """A CKAN that gives *most* packages a page, whatever is asked for, and claims *count*."""

    def answer(path: str) -> Reply:
        start = int(parse_qs(urlsplit(path).query).get("start", ["0"])[0])
        result = {"count": len(packages) if count is None else count, "results": packages[start : start + most]}
        return Reply(
            json.dumps({"success": True, "result": result}).encode(), headers={"Content-Type": "application/json"}
        )

    return answer


def packages(number: int, files: str = "") -> list[dict[str, Any]]:
    return [
        {
            "id": f"p{index}",
            "organization": {"id": f"o{index % 3}"},
            "resources": [{"url": f"{files}/{index}.csv", "format": "CSV"}] if files else [],
        }
        for index in range(number)
    ]


def test_a_catalogue_is_read_page_by_page(installed: Make, crawl: Any, web: Web) -> None:
    web.fallback = ckan(packages(5))
    coverage, scope = crawl(installed("ckan"))
    assert coverage.state is RunState.COMPLETE
    assert (scope.known, scope.fetched, scope.exhausted) == (4, 4, {"data": True})
    assert web.paths()[0] == "/robots.txt"
    assert len(web.paths()) == 5
    assert incidents(coverage) == []


@pytest.mark.parametrize(
    ("count", "reasons"), [(10**9, ["catalogue:fewer_than_claimed"]), (-1, []), ("many", []), (0, [])]
)
def test_lies_about_the_total(installed: Make, crawl: Any, web: Web, count: object, reasons: list[str]) -> None:
    web.fallback = ckan(packages(3), count=count)
    coverage, scope = crawl(installed("ckan"))
    assert (scope.fetched, scope.exhausted) == (3, {"data": not reasons})
    assert incidents(coverage) == reasons


def test_a_catalogue_that_gives_the_same_page_for_ever(installed: Make, crawl: Any, web: Web) -> None:
    web.fallback = lambda _: ckan(packages(2))("/")
    coverage, scope = crawl(installed("ckan"))
    assert (scope.fetched, scope.exhausted, incidents(coverage)) == (2, {"data": True}, [])


def test_a_page_in_the_middle_that_breaks(installed: Make, crawl: Any, web: Web) -> None:
    whole = ckan(packages(250), most=100)

    def answer(path: str) -> Reply:
        reply = whole(path)
        if "start=100" in path:
            reply.body = reply.body[: len(reply.body) // 2]
        return reply

    web.fallback = answer
    coverage, scope = crawl(installed("ckan"))
    assert scope.fetched == 4
    assert scope.exhausted == {"data": False}
    assert incidents(coverage) == ["catalogue:cut_off", "catalogue:fewer_than_claimed"]


@pytest.mark.parametrize("kind", ["ckan", "csw", "dcat", "datajson", "egovkz", "auto"])
def test_a_site_that_answers_everything_with_a_page(installed: Make, crawl: Any, web: Web, kind: str) -> None:
    web.fallback = html("Welcome to the portal", "/a", "/b")
    coverage, scope = crawl(installed(kind))
    assert coverage.state is RunState.COMPLETE
    assert scope.exhausted == {"data": False}
    assert incidents(coverage) == [f"catalogue:{'not_recognised' if kind == 'auto' else 'html'}"]
    assert len(web.paths()) <= 9


def test_robots_are_obeyed_and_another_way_is_tried(installed: Make, crawl: Any, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /api/\n")
    turtle = b"@prefix dcat: <http://www.w3.org/ns/dcat#> . <d> a dcat:Dataset ."
    web.pages["/catalog.ttl"] = Reply(turtle, headers={"Content-Type": "text/turtle"})
    coverage, scope = crawl(installed("ckan"))
    assert (scope.failed, scope.fetched, scope.exhausted) == ({"robots": 1}, 1, {"data": True})
    assert web.paths() == ["/robots.txt", "/catalog.ttl"]
    assert web.seen[1].headers["accept"].startswith("text/turtle")
    assert incidents(coverage) == []


def test_the_budget_ends_a_harvest(installed: Make, crawl: Any, web: Web) -> None:
    web.fallback = ckan(packages(50))
    coverage, scope = crawl(installed("ckan", records_per_portal=6))
    assert coverage.state is RunState.COMPLETE
    assert (scope.fetched, scope.skipped, scope.exhausted) == (3, {"budget": 1}, {"data": False})


def test_distributions_are_sampled(installed: Make, crawl: Any, web: Web) -> None:
    web.fallback = ckan(packages(9, web.url("files.lab")))
    for number in range(9):
        web.pages[f"files.lab/{number}.csv"] = Reply(b"a,b\n1,2\n", headers={"Content-Type": "text/csv"})
    settings = installed("ckan", distributions_per_portal=3)
    _, scope = crawl(settings, FILES)
    files = captures(settings, Purpose.DISTRIBUTION)
    assert len(files) == 3
    assert {int(item.url.rpartition("/")[2][0]) % 3 for item in files} == {0, 1, 2}
    assert all(item.scopes == (settings.portals[0].url,) and item.length == 8 for item in files)
    assert (scope.fetched, scope.exhausted) == (6 + 3, {"data": True})
    assert [path for path in web.paths("files.lab") if path == "/robots.txt"] == ["/robots.txt"]


def test_without_a_need_nothing_is_harvested(installed: Make, crawl: Any, web: Web) -> None:
    coverage, _ = crawl(installed("ckan"), FetchPolicy())
    assert (coverage.scopes, web.paths()) == ((), [])


def test_agencies_that_own_no_portal_are_crawled_without(installed: Make, crawl: Any, web: Web) -> None:
    crawl(installed("ckan"), only=frozenset({"a"}))
    assert web.paths() == []


def test_a_harvest_that_was_killed_goes_on(
    installed: Make, crawl: Any, web: Web, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess  # noqa: PLC0415

    started: list[Any] = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        "crawler.run.subprocess.Popen", lambda *given, **more: started.append(popen(*given, **more)) or started[-1]
    )
    whole, asked = ckan(packages(12, web.url("files.lab"))), Counter[str]()
    web.pages["/robots.txt"] = Reply(b"")

    def answer(path: str) -> Reply:
        asked[path] += 1
        if "start=8" in path and asked[path] == 1:
            started[0].send_signal(signal.SIGKILL)
        return whole(path)

    web.fallback = answer
    settings = installed("ckan", distributions_per_portal=2)
    cut = crawl_night(settings, pack, NIGHT, "nightly", FILES, progress=lambda _: None)
    assert cut.state is RunState.INCOMPLETE
    before = captures(settings)
    coverage, scope = crawl(settings, FILES)
    assert coverage.state is RunState.COMPLETE
    assert (scope.known, scope.fetched, scope.exhausted) == (7 + 2, 9, {"data": True})
    assert [item for item in captures(settings) if item in before] == before
    assert max(asked.values()) <= 2
    assert sum(asked.values()) - len(asked) <= 1  # only what was under way is asked twice


def test_probes_are_asked_once_and_not_followed(installation: Make, crawl: Any, pack: Pack, web: Web) -> None:
    web.fallback = html("a page", "/more")
    settings = installation({"a": [], "b": []})
    probes = (Probe(url=web.url("good.lab", "/services")), Probe(url=web.url("good.lab", "/gone")))
    agencies = tuple(item.model_copy(update={"probes": probes}) for item in settings.agencies)
    settings = settings.model_copy(update={"agencies": agencies})
    web.pages["/gone"] = Reply(b"no", 404)
    policy = FetchPolicy(frozenset({Purpose.PAGE, Purpose.PROBE}))
    coverage = crawl_night(settings, pack, NIGHT, "nightly", policy, progress=lambda _: None)
    assert coverage.state is RunState.COMPLETE
    assert sorted(web.paths()) == ["/gone", "/robots.txt", "/services"]
    assert {item.url: item.status for item in captures(settings, Purpose.PROBE)} == {
        web.url("good.lab", "/services"): 200, web.url("good.lab", "/gone"): 404,
    }  # fmt: skip


def test_one_address_in_every_language(installation: Make, pack: Pack, web: Web) -> None:
    languages = {"kk": "kaz", "ru": "rus", "en": "eng"}
    values = (
        VaryingValue(kind="cookie", name="lang", values=languages, hosts=("good.lab",)),
        VaryingValue(kind="header", name="Accept-Language", values={"kk": "kk"}, hosts=("other.lab",)),
    )
    settings = installation({"a": [web.url("good.lab")], "b": [web.url("other.lab")]})
    web.pages["/"] = html("home", "/one", "/shell")
    web.pages["/one"] = html("one")
    web.pages["/shell"] = Reply(b'<div id="root"></div><script src=x></script>', headers={"Content-Type": "text/html"})
    varying = pack.model_copy(update={"varying": values})
    coverage = crawl_night(settings, varying, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None)
    assert all(scope.balanced() and scope.exhausted["links"] for scope in coverage.scopes)
    found = captures(settings, Purpose.PAGE)
    by_key = Counter((item.host.partition(":")[0], item.key.url.rpartition("/")[2], item.key.variant) for item in found)
    assert set(by_key.values()) == {1}
    cookies = {(("cookie:lang", value),) for value in languages.values()}
    assert {variant for host, path, variant in by_key if (host, path) == ("good.lab", "one")} == {(), *cookies}
    assert {variant for host, path, variant in by_key if (host, path) == ("good.lab", "shell")} == {()}
    kazakh = (("header:accept-language", "kk"),)
    assert {variant for host, path, variant in by_key if (host, path) == ("other.lab", "one")} == {(), kazakh}
    sent = {item.headers.get("cookie") for item in web.seen if item.headers["host"].startswith("good.lab")}
    assert sent == {None, "lang=kaz", "lang=rus", "lang=eng"}
    heads = [item.headers.get("accept-language") for item in web.seen if item.headers["host"].startswith("other.lab")]
    assert Counter(heads)["kk"] == 2


def test_rows_of_a_register_are_never_asked(installed: Make, crawl: Any, web: Web) -> None:
    entry = {"apiUri": "water"}
    rows = "/api/v4/water/v1?apiKey=yourApiKey"
    web.pages["/"] = html("home", rows, "/datasets/view?index=water", "/datasets/getdata?index=water", "/moved")
    web.pages["/moved"] = Reply(status=302, headers={"Location": "/api/detailed/water/v1"})
    web.pages["/meta/water/v1"] = Reply(status=302, headers={"Location": rows})

    def answer(path: str) -> Reply:
        listed = [entry] if "getdatasetsre?" in path and "page=1" in path else []
        return Reply(json.dumps({"datasets": listed, "totalCount": 1}).encode())

    web.fallback = answer
    settings = installed("egovkz")
    told = settings.model_dump()
    told["agencies"] = list(told["agencies"])
    told["agencies"][0] |= {"sites": [web.url("data.lab")], "probes": [{"url": web.url("data.lab", rows)}]}
    everything = FetchPolicy(frozenset(Purpose))
    coverage, _ = crawl(Settings.model_validate(told), everything)
    assert coverage.state is RunState.COMPLETE
    assert not [path for path in web.paths() if "/api/" in path or "getdata?" in path]
    outcomes = {item.key.url: item.outcome for item in captures(settings, Purpose.PAGE, Purpose.PORTAL)}
    assert outcomes[web.url("data.lab", "/moved")] is ExchangeOutcome.OUT_OF_SCOPE
    assert outcomes[web.url("data.lab", "/meta/water/v1")] is ExchangeOutcome.OUT_OF_SCOPE


def test_what_a_question_sends(installation: Make) -> None:
    class Told:
        settings = installation({"a": []}).crawl

        def conditions(self, _visit: Visit) -> dict[str, str]:
            return {}

    spider = SiteSpider(Told(), "odrc/1")  # type: ignore[arg-type]
    key = CaptureKey("POST", "http://good.lab/", "0" * 64, (("cookie:lang", "kk"), ("header:accept", "text/csv")))
    visit = Visit(key.url, key, Purpose.PORTAL, sends=b"x=1")
    request = spider.request(visit)
    assert (request.method, request.body) == ("POST", b"x=1")
    assert (request.headers["Accept"], request.headers["Cookie"]) == (b"text/csv", b"lang=kk")
    visit.url = "http://elsewhere.lab/"  # a redirect to another host carries nothing along
    assert spider.request(visit).headers.get("Cookie") is None


def test_files_that_differ_by_a_key_alone_are_two_and_the_keys_stay_nowhere(
    installed: Make, crawl: Any, web: Web
) -> None:
    tokens = ["a1b2c3d4e5f6g7h8", "h8g7f6e5d4c3b2a1"]
    catalogue = [
        {"id": name, "organization": {"id": "o"}, "resources": [{"url": web.url("files.lab", f"/get?token={token}")}]}
        for name, token in zip(("one", "two"), tokens, strict=True)
    ]
    answer = ckan(catalogue)
    web.pages["/robots.txt"] = Reply(status=404)
    web.fallback = lambda path: Reply(path.encode()[::-1]) if "token" in path else answer(path)
    settings = installed("ckan")
    _, scope = crawl(settings, FILES)
    assert (scope.failed, scope.records) == ({}, 2)
    found = captures(settings, Purpose.DISTRIBUTION)
    plain = web.url("files.lab", "/get?token=REDACTED")
    assert sorted(item.key.url for item in found) == [plain, f"{plain}-2"]
    assert {item.url for item in found} == {plain}
    with Archive(settings.workspace) as archive:
        assert {archive.body(item).decode()[::-1].rpartition("=")[2] for item in found} == set(tokens)
    stored = [path for path in settings.workspace.rglob("*") if path.is_file() and path.suffix != ".gz"]
    assert stored
    for path in stored:  # bodies are evidence and stay exact: the catalogue's own names its files
        assert not any(token.encode() in path.read_bytes() for token in tokens), path
    assert not any(token in repr(item) for token in tokens for item in captures(settings))
