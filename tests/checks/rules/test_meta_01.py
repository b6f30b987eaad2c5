from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checks.findings import Outcome
from checks.rules.meta_01 import passport_complete
from config.pack import Pack
from crawler.records import Contact, Field, Licence, Standard
from tests.checks.rules.meta_support import ALL, FULL, Sample, ask, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = passport_complete
NOTHING: dict[str, Any] = {
    "descriptions": {}, "keywords": (), "themes": (), "distributions": (), "fields": None, "modified": None,
    "issued": None, "frequency": None, "publisher_names": {}, "contact": Contact(),
}  # fmt: skip


def in_two(**more: str) -> dict[str, str]:
    return {"kk": ALL["kk"], "ru": ALL["ru"], **more}


TABLE = (
    Sample("languages by their codes of three letters, as ISO catalogues write them", PASS, "passport_complete",
           {name: {"kaz": texts["kk"], "rus": texts["ru"], "eng": texts["en"]}
            for name, texts in (("titles", FULL.titles), ("descriptions", FULL.descriptions))}),
    Sample("everything is there", PASS, "passport_complete", {}),
    Sample("a standard without a field list", PASS, "passport_complete", {"standard": Standard.DCAT, "fields": None}),
    Sample("no description", FAIL, "core_field_empty", {"descriptions": {}}),
    Sample("no licence where there is a field for it", FAIL, "core_field_empty",
           {"licence": Licence(), "standard": Standard.DCAT}),
    Sample("no licence for want of a field", PASS, "passport_complete", {"licence": Licence()}),
    Sample("an empty field list", FAIL, "core_field_empty", {"fields": ()}),
    Sample("columns without types", FAIL, "core_field_empty", {"fields": (Field("n", None, ALL),)}),
    Sample("a model without frequency", PASS, "passport_complete",
           {"standard": Standard.CKAN, "frequency": None}),
    Sample("the title is the name for machines", FAIL, "title_is_name",
           {"id": "lakes_2026", "titles": dict.fromkeys(ALL, "lakes_2026")}),
    Sample("the description is the title", FAIL, "description_is_title", {"descriptions": FULL.titles}),
    Sample("a word that fills the field", FAIL, "placeholder_text", {"descriptions": {**ALL, "ru": "Тест"}}),
    Sample("a description without letters", FAIL, "placeholder_text", {"descriptions": {**ALL, "ru": "---"}}),
    Sample("no Kazakh description", FAIL, "required_language_missing", {"descriptions": {"ru": ALL["ru"]}}),
    Sample("labels in one language", FAIL, "required_language_missing",
           {"fields": (Field("n", "text", {"ru": "Имя"}),)}),
    Sample("no English", UNCLEAR, "policy_language_missing", {"descriptions": in_two()}),
    Sample("texts in no stated language", UNCLEAR, "language_unstated",
           {"titles": {"und": "Озёра"}, "descriptions": {"und": ALL["ru"]}}, "portal_owner"),
    Sample("two words", UNCLEAR, "description_short", {"descriptions": {**ALL, "en": "All lakes"}}),
    Sample("a service", NOT_APPLICABLE, "service_record", {"kind": "service"}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen", NOTHING),
    Sample("a list that leaves out contact and columns", NOT_OBSERVED, "details_not_seen",
           {"contact": Contact(), "fields": None}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_01(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)


def test_each_field_is_a_measure(tmp_path: Path, pack: Pack) -> None:
    found = ask(Sample("x", FAIL, "", {"licence": Licence(), "descriptions": in_two()}), RULE, tmp_path, pack)
    assert found.measures["has_licence"] is False
    assert found.measures["has_title"] is True
    assert found.measures["languages_description"] == ["kk", "ru"]


def test_without_the_bytes_there_is_an_answer_and_no_evidence(tmp_path: Path, pack: Pack) -> None:
    found = ask(Sample("x", PASS, "", {}), RULE, tmp_path, pack, with_view=False)
    assert (found.outcome, found.evidence) == (Outcome.PASS, ())
