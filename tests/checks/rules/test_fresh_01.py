from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from checks.rules.fresh_01 import weekly_update
from config.pack import Pack
from crawler.archive.history import History
from crawler.capture import ExchangeOutcome, Purpose
from tests.checks.lab import NIGHT, Lab, Reply, agency, failure, only
from tests.checks.rules.tables import (
    FAIL,
    NOT_OBSERVED,
    PASS,
    UNCLEAR,
    Sample,
    assert_as_expected,
    assert_complete,
    judge,
)
from tests.checks.texts import RU, dated_list, page, paragraphs

RULE = weekly_update
NEWS = "https://good.kz/ru/news"


def day(age: int) -> str:
    return f"{NIGHT - timedelta(days=age):%d.%m.%Y}"


def news(days: Iterable[str], title: str = "Новости", extra: str = "") -> str:
    return page(dated_list(days) + extra, title=title, footer="© 2014-2026")


def one(*days: str, title: str = "Новости", extra: str = "") -> dict[str, str | Reply]:
    return {NEWS: news(days, title, extra)}


def again(*days: str) -> dict[str, str | Reply]:
    """A list whose entries all bear one long title."""
    title = "О мерах по улучшению водоснабжения населения в сельских округах"
    return {
        NEWS: page(dated_list(days, f'<li><a href="/{{n}}">{title}</a> <span>{{day}}</span></li>'), title="Новости")
    }


UNDATED = page("<ul>" + "".join(f'<li><a href="/ru/news/{n}">Сообщение {n}</a></li>' for n in range(9)) + "</ul>",
               title="Новости")  # fmt: skip
SITEMAP = "https://good.kz/sitemap.xml"


def rss(*days_ago: int, below: str = "/ru/news/", clock: str = "10:{n:02}:00") -> Reply:
    """A feed of entries that lie below an address."""
    rows = "".join(
        f"<item><title>Сообщение {n}</title><link>https://good.kz{below}{n}</link>"
        f"<pubDate>{NIGHT - timedelta(days=age):%d %b %Y} {clock.format(n=n)} +0500</pubDate></item>"
        for n, age in enumerate(days_ago)
    )
    body = f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>"
    return Reply(body, content_type="application/rss+xml", purpose=Purpose.SITEMAP)


def sitemap(*days_ago: int, below: str = "/ru/news/") -> Reply:
    rows = "".join(
        f"<url><loc>https://good.kz{below}{n}</loc><lastmod>{NIGHT - timedelta(days=age)}</lastmod></url>"
        for n, age in enumerate(days_ago)
    )
    return Reply(f"<urlset>{rows}</urlset>", content_type="application/xml", purpose=Purpose.SITEMAP)


FEED = "https://good.kz/ru/rss"
STALE = {NEWS: news([day(40), day(60), day(80)])}
TABLE = (
    Sample("pages without dates, a lively feed", PASS, "fresh_in_feed", {NEWS: UNDATED, FEED: rss(1, 4, 9)}),
    Sample("pages without dates, an old feed", UNCLEAR, "feed_stale", {NEWS: UNDATED, FEED: rss(30, 40, 50)}),
    Sample("pages without dates, a feed of other things", NOT_OBSERVED, "no_dated_list",
           {NEWS: UNDATED, FEED: rss(1, 4, 9, below="/ru/acts/")}),
    Sample("pages without dates, a feed made this moment", NOT_OBSERVED, "no_dated_list",
           {NEWS: UNDATED, FEED: rss(0, 0, 0, clock="10:31:07")}),
    Sample("pages without dates, a sitemap with days", UNCLEAR, "sitemap_alone",
           {NEWS: UNDATED, SITEMAP: sitemap(1, 5, 9, 30)}),
    Sample("pages without dates, a sitemap of one day", NOT_OBSERVED, "no_dated_list",
           {NEWS: UNDATED, SITEMAP: sitemap(0, 0, 0, 0)}),
    Sample("stale pages, a lively feed", UNCLEAR, "feed_is_newer", {**STALE, FEED: rss(1, 4, 9)}),
    Sample("stale pages, a stale feed", FAIL, "stale", {**STALE, FEED: rss(40, 60, 80)}),
    Sample("stale pages, a feed of days to come", FAIL, "stale", {**STALE, FEED: rss(-3, 40, 60)}),
    Sample("stale pages, a lively sitemap", FAIL, "stale", {**STALE, SITEMAP: sitemap(1, 5, 40, 60)}),
    Sample("stale pages, a sitemap that bears tonight's day throughout", FAIL, "stale",
           {**STALE, SITEMAP: sitemap(0, 0, 0, 0)}),
    Sample("lively pages, a dead feed", PASS, "fresh", {**one(day(1), day(3), day(9)), FEED: rss(300, 310, 320)}),
    Sample("daily", PASS, "fresh", one(day(0), day(1), day(2))),
    Sample("a week old to the day", PASS, "fresh", one(day(7), day(14), day(21))),
    Sample("day stands before month", PASS, "fresh", {NEWS: news(["12.11.2026", "11.11.2026", "10.11.2026"])}),
    Sample("future entries and a pinned old one beside fresh ones", PASS, "fresh",
           one("01.02.2019", day(-30), day(3), day(9), day(12))),
    Sample("dates in Kazakh words", PASS, "fresh",
           {NEWS: news(["2026 жылғы 12 қараша", "2026 жылғы 9 қараша", "2026 жылғы 1 қараша"], "Жаңалықтар")}),
    Sample("two lists, one alive", PASS, "fresh",
           one(day(400), day(500), day(600), extra="<h2>Свежие</h2>" + dated_list([day(1), day(2), day(3)]))),
    Sample("vacancies that are recent", PASS, "fresh", one(day(1), day(30), day(60), title="Вакансии")),
    Sample("titles speak of old acts, the entries are new", PASS, "fresh", {NEWS: page(
        dated_list([day(1), day(2), day(3)], '<li><a href="/{n}">{t}: приказ от 01.02.2011</a> <span>{day}</span></li>'),
        title="Новости")}),
    Sample("last spring", FAIL, "stale", one("10.04.2026", "02.04.2026", "27.03.2026")),
    Sample("month before day would make it fresh", FAIL, "stale", {NEWS: news(["11.03.2026", "11.02.2026", "11.01.2026"])}),
    Sample("eight days without a holiday", FAIL, "stale", one(day(8), day(15), day(22))),
    Sample("stale news beside a lively menu, widget and footer", FAIL, "stale", {NEWS: page(
        dated_list([day(200), day(210), day(220)]), title="Новости", header=f"Сегодня {day(0)}",
        footer=f"Обновлено {day(0)}" + dated_list([day(0), day(1), day(2)]),
    ).replace("</main>", f"</main><aside>{dated_list([day(0), day(1), day(2)])}</aside>")}),
    Sample("only future entries beside old ones", FAIL, "stale", one(day(-5), day(-6), day(100))),
    Sample("months, and one old day", UNCLEAR, "month_precise",
           {NEWS: news(["ноябрь 2026", "ноябрь 2026", "октябрь 2026", "12.03.2024"])}),
    Sample("months only", UNCLEAR, "month_precise", {NEWS: news(["ноябрь 2026", "октябрь 2026", "сентябрь 2026"])}),
    Sample("old news posted again", UNCLEAR, "reposts", again(day(1), day(3), day(5), day(300))),
    Sample("one of them is new", PASS, "fresh", {NEWS: news([day(1), day(2), day(90)])}),
    Sample("only future days", UNCLEAR, "few_items", one(day(-5), day(-6), day(-7))),
    Sample("vacancies fill when something happens", UNCLEAR, "event_driven",
           {"https://good.kz/ru/jobs": news([day(100), day(130), day(160)], "Вакансии")}),
    Sample("no list under the name", NOT_OBSERVED, "no_dated_list", {NEWS: page(paragraphs(RU), title="Новости")}),
    Sample("a list under no such name", NOT_OBSERVED, "no_dated_list",
           {"https://good.kz/ru/acts": news([day(1), day(2), day(3)], "Приказы")}),
    Sample("an empty list of vacancies", NOT_OBSERVED, "no_dated_list", one(title="Вакансии")),
    Sample("entries without a year", NOT_OBSERVED, "no_dated_list", {NEWS: news(["12 ноября", "11 ноября", "10 ноября"])}),
    Sample("the list could not be read", NOT_OBSERVED, "robots", {NEWS: failure(ExchangeOutcome.ROBOTS)}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fresh_01(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)


@pytest.mark.parametrize(
    ("night", "newest", "outcome"),
    [
        (date(2026, 3, 26), date(2026, 3, 16), PASS),  # Nauryz: three days of it fall between, so 10 - 4 days
        (date(2026, 3, 28), date(2026, 3, 16), FAIL),
        (date(2026, 1, 9), date(2025, 12, 30), PASS),  # New Year and Christmas
        (date(2027, 6, 30), date(2027, 6, 1), UNCLEAR),  # no calendar of that year was checked
        (date(2027, 6, 30), date(2027, 6, 24), PASS),  # within a week no calendar is needed
    ],
)
def test_holidays_are_no_days_of_delay(pack: Pack, tmp_path: Path, night: date, newest: date, outcome: object) -> None:
    lab = Lab(tmp_path / "w", pack)
    lab.crawl({NEWS: news(f"{newest - timedelta(days=n):%d.%m.%Y}" for n in range(3))}, night)
    found = only(lab.findings(RULE, night))
    assert found.outcome is outcome
    assert found.measures["newest_date"] == newest.isoformat()


def test_language_versions_are_one_section(pack: Pack, tmp_path: Path) -> None:
    pages = {
        "https://good.kz/kk/news": news([day(1), day(2), day(3)], "Жаңалықтар"),
        "https://good.kz/ru/news": news([day(101), day(102), day(103)]),
    }
    found = judge(Sample("both", PASS, "fresh", pages), RULE, tmp_path, pack)
    assert found.outcome is PASS
    assert found.measures["keys"] == ["GET https://good.kz/kk/news", "GET https://good.kz/ru/news"]
    assert len(found.measures["dates"]) == 6  # type: ignore[arg-type]
    assert found.measures["lagging"] == ["GET https://good.kz/ru/news"]
    assert [item.excerpt.split(":")[0] for item in found.evidence] == [day(1), day(101)]


def test_equal_pages_give_equal_findings_on_another_night(pack: Pack, tmp_path: Path) -> None:
    lab = Lab(tmp_path / "w", pack, agencies=[agency("good", "https://good.kz/")])
    pages = {NEWS: news([day(3), day(9), day(12)])}
    lab.crawl(pages)
    lab.crawl(pages, NIGHT + timedelta(days=1), run="second")
    (first,), (second,) = lab.findings(RULE), lab.findings(RULE, NIGHT + timedelta(days=1))
    assert first.id == second.id
    assert first.evidence[0].capture != second.evidence[0].capture


def test_a_limit_of_the_pack_line(pack: Pack, tmp_path: Path) -> None:
    sample = Sample("monthly", PASS, "fresh", one(day(20), day(21), day(22)), params={"max_days": 30})
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_measures_name_how_dates_are_known(pack: Pack, tmp_path: Path) -> None:
    by_feed = judge(Sample("", PASS, "", {NEWS: UNDATED, FEED: rss(1, 4, 9)}), RULE, tmp_path / "feed", pack)
    assert (by_feed.measures["dates_by"], by_feed.measures["keys"]) == ("feed", [f"GET {FEED}"])
    assert by_feed.evidence[0].excerpt.startswith("feed: 15 Nov 2026")
    pages = {**STALE, FEED: rss(1, 4, 9), SITEMAP: sitemap(2, 5, 40, 60)}
    both = judge(Sample("", UNCLEAR, "", pages), RULE, tmp_path / "both", pack)
    assert (both.measures["dates_by"], both.measures["newest_date"]) == ("list_item", str(NIGHT - timedelta(days=40)))
    assert both.measures["feed_newest"] == str(NIGHT - timedelta(days=1))
    assert both.measures["sitemap_newest"] == str(NIGHT - timedelta(days=2))
    assert [item.excerpt.partition(":")[0] for item in both.counter_evidence] == ["feed", "sitemap"]
    same = judge(Sample("", FAIL, "", {**STALE, SITEMAP: sitemap(0, 0, 0)}), RULE, tmp_path / "same", pack)
    assert same.measures["sitemap_template"] is True
    assert "sitemap_newest" not in same.measures


def test_later_nights_read_a_feed_in_the_history(pack: Pack, tmp_path: Path) -> None:
    lab = Lab(tmp_path / "w", pack)
    lab.crawl({NEWS: UNDATED, FEED: rss(1, 4, 9), SITEMAP: sitemap(0, 0, 0, 12)})
    lab.assess()
    past = History(lab.workspace, NIGHT)
    assert past.entries(f"GET {FEED}")[0].dates == tuple(str(NIGHT - timedelta(days=age)) for age in (9, 4, 1))
    assert len(past.entries(f"GET {SITEMAP}")[0].dates) == 2
