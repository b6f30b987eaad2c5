from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lang_05 import entries_in_each_language
from config.pack import Pack
from crawler.capture import ExchangeOutcome
from tests.checks.lab import GONE, Reply, failure
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
from tests.checks.texts import TEXTS, dated_list, page, paragraphs, switch

RULE = entries_in_each_language
SWITCH = switch(kk="/kk/news", ru="/ru/news", en="/en/news")
WEEKS = ["13.11.2026", "06.11.2026", "30.10.2026", "23.10.2026", "16.10.2026", "09.10.2026"]


def version(language: str, days: list[str]) -> str:
    return page(paragraphs(TEXTS[language]) + dated_list(days), header=SWITCH)


def news(**days: list[str] | Reply) -> dict[str, str | Reply]:
    return {
        f"https://good.kz/{code}/news": version(code, found) if isinstance(found, list) else found
        for code, found in days.items()
    }


TABLE = (
    Sample("as many in each", PASS, "entries_in_each_language", news(kk=WEEKS, ru=WEEKS, en=WEEKS)),
    Sample("four of six in Kazakh", PASS, "entries_in_each_language", news(kk=WEEKS[:4], ru=WEEKS, en=WEEKS[1:])),
    Sample("two of six in Kazakh", FAIL, "entries_missing", news(kk=WEEKS[:3:2], ru=WEEKS, en=WEEKS)),
    Sample("no list in Kazakh", FAIL, "entries_missing", news(kk=[], ru=WEEKS, en=WEEKS)),
    Sample("Kazakh a month behind", UNCLEAR, "versions_lag", news(kk=WEEKS[3:], ru=WEEKS, en=WEEKS)),
    Sample("few in English", UNCLEAR, "policy_language_missing", news(kk=WEEKS, ru=WEEKS, en=[])),
    Sample("three to compare", UNCLEAR, "few_entries", news(kk=WEEKS[:3], ru=WEEKS[:3], en=[])),
    Sample("one version", NOT_APPLICABLE, "one_language", news(kk=GONE, ru=WEEKS, en=GONE)),
    Sample("Kazakh not reached", NOT_OBSERVED, "timeout", news(kk=failure(ExchangeOutcome.TIMEOUT), ru=WEEKS, en=WEEKS)),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lang_05(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)


def test_a_busy_list_is_compared_within_the_days_that_it_shows(tmp_path: Path, pack: Pack) -> None:
    busy = [f"{day:02}.11.2026" for day in range(13, 7, -1)]
    found = judge(Sample("x", FAIL, "", news(kk=WEEKS, ru=busy, en=busy)), RULE, tmp_path, pack)
    assert found.measures["entries"] == {"kk": 1, "ru": 6, "en": 6}
    assert found.measures["lag_days"] == {"kk": 0, "ru": 0, "en": 0}
    assert (found.outcome, found.reason) == (FAIL, "entries_missing")
