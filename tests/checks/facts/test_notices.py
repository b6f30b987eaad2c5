from __future__ import annotations

import time

import pytest

from checks.facts.html import Document, parse
from checks.facts.layout import blocks
from checks.facts.model import Notice, NoticeKind
from checks.facts.notices import NoticeReader, licence_kind
from checks.redact import Redactor
from config.pack import Pack

OPEN, RESTRICTED, ATTRIBUTION, BARE = (
    NoticeKind.OPEN,
    NoticeKind.RESTRICTED,
    NoticeKind.ATTRIBUTION,
    NoticeKind.BARE,
)


@pytest.fixture(scope="module")
def reader(pack: Pack) -> NoticeReader:
    return NoticeReader(pack.extraction, Redactor(pack.extraction.personal))


def read(reader: NoticeReader, body: str, *, terms: bool = False) -> tuple[Notice, ...]:
    tree = parse(body.encode(), "text/html; charset=utf-8")
    return reader.read(Document(tree), blocks(tree), terms_page=terms)


def said(reader: NoticeReader, body: str, *, terms: bool = False) -> list[tuple[NoticeKind, bool]]:
    return [(item.kind, item.verified) for item in read(reader, body, terms=terms)]


@pytest.mark.parametrize(
    ("footer", "expected"),
    [
        ("© 2026 Министерство. Все права защищены", [(RESTRICTED, True)]),
        ("ВСЕ ПРАВА ЗАЩИЩЕНЫ", [(RESTRICTED, True)]),
        ("© Министрлік. Барлық құқықтар қорғалған.", [(RESTRICTED, True)]),
        ("© Ministry. All rights reserved", [(RESTRICTED, False)]),
        ("Перепечатка запрещена", [(RESTRICTED, False)]),
        ("Копирование только с письменного разрешения", [(RESTRICTED, False)]),
        ("Использование со ссылкой на источник", [(ATTRIBUTION, True)]),
        ("Деректер өз мақсаттарында", [(ATTRIBUTION, False)]),
        ("Свободное использование материалов", [(OPEN, False)]),
        ("© 2014-2026 Министерство", [(BARE, True)]),
        ("(c) 2026", [(BARE, True)]),
        ("(С) 2026 Министерство", [(BARE, True)]),
        ("Астана, пр. Мәңгілік Ел, 8", []),
        ("Неправа защищеныы", []),
        ("не все права защищены законом", [(RESTRICTED, True)]),
    ],
)
def test_footers(reader: NoticeReader, footer: str, expected: list[tuple[NoticeKind, bool]]) -> None:
    assert said(reader, f"<p>Текст</p><footer>{footer}</footer>") == expected


@pytest.mark.parametrize(
    "body",
    [
        "<article><p>Фото: © Reuters. Все права защищены</p></article>",
        "<article><p>Текст</p><footer>© Reuters. Все права защищены</footer></article>",
        "<div class='photo-copyright'>© Reuters. Все права защищены</div>",
        "<figure><figcaption class='copyright'>© Казинформ. Все права защищены</figcaption></figure>",
        "<main><p>Закон говорит: все права защищены</p></main>",
        "<div class='card'><div class='card-footer'>© Фото автора. Все права защищены</div></div>",
        "<nav>Все права защищены</nav>",
        "<footer style='display:none'>Все права защищены</footer>",
    ],
)
def test_credits_and_words_of_articles_do_not_speak_for_the_site(reader: NoticeReader, body: str) -> None:
    assert read(reader, body) == ()


def test_a_page_about_terms_speaks_with_its_text(reader: NoticeReader) -> None:
    body = "<main><h1>Условия использования</h1><p>Все права защищены.</p></main><nav>© x</nav>"
    assert said(reader, body) == []
    (notice,) = read(reader, body, terms=True)
    assert (notice.kind, notice.in_footer, notice.phrase) == (RESTRICTED, False, "все права защищены")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", OPEN),
        ("http://creativecommons.org/licenses/by-sa/3.0/deed.ru", OPEN),
        ("//creativecommons.org/licenses/by/4.0/", OPEN),
        ("https://www.creativecommons.org/licenses/by/4.0", OPEN),
        ("https://creativecommons.org/publicdomain/zero/1.0/", OPEN),
        ("https://creativecommons.org/licenses/by-nc/4.0/", RESTRICTED),
        ("https://creativecommons.org/licenses/by-nd/4.0/", RESTRICTED),
        ("https://CREATIVECOMMONS.org/licenses/BY-NC-SA/4.0/", RESTRICTED),
        ("https://opendatacommons.org/licenses/odbl/1-0/", OPEN),
        ("https://creativecommons.org/licenses/", None),
        ("https://creativecommons.org/licenses/list.en", None),
        ("https://creativecommons.org/", None),
        ("https://opendatacommons.org/licenses/", None),
        ("https://share.example/?u=https://creativecommons.org/licenses/by/4.0/", None),
        ("https://notcreativecommons.org/licenses/by/4.0/", None),
        ("https://good.kz/licence", None),
        ("", None),
    ],
)
def test_addresses_of_licences(url: str, kind: NoticeKind | None) -> None:
    assert licence_kind(url) is kind


def test_a_licence_link_counts_in_the_footer_and_as_the_pages_own(reader: NoticeReader) -> None:
    link = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>'
    assert said(reader, f"<footer>© 2026 {link}</footer>") == [(BARE, True), (OPEN, True)]
    assert said(reader, f"<article><p>{link}</p></article>") == []
    (notice,) = read(reader, '<head><link rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/"></head>')
    assert (notice.kind, notice.phrase) == (RESTRICTED, "rel=license creativecommons.org/licenses/by-nc/4.0/")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Текст</p><div class='end'>© 2026 Министерство</div>", [(BARE, True)]),
        ("<p>Текст</p><div class='end'>Copyright 2014-2026 Ministry</div>", [(BARE, True)]),
        ("<p>Текст</p><div class='end'>© Министерство</div>", []),
        ("<footer>© 2026 Theme Blass by 1000ff</footer>", []),
        ("<footer>© Разработка сайта: ТОО «Студия»</footer>", []),
        ("<footer>Copyright 2026 Ministry | Design by Studio</footer>", [(BARE, True)]),
        ("<footer>© 2026 Alle Rechte vorbehalten</footer>", [(RESTRICTED, False)]),
        ("<footer>جميع الحقوق © محفوظة</footer>", [(RESTRICTED, False)]),
        ("<footer>Prohibida su reproducción total o parcial</footer>", [(RESTRICTED, False)]),
        ("<footer>Контент под лицензией CC BY-SA</footer>", [(OPEN, True)]),
        ("<footer>Creative Commons Attribution-NonCommercial 4.0</footer>", [(RESTRICTED, True)]),
        ("<footer>Creative Commons</footer>", []),
        ("<footer>Материалы используются в неизменном виде</footer>", [(RESTRICTED, False)]),
        ("<footer>Данные доступны после регистрации</footer>", [(ATTRIBUTION, False)]),
        ("<article><div class='article-copyright'>© Портал. Все права защищены</div></article>", [(RESTRICTED, True)]),
        ("<article><p>© Все права защищены</p></article>", [(RESTRICTED, True)]),
        (
            "<aside class='sidebar'><a href='https://creativecommons.org/licenses/by/4.0/'><img></a></aside>",
            [(OPEN, True)],
        ),
        ("<div class='comment'><p>creative commons BY-NC © 2026</p></div>", []),
        ("<main><figure><figcaption>© 2026 Reuters</figcaption></figure></main>", []),
    ],
)
def test_what_is_the_sites_by_its_form(
    reader: NoticeReader, body: str, expected: list[tuple[NoticeKind, bool]]
) -> None:
    assert said(reader, body) == expected


def test_the_same_notice_is_kept_once_and_in_order(reader: NoticeReader) -> None:
    body = "<footer><p>Все права защищены</p><p>Все права защищены, со ссылкой на источник</p></footer>"
    found = read(reader, body)
    assert [item.kind for item in found] == [ATTRIBUTION, RESTRICTED]
    assert found == read(reader, body)


def test_excerpts_are_redacted_and_never_begin_within_a_number(reader: NoticeReader) -> None:
    filler = "слово " * 30
    for shift in range(30):
        body = f"<footer>{filler}ИИН 900101300127 тел. +7 701 123 45 67, a.person@good.kz {'ы' * shift} {'я ' * 40}все права защищены</footer>"
        (notice,) = read(reader, body)
        text = notice.excerpt.replace("[number]", "").replace("[phone]", "").replace("[mail]", "")
        assert not any(sign.isdigit() or sign == "@" for sign in text), notice.excerpt
        assert "все права защищены" in notice.excerpt
        assert len(notice.excerpt) <= 300


@pytest.mark.parametrize("piece", ["© ", "(c ", "a@", "все права ", "1 ", "+7 ", "creativecommons.org/"])
def test_hostile_footers_take_bounded_time(reader: NoticeReader, piece: str) -> None:
    begun = time.process_time()
    read(reader, f"<footer>{piece * (2_000_000 // len(piece))}</footer>")
    licence_kind("https://" + piece * 100_000)
    assert time.process_time() - begun < 20, "many times what is needed: a pattern that backtracks never comes back"
