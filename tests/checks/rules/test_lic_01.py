from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lic_01 import no_restriction
from config.pack import Pack
from crawler.capture import ExchangeOutcome
from tests.checks.lab import Lab, Reply, agency, failure
from tests.checks.rules.tables import (
    FAIL,
    NOT_OBSERVED,
    PASS,
    UNCLEAR,
    Sample,
    assert_as_expected,
    assert_complete,
    judge,
)
from tests.checks.texts import RU, page, paragraphs

RULE = no_restriction
HOME = "https://good.kz/"
CC_BY = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
CC_NC = '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC</a>'


def footed(footer: str, main: str = "") -> dict[str, str | Reply]:
    return {HOME: page(paragraphs(RU) + main, footer=footer)}


def terms(text: str, footer: str = "") -> dict[str, str | Reply]:
    return {HOME: page(f"<p>{text}</p>", title="Условия использования", footer=footer)}


SHARED = ({"id": "other", "names": {"en": "other"}, "sites": ["https://good.kz/other/"]},)

TABLE = (
    Sample("an open licence", PASS, "open_notice", footed(f"© 2026 {CC_BY}")),
    Sample("a footer that says nothing of rights", PASS, "no_restriction", footed("Астана, пр. Мәңгілік Ел, 8")),
    Sample("an agency's credit inside an article", PASS, "no_restriction",
           footed("Астана", "<article><p>Фото</p><footer>© Reuters. Все права защищены</footer></article>")),
    Sample("a photo's credit", PASS, "no_restriction",
           footed("Астана", "<div class='photo-copyright'>© Reuters. Все права защищены</div>")),
    Sample("an article about copyright", PASS, "no_restriction", footed("Астана", "<p>Закон: все права защищены.</p>")),
    Sample("all rights reserved", FAIL, "restricted_notice", footed("© 2014-2026 Министерство. Все права защищены.")),
    Sample("the same in Kazakh", FAIL, "restricted_notice", footed("© Министрлік. Барлық құқықтар қорғалған.")),
    Sample("in the terms", FAIL, "restricted_notice", terms("Все права защищены.")),
    Sample("a licence without commerce", FAIL, "restricted_notice", footed(CC_NC)),
    Sample("a page that carries its restriction in the head", FAIL, "restricted_notice", {HOME: page(
        paragraphs(RU), head='<link rel="license" href="https://creativecommons.org/licenses/by-nd/4.0/">')}),
    Sample("a phrase that nobody verified", UNCLEAR, "restricted_unverified", footed("© Ministry. All rights reserved.")),
    Sample("an open licence beside a restriction", UNCLEAR, "contradicting_notices", footed(f"Все права защищены. {CC_BY}")),
    Sample("free use in words that nobody verified", UNCLEAR, "open_unverified", footed("Свободное использование")),
    Sample("a link as condition", UNCLEAR, "attribution_condition", footed("Использование со ссылкой на источник")),
    Sample("for own purposes", UNCLEAR, "attribution_condition", terms("Можно использовать в собственных целях")),
    Sample("a bare sign", UNCLEAR, "bare_notice", footed("© 2014-2026 Министерство")),
    Sample("a shared footer is its owner's", FAIL, "restricted_notice", footed("Все права защищены"), others=SHARED,
           responsible="platform_owner"),
    Sample("a text of one's own on a shared host", FAIL, "restricted_notice", terms("Все права защищены"), others=SHARED),
    Sample("no footer and no terms", NOT_OBSERVED, "no_footer_seen", {HOME: page(paragraphs(RU))}),
    Sample("blocked", NOT_OBSERVED, "blocked", {HOME: Reply("<title>Access denied</title><h1>Access denied</h1>")}),
    Sample("denied by robots.txt", NOT_OBSERVED, "robots", {HOME: failure(ExchangeOutcome.ROBOTS)}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_01(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)


def test_what_speaks_against_is_cited_too(tmp_path: Path, pack: Pack) -> None:
    found = judge(Sample("x", FAIL, "", footed("Все права защищены. Со ссылкой на источник. Тел. 8 701 123 45 67")), RULE, tmp_path, pack)  # fmt: skip
    assert "все права" in found.evidence[0].excerpt.lower()
    assert "701" not in found.evidence[0].excerpt
    assert len(found.counter_evidence) == 1


def test_a_page_shown_for_two_agencies_is_one_capture(tmp_path: Path, pack: Pack) -> None:
    lab = Lab(tmp_path / "w", pack, agencies=[agency("good", HOME), agency("other", "https://good.kz/other/")])
    body = page(paragraphs(RU), footer="© Все права защищены")
    lab.crawl({HOME: body, "https://good.kz/other/": body})
    found = lab.findings(RULE)
    assert {item.agency for item in found} == {"good", "other"}
    assert len({item.id for item in found}) == 2
