from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.lang_03 import described_in_each_language
from config.pack import Pack
from tests.checks.rules.meta_support import ALL, Sample, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR
from tests.checks.rules.test_meta_01 import NOTHING
from tests.checks.texts import EN, KK, RU

RULE = described_in_each_language
LONG = "Перечень государственных учреждений образования области по состоянию на начало учебного года"
NAME = "Qazaq Air Astana Almaty Shymkent Aqtau Aqtobe Atyrau"

TABLE = (
    Sample("three languages", PASS, "texts_in_their_languages", {}),
    Sample("long texts in their languages", PASS, "texts_in_their_languages",
           {"descriptions": {"kk": KK, "ru": RU, "en": EN}}),
    Sample("Russian under Kazakh", FAIL, "wrong_language", {"descriptions": {**ALL, "kk": RU}}),
    Sample("a Russian title under English", FAIL, "wrong_language", {"titles": {"ru": LONG, "en": LONG}}),
    Sample("one long title for two languages", FAIL, "titles_equal",
           {"titles": dict.fromkeys(("kk", "en"), "тт " * 25), "descriptions": {}}),
    Sample("a short title shared", UNCLEAR, "short_titles_equal", {"titles": {"kk": "КАТО", "ru": "КАТО"}}),
    Sample("a proper name shared", UNCLEAR, "short_titles_equal",
           {"titles": {"kk": NAME, "en": NAME}}),
    Sample("one language only", NOT_APPLICABLE, "one_language", {"titles": {"ru": "Озёра"}}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen", NOTHING),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lang_03(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)
