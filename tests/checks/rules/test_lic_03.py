from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.lic_03 import open_terms
from config.pack import Pack
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

RULE = open_terms
HOME = "https://good.kz/"
CC_BY = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
CC_NC = '<a rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">CC BY-NC</a>'
SHARED = ({"id": "other", "names": {"en": "other"}, "sites": ["https://good.kz/other/"]},)


def site(footer: str, terms: str = "") -> dict[str, str | Reply]:
    pages: dict[str, str | Reply] = {HOME: page(paragraphs(RU), footer=footer)}
    if terms:
        pages[f"{HOME}terms"] = page(f"<p>{terms}</p>", title="Условия использования")
    return pages


TABLE = (
    Sample("an open licence in the footer", PASS, "open_notice", site(f"© 2026 {CC_BY}")),
    Sample("free use in the terms", PASS, "open_notice", site("Астана", "re-use without restrictions imposed by copyright")),
    Sample("all rights reserved", FAIL, "restricted_notice", site("Все права защищены")),
    Sample("a licence without commerce", FAIL, "restricted_notice", site(CC_NC)),
    Sample("a shared footer", FAIL, "restricted_notice", site("Все права защищены"), others=SHARED,
           responsible="platform_owner"),
    Sample("open footer, restrictive terms", UNCLEAR, "contradicting_notices", site(CC_BY, "Все права защищены.")),
    Sample("for own purposes", UNCLEAR, "attribution_condition", site("Астана", "Можно использовать в собственных целях")),
    Sample("words that nobody verified", UNCLEAR, "open_unverified", site("Свободное использование")),
    Sample("a restriction that nobody verified", UNCLEAR, "restricted_unverified", site("All rights reserved")),
    Sample("a bare sign says nothing", NOT_OBSERVED, "no_terms_seen", site("© 2026 Министерство")),
    Sample("no terms", NOT_OBSERVED, "no_terms_seen", site("Астана")),
    Sample("blocked", NOT_OBSERVED, "blocked", {HOME: Reply("<title>Access denied</title><h1>Access denied</h1>")}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_03(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, RULE)
