from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from checks.findings import Finding
from checks.rules.lang_05 import entries_in_each_language
from checks.rules.lang_items import MOST_NAMED
from config.pack import Pack
from crawler.capture import ExchangeOutcome
from tests.checks.lab import GONE, Lab, Reply, failure, only
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


DAILY = [f"{day:02}.11.2026" for day in range(13, 0, -1)]
TABLE = (
    Sample("a shorter page of the same list", UNCLEAR, "few_entries", news(kk=DAILY[:6], ru=DAILY, en=DAILY)),
    Sample("days that cannot be read", UNCLEAR, "few_entries", news(kk=["Қараша 2026"] * 6, ru=DAILY, en=DAILY)),
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


def picture(source: str) -> str:
    return f'<img src="/img/{source}.jpg" alt="">' if source else ""


def entries(language: str, *rows: tuple[str, str, str]) -> str:
    """Return a version whose entries are day, address and title; what follows a bar in the address is a picture."""
    items = "".join(
        f'<li><span>{day}</span> <a href="{url.partition("|")[0]}">{title}</a>{picture(url.partition("|")[2])}</li>'
        for day, url, title in rows
    )
    return page(paragraphs(TEXTS[language]) + f"<ul>{items}</ul>", header=SWITCH)


def paired(folder: Path, pack: Pack, kk: str, ru: str, items: Mapping[str, str] | None = None) -> Finding:
    pages = {
        "https://good.kz/kk/news": kk,
        "https://good.kz/ru/news": ru,
        "https://good.kz/en/news": GONE,
        **(items or {}),
    }
    lab = Lab(folder / "w", pack)
    lab.crawl(pages)
    return only([item for item in lab.findings(RULE) if item.subject.id.endswith("/news")])


ROWS = [("13.11.2026", "Первое сообщение"), ("12.11.2026", "Второе сообщение"), ("06.11.2026", "Третье сообщение"),
        ("23.10.2026", "Четвёртое сообщение"), ("25.09.2026", "Пятое сообщение"), ("28.08.2026", "Шестое сообщение")]  # fmt: skip
KK_TITLES = ("Бірінші хабарлама", "Екінші хабарлама", "Үшінші хабарлама", "Төртінші хабарлама", "Бесінші хабарлама")


def russian(form: str) -> str:
    return entries("ru", *((day, form.format(n=n), title) for n, (day, title) in enumerate(ROWS)))


def kazakh(form: str, *numbers: int, later: int = 0) -> str:
    """Return counterparts of some of the Russian entries, each posted some days later."""
    days = [date(*map(int, reversed(day.split(".")))) + timedelta(days=later) for day, _title in ROWS]
    return entries("kk", *((f"{days[n]:%d.%m.%Y}", form.format(n=n), KK_TITLES[n % 5]) for n in numbers))


@pytest.mark.parametrize(
    ("ru", "kk", "method"),
    [
        ("/ru/news/{n}", "/kk/news/{n}", "address"),
        ("/ru/news/700{n}-glava", "/kk/news/700{n}-basshy", "id"),
        ("/ru/a{n}|photo{n}", "/kk/b{n}|photo{n}", "picture"),
        ("/ru/a{n}|logo", "/kk/b{n}|logo", "day"),  # one picture at all of them tells nothing
    ],
)
def test_entries_are_paired_and_missing_ones_are_named(
    ru: str, kk: str, method: str, tmp_path: Path, pack: Pack
) -> None:
    found = paired(tmp_path, pack, kazakh(kk, 0, 1, 2, 3, 5), russian(ru))
    assert found.measures["paired_by"] == [method]
    assert (found.measures["paired"], found.measures["missing"]) == ({"kk": 5}, {"kk": 1})
    assert found.measures["missing_entries"] == [f"kk 2026-09-25 https://good.kz{ru.format(n=4).partition('|')[0]}"]
    cited = [item.excerpt for item in found.evidence if item.excerpt.startswith("no kk")]
    assert cited == ["no kk: 25.09.2026: Пятое сообщение"]


def test_pages_that_name_each_other_are_one_however_late(tmp_path: Path, pack: Pack) -> None:
    items = {
        f"https://good.kz/ru/a{n}": page(paragraphs(TEXTS["ru"]), title="x").replace(
            "</head>", f'<link rel="alternate" hreflang="kk" href="https://good.kz/kk/b{n}"></head>'
        )
        for n in range(6)
    }
    found = paired(tmp_path, pack, kazakh("/kk/b{n}", *range(2, 6), 1, later=-20), russian("/ru/a{n}"), items)
    assert found.measures["paired_by"] == ["alternate"]
    assert found.measures["pair_lag_days"] == {"kk": -20}
    late = paired(tmp_path / "late", pack, kazakh("/kk/b{n}", *range(2, 6), later=20), russian("/ru/a{n}"), items)
    assert (late.measures["pair_lag_days"], late.reason) == ({"kk": 20}, "entries_in_each_language")  # too few to tell


def test_a_lag_is_measured_on_pairs(tmp_path: Path, pack: Pack) -> None:
    """The newest entries are of one day, and yet each comes three weeks after its original."""
    ru = entries("ru", *((f"{day:02}.10.2026", f"/ru/news/{day}", "Сообщение дня") for day in range(1, 9)))
    kk = entries("kk", *((f"{day + 21:02}.10.2026", f"/kk/news/{day}", "Күннің хабары") for day in range(1, 9)))
    found = paired(tmp_path, pack, kk, ru)
    assert (found.measures["pair_lag_days"], found.measures["paired_by"]) == ({"ru": -21}, ["address"])
    assert (found.outcome, found.reason) == (UNCLEAR, "versions_lag")


def test_a_number_in_the_title_tells_two_of_one_day_apart(tmp_path: Path, pack: Pack) -> None:
    day = "13.11.2026"
    ru = [("a", "Приказ № 415 опубликован"), ("b", "Приказ № 416 опубликован"), ("c", "Иное сообщение")]
    kk = [("x", "№ 416 бұйрық жарияланды"), ("y", "№ 415 бұйрық жарияланды"), ("z", "Басқа хабарлама")]
    found = paired(
        tmp_path,
        pack,
        entries("kk", *((day, f"/kk/{name}", title) for name, title in kk)),
        entries("ru", *((day, f"/ru/{name}", title) for name, title in ru)),
    )
    assert (found.measures["paired_by"], found.measures["paired"]) == (["day", "number"], {"ru": 3})


def test_what_may_be_any_of_several_is_not_named(tmp_path: Path, pack: Pack) -> None:
    day = "13.11.2026"
    ru = [(day, f"/ru/{name}", f"Сообщение {name}") for name in ("one", "two", "three", "four")]
    kk = [(day, f"/kk/{name}", f"Хабарлама {name}") for name in ("bir", "eki", "ush")]
    found = paired(tmp_path, pack, entries("kk", *kk), entries("ru", *ru))
    assert (found.measures["paired"], found.measures["missing"]) == ({"kk": 0}, {"kk": 0})


def test_what_a_shorter_list_does_not_reach_is_not_missing(tmp_path: Path, pack: Pack) -> None:
    found = paired(tmp_path, pack, kazakh("/kk/news/{n}", 0, 1, 2), russian("/ru/news/{n}"))
    assert (found.measures["paired"], found.measures["missing"]) == ({"kk": 3}, {"kk": 0})


def test_entries_that_lead_to_the_list_itself_are_paired_by_day(tmp_path: Path, pack: Pack) -> None:
    found = paired(tmp_path, pack, kazakh("/kk/news#n{n}", 0, 1, 2, 3, 5), russian("/ru/news#n{n}"))
    assert (found.measures["paired_by"], found.measures["paired"]) == (["day"], {"kk": 5})
    assert found.measures["missing_entries"] == ["kk 2026-09-25 https://good.kz/ru/news"]


def test_named_entries_are_capped(tmp_path: Path, pack: Pack) -> None:
    rows = [(f"{day:02}.11.2026", f"/ru/a{day}", "Сообщение дня") for day in range(1, 16)]
    found = paired(tmp_path, pack, page(paragraphs(TEXTS["kk"]), header=SWITCH), entries("ru", *rows))
    assert found.measures["missing"] == {"kk": 15}
    assert len(found.measures["missing_entries"]) == MOST_NAMED  # type: ignore[arg-type]
    assert found.reason == "entries_missing"
