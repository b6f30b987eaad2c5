from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Finding, Outcome
from checks.rules.fmt_06 import data_stand_open
from config.pack import Pack
from crawler.capture import ExchangeOutcome
from tests.checks.lab import NIGHT, Lab, Reply
from tests.checks.rules.test_fmt_05 import table
from tests.checks.texts import RU, page, paragraphs

DATA = "https://good.kz/opendata"
HOME = "https://good.kz/"
ASKS = "<form action=/q><select name=region><option>a</select><select name=year><option>b</select></form>"
SEARCH = "<form><input name=q><input type=submit></form>"
LOGIN = "<form><input name=user><input name=code><input type=password name=p></form>"
LETTER = "<form><input name=a><input name=b><textarea name=t></textarea></form>"
SHELL = '<html><head><title>x</title><script src="/a.js"></script></head><body><div id="root"></div></body></html>'


def told(page_text: str | Reply, folder: Path, pack: Pack) -> list[Finding]:
    lab = Lab(folder / "workspace", pack)
    lab.crawl({HOME: page(paragraphs(RU)), DATA: page_text}, NIGHT)
    return lab.findings(data_stand_open)


def data(text: str) -> str:
    return page(paragraphs("Данные") + text, title="Открытые данные")


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (data(ASKS), Outcome.UNCLEAR, "behind_form"),
        (Reply("no", 401, outcome=ExchangeOutcome.HTTP_ERROR), Outcome.NOT_OBSERVED, "behind_login"),
        (SHELL, Outcome.NOT_OBSERVED, "behind_script"),
        (data(ASKS + table(5)), Outcome.NOT_OBSERVED, "nothing_behind"),
        (data(SEARCH), Outcome.NOT_OBSERVED, "nothing_behind"),
        (data(LOGIN), Outcome.NOT_OBSERVED, "nothing_behind"),
        (data(LETTER), Outcome.NOT_OBSERVED, "nothing_behind"),
        (data("<p>x</p>"), Outcome.NOT_OBSERVED, "nothing_behind"),
    ],
    ids=["form", "login", "script", "form beside its table", "search", "log-in box", "letter", "plain"],
)
def test_fmt_06(answer: str | Reply, outcome: Outcome, reason: str, tmp_path: Path, pack: Pack) -> None:
    found = told(answer, tmp_path, pack)
    assert [(item.outcome, item.reason) for item in found] == [(outcome, reason)]
    if reason.startswith("behind"):
        assert found[0].measures == {"pages": 1}
        assert [item.url for item in found[0].evidence] == [DATA]
