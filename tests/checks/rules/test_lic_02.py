from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from checks.findings import Outcome
from checks.rules.lic_02 import open_licence
from config.pack import Pack
from crawler.records import Distribution, Licence, Standard
from tests.checks.rules.meta_support import FULL, Sample, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR
from tests.checks.rules.test_meta_01 import NOTHING

RULE = open_licence


def said(**fields: str) -> dict[str, object]:
    return {"licence": Licence(**fields)}


def of_files(*licences: str) -> dict[str, object]:
    files = tuple(Distribution(f"https://data.kz/{number}.csv", licence=item) for number, item in enumerate(licences))
    return {"licence": Licence(), "distributions": files}


TABLE = (
    Sample("by identifier", PASS, "open_licence", said(id="CC-BY-4.0")),
    Sample("by address", PASS, "open_licence", said(url="https://creativecommons.org/licenses/by-sa/3.0/deed.ru")),
    Sample("by title in Russian", PASS, "open_licence", said(title="Creative Commons — с указанием авторства 4.0")),
    Sample("in a sentence", PASS, "open_licence", said(text="Деректер CC BY 4.0 лицензиясымен беріледі.")),
    Sample("of the EU vocabulary", PASS, "open_licence",
           said(id="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0")),
    Sample("free use in verified words", PASS, "open_terms",
           said(text="Data for re-use without restrictions imposed by copyright or patents.")),
    Sample("stated by its files alike", PASS, "open_licence", of_files("cc-zero", "cc-zero")),
    Sample("without commerce", FAIL, "restricted_licence", said(id="cc-by-nc")),
    Sample("all rights reserved", FAIL, "restricted_licence", said(text="Все права защищены")),
    Sample("a model without the field", FAIL, "licence_field_lacking",
           {"licence": Licence(), "standard": Standard.OWN}, "portal_owner"),
    Sample("known, ruled by nobody", UNCLEAR, "licence_not_reviewed", said(id="Apache-2.0")),
    Sample("words that no list knows", UNCLEAR, "licence_unknown", said(title="Внутренние правила № 7")),
    Sample("for own purposes", UNCLEAR, "own_purposes", said(text="Можно использовать в собственных целях")),
    Sample("a link as condition", UNCLEAR, "attribution_condition", said(text="Использование со ссылкой на источник")),
    Sample("fields that contradict", UNCLEAR, "licence_contradicts",
           said(id="cc-by", url="https://creativecommons.org/licenses/by-nc/4.0/")),
    Sample("a service", NOT_APPLICABLE, "service_record", {"kind": "service"}),
    Sample("nothing stated", NOT_OBSERVED, "licence_not_stated", {"licence": Licence(), "standard": Standard.CKAN}),
    Sample("stated as not specified", NOT_OBSERVED, "licence_not_stated",
           {"licence": Licence(id="notspecified"), "standard": Standard.CKAN}),
    Sample("files that differ", NOT_OBSERVED, "licence_not_stated",
           {**of_files("cc-zero", "cc-by-nc"), "standard": Standard.DCAT}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen", {**NOTHING, "licence": Licence()}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_lic_02(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)
    assert msgspec.structs.replace(FULL, licence=Licence()).licence.stated() is False
