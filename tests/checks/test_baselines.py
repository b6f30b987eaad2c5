"""Soft 404 by the night's baselines, from archive to view."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from checks.facts.extract import FactsSource
from checks.facts.store import FactsStore
from checks.view import ScopeView, View
from config.pack import Pack
from crawler.archive.reader import Archive
from crawler.baselines import probe_url
from crawler.capture import ExchangeOutcome, How, Purpose
from tests.checks.lab import NIGHT, SITE, Lab, Reply

LOST = (
    "<html><head><title>Сайт</title></head><body><p>Проверьте адрес или начните с главной страницы.</p></body></html>"
)
PROBE = Reply(LOST, purpose=Purpose.BASELINE)
TEXT = (
    "<html><head><title>Сайт</title></head><body><h1>Отчёт</h1><p>"
    + "Отчёт о работе за год. " * 40
    + "</p></body></html>"
)


def scope(lab: Lab, pack: Pack, nights: int = 0) -> ScopeView:
    night = NIGHT + timedelta(days=nights)
    with Archive(lab.workspace) as archive, closing(FactsStore(lab.workspace / "facts.sqlite", pack)) as store:
        return View(night, lab.settings, pack, archive, FactsSource(archive, store, pack), 14).scopes[0]


def test_what_is_shown_for_nothing_is_no_page(lab: Lab, pack: Pack) -> None:
    lab.crawl({SITE: TEXT, f"{SITE}a": LOST, f"{SITE}b": TEXT, probe_url(SITE): PROBE})
    seen = scope(lab, pack)
    assert sorted(page.capture.key.url for page in seen.pages) == [SITE, f"{SITE}b"]
    assert [(item.capture.key.url, item.reason) for item in seen.unseen] == [(f"{SITE}a", "soft_404")]


def test_without_a_baseline_a_page_is_what_it_is_by_itself(lab: Lab, pack: Pack) -> None:
    lab.crawl({SITE: TEXT, f"{SITE}a": LOST})
    assert len(scope(lab, pack).pages) == 2


def test_an_honest_host_and_an_honest_home(lab: Lab, pack: Pack) -> None:
    gone = replace(PROBE, status=404)
    lab.crawl({SITE: TEXT, f"{SITE}a": LOST, probe_url(SITE): gone})
    assert len(scope(lab, pack).pages) == 2
    lab.crawl({probe_url(SITE): Reply(TEXT, purpose=Purpose.BASELINE), f"{SITE}any": TEXT}, NIGHT + timedelta(days=1))
    later = scope(lab, pack, 1)
    assert SITE in {page.capture.key.url for page in later.pages}, "the home page stays a page"
    assert [item.capture.key.url for item in later.unseen] == [f"{SITE}any"]


def test_facts_of_pages_do_not_change_with_the_baseline(lab: Lab, pack: Pack) -> None:
    lab.crawl({SITE: TEXT, f"{SITE}a": LOST, probe_url(SITE): PROBE})
    with Archive(lab.workspace) as archive, closing(FactsStore(None, pack)) as store:
        source = FactsSource(archive, store, pack)
        page = next(item for item in archive.captures(until=NIGHT) if item.key.url == f"{SITE}a")
        facts = source.page(page)
        assert facts is not None
        assert facts.verdict == "page"
        view = View(NIGHT, lab.settings, pack, archive, source, 14)
        judged = view.page(page)
        assert judged is not None
        assert judged.verdict == "soft_404"
        assert source.page(page) == facts
    assert scope(lab, pack).unseen == scope(lab, pack).unseen, "kept facts give the same"


SHELL = "<html><head><title>Сайт</title></head><body><div id=root></div><script src=/a.js></script></body></html>"


def test_what_was_drawn_goes_before_the_shell(lab: Lab, pack: Pack) -> None:
    lab.crawl({SITE: SHELL, f"{SITE}b": SHELL})
    lab.crawl({SITE: Reply(TEXT, how=How.RENDERED)}, run="second")
    seen = scope(lab, pack)
    assert [(page.capture.key.url, page.capture.how) for page in seen.pages] == [(SITE, How.RENDERED)]
    assert [(item.capture.key.url, item.reason) for item in seen.unseen] == [(f"{SITE}b", "js_shell")]


def test_a_drawing_that_failed_says_less_than_the_shell(lab: Lab, pack: Pack) -> None:
    lab.crawl({SITE: SHELL})
    lab.crawl({SITE: Reply(outcome=ExchangeOutcome.TIMEOUT, how=How.RENDERED)}, run="second")
    assert [(item.capture.how, item.reason) for item in scope(lab, pack).unseen] == [(How.PLAIN, "js_shell")]


def test_what_was_drawn_is_compared_with_what_is_drawn_for_nothing(lab: Lab, pack: Pack) -> None:
    lab.crawl({f"{SITE}a": SHELL, probe_url(SITE): Reply(SHELL, purpose=Purpose.BASELINE)})
    drawn = {f"{SITE}a": Reply(LOST, how=How.RENDERED), f"{SITE}b": Reply(TEXT, how=How.RENDERED)}
    lab.crawl(drawn, run="second")
    assert len(scope(lab, pack).pages) == 2, "the shell's own baseline says nothing of them"
    lab.crawl({probe_url(SITE): replace(PROBE, how=How.RENDERED)}, run="third")
    assert [page.capture.key.url for page in scope(lab, pack).pages] == [f"{SITE}b"]
