from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.listing import MOST_ITEMS, MOST_PAGES, ListFacts, ListReader
from checks.facts.model import DateMethod
from config.pack import Pack
from tests.checks.lab import page_capture

BASE = "https://good.kz/ru/rss.xml"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><updated>2026-11-16T09:00:00Z</updated>
<entry><title>Один</title><link rel="self" href="/x"/><link href="/ru/news/1"/><updated>2026-11-15T09:00:00Z</updated>
<published>2026-11-10T23:30:00+05:00</published></entry>
<entry><title>Два</title><link rel="alternate" href="/ru/news/2"/><updated>2026-11-09T08:00:00Z</updated></entry>
<entry><title>Без даты</title><link href="/ru/news/3"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><items><rdf:Seq><rdf:li/></rdf:Seq></items></channel>
<item><title>Бір</title><link>https://good.kz/kk/news/1</link><dc:date>2026-11-12T10:00+05:00</dc:date></item></rdf:RDF>"""


@pytest.fixture(scope="module")
def reader(pack: Pack) -> ListReader:
    return ListReader(pack)


def read(reader: ListReader, body: str | bytes) -> ListFacts:
    return reader.read(page_capture(BASE), body.encode() if isinstance(body, str) else body)


def rss(*stamps: str, more: str = "") -> str:
    rows = "".join(f"<item><title>Сообщение {n}</title><link>/ru/news/{n}</link>{more}"
                   f"<pubDate>{stamp}</pubDate></item>" for n, stamp in enumerate(stamps))  # fmt: skip
    picture = "<image><url>https://good.kz/logo.png</url><title>x</title></image>"
    return f"<rss version='2.0'><channel>{picture}<pubDate>16 Nov 2026 00:00:00 GMT</pubDate>{rows}</channel></rss>"


def urlset(*days: str | None) -> str:
    rows = "".join(f"<url><loc>https://good.kz/p/{n}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
                   for n, day in enumerate(days))  # fmt: skip
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>"


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("Mon, 16 Nov 2026 09:30:00 +0500", "2026-11-16"),
        ("16 Nov 2026 23:59:00 GMT", "2026-11-16"),  # the day as stated, in its own zone
        ("Mon, 16 Nov 26 09:30:00 +0500", "2026-11-16"),  # RFC 822 knows two digits
        ("2026-11-16T09:30:00+05:00", "2026-11-16"),
        ("16.11.2026 09:30", "2026-11-16"),  # day before month
        ("12.11.2026", "2026-11-12"),
        ("16 ноября 2026 г.", "2026-11-16"),
        ("2026 жылғы 16 қараша", "2026-11-16"),
        ("31 Feb 2026 10:00:00 GMT", None),
        ("31.02.2026", None),
        ("ноябрь 2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_stamps_of_entries(reader: ListReader, stamp: str, day: str | None) -> None:
    found = read(reader, rss(stamp))
    assert [item.date.value for item in found.items] == ([day] if day else [])
    assert (found.kind, found.entries, found.dated) == ("feed", 1, int(day is not None))


def test_atom_states_publication_before_change(reader: ListReader) -> None:
    found = read(reader, ATOM)
    told = [(item.date.value, item.url, item.title) for item in found.items]
    assert told == [
        ("2026-11-10", "https://good.kz/ru/news/1", "Один"),
        ("2026-11-09", "https://good.kz/ru/news/2", "Два"),
    ]
    assert {item.date.method for item in found.items} == {DateMethod.FEED}
    assert found.items[1].date.locator == "xpath:(//*[local-name()='entry'])[2]"
    assert (found.entries, found.dated) == (3, 2)


def test_rss_in_rdf(reader: ListReader) -> None:
    (item,) = read(reader, RDF).items
    assert (item.date.value, item.url) == ("2026-11-12", "https://good.kz/kk/news/1")


@pytest.mark.parametrize(
    ("stamps", "template"),
    [
        (["16 Nov 2026 10:31:07 +0500"] * 3, "2026-11-16"),
        (["2026-11-16"] * 5, None),  # a busy day
        (["16 Nov 2026 00:00:00 +0500"] * 5, None),
        (["16 Nov 2026 10:31:07 +0500"] * 2, None),  # two alone tell nothing
        (["16 Nov 2026 10:31:07 +0500", "16 Nov 2026 10:32:07 +0500", "16 Nov 2026 10:33:07 +0500"], None),
    ],
)
def test_one_moment_at_all_entries_is_the_templates(
    reader: ListReader, stamps: list[str], template: str | None
) -> None:
    found = read(reader, rss(*stamps))
    assert found.template == template
    assert len(found.items) == (0 if template else len(stamps))


@pytest.mark.parametrize(
    ("days", "template", "left"),
    [
        (["2026-11-16"] * 20, "2026-11-16", []),
        (["2026-11-16"] * 19 + ["2026-10-01"], "2026-11-16", ["2026-10-01"]),
        (["2026-11-16"] * 5 + ["2026-10-01"] * 5, None, ["2026-11-16", "2026-10-01"]),
        (["2026-11-16", None, None, None], None, ["2026-11-16"]),
        (["2026-11-16", "2026-11"], None, ["2026-11-16"]),
    ],
)
def test_one_day_at_all_pages_is_the_templates(
    reader: ListReader, days: list[str | None], template: str | None, left: list[str]
) -> None:
    found = read(reader, urlset(*days))
    assert (found.kind, found.template, list(found.days)) == ("sitemap", template, left)


def test_newest_pages_are_kept_and_packed_lists_read(reader: ListReader) -> None:
    days = [f"{2000 + n // 300}-{n // 28 % 9 + 1:02}-{n % 28 + 1:02}" for n in range(MOST_PAGES + 500)]
    found = read(reader, gzip.compress(urlset(*days).encode()))
    assert (len(found.pages), found.entries) == (MOST_PAGES, MOST_PAGES + 500)
    assert found.pages[0].day == max(days)
    assert min(days) not in found.days
    assert len(read(reader, rss(*days)).items) == MOST_ITEMS


def test_titles_lose_what_identifies_a_person(reader: ListReader) -> None:
    body = rss("16 Nov 2026 10:31:07 +0500").replace("Сообщение 0", "Звоните +7 701 123 45 67")
    (item,) = read(reader, body).items
    assert "701" not in item.title


ENTITY = "<!DOCTYPE r [<!ENTITY a 'b'>]><rss><channel><item><title>&a;</title><pubDate>2026-11-16</pubDate></item></channel></rss>"


@pytest.mark.parametrize(
    "body", ["", "<html><body>no</body></html>", "<rss>", ENTITY, "https://good.kz/a\nhttps://good.kz/b"]
)
def test_what_is_no_list_of_dates_has_none(reader: ListReader, body: str) -> None:
    found = read(reader, body)
    assert (found.dated, found.items, found.pages) == (0, (), ())


def test_what_stands_before_a_break_is_kept(reader: ListReader) -> None:
    assert [item.date.value for item in read(reader, rss("2026-11-16", "2026-11-15")[:-60]).items] == ["2026-11-16"]


@given(st.binary(max_size=300) | st.text(max_size=80).map(lambda text: rss(text).encode()))
def test_any_bytes_are_read(pack: Pack, body: bytes) -> None:
    found = ListReader(pack).read(page_capture(BASE), body)
    assert found.entries >= found.dated >= len(found.items)
