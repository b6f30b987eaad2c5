"""Nights on which pages of the sample are not due: they are left out, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.archive.history import HistoryEntry, write_night
from crawler.capture import Purpose
from crawler.coverage import RunCoverage, RunState
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Reply, Web, html

Make = Callable[..., Settings]
Crawl = Callable[..., RunCoverage]
POLICY = FetchPolicy(frozenset({Purpose.PAGE, Purpose.DOCUMENT}))


@pytest.fixture
def crawl(pack: Pack) -> Crawl:
    def run(settings: Settings, after: int) -> RunCoverage:
        """Crawl the night so many nights after the first, and write its history as the checks would."""
        night = NIGHT + timedelta(days=after)
        coverage = crawl_night(settings, pack, night, f"run-{after}", POLICY, progress=lambda _: None)
        with Archive(settings.workspace) as archive:
            found = [item for item in archive.captures(until=night, since=night) if item.purpose in POLICY.purposes]
        entries = [
            HistoryEntry(item.key.text(), night, item.id, item.outcome.value, item.sha256, unchanged_days=200)
            for item in found
        ]
        write_night(settings.workspace, night, entries)
        assert coverage.state is RunState.COMPLETE
        assert all(scope.balanced() for scope in coverage.scopes)
        return coverage

    return run


@pytest.fixture
def site(web: Web) -> Web:
    """A start page that leads to one page, which leads to the rest: only the start page is required."""
    web.pages["/"] = html("home", "/news/a")
    web.pages["/news/a"] = html("a", "/news/b", "/news/c", "/plan.pdf")
    web.pages["/news/b"] = html("b", "/news/d")
    web.pages["/news/c"] = html("c")
    web.pages["/news/d"] = html("d")
    web.pages["/plan.pdf"] = Reply(b"%PDF-1.4 x", headers={"Content-Type": "application/pdf"})
    return web


def asked(web: Web) -> set[str]:
    found = {item.path for item in web.seen} - {"/robots.txt", "/sitemap.xml"}
    web.seen.clear()
    return {path for path in found if "odrc" not in path.rpartition("/")[2]}


def test_what_is_not_due_is_left_out_and_what_it_names_is_known(installation: Make, crawl: Crawl, site: Web) -> None:
    settings = installation({"good": [site.url("good.lab")]}, baselines=0)
    first = crawl(settings, 0)
    everything = asked(site)
    assert {"/", "/news/a", "/news/b", "/news/c", "/news/d", "/plan.pdf"} <= everything
    site.pages["/"] = html("home", "/news/a", "/new")
    site.pages["/new"] = html("new")
    second = crawl(settings, 1)
    assert {"/", "/new"} <= asked(site)
    (scope,) = second.scopes
    left_out = scope.skipped["not_due"]
    assert left_out >= 4
    assert scope.known == first.scopes[0].known + 1
    assert scope.fetched + left_out == scope.known - scope.skipped.get("policy", 0)
    assert scope.exhausted["links"]
    # After so many nights an answer is no evidence any more: everything is asked again.
    third = crawl(settings, 14)
    assert "not_due" not in third.scopes[0].skipped
    assert asked(site) >= everything


def test_what_failed_or_is_unknown_is_due(installation: Make, crawl: Crawl, site: Web) -> None:
    site.pages["/news/c"] = Reply(b"gone", 404)
    settings = installation({"good": [site.url("good.lab")]})
    crawl(settings, 0)
    asked(site)
    (settings.workspace / "links.sqlite").unlink()  # without it nobody knows what a page that is left out names
    second = crawl(settings, 1)
    assert {"/", "/news/a", "/news/b", "/news/c", "/news/d"} <= asked(site)
    assert second.scopes[0].skipped.get("not_due", 0) <= 1  # the document: it names nothing


def test_it_can_be_switched_off(installation: Make, crawl: Crawl, site: Web) -> None:
    settings = installation({"good": [site.url("good.lab")]}, adaptive=False)
    crawl(settings, 0)
    before = asked(site)
    crawl(settings, 1)
    assert asked(site) == before


def test_a_night_cut_short_leaves_out_the_same(installation: Make, crawl: Crawl, site: Web, pack: Pack) -> None:
    settings = installation({"good": [site.url("good.lab")]})
    crawl(settings, 0)
    asked(site)
    night = date(2026, 1, 3)
    cut = settings.model_copy(update={"crawl": settings.crawl.model_copy(update={"deadline": 0.001})})
    stopped = crawl_night(cut, pack, night, "run-1", POLICY, progress=lambda _: None)
    assert stopped.state is RunState.INCOMPLETE
    whole = crawl(settings, 1)
    assert whole.scopes[0].skipped["not_due"] >= 4
