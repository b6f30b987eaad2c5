from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.fresh_03 import dated_and_current
from config.pack import Pack
from tests.checks.lab import GONE, NIGHT, Lab, Reply, agency, only
from tests.checks.rules.tables import (
    NOT_OBSERVED,
    PASS,
    UNCLEAR,
    Sample,
    assert_as_expected,
    judge,
)
from tests.checks.texts import RU, page, paragraphs

RULE = dated_and_current
HOME = "https://good.kz/ru/structure"
OLD_NAME = "Комитет водного хозяйства"
RENAMED = {
    "id": "water",
    "sites": ["https://water.kz/"],
    "names": [
        {"names": {"ru": OLD_NAME}, "valid_to": "2025-01-31"},
        {"names": {"ru": "Министерство водных ресурсов"}, "valid_from": "2025-02-01"},
    ],
}
UPDATED = "<p>Дата обновления: 12.10.2026</p>"
NAMED = f"<p>Вопросы направляйте в {OLD_NAME.replace('Комитет', 'Комитета')}.</p>"
CITED = "<p>Действует в соответствии с постановлением Правительства от 13 июля 2007 года № 598.</p>"
PLAN = "<p>План работы на 2024 год</p>"


def one(body: str, title: str = "Структура министерства", extra: str = "", **given: str) -> dict[str, str | Reply]:
    return {HOME: page(paragraphs(RU) + body, title=title, **given).replace("</head>", f"{extra}</head>")}


def sample(name: str, outcome: Outcome, reason: str, body: str, **given: str) -> Sample:
    return Sample(name, outcome, reason, one(body, **given), others=(RENAMED,))


TABLE = (
    sample("dated", PASS, "dated_and_current", UPDATED),
    sample("dated in Kazakh words", PASS, "dated_and_current", "<p>Жаңартылған күні: 2026 жылғы 12 қазан</p>"),
    sample("dated to the month", PASS, "dated_and_current", "<p>Дата обновления: октябрь 2026</p>"),
    sample("contacts", PASS, "dated_and_current", UPDATED, title="Контакты"),
    sample("an old name in a sentence of the past", PASS, "dated_and_current",
           UPDATED + f"<p>Создано вместо: бывший {OLD_NAME}.</p>"),
    sample("an old name in somebody's past", PASS, "dated_and_current",
           UPDATED + f"<p>2012-2016: {OLD_NAME}, начальник управления</p>"),
    sample("a repealed act that is called so", PASS, "dated_and_current",
           UPDATED + "<p>Постановление от 13 июля 2007 года № 598 утратило силу, взамен действует другое.</p>"),
    sample("last year's plan beside the new one", PASS, "dated_and_current",
           UPDATED + PLAN + "<p>План работы на 2026 год</p>"),
    sample("a former name alone", UNCLEAR, "sign_of_age", UPDATED + NAMED),
    sample("a repealed act alone", UNCLEAR, "sign_of_age", UPDATED + CITED),
    sample("an old plan alone", UNCLEAR, "sign_of_age", UPDATED + PLAN),
    sample("a name and an act", UNCLEAR, "decay_suspected", UPDATED + NAMED + CITED),
    sample("an act and a plan, no date", UNCLEAR, "decay_suspected", CITED + PLAN),
    sample("two acts are one kind of sign", UNCLEAR, "sign_of_age",
           UPDATED + CITED + "<p>Согласно приказу от 29 декабря 2023 года № 606-НҚ.</p>"),
    sample("old, else well", UNCLEAR, "old_date", "<p>Дата обновления: 12.10.2019</p>"),
    sample("a day ahead", UNCLEAR, "date_in_future", "<p>Дата обновления: 12.10.2031</p>"),
    sample("in the code alone", UNCLEAR, "date_in_code_only", "",
           extra='<meta property="article:modified_time" content="2026-10-12T10:00:00+05:00">'),
    sample("no date", NOT_OBSERVED, "no_date_stated", ""),
    sample("today's date in the header", NOT_OBSERVED, "no_date_stated", "", header="Сегодня: 16 ноября 2026 года"),
    sample("today's date in the header, marked as one", NOT_OBSERVED, "no_date_stated", "",
           header="<div class='date'>16 ноября 2026 года</div><time datetime='2026-11-16'>сегодня</time>"),
    sample("a widget's rates of yesterday", NOT_OBSERVED, "no_date_stated",
           "</main><aside><p>Курсы валют на 15.11.2026: USD 512,40</p></aside><main>"),
    sample("the day of an act in a sentence", NOT_OBSERVED, "no_date_stated",
           "<p>Структура утверждена приказом министра от 12 октября 2026 года № 41.</p>"),
    sample("a date alone by the heading", PASS, "dated_and_current", "<p>Размещено 12.10.2026</p>"),
    sample("a date in the footer is the template's", NOT_OBSERVED, "no_date_stated", "",
           footer="Дата обновления: 16.11.2026"),
    sample("no such day", NOT_OBSERVED, "no_date_stated", "<p>Дата обновления: 31.02.2020</p>"),
    sample("two digits are no year", NOT_OBSERVED, "no_date_stated", "<p>Дата обновления: 12.10.26</p>"),
    sample("a page of history", NOT_OBSERVED, "no_static_page", NAMED + CITED, title="История: структура ведомства"),
)  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_fresh_03(row: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(row, RULE, tmp_path, pack)


def test_no_answer_is_a_failure() -> None:
    assert {item.outcome for item in TABLE} == {PASS, UNCLEAR, NOT_OBSERVED}


def test_an_old_name_counts_from_the_day_it_ended(tmp_path: Path, pack: Pack) -> None:
    later = {**RENAMED, "names": [
        {"names": {"ru": OLD_NAME}, "valid_to": (NIGHT - timedelta(days=1)).isoformat()},
        {"names": {"ru": "Министерство водных ресурсов"}, "valid_from": NIGHT.isoformat()},
    ]}  # fmt: skip
    lab = Lab(tmp_path / "w", pack, agencies=[agency("good", "https://good.kz/"), later])
    for night in (NIGHT - timedelta(days=1), NIGHT):
        lab.crawl(one(UPDATED + NAMED), night, run=f"n{night.day}")
    said = [only(lab.findings(RULE, night), "structure").reason for night in (NIGHT - timedelta(days=1), NIGHT)]
    assert said == ["dated_and_current", "sign_of_age"]


@pytest.mark.parametrize(("nights", "reason"), [((9, 4, 0), "decay_suspected"), ((1, 0), "sign_of_age")])
def test_links_of_a_contact_page_are_dead_after_enough_nights(
    nights: tuple[int, ...], reason: str, tmp_path: Path, pack: Pack
) -> None:
    lab = Lab(tmp_path / "w", pack)
    body = UPDATED + PLAN + '<p><a href="/reception">Общественная приёмная</a></p>'
    pages = {"https://good.kz/ru/contacts": page(paragraphs(RU) + body, title="Контакты"),
             "https://good.kz/reception": GONE}  # fmt: skip
    for ago in nights:
        lab.crawl(pages, NIGHT - timedelta(days=ago), run=f"n{ago}")
        lab.assess(NIGHT - timedelta(days=ago))
    found = only(lab.findings(RULE), "contacts")
    assert found.reason == reason
    assert found.measures["dead_links"] == (["https://good.kz/reception"] if len(nights) > 2 else [])


def test_evidence_names_every_sign(tmp_path: Path, pack: Pack) -> None:
    found = judge(sample("both", UNCLEAR, "decay_suspected", UPDATED + NAMED + CITED), RULE, tmp_path, pack)
    assert found.measures["signs"] == ["former_body", "repealed_act"]
    assert any("водного хозяйства" in item.excerpt for item in found.evidence)
    assert any("№ 598" in item.excerpt for item in found.evidence)
