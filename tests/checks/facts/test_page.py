from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.model import DateMethod, NoticeKind, PageFacts, Precision
from checks.facts.page import PageExtractor
from config.pack import Pack
from crawler.verdicts import Verdict
from tests.checks.lab import page_capture
from tests.checks.texts import EN, KK, RU, dated_list, page, paragraphs, switch


@pytest.fixture(scope="module")
def extractor(pack: Pack) -> PageExtractor:
    return PageExtractor(pack)


def read(extractor: PageExtractor, body: str | bytes, url: str = "https://good.kz/ru/about") -> PageFacts:
    return extractor.extract(page_capture(url), body.encode() if isinstance(body, str) else body)


def test_a_whole_page(extractor: PageExtractor) -> None:
    body = page(
        f"<p>Дата обновления: 10.11.2026</p>{paragraphs(RU)}{dated_list(['16.11.2026', '10.11.2026', '03.11.2026'])}",
        title="Новости",
        lang="ru",
        header=f"<a href='/'>Басты бет туралы мәліметтер мен қызметтер</a> {switch(kk='/kk/about', en='/en/about')}",
        footer="© 2026 Министерство. Все права защищены. Тел. 8 (7172) 74-20-14, press@good.kz",
    )
    facts = read(extractor, body)
    assert facts.verdict is Verdict.PAGE
    assert (facts.title, facts.declared_language) == ("Новости", "ru")
    assert facts.main[0].language == "ru"
    assert {item.language for item in facts.frame} <= {"kk", "ru", "und"}
    assert facts.main_letters == sum(item.letters for item in facts.main) > 200
    assert [(item.language, item.url) for item in facts.language_links] == [
        ("kk", "https://good.kz/kk/about"),
        ("en", "https://good.kz/en/about"),
    ]
    assert [(item.value, item.method, item.text) for item in facts.dates] == [
        ("2026-11-10", DateMethod.LABEL, "дата обновления: 10.11.2026")
    ]
    assert [item.date.value for item in facts.items] == ["2026-11-16", "2026-11-10", "2026-11-03"]
    assert facts.section_kinds == ("news",)
    assert [item.kind for item in facts.notices] == [NoticeKind.RESTRICTED]
    assert facts.footer_excerpt == "© 2026 Министерство. Все права защищены. Тел. [phone], [mail]"
    assert facts.main_excerpt.startswith("Министерство принимает")
    assert facts.links == 6
    assert facts == read(extractor, body)


@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("<title>News | Bureau</title><h1>News</h1><h1>of May</h1>", "News of May"),
        ("<title>News | Bureau</title><h1><img src=x></h1>", "News | Bureau"),
        ("<title>News</title><p>x</p>", "News"),
        ("<title>x</title><h1>Call 8 (7172) 74-20-14</h1>", "Call [phone]"),
    ],
)
def test_the_heading_is_the_pages_own(extractor: PageExtractor, body: str, heading: str) -> None:
    assert read(extractor, body).heading == heading


def test_an_empty_body_is_an_empty_page(extractor: PageExtractor) -> None:
    facts = read(extractor, b"")
    assert facts.verdict is Verdict.EMPTY
    assert (facts.title, facts.main, facts.main_letters, facts.items, facts.notices, facts.footer_excerpt) == (
        "", (), 0, (), (), "",
    )  # fmt: skip
    assert facts.declared_language is None


def test_the_main_digest_knows_the_main_text_only(extractor: PageExtractor) -> None:
    one = read(extractor, page(paragraphs(RU), footer="14:00", header="now: 1"))
    assert one.main_digest == read(extractor, page(paragraphs(RU), footer="15:00", header="now: 2")).main_digest
    assert one.main_digest != read(extractor, page(paragraphs(EN), footer="14:00", header="now: 1")).main_digest


@pytest.mark.parametrize(
    ("title", "url", "kinds"),
    [
        ("Новости", "/x", ("news",)),
        ("«Новости» министерства", "/x", ("news",)),
        ("Министрлік жаңалықтары", "/x", ("news",)),
        ("НОВОСТИ И СОБЫТИЯ", "/x", ("events", "news")),
        ("Бос жұмыс орындары", "/x", ("vacancies",)),
        ("О министерстве", "/ru/news", ("news",)),
        ("О министерстве", "/ru/news/", ("news",)),
        ("О министерстве", "/ru/press-releases?page=2", ("press_releases",)),
        ("О министерстве", "/ru/press_releases", ("press_releases",)),
        ("О министерстве", "/ru/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", ("news",)),
        ("О министерстве", "/ru/news/123", ()),
        ("О министерстве", "/ru/newsletter", ()),
        ("Newsletter", "/x", ()),
        ("Newspapers of the region", "/x", ()),
        ("Обновости", "/x", ()),
    ],
)
def test_kinds_of_sections(extractor: PageExtractor, title: str, url: str, kinds: tuple[str, ...]) -> None:
    assert read(extractor, page(title=title), f"https://good.kz{url}").section_kinds == kinds


def test_dates_of_meta_elements(extractor: PageExtractor) -> None:
    head = (
        '<meta property="article:modified_time" content="2026-11-10T10:00:00+05:00">'
        '<meta name="DCTERMS.modified" content="2026-11-09"><meta name="last-modified" content="soon">'
        '<meta name="description" content="2020-01-01">'
    )
    assert [(item.value, item.method) for item in read(extractor, page(head=head)).dates] == [
        ("2026-11-10", DateMethod.META),
        ("2026-11-09", DateMethod.META),
    ]


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("Жаңарту күні: 2021 Маусым", "2021-06", Precision.MONTH),
        ("Last Updated: Apr-7-2008", "2008-04-07", Precision.DAY),
        ("Publish date: April 7, 2016", "2016-04-07", Precision.DAY),
        ("Создано 01.01.2020. Последнее обновление: 25.08.2026 16:27", "2026-08-25", Precision.DAY),
    ],
)
def test_labelled_dates(extractor: PageExtractor, text: str, value: str, precision: Precision) -> None:
    (found,) = read(extractor, page(f"<p>{text}</p>")).dates
    assert (found.value, found.precision, found.method) == (value, precision, DateMethod.LABEL)


def test_texts_are_redacted_wherever_they_come_from(extractor: PageExtractor) -> None:
    secret = "person@good.kz +7 701 123 45 67"
    shape = f'<li><time datetime="2026-11-1{{n}}">{secret}</time> <a href="/n/{{n}}?u=person@good.kz">{{t}} {secret}</a></li>'
    body = page(
        f"<p>{KK} {secret}</p>{dated_list('123', shape)}<p>Дата обновления: 10.11.2026 {secret}</p>",
        title=f"Новости {secret}",
        lang=secret,
        footer=f"{secret} все права защищены {secret} <a href='mailto:person@good.kz'>RU</a>",
        header="<a href='/kk?u=person@good.kz'>KZ</a>",
    )
    facts = read(extractor, body, "https://good.kz/news?u=person@good.kz")
    assert len(facts.items) == 3
    told = repr(facts)
    assert "person@" not in told
    assert "701" not in told


def test_extraction_depends_on_nothing_but_its_input(pack: Pack) -> None:
    body = page(paragraphs(KK, RU), title="Жаңалықтар", footer="©").encode()
    assert PageExtractor(pack).extract(page_capture(), body) == PageExtractor(pack).extract(page_capture(), body)


@given(st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_page(extractor: PageExtractor, body: bytes) -> None:
    facts = read(extractor, body)
    assert facts.main_letters == sum(item.letters for item in facts.main)
    assert len(facts.main_excerpt) <= 300
