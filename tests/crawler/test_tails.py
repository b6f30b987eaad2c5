"""Files too large to be kept whole, and servers that lie about lengths, ranges, types and encodings."""

from __future__ import annotations

import gzip
import io
import random
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from typing import Any

import msgspec
import pytest

from checks.facts.extract import FactsSource
from checks.facts.model import FileFacts
from checks.facts.store import FactsStore
from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.archive.layout import Layout
from crawler.archive.rows import short
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.tails import TAIL_BYTES, is_end, wanted
from tests.crawler.support import NIGHT, Reply, Web, capture, html

Make = Callable[..., Settings]
POLICY = FetchPolicy(frozenset({Purpose.PAGE, Purpose.DOCUMENT}), frozenset({Purpose.PAGE, Purpose.DOCUMENT}))
LIMIT = 300_000


def archive_of(size: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("first.csv", "a,b\n1,2\n")
        packed.writestr("noise.bin", random.Random(1).randbytes(size))
        packed.writestr("last.csv", "a,b\n1,2\n")
    return made.getvalue()


LARGE = archive_of(600_000)


def ranged(body: bytes, seen: Callable[[], dict[str, str]], **lies: Any) -> Callable[[str], Reply]:
    """A file of a server that answers Range requests, or lies about them."""

    def answer(_path: str) -> Reply:
        asked = re.match(r"bytes=-(\d+)", seen().get("range", ""))
        headers = {"Content-Type": "application/zip", "ETag": '"1"', "Accept-Ranges": "bytes"}
        if not asked or lies.get("ignores"):
            return Reply(body, headers=headers)
        part = body[-int(asked[1]) :]
        told = f"bytes {len(body) - len(part) + lies.get('shift', 0)}-{len(body) - 1}/{len(body)}"
        headers |= {"Content-Range": lies.get("told", told), "ETag": lies.get("tag", '"1"')}
        return Reply(part, lies.get("status", 206), headers, short=lies.get("short", 0))

    return answer


@pytest.fixture
def crawl(installation: Make, pack: Pack, web: Web) -> Callable[..., dict[Purpose, Capture]]:
    """Crawl a site with one document and return the captures of it by purpose."""

    def run(route: Any, name: str = "data.zip") -> dict[Purpose, Capture]:
        web.pages["/"] = html("home", f"/{name}")
        web.pages[f"/{name}"] = route
        settings = installation({"good": [web.url("good.lab")]}, max_file=LIMIT)
        coverage = crawl_night(settings, pack, NIGHT, "nightly", POLICY, progress=lambda _: None)
        assert all(scope.balanced() for scope in coverage.scopes)
        with Archive(settings.workspace) as archive:
            found = [item for item in archive.every() if name in item.key.url]
            assert len(found) == len({item.key for item in found})
        return {item.purpose: item for item in found}

    return run


def facts(workspace: Any, pack: Pack, item: Capture) -> FileFacts:
    with Archive(workspace) as archive, closing(FactsStore(None, pack)) as store:
        found = FactsSource(archive, store, pack).file(item)
    assert found
    return found


def test_beginning_and_end_of_a_large_container(crawl: Any, web: Web, workspace: Any, pack: Pack) -> None:
    found = crawl(ranged(LARGE, lambda: web.seen[-1].headers))
    head, tail = found[Purpose.DOCUMENT], found[Purpose.TAIL]
    assert (head.outcome, head.truncated, head.length) == (ExchangeOutcome.OK, True, 65_536)
    assert head.detail == f"first 65536 of {len(LARGE)} bytes"
    assert (tail.status, tail.length, tail.truncated) == (206, TAIL_BYTES, False)
    assert [item.headers.get("range") for item in web.seen if item.path == "/data.zip"] == [
        None,
        f"bytes=-{TAIL_BYTES}",
    ]
    told = facts(workspace, pack, head)
    assert told.sniffed_type == "zip"
    assert sorted(item.length for item in told.members) == [8, 8, 600_000]
    assert told.truncated


@pytest.mark.parametrize(
    "lies",
    [
        {"ignores": True},
        {"told": "bytes */600000"},
        {"told": "nonsense"},
        {"shift": 5},
        {"tag": '"2"'},
        {"status": 416},
        {"short": 10},
    ],
    ids=lambda lies: " ".join(map(str, lies.items())),
)
def test_an_end_that_is_none_is_not_used(
    crawl: Any, web: Web, workspace: Any, pack: Pack, lies: dict[str, Any]
) -> None:
    found = crawl(ranged(LARGE, lambda: web.seen[-1].headers, **lies))
    assert not is_end(found[Purpose.TAIL], found[Purpose.DOCUMENT])
    told = facts(workspace, pack, found[Purpose.DOCUMENT])
    assert told.sniffed_type == "zip"
    assert told.parses is None  # cut off: never a failure of the file
    assert told.problem == "truncated"


def test_a_length_of_thousands_of_digits_is_none() -> None:
    head = tail = capture()
    headers = (("content-range", f"bytes 0-1/{'9' * 5_000}"), ("content-length", "9" * 5_000))
    tail = msgspec.structs.replace(tail, status=206, headers=headers)
    assert not is_end(tail, msgspec.structs.replace(head, headers=headers))
    assert wanted(msgspec.structs.replace(head, headers=headers, truncated=True), b"PK\x03\x04") is None


def test_what_has_no_end_worth_asking_for() -> None:
    cut: dict[str, Any] = {"truncated": True, "purpose": Purpose.DOCUMENT, "length": 65_536}
    size = ("Content-Length", "999999")
    assert wanted(capture(**cut, headers=(size,)), b"PK\x03\x04...")
    for changes, body in [
        ({}, b"a,b\n"),
        ({"truncated": False}, b"PK\x03\x04"),
        ({"purpose": Purpose.PAGE}, b"PK\x03\x04"),
        ({"status": 206}, b"PK\x03\x04"),
        ({"headers": ()}, b"PK\x03\x04"),
        ({"headers": (size, ("Accept-Ranges", "none"))}, b"PK\x03\x04"),
        ({"headers": (size, ("Content-Encoding", "gzip"))}, b"PK\x03\x04"),
    ]:
        assert wanted(capture(**{"headers": (size,), **cut, **changes}), body) is None


CSV = b"name,value\n" + b"a,1\n" * 300


@pytest.mark.parametrize(
    ("reply", "truncated", "parses"),
    [
        (Reply(CSV, headers={"Content-Encoding": "gzip"}), False, True),  # said to be coded, and is not
        (Reply(gzip.compress(CSV), headers={}), False, True),  # coded, and not said to be
        (Reply(CSV, short=500), True, None),  # shorter than it said
        (Reply(CSV, 206, {"Content-Range": "bytes 0-99/9999"}), True, None),  # a part that nobody asked for
        (Reply(CSV, headers={"Content-Type": "image/png"}), False, True),
        (Reply(CSV, chunked=True), False, True),
    ],
    ids=["plain said gzip", "gzip said plain", "short", "part", "type", "chunked"],
)
def test_lies_about_a_file(
    crawl: Any, workspace: Any, pack: Pack, reply: Reply, truncated: bool, parses: bool | None,
) -> None:  # fmt: skip
    found = crawl(reply, "data.csv")[Purpose.DOCUMENT]
    assert (found.outcome, found.truncated) == (ExchangeOutcome.OK, truncated)
    told = facts(workspace, pack, found)
    assert told.parses is parses or (truncated and told.parses is not False)


def test_a_night_killed_before_the_end_came_asks_for_it(
    crawl: Any, installation: Make, pack: Pack, web: Web, workspace: Any
) -> None:
    """What a kill between the two requests leaves: the beginning, and nothing of the end."""
    first = crawl(ranged(LARGE, lambda: web.seen[-1].headers))
    _cut_before(workspace, first[Purpose.TAIL])
    again = installation({"good": [web.url("good.lab")]}, max_file=LIMIT)
    asked = len(web.seen)
    crawl_night(again, pack, NIGHT, "nightly", POLICY, progress=lambda _: None)
    assert [item.headers.get("range") for item in web.seen[asked:] if item.path == "/data.zip"] == [
        f"bytes=-{TAIL_BYTES}"
    ]
    with Archive(workspace) as archive:
        found = [item for item in archive.every() if "data.zip" in item.key.url]
    assert [item.purpose for item in found] == [Purpose.DOCUMENT, Purpose.TAIL]
    assert sorted(item.length for item in facts(workspace, pack, found[0]).members) == [8, 8, 600_000]
    asked = len(web.seen)
    crawl_night(again, pack, NIGHT, "nightly", POLICY, progress=lambda _: None)
    assert not [item for item in web.seen[asked:] if item.path == "/data.zip"]  # once there, it is not asked for again


def _cut_before(workspace: Any, capture: Capture) -> None:
    """Leave the archive as a kill would that came just before a capture was written."""
    layout = Layout(workspace)
    with closing(sqlite3.connect(layout.index)) as db:
        query = "SELECT f.file, start FROM captures JOIN files f ON f.n = captures.file WHERE id = ?"
        name, start = db.execute(query, (short(capture.id),)).fetchone()
    path = layout.path(name)
    path.rename(layout.opened(name))
    with layout.opened(name).open("r+b") as file:
        file.truncate(start)
