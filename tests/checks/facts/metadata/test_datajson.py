from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.metadata import datajson
from checks.facts.metadata.datajson import Version

OLD: dict[str, Any] = {
    "title": "Lakes", "description": "Lakes and areas", "keyword": ["lakes"], "modified": "2026-05-04",
    "publisher": {"name": "Ministry"}, "identifier": "lakes", "accessLevel": "public",
    "contactPoint": {"fn": "Data office", "hasEmail": "mailto:data@example.kz"},
}  # fmt: skip
NEW: dict[str, Any] = {
    "@type": "Dataset", "title": "Lakes", "description": "Lakes and areas", "identifier": "lakes",
    "contactPoint": {"@type": "Kind", "fn": "Data office", "hasEmail": "mailto:data@example.kz"},
}  # fmt: skip


def catalogue(*datasets: object, new: bool = False, **more: object) -> bytes:
    claim: dict[str, Any] = (
        {"@type": "Catalog", "conformsTo": {"title": "DCAT-US 3.0"}}
        if new
        else {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema"}
    )
    return json.dumps({**claim, **more, "dataset": list(datasets)}).encode()


def without(item: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != name}


@pytest.mark.parametrize(("item", "version"), [(OLD, Version.POD_1_1), (NEW, Version.DCAT_US_3)])
def test_valid_catalogues(item: dict[str, Any], version: Version) -> None:
    facts = datajson.read(catalogue(item, item, new=version is Version.DCAT_US_3))
    assert (facts.valid, facts.version, facts.datasets, facts.datasets_valid) == (True, version, 2, 2), facts.defects


@pytest.mark.parametrize(
    ("item", "new", "code", "field"),
    [
        (without(OLD, "identifier"), False, "missing", "dataset[].identifier"),
        (without(OLD, "keyword"), False, "missing", "dataset[].keyword"),
        (without(OLD, "modified"), False, "missing", "dataset[].modified"),
        ({**OLD, "license": "free for all"}, False, "wrong_value", "dataset[].license"),
        ({**OLD, "accessLevel": "secret"}, False, "not_in_list", "dataset[].accessLevel"),
        ({**OLD, "description": "x" * 10_001}, False, "too_long", "dataset[].description"),
        ({**OLD, "contactPoint": {"fn": "x", "hasEmail": "data@example.kz"}}, False, "wrong_form",
         "dataset[].contactPoint.hasEmail"),
        ("a text", False, "wrong_type", "dataset[]"),
        (without(NEW, "contactPoint"), True, "missing", "dataset[].contactPoint"),
        ({**NEW, "identifier": {"@type": "Identifier"}}, True, "wrong_value", "dataset[].identifier"),
        ({**NEW, "issued": "04.05.2026"}, True, "wrong_value", "dataset[].issued"),
        ({**NEW, "keyword": "lakes"}, True, "wrong_type", "dataset[].keyword"),
    ],
)  # fmt: skip
def test_defects_are_named_by_field(item: object, new: bool, code: str, field: str) -> None:
    facts = datajson.read(catalogue(NEW if new else OLD, item, new=new))
    assert (facts.valid, facts.datasets_valid) == (False, 1)
    assert (code, field) in {(found.code, found.field) for found in facts.defects}, facts.defects
    assert facts.defects[0].first.startswith("dataset/1")


def test_defects_are_counted_by_kind() -> None:
    facts = datajson.read(catalogue(*[without(OLD, "title")] * 5))
    assert [(item.code, item.field, item.count) for item in facts.defects] == [("missing", "dataset[].title", 5)]


@pytest.mark.parametrize(
    ("body", "problem", "valid"),
    [
        (b"", "not_json", None),
        (b"<html>", "not_json", None),
        (b"[1, 2]", "no_data_json", None),
        (b'{"dataset": {}}', "no_data_json", None),
        (b'{"dataset": [NaN]}', "not_json", None),
        (catalogue(), "empty_catalogue", False),
        (b'{"a":' * 100_000, "too_deep", None),
    ],
)
def test_what_cannot_be_judged_says_why(body: bytes, problem: str, valid: bool | None) -> None:
    facts = datajson.read(body)
    assert (facts.problem, facts.valid) == (problem, valid)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_never_raise(body: bytes) -> None:
    found = datajson.read(body)
    assert found.valid is not None or found.problem


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted({*OLD, *NEW})), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(_JSON, st.booleans())
def test_any_data_set_never_raises(item: object, new: bool) -> None:
    datajson.read(catalogue(item, new=new))
