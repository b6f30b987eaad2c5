from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lang_04 import frame_in_the_pages_language
from config.pack import Pack
from tests.checks.lab import Reply
from tests.checks.rules.tables import (
    FAIL,
    NOT_APPLICABLE,
    NOT_OBSERVED,
    PASS,
    UNCLEAR,
    Sample,
    assert_as_expected,
    assert_complete,
)
from tests.checks.texts import KK, RU, page, paragraphs

RULE = frame_in_the_pages_language
HOME = "https://good.kz/"
SHARED = ({"id": "other", "names": {"en": "other"}, "sites": ["https://good.kz/other/"]},)


def one(main: str, menu: str, footer: str = "Астана") -> dict[str, str | Reply]:
    return {HOME: page(paragraphs(main), header=f"<p>{menu}</p>", footer=footer)}


TABLE = (
    Sample("all in Kazakh", PASS, "frame_translated", one(KK, KK)),
    Sample("Russian menus round a Kazakh text", FAIL, "frame_untranslated", one(KK, RU)),
    Sample("the frame of a shared platform", FAIL, "frame_untranslated", one(KK, RU), others=SHARED,
           responsible="platform_owner"),
    Sample("a frame in two languages", NOT_APPLICABLE, "frame_mixed", one(RU, f"{KK}</p><p>{RU}")),
    Sample("a text in two languages", UNCLEAR, "language_unclear", one(f"{KK}</p><p>{RU}", RU)),
    Sample("a short menu", NOT_APPLICABLE, "too_little_text", one(KK, "Қаз Рус Eng")),
    Sample("a short text", NOT_APPLICABLE, "too_little_text", one("Байланыс", RU)),
    Sample("blocked", NOT_OBSERVED, "blocked", {HOME: Reply("<title>Access denied</title><h1>Access denied</h1>")}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lang_04(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)
