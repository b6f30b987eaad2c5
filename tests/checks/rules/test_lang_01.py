from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lang_01 import three_languages
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
from tests.checks.texts import DE, EN, KK, RU, TEXTS, page, paragraphs, switch

RULE = three_languages
SWITCH = switch(kk="/kk/about", ru="/ru/about", en="/en/about")


def version(language: str, *, header: str = SWITCH, times: int = 1, lang: str = "") -> str:
    return page(paragraphs(*[TEXTS[language]] * times), title="", lang=lang, header=header)


def about(**pages: str | Reply) -> dict[str, str | Reply]:
    return {f"https://good.kz/{code}/about": body for code, body in pages.items()}


THREE = about(kk=version("kk"), ru=version("ru"), en=version("en"))
BLOCKED = Reply("<title>Access denied</title><h1>Access denied</h1>", 200)
SHELL = Reply("<html><body><div id='root'></div><script src='/a.js'></script></body></html>")

TABLE = (
    Sample("three versions by path", PASS, "three_languages", THREE),
    Sample("an alias in the path", PASS, "three_languages", {
        "https://good.kz/kz/about": version("kk", header=""), **about(ru=version("ru", header=""), en=version("en", header="")),
    }),
    Sample("by query, the first without a sign", PASS, "three_languages", {
        "https://good.kz/about": version("ru", header=""),
        "https://good.kz/about?lang=kk": version("kk", header=""),
        "https://good.kz/about?lang=en": version("en", header=""),
    }),
    Sample("different words in the addresses, tied by links both ways", PASS, "three_languages", {
        f"https://good.kz/{address}": version(code, header=switch(kk="/turaly", ru="/o-nas", en="/about"))
        for code, address in {"kk": "turaly", "ru": "o-nas", "en": "about"}.items()
    }, of="about"),
    Sample("lang attributes lie, the text is right", PASS, "three_languages", about(
        kk=version("kk", lang="en"), ru=version("ru", lang="en"), en=version("en", lang="kk"))),
    Sample("a frame in Russian round a Kazakh text", PASS, "three_languages", about(
        kk=version("kk", header=f"{SWITCH} {RU}"), ru=version("ru"), en=version("en"))),
    Sample("the scope begins at a version", PASS, "three_languages", THREE,
           sites=({"url": "https://good.kz/ru/", "include": ["/kk/", "/en/"]},)),
    Sample("Russian text under the Kazakh address", FAIL, "wrong_language",
           about(kk=version("ru", lang="kk"), ru=version("ru"), en=version("en"))),
    Sample("the Kazakh version is gone", FAIL, "required_language_missing",
           about(kk=GONE, ru=version("ru"), en=version("en")), of="/about"),
    Sample("the switch leads home", FAIL, "required_language_missing", {
        "https://good.kz/": version("ru", header=""), "https://good.kz/kk/": version("kk", header=""),
        "https://good.kz/ru/about": version("ru", header=switch(kk="/kk/", ru="/ru/about")),
    }, of="/about"),
    Sample("the Kazakh address redirects to the Russian one", FAIL, "required_language_missing", about(
        kk=Reply(version("ru"), moved="https://good.kz/ru/about"), ru=version("ru"), en=version("en")), of="/about"),
    Sample("offered nowhere, and every link was followed", FAIL, "required_language_missing",
           {"https://good.kz/about": version("ru", header="")}),
    Sample("English is missing", UNCLEAR, "policy_language_missing", about(kk=version("kk"), ru=version("ru"), en=GONE),
           of="/about"),
    Sample("Russian text under the English address", UNCLEAR, "policy_language_missing",
           about(kk=version("kk"), ru=version("ru"), en=version("ru"))),
    Sample("English was not seen", UNCLEAR, "policy_language_unseen",
           about(kk=version("kk"), ru=version("ru"), en=failure(ExchangeOutcome.TIMEOUT)), of="/about"),
    Sample("the Kazakh version is a third of the Russian one", UNCLEAR, "size_ratio",
           about(kk=version("kk"), ru=version("ru", times=3), en=version("en", times=3))),
    Sample("half Kazakh, half Russian under the Kazakh address", UNCLEAR, "language_unclear",
           about(kk=page(paragraphs(KK, RU)), ru=version("ru"), en=version("en"))),
    Sample("both languages on one page", UNCLEAR, "language_unclear", {"https://good.kz/about": page(paragraphs(KK, RU))}),
    Sample("two thirds Russian, one third Kazakh on one page", UNCLEAR, "language_unclear",
           {"https://good.kz/about": page(paragraphs(KK, RU, RU))}),
    Sample("a language of no concern only", UNCLEAR, "language_unclear", {"https://good.kz/about": page(paragraphs(DE, DE))}),
    Sample("a list of names and one sentence under the Kazakh address", UNCLEAR, "language_unclear", about(
        kk=page("".join(f"<li>Ахметов А. {n}</li>" for n in range(40)) + "<p>Список сотрудников министерства</p>", header=SWITCH),
        ru=version("ru"), en=version("en"))),
    Sample("a table of numbers", NOT_APPLICABLE, "too_little_text",
           {"https://good.kz/table": page("<table>" + "<tr><td>2014<td>1 234" * 50 + "</table>")}),
    Sample("the Kazakh version is blocked", NOT_OBSERVED, "blocked", about(kk=BLOCKED, ru=version("ru"), en=version("en")),
           of="/about"),
    Sample("the Kazakh version asks to slow down", NOT_OBSERVED, "blocked", about(
        kk=Reply("wait", 429, outcome=ExchangeOutcome.HTTP_ERROR), ru=version("ru"), en=version("en")), of="/about"),
    Sample("the Kazakh version needs a log-in", NOT_OBSERVED, "access_control", about(
        kk=Reply("no", 403, outcome=ExchangeOutcome.HTTP_ERROR), ru=version("ru"), en=version("en")), of="/about"),
    Sample("the Kazakh version is denied by robots.txt", NOT_OBSERVED, "robots",
           about(kk=failure(ExchangeOutcome.ROBOTS), ru=version("ru"), en=version("en")), of="/about"),
    Sample("the Kazakh version is a shell", NOT_OBSERVED, "js_shell", about(kk=SHELL, ru=version("ru"), en=version("en")),
           of="/about"),
    Sample("the Kazakh version says softly that it is none", NOT_OBSERVED, "soft_404", about(
        kk=page("<p>Бет табылмады</p>", title="Бет табылмады"), ru=version("ru"), en=version("en")), of="/about"),
    Sample("offered, but the budget ended", NOT_OBSERVED, "budget", about(ru=version("ru"), en=version("en")), exhausted=False,
           of="/about"),
    Sample("not offered, but not every link was followed", NOT_OBSERVED, "not_exhausted",
           {"https://good.kz/about": version("ru", header="")}, exhausted=False),
    Sample("not offered, but a page could not be seen", NOT_OBSERVED, "not_exhausted",
           {"https://good.kz/about": version("ru", header=""), "https://good.kz/menu": failure(ExchangeOutcome.TIMEOUT)}),
    Sample("a script switches the language", NOT_OBSERVED, "language_not_seen",
           {"https://good.kz/about": version("ru", header='<a href="#" onclick="set()">KZ</a> <a>EN</a>')}),
    Sample("a switch sets a cookie and leads back", NOT_OBSERVED, "language_not_seen", {
        "https://good.kz/about": version("ru", header='<a href="/setlang?to=kk">KZ</a>'),
        "https://good.kz/setlang?to=kk": Reply(version("ru"), moved="https://good.kz/about"),
    }, of="/about"),
    Sample("a switch sets a cookie and leads home", NOT_OBSERVED, "language_not_seen", {
        "https://good.kz/": version("ru", header=""),
        "https://good.kz/about": version("ru", header='<a href="/lang/kk">KZ</a>'),
        "https://good.kz/lang/kk": Reply(version("ru"), moved="https://good.kz/"),
    }, of="/about"),
    Sample("a query switches by cookie and is dropped", NOT_OBSERVED, "language_not_seen", {
        "https://good.kz/about": version("ru", header='<a href="/about?lang=kk">KZ</a>'),
        "https://good.kz/about?lang=kk": Reply(version("ru"), moved="https://good.kz/about"),
    }, of="/about"),
    Sample("nothing of the site was seen", NOT_OBSERVED, "timeout", {"https://good.kz/": failure(ExchangeOutcome.TIMEOUT)},
           others=tuple({"id": f"o{n}", "names": {"en": "o"}, "sites": [f"https://o{n}.kz/"]} for n in range(9))),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lang_01(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    pages = dict(sample.pages)
    for other in sample.others:
        pages[other["sites"][0]] = "<p>up</p>"
    assert_as_expected(Sample(**{**vars(sample), "pages": pages}), RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)


def test_what_a_pass_measures_and_cites(tmp_path: Path, pack: Pack) -> None:
    found = judge(TABLE[0], RULE, tmp_path, pack)
    assert found.measures["version_kk"] == "detected:kk"
    assert set(found.measures["letters"]) == {"kk", "ru", "en"}  # type: ignore[arg-type]
    assert [item.locator for item in found.evidence] == ["text:main kk", "text:main ru", "text:main en"]
    assert found.evidence[2].excerpt.startswith(EN[:40])


def test_thresholds_come_from_the_pack_line(tmp_path: Path, pack: Pack) -> None:
    pages = about(kk=version("kk"), ru=version("ru", times=3), en=version("en", times=3))
    sample = Sample("wide", PASS, "three_languages", pages, params={"ratio": 4})
    assert_as_expected(sample, RULE, tmp_path, pack)
    sample = Sample("long", NOT_APPLICABLE, "too_little_text", pages, params={"least_letters": 5000})
    assert_as_expected(sample, RULE, tmp_path / "b", pack)
