from __future__ import annotations

import pytest

from checks.facts.declared import declarations, is_code
from checks.facts.html import Document, parse
from tests.checks.lab import page_capture


def said(body: str, **headers: str) -> list[tuple[str, str]]:
    capture = page_capture("https://good.kz/", headers=tuple(headers.items()))
    return [
        (item.method, item.text)
        for item in declarations(Document(parse(body.encode(), "text/html; charset=utf-8")), capture)
    ]


def test_every_place_is_read_and_the_first_of_a_method_counts() -> None:
    body = (
        '<html lang="kk"><head><meta http-equiv="Content-Language" content="ru"><meta property="og:locale" content="ru_RU">'
        '<meta name="dc.language" content="kaz"><meta name="language" content="en"></head><body lang="en">x</body></html>'
    )
    assert said(body) == [
        ("html_lang", "kk"),
        ("content_language", "ru"),
        ("og_locale", "ru_RU"),
        ("metadata", "kaz"),
    ]


@pytest.mark.parametrize("body", ["", "<p>x</p>", '<html lang=""><p>x</p></html>', '<html lang="  "><p>x</p></html>'])
def test_nothing_declared(body: str) -> None:
    assert said(body) == []


def test_long_values_are_cut_and_folded() -> None:
    ((method, text),) = said(f'<html lang=" {"k" * 500} ">')
    assert (method, text) == ("html_lang", "k" * 35)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("kk", True),
        ("kk-KZ", True),
        ("kk-Latn-KZ", True),
        ("KK", True),
        ("kz", False),
        ("kz-KZ", False),
        ("ru_RU", False),
        ("javascript", False),
        ("", False),
        ("k", False),
        ("русский", False),
        ("ru-", False),
    ],
)
def test_codes(text: str, *, right: bool) -> None:
    assert is_code(text, frozenset({"kz"})) is right
