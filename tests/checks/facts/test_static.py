from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.html import parse
from checks.facts.layout import lay_out
from checks.facts.model import StaticPage
from checks.facts.static import StaticReader
from checks.redact import Redactor
from config.loader import load_pack
from config.model import Agency
from config.register import with_former_names

BASE = "https://a.kz/structure"
NAMES = [
    {"names": {"ru": "Комитет водного хозяйства", "kk": "Су шаруашылығы комитеті"}, "valid_to": "2025-01-31"},
    {"names": {"ru": "Министерство водных ресурсов"}, "valid_from": "2025-02-01"},
]
BODY = Agency.model_validate({"id": "water", "names": NAMES, "sites": ["https://water.kz/"]})
PACK = with_former_names(load_pack("kz"), [BODY])
READER = StaticReader(PACK.extraction, Redactor(PACK.extraction.personal))


def read(body: str) -> StaticPage:
    return READER.read(
        ["structure"],
        lay_out(parse(f"<html><body>{body}</body></html>".encode(), "text/html; charset=utf-8")).main,
        BASE,
    )


def signs(text: str) -> list[tuple[str, str]]:
    return [(sign.kind.value, sign.since) for sign in read(f"<p>{text}</p>").signs]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Приказ председателя Комитета водного хозяйства", [("former_body", "2025-02-01")]),
        ("Су шаруашылығы комитетінің бұйрығы", [("former_body", "2025-02-01")]),
        ("бұрынғы Су шаруашылығы комитеті", []),
        ("В 2019 году работал в Комитете водного хозяйства", []),
        ("2007 жылғы 13 шілдедегі № 598 қаулысына сәйкес", [("repealed_act", "2015-08-10")]),
        ("приказом от 14 октября 2022 года № 385/НҚ", [("repealed_act", "2024-11-11")]),
        ("приказом от 14 октября 2022 года № 385/НҚ, утратившим силу", []),
        ("План работы на 2024 год. План работы на 2025 год", [("past_plan", "2026-01-01")]),
        ("2024 жылға арналған жұмыс жоспары", [("past_plan", "2025-01-01")]),
        ("План работы", []),
    ],
)
def test_signs(text: str, found: list[tuple[str, str]]) -> None:
    assert signs(text) == found


def test_links_of_main_text_are_kept_once() -> None:
    body = '<main><p><a href="/a">A</a> <a href="/a">A</a> <a href="mailto:x@a.kz">m</a> <a href="//b.kz/c">c</a></p></main>'
    assert read(body).links == ("https://a.kz/a", "https://b.kz/c")


def test_links_are_kept_without_secrets() -> None:
    (link,) = read('<main><p><a href="/a?apiKey=abc123def">A</a></p></main>').links
    assert "abc123def" not in link


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "9" * 2_000_000,
        "<p>" + "план работы " * 100_000,
        "<p>" + "комитет водного " * 100_000,
        "<p>2024</p>" * 50_000,
        "<p>" + "а" * 2_000_000,
        "<p>\u200b\u202e" * 20_000,
    ],
    ids=["numbers", "plans", "beginnings", "many blocks", "one word", "no width"],
)
def test_hostile_pages_give_few_signs(body: str) -> None:
    assert len(read(body).signs) <= 20


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    for sign in read(f"<p>{text}</p>").signs:
        assert len(sign.excerpt) <= 300
