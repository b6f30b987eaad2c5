from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lic_05 import information_is_free
from config.pack import Pack, Phrase
from tests.checks.lab import Reply
from tests.checks.rules.tables import (
    FAIL,
    NOT_OBSERVED,
    PASS,
    UNCLEAR,
    Sample,
    assert_as_expected,
    assert_complete,
)
from tests.checks.texts import RU, page, paragraphs

RULE = information_is_free
HOME = "https://good.kz/prices"
ROWS = "<table><tr><th>Услуга</th><th>Цена, тенге</th></tr><tr><td>{}</td><td>{}</td></tr></table>"


@pytest.fixture(scope="module")
def listed(pack: Pack) -> Pack:
    """The pack with one product that somebody verified."""
    words = dict(pack.extraction.words)
    known = words["information_products"]
    words["information_products"] = {
        **known,
        "en": (*known["en"], Phrase(p="digital atlas", verified=True, kind="data")),
    }
    return pack.model_copy(update={"extraction": pack.extraction.model_copy(update={"words": words})})


def one(main: str) -> dict[str, str | Reply]:
    return {HOME: page(paragraphs(RU) + main)}


TABLE = (
    Sample("free, as it says", PASS, "information_free", one("<p>Статистическая информация предоставляется бесплатно.</p>")),
    Sample("free in Kazakh", PASS, "information_free", one("<p>Статистикалық ақпарат тегін беріледі.</p>")),
    Sample("a price of a verified product", FAIL, "information_priced", one("<p>The digital atlas costs 12 000 tenge.</p>")),
    Sample("a price of a product that nobody verified", UNCLEAR, "price_unverified", one("<p>Цифровая карта: 5 400 тенге</p>")),
    Sample("a row of a price list", UNCLEAR, "price_unverified", one(ROWS.format("Топографическая карта", "5400"))),
    Sample("the price of a copy", UNCLEAR, "price_of_copies", one("<p>Архивная справка: 900 ₸</p>")),
    Sample("free and priced", UNCLEAR, "price_unverified",
           one("<p>Цифровая карта: 5 400 тенге</p><p>Геоданные бесплатно</p>")),
    Sample("a tariff of a utility", NOT_OBSERVED, "no_price_seen", one("<p>Тариф на воду: 54 тенге</p>")),
    Sample("a product and a year", NOT_OBSERVED, "no_price_seen", one("<p>Цифровая карта издана в 2014 году</p>")),
    Sample("a price elsewhere on the page", NOT_OBSERVED, "no_price_seen",
           one("<p>Статистическая информация за год</p><p>Билет: 300 тенге</p>")),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_05(sample: Sample, tmp_path: Path, listed: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_as_expected(sample, RULE, tmp_path, listed)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)
