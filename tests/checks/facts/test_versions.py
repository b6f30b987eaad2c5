from __future__ import annotations

import pytest

from checks.facts.html import Document, parse
from checks.facts.model import LanguageLink
from checks.facts.versions import VersionReader
from config.pack import Pack

PAGE = "https://good.kz/ru/about"


@pytest.fixture(scope="module")
def reader(pack: Pack) -> VersionReader:
    return VersionReader(pack)


@pytest.mark.parametrize(
    ("url", "root", "neutral", "language"),
    [
        ("https://good.kz/kk/about", "https://good.kz/", "https://good.kz/about", "kk"),
        ("https://good.kz/kz/about", "https://good.kz/", "https://good.kz/about", "kk"),  # an alias
        ("https://good.kz/KAZ/about", "https://good.kz/", "https://good.kz/about", "kk"),
        ("https://good.kz/rus", "https://good.kz/", "https://good.kz/", "ru"),
        ("https://good.kz/ru/", "https://good.kz/", "https://good.kz/", "ru"),
        ("https://good.kz/site/en/about", "https://good.kz/", "https://good.kz/site/about", "en"),
        ("https://good.kz/a/b/en/about", "https://good.kz/", "https://good.kz/a/b/en/about", None),
        ("https://good.kz/memleket/entities/x/kk/a", "https://good.kz/memleket/entities/x", "https://good.kz/memleket/entities/x/a", "kk"),
        ("https://good.kz/ru/about", "https://good.kz/ru", "https://good.kz/about", "ru"),  # the scope begins at a version
        ("https://good.kz/kk/about", "https://good.kz/ru", "https://good.kz/about", "kk"),
        ("https://good.kz/about?lang=kk", "https://good.kz/", "https://good.kz/about", "kk"),
        ("https://good.kz/about?a=1&lang=ru&b=2", "https://good.kz/", "https://good.kz/about?a=1&b=2", "ru"),
        ("https://good.kz/about?lang=javascript", "https://good.kz/", "https://good.kz/about?lang=javascript", None),
        ("https://good.kz/about?page=ru", "https://good.kz/", "https://good.kz/about?page=ru", None),
        ("https://kk.good.kz/about", "https://kk.good.kz/", "https://good.kz/about", "kk"),
        ("https://kz.wikipedia.org/x", "https://kz.wikipedia.org/", "https://wikipedia.org/x", "kk"),
        ("https://en.kz/about", "https://en.kz/", "https://en.kz/about", None),  # a name of its own, no sign
        ("https://good.kz/english-school/", "https://good.kz/", "https://good.kz/english-school/", None),
        ("https://good.kz/estimates", "https://good.kz/", "https://good.kz/estimates", None),
        ("https://good.kz/russia/kazan", "https://good.kz/", "https://good.kz/russia/kazan", None),
        ("https://good.kz/about.ru", "https://good.kz/", "https://good.kz/about.ru", None),
        ("https://good.kz/", "https://good.kz/", "https://good.kz/", None),
    ],
)  # fmt: skip
def test_signs_in_addresses(reader: VersionReader, url: str, root: str, neutral: str, language: str | None) -> None:
    found = reader.neutral(url, root)
    assert (found.url, found.language) == (neutral, language)


def links(reader: VersionReader, body: str) -> list[tuple[str, str, str]]:
    tree = parse(f"<html>{body}</html>".encode(), "text/html; charset=utf-8")
    return [(item.language, item.url, item.method) for item in reader.links(Document(tree), PAGE)]


def test_alternates_are_read_first(reader: VersionReader) -> None:
    body = (
        '<head><link rel="alternate" hreflang="kk" href="/kk/about"><link rel="alternate" hreflang="en-GB" href="/en/about">'
        '<link rel="alternate" hreflang="x-default" href="/"><link rel="alternate" hreflang="de" href="/de">'
        '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
        '<body><a href="/kk/about">Қазақша</a><a href="/ru/about">Русский</a></body>'
    )
    assert links(reader, body) == [
        ("kk", "https://good.kz/kk/about", "hreflang"),
        ("en", "https://good.kz/en/about", "hreflang"),
        ("ru", "https://good.kz/ru/about", "switch"),
    ]


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("KK", "kk"), ("KZ", "kk"), ("Kaz", "kk"), ("Қазақша", "kk"), ("ҚАЗАҚША", "kk"), ("Казахский", "kk"), ("ҚАЗ", "kk"),
        ("Қаз", "kk"), ("Каз", "kk"), ("RU", "ru"), ("Rus", "ru"), ("Русский", "ru"), ("РУС", "ru"), ("Орысша", "ru"),
        ("EN", "en"), ("Eng", "en"), ("English", "en"), ("АНГЛ", "en"), ("Ағылшынша", "en"), ("kk-KZ", "kk"),
        ("K", None), ("Ka", None), ("Новости", None), ("English school of Astana city", None), ("О нас", None), ("", None),
        ("Deutsch", None), ("Русский музей", None),
    ],
)  # fmt: skip
def test_labels_of_switches(reader: VersionReader, label: str, language: str | None) -> None:
    found = links(reader, f'<a href="/x">{label}</a>')
    assert found == ([(language, "https://good.kz/x", "switch")] if language else [])


@pytest.mark.parametrize(
    ("element", "language"),
    [
        ('<a href="/x" title="English"><i class="flag"></i></a>', "en"),
        ('<a href="/x"><img src="kz.png" alt="Қазақша"></a>', "kk"),
        ('<a href="/x" hreflang="ru">Версия</a>', "ru"),
        ('<a href="javascript:void(0)">RU</a>', None),
        ('<a href="mailto:a@b.kz">RU</a>', None),
    ],
)
def test_switches_without_words(reader: VersionReader, element: str, language: str | None) -> None:
    assert [item[0] for item in links(reader, element)] == ([language] if language else [])


def test_a_switch_without_an_address_names_the_page_itself(reader: VersionReader) -> None:
    assert links(reader, '<a href="#">KZ</a><a>RU</a>') == [("kk", PAGE, "switch"), ("ru", PAGE, "switch")]


def test_an_offer_is_listed_once(reader: VersionReader) -> None:
    tree = parse(b'<a href="/en">EN</a><a href="/en">English</a>', None)
    assert reader.links(Document(tree), PAGE) == (LanguageLink("en", "https://good.kz/en", "switch"),)
