from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks import vocabulary
from checks.formats import DataClass
from config.formats import formats

DOCS = Path(__file__).parents[2] / "docs"


def test_the_published_vocabulary_is_current(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vocabulary.outdated(DOCS) == [], "run python -m checks.vocabulary"
    assert vocabulary.main(["--check", str(DOCS)]) == 0
    assert vocabulary.main(["--check", str(tmp_path)]) == 1
    assert "formats.md, formats.json" in capsys.readouterr().err
    assert vocabulary.main([str(tmp_path)]) == 0
    assert vocabulary.outdated(tmp_path) == []


def test_programs_get_all_of_it() -> None:
    told = json.loads((DOCS / "formats.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in told["formats"]] == list(formats())
    assert [item["id"] for item in told["classes"]] == [item.value for item in DataClass]
    assert {item["id"]: item["outcome"] for item in told["classes"]}["laid_out"] == "unclear"


def test_every_format_is_on_the_page_once() -> None:
    page = vocabulary.page()
    assert all(page.count(f"\n| `{key}` |") == 1 for key in formats())
