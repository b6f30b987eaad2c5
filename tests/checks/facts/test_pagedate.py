from __future__ import annotations

import json
import time
from datetime import date

import pytest

from checks.facts.html import parse
from checks.facts.layout import blocks
from checks.facts.model import DateFact
from checks.facts.months import cldr_months
from checks.facts.pagedate import PageDateReader
from config.pack import Pack

UNTIL = date(2026, 11, 23)
LD = '<script type="application/ld+json">{}</script>'


@pytest.fixture(scope="module")
def reader(pack: Pack) -> PageDateReader:
    labels = [phrase for phrases in pack.extraction.phrases("updated_labels").values() for phrase in phrases]
    return PageDateReader(pack.extraction.months, labels)


def read(
    reader: PageDateReader, head: str = "", body: str = "", url: str = "https://a.kz/n", lang: str = "ru"
) -> DateFact | None:
    text = f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>"
    tree = parse(text.encode(), "text/html; charset=utf-8")
    return reader.published(tree, url, blocks(tree), UNTIL)


def ld(**given: object) -> str:
    return LD.format(json.dumps(given))


PAGES = {
    "JSON-LD": ({"head": ld(**{"@type": "NewsArticle", "datePublished": "2026-05-03T10:00:00+05:00"})}, "2026-05-03", "structured_data"),
    "JSON-LD in a graph": ({"head": ld(**{"@graph": [{"@type": "WebPage", "datePublished": "2026-05-03"}]})}, "2026-05-03", "structured_data"),
    "meta": ({"head": '<meta property="article:published_time" content="2026-05-03T10:00:00+05:00">'}, "2026-05-03", "meta"),
    "meta, day first": ({"head": '<meta name="date" content="03.05.2026">'}, "2026-05-03", "meta"),
    "microdata": ({"body": '<span itemprop="datePublished" content="2026-05-03">3</span>'}, "2026-05-03", "structured_data"),
    "time": ({"body": '<time datetime="2026-05-03">3 мая</time>'}, "2026-05-03", "time_element"),
    "a class": ({"body": '<div class="news-date">3 мая 2026 г.</div>'}, "2026-05-03", "time_element"),
    "a label": ({"body": "<p>Дата публикации: 03.05.2026</p>"}, "2026-05-03", "label"),
    "the address": ({"url": "https://a.kz/2026/05/03/n"}, "2026-05-03", "url"),
    "visible": ({"body": "<h1>Новость</h1><p>3 мая 2026 года</p><p>Текст без даты.</p>"}, "2026-05-03", "text"),
    "a language of no pack": ({"body": "<h1>N</h1><p>3. Mai 2026</p>", "lang": "de"}, "2026-05-03", "text"),
    "publication before change": ({"head": '<meta property="article:modified_time" content="2026-06-01T00:00:00+05:00">',
                                   "body": "<time datetime='2026-05-03'>3</time>"}, "2026-05-03", "time_element"),
    "only a change": ({"head": '<meta property="article:modified_time" content="2026-06-01T00:00:00+05:00">'}, "2026-06-01", "meta"),
    "a stamp in UTC on the day before": ({"head": '<meta property="article:published_time" content="2026-05-02T21:00:00Z">',
                                          "url": "https://a.kz/2026/05/03/n"}, "2026-05-03", "url"),
    "UTC, told locally by a time element": ({"head": '<meta property="article:published_time" content="2026-05-02T21:00:00Z">',
                                             "body": "<time datetime='2026-05-03'>3 мая</time>"}, "2026-05-03", "time_element"),
    "the future is set aside": ({"head": '<meta name="date" content="2027-01-01">',
                                 "body": "<time datetime='2026-05-03'>3</time>"}, "2026-05-03", "time_element"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_where_a_date_stands(name: str, reader: PageDateReader) -> None:
    given, value, method = PAGES[name]
    found = read(reader, **given)  # type: ignore[arg-type]
    assert found is not None
    assert (found.value, found.method.value) == (value, method)


@pytest.mark.parametrize(
    "body",
    [
        "<footer>© 01.01.2026 Министерство</footer>",
        "<p>Copyright 03.05.2026</p>",
        "<div class='comment'><time datetime='2026-05-03'>3</time></div>",
        "<p>31.02.2026</p>",
        "<p>май 2026</p>",
        "<p>тел. 03.05</p>",
        "",
    ],
)
def test_what_is_no_date_of_publication(body: str, reader: PageDateReader) -> None:
    assert read(reader, body=body) is None


@pytest.mark.parametrize("script", ["{", "[" * 5000, "null", '{"@graph": "x", "datePublished": 5}', '"x"'])
def test_broken_structured_data(script: str, reader: PageDateReader) -> None:
    assert read(reader, head=LD.format(script)) is None


@pytest.mark.parametrize(
    "body",
    [
        "<p class='date'>" + "1" * 200_000,
        "<div class='date'>" * 3000,
        "<p>" + "1.1." * 50_000,
        "<time>" * 3000,
        "<script>date:'" * 9000,
    ],
)
def test_long_pages_take_bounded_time(body: str, reader: PageDateReader) -> None:
    begun = time.process_time()
    read(reader, body=body)
    assert time.process_time() - begun < 10


def test_month_names_of_other_languages() -> None:
    assert cldr_months("de")["de"].forms["format-wide"][4] == "Mai"
    assert cldr_months("zz") == {}
    assert cldr_months("x-1") == {}
    assert cldr_months("") == {}
