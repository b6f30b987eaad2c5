from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checks.rules.meta_10 import unit_codes
from config.pack import Pack
from tests.checks.rules.portal_support import SITE, Sample, assert_one, dataset, file
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR

RULE = unit_codes
AT = f"{SITE}/a.geojson"
SET = dataset("a", f'<{AT}> "GeoJSON"', title="Boundaries of districts")
LAKES = dataset("a", f'<{AT}> "GeoJSON"', title="Lakes")


def layer(*properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [70, 45]}
    features = [{"type": "Feature", "geometry": point, "properties": item} for item in properties]
    body = json.dumps({"type": "FeatureCollection", "features": features})
    return {AT: file(body, "application/geo+json")}


TABLE = (
    Sample("a code each", PASS, "units_coded", SET, layer({"KATO": 110000000}, {"KATO": "150000000"})),
    Sample("a code missing", UNCLEAR, "unit_codes_partly", SET, layer({"kato": "110000000"}, {"kato": None})),
    Sample("a code twice", UNCLEAR, "unit_codes_partly", SET, layer({"kato": "110000000"}, {"kato": "110000000"})),
    Sample("another form", UNCLEAR, "unit_codes_partly", SET, layer({"kato": "1100"}, {"kato": "150000000"})),
    Sample("no code", FAIL, "no_unit_codes", SET, layer({"name": "A"}, {"name": "B"})),
    Sample("no properties", FAIL, "no_unit_codes", SET, layer(None, {})),
    Sample("a lake has none", NOT_APPLICABLE, "no_units", LAKES, layer({"name": "A"}, {"name": "B"})),
    Sample("no layer seen", NOT_OBSERVED, "no_layer_seen", SET),
    Sample(
        "a broken layer", NOT_OBSERVED, "no_layer_seen", SET, {AT: file('{"type": "FeatureColl', "application/json")}
    ),
)


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_10(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_one(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, FAIL, UNCLEAR, NOT_APPLICABLE, NOT_OBSERVED}


def test_codes_are_counted_and_not_kept(tmp_path: Path, pack: Pack) -> None:
    found = assert_one(TABLE[0], RULE, tmp_path, pack)
    assert found.measures == {"features": 2, "coded": 2, "distinct": 2, "odd": 0}
    assert "110000000" not in str(found)
