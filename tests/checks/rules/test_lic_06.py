from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lic_06 import acts_in_free_text
from config.pack import Pack
from tests.checks.lab import Reply
from tests.checks.rules.tables import NOT_OBSERVED, PASS, UNCLEAR, Sample, assert_as_expected
from tests.checks.texts import RU, page, paragraphs

RULE = acts_in_free_text
HOME = "https://good.kz/"
FREE = '<p>Приказ <a href="https://adilet.zan.kz/rus/docs/V2500035902">№ 124</a></p>'
PRIVATE = '<p>Приказ <a href="//online.zakon.kz/Document/?doc_id=1">№ 124</a></p>'


def one(main: str, footer: str = "") -> dict[str, str | Reply]:
    return {HOME: page(paragraphs(RU) + main, footer=footer)}


TABLE = (
    Sample("the official text", PASS, "act_text_free", one(FREE)),
    Sample("a host below it", PASS, "act_text_free", one(FREE.replace("adilet.", "old.adilet."))),
    Sample("a private collection", UNCLEAR, "act_text_private", one(PRIVATE)),
    Sample("both", UNCLEAR, "act_text_both", one(FREE + PRIVATE)),
    Sample("in the footer only", NOT_OBSERVED, "no_act_link_seen", one("", f"Закон {PRIVATE}")),
    Sample("a host that ends alike", NOT_OBSERVED, "no_act_link_seen", one(FREE.replace("adilet.zan.kz", "notzan.kz"))),
    Sample("no links", NOT_OBSERVED, "no_act_link_seen", one("")),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_06(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_it_never_fails() -> None:
    assert {item.outcome for item in TABLE} == {PASS, UNCLEAR, NOT_OBSERVED}
