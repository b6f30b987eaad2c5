"""Two nights as pywb replays them: pages that were confirmed or came again show what they showed the first time."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive, cdx
from crawler.archive.layout import Layout
from crawler.archive.wacz import export
from crawler.capture import Capture, ExchangeOutcome
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Reply, Web, html
from tests.crawler.test_quiet import tagged
from tests.servers import replay

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(replay.pywb_missing() is not None, reason=str(replay.pywb_missing())),
]
NEXT = date(2026, 1, 3)


@pytest.fixture
def nights(installation: Callable[..., Settings], pack: Pack, web: Web) -> Path:
    """Two nights of a site with a page that is confirmed, one that comes again, one that changes."""
    web.pages["/"] = tagged(html("home", "/again", "/new", "/gz"), '"1"', lambda: web.seen[-1].headers)
    web.pages["/again"] = html("again")
    packed = Reply(gzip.compress(html("gz").body), headers={**html("gz").headers, "Content-Encoding": "gzip"})
    web.pages["/gz"] = tagged(packed, '"gz"', lambda: web.seen[-1].headers)
    settings = installation({"good": [web.url("good.lab")]}, concurrency=1)
    for night, text in ((NIGHT, "first"), (NEXT, "second")):
        web.pages["/new"] = html(text)
        crawl_night(settings, pack, night, f"run-{night}", FetchPolicy(), progress=lambda _: None)
    return settings.workspace


def kept(workspace: Path, night: date) -> dict[str, tuple[Capture, bytes]]:
    with Archive(workspace) as archive:
        found = [item for item in archive.captures(until=night, since=night) if item.answered]
        return {item.url: (item, archive.body(item)) for item in found}


def shown(server: replay.Replay, capture: Capture) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    when = capture.started.strftime("%a, %d %b %Y %H:%M:%S GMT")
    connection.request("GET", capture.url, headers={"Host": capture.host, "Accept-Datetime": when})
    found = connection.getresponse()
    body = found.read()
    connection.close()
    coded = found.getheader("Content-Encoding") == "gzip"
    return found.status, gzip.decompress(body) if coded else body


def test_a_bundle_of_two_nights_is_replayed(nights: Path, tmp_path: Path) -> None:
    pages = kept(nights, NEXT)
    path = tmp_path / "evidence.wacz"
    made = export(nights, [item.id for item, _ in pages.values()], path, patterns=())
    assert not made.left_out
    outcomes = {item.outcome for item, _ in pages.values()}
    assert outcomes == {ExchangeOutcome.OK, ExchangeOutcome.NOT_MODIFIED}
    folder = tmp_path / "pywb"
    folder.mkdir()
    with replay.replay_bundle(folder, path, next(iter(pages))) as server:
        for capture, body in pages.values():
            assert shown(server, capture) == (200, body), capture.url


def test_the_second_night_alone_is_no_loss(nights: Path, tmp_path: Path) -> None:
    """The file of the second night holds what changed; a revisit without its original says so rather than lie."""
    pages = kept(nights, NEXT)
    second = Layout(nights).path(f"{NEXT}/run-{NEXT}-00001.warc.gz")
    with replay.replay(tmp_path, second, next(iter(pages))) as server:
        states = {url.rpartition("/")[2]: shown(server, capture)[0] for url, (capture, _) in pages.items()}
    assert states == {"": 503, "again": 503, "gz": 503, "new": 200}


def test_search_keys_are_those_of_pywb(tmp_path: Path, nights: Path) -> None:
    pages = kept(nights, NIGHT)
    path = Layout(nights).path(f"{NIGHT}/run-{NIGHT}-00001.warc.gz")
    with replay.replay(tmp_path, path, next(iter(pages))):
        lines = (tmp_path / "recorded.cdxj").read_text(encoding="utf-8").splitlines()
    assert {line.split(" ")[0] for line in lines} >= {cdx.surt(url) for url in pages}
