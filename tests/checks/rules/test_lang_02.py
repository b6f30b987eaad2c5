from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lang_02 import language_as_declared
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
    judge,
)
from tests.checks.texts import DE, KK, RU, page, paragraphs

RULE = language_as_declared
HOME = "https://good.kz/"
KAZAKH = "https://good.kz/kk/about"


def one(url: str, *texts: str, lang: str = "", head: str = "") -> dict[str, str | Reply]:
    return {url: page(paragraphs(*texts), lang=lang, head=head)}


BACK = f'<link rel="alternate" hreflang="kk" href="{HOME}about">'
SHARED = ({"id": "other", "names": {"en": "other"}, "sites": ["https://good.kz/other/"]},)

TABLE = (
    Sample("html lang fits", PASS, "language_as_declared", one(HOME, RU, lang="ru")),
    Sample("an alias is read as meant", PASS, "language_as_declared", one(HOME, KK, lang="kz")),
    Sample("a region is no other language", PASS, "language_as_declared", one(HOME, RU, lang="ru_RU")),
    Sample("address and html lang fit", PASS, "language_as_declared", one(KAZAKH, KK, lang="kk-KZ")),
    Sample("only the address says it", PASS, "language_as_declared", one(KAZAKH, KK)),
    Sample("Russian under the Kazakh address", FAIL, "wrong_language", one(KAZAKH, RU, lang="kk")),
    Sample("Russian that calls itself English", FAIL, "wrong_language", one(HOME, RU, lang="en")),
    Sample("a link to itself promises Kazakh", FAIL, "wrong_language", one(f"{HOME}about", RU, lang="ru", head=BACK)),
    Sample("one html lang for all versions", UNCLEAR, "html_lang_wrong", one(KAZAKH, KK, lang="ru")),
    Sample("the same on a shared platform", UNCLEAR, "html_lang_wrong", one(KAZAKH, KK, lang="ru"), others=SHARED,
           responsible="platform_owner"),
    Sample("nothing is declared", UNCLEAR, "language_undeclared", one(HOME, RU)),
    Sample("a code that is none", UNCLEAR, "language_code_unknown", one(HOME, RU, lang="template")),
    Sample("half and half", UNCLEAR, "language_unclear", one(HOME, RU, KK, lang="ru")),
    Sample("a language that the pack does not know", UNCLEAR, "language_unclear", one(HOME, DE, lang="de")),
    Sample("too little text", NOT_APPLICABLE, "too_little_text", one(HOME, "Контакты", lang="ru")),
    Sample("blocked", NOT_OBSERVED, "blocked", {HOME: Reply("<title>Access denied</title><h1>Access denied</h1>")}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lang_02(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)


@pytest.mark.parametrize(
    ("lang", "malformed"), [("kk", False), ("kk-KZ", False), ("kz", True), ("ru_RU", True), ("javascript", True)]
)
def test_malformed_codes_are_reported(lang: str, *, malformed: bool, tmp_path: Path, pack: Pack) -> None:
    found = judge(Sample("x", PASS, "", one(HOME, KK, lang=lang)), RULE, tmp_path, pack)
    assert found.measures["malformed"] == ([f"html_lang={lang}"] if malformed else [])
    assert found.measures["declared"] == lang
