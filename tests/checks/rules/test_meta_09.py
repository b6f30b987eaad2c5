from __future__ import annotations

from pathlib import Path

import pytest

from checks.rules.meta_09 import aggregated_indicators
from config.model import Agency
from config.pack import Pack
from crawler.records import Contact, Distribution, Field
from tests.checks.rules import meta_support
from tests.checks.rules.meta_support import Sample
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = aggregated_indicators
AREA, YEAR, FIGURE = Field("oblys", "text", {"kk": "Облыс"}), Field("year", "int", {"ru": "Год"}), Field("value", "int")
CSV, PDF = Distribution("https://data.kz/l.csv", format="CSV"), Distribution("https://data.kz/l.pdf", format="PDF")
TABLE = (
    Sample("a series by area", PASS, "series_broken_down", {"fields": (AREA, YEAR, FIGURE), "distributions": (CSV,)}),
    Sample("an aggregate", UNCLEAR, "aggregate_only", {"fields": (YEAR, FIGURE), "distributions": (CSV,)}),
    Sample("areas without a period", UNCLEAR, "period_unsaid", {"fields": (AREA, FIGURE), "distributions": (CSV,)}),
    Sample("columns that nobody describes", UNCLEAR, "columns_unknown", {"fields": (), "distributions": (CSV,)}),
    Sample("print only", FAIL, "figures_in_print_only", {"fields": (AREA, YEAR), "distributions": (PDF,)}),
    Sample("data beside print", PASS, "series_broken_down", {"fields": (AREA, YEAR), "distributions": (PDF, CSV)}),
    Sample("no form", NOT_OBSERVED, "no_form_seen", {"fields": (AREA, YEAR), "distributions": ()}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen", {"fields": None, "contact": Contact()}),
    Sample("a service", NOT_APPLICABLE, "not_statistics", {"kind": "service"}),
)


@pytest.fixture
def statistics(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every asked data set one of the body that the pack names for statistics."""
    body = Agency.model_validate({"id": pack.bodies["statistics"], "names": {"en": "Statistics"}})
    made = meta_support.Seen
    monkeypatch.setattr(meta_support, "Seen", lambda record, portal, _agency, view: made(record, portal, body, view))


@pytest.mark.usefixtures("statistics")
@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_09(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    meta_support.assert_as_expected(sample, RULE, tmp_path, pack)


def test_another_body_is_not_asked(tmp_path: Path, pack: Pack) -> None:
    found = meta_support.ask(TABLE[0], RULE, tmp_path, pack)
    assert (found.outcome, found.reason) == (NOT_APPLICABLE, "not_statistics")


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, FAIL, UNCLEAR, NOT_APPLICABLE, NOT_OBSERVED}
