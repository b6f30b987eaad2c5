from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.meta_04 import responsible_named
from config.pack import Pack
from crawler.records import Contact, Standard
from tests.checks.rules.meta_support import Sample, ask, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = responsible_named


def said(**given: object) -> dict[str, Contact]:
    return {"contact": Contact(**given)}  # type: ignore[arg-type]  # a table of fields


TABLE = (
    Sample("a name and a mail", PASS, "responsible_named", said(has_name=True, has_mail=True)),
    Sample("a name and a phone", PASS, "responsible_named", said(has_name=True, has_phone=True)),
    Sample("a phone", UNCLEAR, "contact_without_name", said(has_phone=True, organisation="Ministry")),
    Sample("a name", UNCLEAR, "name_without_contact", said(has_name=True)),
    Sample("a body", UNCLEAR, "body_named_only", said(organisation="Ministry")),
    Sample("nobody", FAIL, "nobody_named", said()),
    Sample("a model without contact", FAIL, "nobody_named",
           {"contact": Contact(), "standard": Standard.DUBLIN_CORE}, "portal_owner"),
    Sample("a service", NOT_APPLICABLE, "service_record", {"kind": "service"}),
    Sample("a list without contacts", NOT_OBSERVED, "details_not_seen", {"contact": Contact(), "fields": None}),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_04(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)


def test_presence_only(tmp_path: Path, pack: Pack) -> None:
    found = ask(Sample("x", PASS, "", said(has_name=True, has_mail=True)), RULE, tmp_path, pack)
    assert found.evidence[0].excerpt == "contact: name, mail"
