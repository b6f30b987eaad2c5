"""Soft 404 by comparison: tables of pages beside what the host shows for nothing, written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.baselines import NAME, Baseline, Baselines, baseline_of, near_equal, prefix_of, probe_url
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, How, Purpose
from crawler.verdicts import Verdict, classify
from tests.crawler.support import capture

MENU = " ".join(f"Раздел{number} сайта министерства" for number in range(60))
ARTICLE = " ".join(f"Слово{number} о работе министерства и открытых данных." for number in range(80))
LOST = "Вы ввели неверный адрес, вернитесь назад. Просмотров: 17"
SCOPE = "http://good.lab/"
PROBE = probe_url(SCOPE)


def page(title: str, *paragraphs: str) -> bytes:
    text = "".join(f"<p>{item}</p>" for item in paragraphs)
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>".encode()


def shown(url: str = "http://good.lab/x", **given: object) -> Capture:
    asked = str(given.pop("asked", url))
    return capture(url=url, key=CaptureKey("GET", asked), scopes=(SCOPE,), **given)


def lost(body: bytes, status: int = 200, final: str = PROBE) -> Baseline:
    outcome = ExchangeOutcome.OK if status < 400 else ExchangeOutcome.HTTP_ERROR
    return baseline_of(shown(final, asked=PROBE, purpose=Purpose.BASELINE, status=status, outcome=outcome), body)


@pytest.mark.parametrize(
    ("why", "body", "baseline"),
    [
        ("the same but for a counter", page("Сайт", LOST.replace("17", "4182")), page("Сайт", LOST)),
        ("a large menu around it", page("Сайт", MENU, LOST), page("Сайт", MENU, LOST)),
        (
            "it repeats what was asked",
            page("Сайт", MENU, "Страницы http://good.lab/x нет. Проверьте /x/ и адрес."),
            page("Сайт", MENU, f"Страницы {PROBE} нет. Проверьте /x/ и адрес."),
        ),
        ("the address in the title", page("http://good.lab/x", LOST), page(PROBE, LOST)),
        ("no title at all", page("", LOST), page("", LOST)),
    ],
)
def test_a_page_that_is_shown_for_nothing_too(why: str, body: bytes, baseline: bytes) -> None:
    fact = classify(shown(), body, lost(baseline))
    assert (fact.verdict, fact.reason) == (Verdict.SOFT_404, "baseline"), why


@pytest.mark.parametrize(
    ("why", "body", "baseline"),
    [
        ("another text", page("Сайт", ARTICLE), page("Сайт", LOST)),
        ("another title", page("Контакты", MENU, LOST), page("Сайт", MENU, LOST)),
        (
            "a large menu and twenty words of its own",
            page("Сайт", MENU * 3, " ".join(f"Телефон отдела приёма граждан номер{'а' * n}" for n in range(5))),
            page("Сайт", MENU * 3, LOST),
        ),
        ("nothing was shown for nothing", page("Сайт", LOST), b"<html><body></body></html>"),
    ],
)
def test_pages_that_only_share_a_frame(why: str, body: bytes, baseline: bytes) -> None:
    assert classify(shown(), body, lost(baseline)).verdict is Verdict.PAGE, why


@pytest.mark.parametrize("status", [404, 410, 403, 500])
def test_a_host_that_owns_up_tells_nothing_of_other_pages(status: int) -> None:
    assert classify(shown(), page("Сайт", LOST), lost(page("Сайт", LOST), status)).verdict is Verdict.PAGE


@pytest.mark.parametrize("url", ["http://good.lab/", "http://www.good.lab/", "http://good.lab/?lang=ru"])
def test_the_home_page_of_a_site_that_answers_everything_with_it(url: str) -> None:
    home = page("Министерство", MENU, ARTICLE)
    assert classify(shown(url), home, lost(home)).verdict is Verdict.PAGE
    assert classify(shown("http://good.lab/any"), home, lost(home)).reason == "baseline"


def test_the_home_of_a_scope_on_a_shared_host() -> None:
    home, probe = page("Министерство", ARTICLE), probe_url("http://good.lab/one/")
    baseline = Baseline(probe, probe, 200, "министерство", ARTICLE.lower())
    for url, wanted in (("http://good.lab/one", Verdict.PAGE), ("http://good.lab/one/x", Verdict.SOFT_404)):
        assert classify(shown(url), home, baseline).verdict is wanted


def test_a_host_that_sends_every_unknown_address_home() -> None:
    home = page("Министерство", ARTICLE)
    baseline = lost(home, final="http://good.lab/index.php")
    moved = shown("http://good.lab/index.php", asked="http://good.lab/gone")
    assert classify(moved, home, baseline).reason == "baseline_redirect"
    assert classify(shown("http://good.lab/index.php"), home, baseline).verdict is Verdict.PAGE
    elsewhere = shown("http://good.lab/new", asked="http://good.lab/old")
    assert classify(elsewhere, page("Новый адрес", ARTICLE[:400]), baseline).verdict is Verdict.PAGE


@pytest.mark.parametrize(
    ("url", "scope", "prefix"),
    [
        ("http://good.lab/", SCOPE, "http://good.lab/"),
        ("http://good.lab/news", SCOPE, "http://good.lab/"),
        ("http://good.lab/ru/news/1?page=2", SCOPE, "http://good.lab/ru/"),
        ("http://good.lab/one/a/b", "http://good.lab/one", "http://good.lab/one/a/"),
        ("http://good.lab/one", "http://good.lab/one", "http://good.lab/one/"),
        ("http://other.lab/x/y", SCOPE, "http://other.lab/x/"),
    ],
)
def test_prefixes(url: str, scope: str, prefix: str) -> None:
    assert prefix_of(url, scope) == prefix


def test_a_baseline_is_asked_once_per_prefix_and_way_of_looking() -> None:
    books = Baselines(2)
    first = books.wanted(shown("http://good.lab/"))
    assert first is not None
    assert first.url == PROBE
    assert NAME in PROBE
    assert probe_url("http://www.good.lab/") == PROBE.replace("good.lab", "www.good.lab")
    assert books.wanted(shown("http://good.lab/news")) is None
    rendered = books.wanted(shown("http://good.lab/news", how=How.RENDERED))
    assert rendered == first
    assert books.wanted(shown("http://good.lab/ru/a/b")) is None, "no more than two for a scope"
    assert Baselines(0).wanted(shown()) is None
    assert books.wanted(shown(purpose=Purpose.DOCUMENT)) is None


def test_the_baseline_of_the_longest_prefix_counts() -> None:
    books = Baselines(4)
    for prefix, word in ((SCOPE, "корень"), ("http://good.lab/ru/", "русский")):
        url = probe_url(prefix)
        books.add(shown(url, purpose=Purpose.BASELINE, sha256="0" * 64), page("x", word))
    inner, outer = books.of(shown("http://www.good.lab/ru/a/b")), books.of(shown("http://good.lab/kk/a"))
    assert inner is not None
    assert inner.text == "русский"
    assert outer is not None
    assert outer.text == "корень"
    assert books.of(shown("http://good.lab/ru/a", how=How.RENDERED)) is None, "a shell says nothing of what is drawn"
    assert books.wanted(shown("http://good.lab/ru/a/b")) is None, "what an earlier start asked is not asked again"


def test_the_digest_of_a_baseline_does_not_change_with_counters_of_its_address() -> None:
    first = lost(page("Сайт", f"Нет страницы {PROBE}"))
    assert first.digest == lost(page("Сайт", f"Нет страницы {PROBE}")).digest
    assert first.digest != lost(page("Сайт", "Другое")).digest


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("a b c d e 1", "a b c d e 22", True), ("a b c d e", "v w x y z", False), ("", "", False), ("a", "a", True)],
)
def test_near_equal(left: str, right: str, expected: bool) -> None:
    assert near_equal(left, right) is expected


@given(st.text(), st.text())
def test_near_equal_goes_both_ways(left: str, right: str) -> None:
    assert near_equal(left, right) is near_equal(right, left)
