from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from config.places import read_yaml
from config.schema import config_schema, schema_text

FILE = Path(__file__).parents[2] / "docs" / "schemas" / "config.schema.json"

RIGHT = """\
pack: kz
workspace: ./workspace
operator: {name: O, contact: o@example.org, about_url: https://example.org/}
agencies:
  - id: one
    names: {en: One}
    sites: [https://one.example.org, {url: https://two.example.org, exclude: [/archive]}]
  - id: two
    names: [{names: {en: Two}, valid_from: '2020-01-01'}]
"""


def test_the_published_schema_is_the_generated_one() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(), "run: python -m config.schema"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(config_schema())


def test_shorthands_fit_the_schema() -> None:
    check = jsonschema.Draft202012Validator(config_schema())
    assert list(check.iter_errors(read_yaml("odrc.yaml", RIGHT).data)) == []


@pytest.mark.parametrize("change", [("pack: kz", "pack: 1"), ("id: one", "ids: one"), ("{en: One}", "3")])
def test_wrong_settings_do_not_fit(change: tuple[str, str]) -> None:
    data = read_yaml("odrc.yaml", RIGHT.replace(*change)).data
    assert not jsonschema.Draft202012Validator(config_schema()).is_valid(data)
