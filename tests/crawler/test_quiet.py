"""Nights on which little changed: bodies that are confirmed or come again are kept once and read as before."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.archive.layout import Layout
from crawler.archive.recovery import rebuild
from crawler.archive.rows import day
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState
from crawler.policy import FetchPolicy
from crawler.readings import FILE
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Reply, Web, html
from tests.crawler.test_archive import rows, warcio_check

NEXT = date(2026, 1, 3)
Make = Callable[..., Settings]
Two = Callable[..., tuple[RunCoverage, RunCoverage]]
NOT_MODIFIED = ExchangeOutcome.NOT_MODIFIED


def tagged(reply: Reply, tag: str, seen: Callable[[], dict[str, str]]) -> Callable[[str], Reply]:
    """A page with an entity tag, which a client that names it does not get again."""

    def answer(_path: str) -> Reply:
        headers = {**reply.headers, "ETag": tag}
        if seen().get("if-none-match") == tag:
            return Reply(b"", 304, {"ETag": tag, "X-Night": "second"})
        return Reply(reply.body, headers=headers)

    return answer


@pytest.fixture
def crawl(pack: Pack) -> Callable[..., RunCoverage]:
    def run(settings: Settings, night: date, policy: FetchPolicy | None = None) -> RunCoverage:
        return crawl_night(settings, pack, night, f"run-{night}", policy or FetchPolicy(), progress=lambda _: None)

    return run


_BESIDE = (Purpose.ROBOTS, Purpose.TAIL)


def captures(settings: Settings, night: date) -> dict[str, Capture]:
    with Archive(settings.workspace) as archive:
        found = [item for item in archive.captures(until=night, since=night) if item.purpose not in _BESIDE]
    return {item.key.url.partition(".lab")[2].partition("/")[2]: item for item in found}


def bodies(settings: Settings) -> dict[str, bytes]:
    with Archive(settings.workspace) as archive:
        return {item.id: archive.body(item) for item in archive.captures(until=NEXT) if item.sha256}


def _tagged_site(web: Web) -> None:
    """A site whose pages have tags, and some that have none, or are the same as others."""

    def asked() -> dict[str, str]:
        return web.seen[-1].headers

    big = html("never tagged " * 300)
    web.pages["/"] = tagged(html("home", "/same", "/again", "/twin", "/new", "/moved", "/gz"), '"home-1"', asked)
    web.pages["/same"] = tagged(html("same", "/deep"), 'W/"same-1"', asked)
    web.pages["/deep"] = tagged(html("deep"), '"deep-1"', asked)
    web.pages["/again"] = web.pages["/twin"] = big
    packed = Reply(gzip.compress(html("gz " * 900).body, mtime=0), headers={**big.headers, "Content-Encoding": "gzip"})
    web.pages["/gz"] = tagged(packed, '"gz-1"', asked)
    web.pages["/new"] = html("first")
    web.pages["/moved"] = Reply(status=302, headers={"Location": "/target", "ETag": '"hop"'})
    web.pages["/target"] = tagged(html("target"), '"target-1"', asked)


def test_a_quiet_night(installation: Make, crawl: Any, web: Web) -> None:
    _tagged_site(web)
    settings = installation({"good": [web.url("good.lab")]}, concurrency=1)

    first = crawl(settings, NIGHT)
    assert first.state is RunState.COMPLETE
    web.seen.clear()
    web.pages["/new"] = html("second", "/found")
    web.pages["/found"] = html("found")
    second = crawl(settings, NEXT)
    assert second.state is RunState.COMPLETE
    (scope,) = second.scopes
    assert (scope.known, scope.fetched, scope.failed) == (9, 9, {})

    before, after = captures(settings, NIGHT), captures(settings, NEXT)
    assert {path for path, item in after.items() if item.outcome is NOT_MODIFIED} == {"", "same", "deep", "gz", "moved"}
    for path in ("", "same", "deep", "gz", "moved"):
        old, new = before[path], after[path]
        assert (new.status, new.shown_status, new.refers_to) == (304, 200, old.id)
        assert (new.sha256, new.length, new.digest_received) == (old.sha256, old.length, old.digest_received)
        assert new.header("content-type") == old.header("content-type")
        assert new.header("x-night") == "second"
    # One body for two addresses and two nights; what it refers to is never itself a revisit.
    holder = next(item for item in (before["again"], before["twin"]) if item.refers_to is None)
    assert {after["again"].refers_to, after["twin"].refers_to} == {holder.id}
    assert after["again"].outcome is ExchangeOutcome.OK
    assert after["new"].refers_to is None

    conditional = {item.path: item.headers for item in web.seen if "if-none-match" in item.headers}
    assert set(conditional) == {"/", "/same", "/deep", "/gz", "/target"}  # the hop was asked plainly
    kept = bodies(settings)
    assert kept[after["gz"].id] == html("gz " * 900).body
    assert kept[after["moved"].id] == html("target").body

    for name in Layout(settings.workspace).files():
        warcio_check(Layout(settings.workspace).path(name))
    whole = rows(settings.workspace)
    rebuild(settings.workspace)
    assert rows(settings.workspace) == whole
    assert bodies(settings) == kept


def test_records_of_revisits(installation: Make, crawl: Any, web: Web) -> None:
    web.pages["/"] = tagged(html("home", "/b"), '"1"', lambda: web.seen[-1].headers)
    web.pages["/b"] = html("b")
    settings = installation({"good": [web.url("good.lab")]}, concurrency=1)
    crawl(settings, NIGHT)
    crawl(settings, NEXT)
    old = captures(settings, NIGHT)[""]
    with Layout(settings.workspace).path(f"{NEXT}/run-{NEXT}-00001.warc.gz").open("rb") as file:
        found = {
            record.rec_headers.get_header("WARC-Profile").rpartition("/")[2]: (record.rec_headers, record.raw_stream.read())
            for record in ArchiveIterator(file, no_record_parse=True)
            if record.rec_type == "revisit"
        }  # fmt: skip
    headers, block = found["server-not-modified"]
    assert headers.get_header("WARC-Refers-To") == f"<{old.id}>"
    assert headers.get_header("WARC-Refers-To-Target-URI") == old.url
    assert headers.get_header("WARC-Refers-To-Date") == old.started.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert headers.get_header("WARC-Payload-Digest") == f"sha256:{old.digest_received}"
    assert block == b""
    headers, block = found["identical-payload-digest"]
    assert block.startswith(b"HTTP/1.1 200 OK\r\n")
    assert block.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("lie", ["other_tag", "unasked"])
def test_a_304_that_proves_nothing_is_asked_again(installation: Make, crawl: Any, web: Web, lie: str) -> None:
    tag = {"ETag": '"1"'} if lie == "other_tag" else {}
    web.pages["/"] = Reply(html("one").body, headers={**html("one").headers, **tag})
    settings = installation({"good": [web.url("good.lab")]})
    crawl(settings, NIGHT)

    def lying(_path: str) -> Reply:
        plain = "if-none-match" not in web.seen[-1].headers
        if plain and lie == "other_tag":
            return html("two")
        return Reply(b"", 304, {"ETag": '"2"'})

    web.pages["/"] = lying
    crawl(settings, NEXT)
    found = captures(settings, NEXT)[""]
    if lie == "other_tag":
        assert (found.outcome, found.status) == (ExchangeOutcome.OK, 200)
        assert bodies(settings)[found.id] == html("two").body
    else:  # it goes on saying so: that is an error, told as one
        assert (found.outcome, found.status) == (ExchangeOutcome.HTTP_ERROR, 304)


def test_what_was_cut_is_asked_for_whole(installation: Make, crawl: Any, web: Web) -> None:
    web.pages["/"] = html("home", "/big.pdf")
    web.pages["/big.pdf"] = Reply(b"%PDF-" + b"x" * 100_000, headers={"Content-Type": "application/pdf", "ETag": '"1"'})
    settings = installation({"good": [web.url("good.lab")]})
    policy = FetchPolicy(frozenset({Purpose.PAGE, Purpose.DOCUMENT}))
    crawl(settings, NIGHT, policy)
    crawl(settings, NEXT, policy)
    assert captures(settings, NIGHT)["big.pdf"].truncated
    assert not [item for item in web.seen if item.path == "/big.pdf" and "if-none-match" in item.headers]
    assert captures(settings, NEXT)["big.pdf"].refers_to is None


def test_links_of_an_unchanged_page_are_not_read_again(installation: Make, crawl: Any, web: Web) -> None:
    web.pages["/"] = tagged(html("home", "/a"), '"1"', lambda: web.seen[-1].headers)
    web.pages["/a"] = html("a")
    settings = installation({"good": [web.url("good.lab")]})
    crawl(settings, NIGHT)
    # Without the body only what was read before can lead on.
    with Layout(settings.workspace).path(f"{NIGHT}/run-{NIGHT}-00001.warc.gz").open("r+b") as file:
        file.truncate(0)
    web.pages["/a"] = Reply(status=404)
    assert crawl(settings, NEXT).scopes[0].known == 2


def test_a_spoiled_memory_of_links_costs_a_second_reading(installation: Make, crawl: Any, web: Web) -> None:
    web.pages["/"] = tagged(html("home", "/a"), '"1"', lambda: web.seen[-1].headers)
    web.pages["/a"] = html("a")
    settings = installation({"good": [web.url("good.lab")]})
    crawl(settings, NIGHT)
    (settings.workspace / FILE).write_bytes(b"no database at all" * 1000)
    assert crawl(settings, NEXT).scopes[0].fetched == 2


def test_an_empty_place_for_the_archive(tmp_path: Path) -> None:
    assert rebuild(tmp_path) == 0


def spoil(settings: Settings, night: date) -> None:
    """Let the index point beside the bodies of a night: none of its records can be read."""
    with sqlite3.connect(Layout(settings.workspace).index) as db:
        db.execute("UPDATE captures SET body_offset = body_offset + 1 WHERE night = ?", (day(night),))


def test_records_that_cannot_be_read_cost_no_night(installation: Make, crawl: Any, web: Web) -> None:
    def asked() -> dict[str, str]:
        return web.seen[-1].headers

    listed = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>%s</loc></url></urlset>"
    web.pages["/robots.txt"] = Reply(f"Sitemap: {web.url('good.lab', '/map.xml')}".encode())
    web.pages["/map.xml"] = tagged(Reply(listed % web.url("good.lab", "/listed").encode()), '"map"', asked)
    web.pages["/"] = tagged(html("home", "/same"), '"home"', asked)
    web.pages["/same"] = tagged(html("same"), '"same"', asked)
    web.pages["/listed"] = tagged(html("listed"), '"listed"', asked)
    web.fallback = tagged(html("nothing of that name"), '"none"', asked)
    settings = installation({"good": [web.url("good.lab")]}, concurrency=1, baselines=2)
    crawl(settings, NIGHT)
    spoil(settings, NIGHT)
    (settings.workspace / FILE).unlink()
    second = crawl(settings, NEXT)
    assert second.state is RunState.COMPLETE
    assert (second.scopes[0].fetched, second.scopes[0].failed) == (3, {})
    assert [item.incidents for item in second.hosts] == [("unreadable_record",)]
    kept = captures(settings, NEXT)
    assert {item.outcome for item in kept.values()} == {ExchangeOutcome.OK}, "asked whole where the record is lost"
    with Archive(settings.workspace) as archive:
        for item in kept.values():
            assert archive.body(item), "and kept again"
    third = crawl(settings, date(2026, 1, 4))
    assert third.hosts[0].incidents == ()
    assert {item.outcome for item in captures(settings, date(2026, 1, 4)).values()} == {NOT_MODIFIED}


def test_a_run_goes_on_beside_records_that_cannot_be_read(installation: Make, crawl: Any, web: Web) -> None:
    web.pages["/robots.txt"] = Reply(
        f"Sitemap: {web.url('good.lab', '/map.xml')}\nUser-agent: *\nDisallow: /x".encode()
    )
    web.pages["/map.xml"] = Reply(web.url("good.lab", "/listed").encode())
    web.pages["/"] = html("home", "/x", "/same")
    web.pages["/same"] = web.pages["/listed"] = html("same")
    settings = installation({"good": [web.url("good.lab")]}, concurrency=1, baselines=2)
    crawl(settings, NIGHT)
    spoil(settings, NIGHT)
    with sqlite3.connect(Layout(settings.workspace).index) as db:
        db.execute("DELETE FROM coverage")  # as if it had been broken off before its end
    (settings.workspace / FILE).unlink()
    again = crawl(settings, NIGHT)
    assert again.state is RunState.COMPLETE
    assert "unreadable_record" in again.hosts[0].incidents
    assert "/x" not in web.paths()
