from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner, Result

import checks.rules
from odrc import app
from reports.messages import Catalogue, languages

SCHEMA = json.loads(Path("docs/schemas/check.schema.json").read_text(encoding="utf-8"))
POD = {
    "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
    "dataset": [
        {"identifier": str(number), "title": f"Lakes \x1b[31m{number}", "description": "Lakes and their areas in all regions",
         "license": "https://creativecommons.org/licenses/by-nc/4.0/"}
        for number in range(7)
    ],
}  # fmt: skip
PAGE = "<html lang='ru'><title>О нас</title><p>Текст</p><footer>© Все права защищены</footer></html>"
TARGETS = {
    "a.csv": "a,b,c\n1,2,3\n4,5,6\n",
    "empty.csv": "",
    "page.csv": PAGE,
    "page.html": PAGE,
    "data.json": json.dumps(POD),
    "cut.json": json.dumps(POD)[:-30],
    "broken.json": '{"a": ',
    "odd.bin": "\0\1",
}
_FAMILIES = re.compile(r"(?:fmt|meta|lang|lic)_\w+\.py")
_REASONS = re.compile(r'Outcome\.(?:FAIL|UNCLEAR),\s+"(\w+)"')
_OTHER = frozenset(
    [
        "print_layout",
        "proprietary_format",
        "html_table",
        "encrypted",
        "archive_unread",
        "unknown_type",
        "no_reader",
        "reader_error",
        "image_file",
        "document_only",
        "archive_of_documents",
        "empty_file",
        "no_rows",
        "malformed",
        "cut_off",
        "too_deep",
        "undecodable",
        "line_too_long",
        "entity_bomb",
        "image_only",
        "picture_form",
        "restricted_licence",
        "licence_not_reviewed",
    ]
)
"""Reasons that rules take from somewhere else."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TARGETS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_document_keeps_to_its_schema(folder: Path, name: str) -> None:
    told = ask(str(folder / name), "--format", "json")
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["facts"]["kind"] in ("page", "file", "catalogue")
    assert all(item["run"] is None and item["night"] is None for item in document["findings"])


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_it_is_told_in_the_reader_s_language(folder: Path, name: str, language: str) -> None:
    told = ask(str(folder / name), "--language", language)
    words = Catalogue(language)
    assert told.exit_code == 0, told.output
    assert words.text("ui.facts") in told.stdout
    assert not re.search(r"(?<![\w.])(?:ui|fact|reason|advice|outcome)\.\w+", told.stdout)
    assert "\x1b" not in told.stdout


def test_what_fails_comes_first_with_place_and_advice(folder: Path) -> None:
    lines = ask(str(folder / "page.csv"), "--language", "en").stdout.splitlines()
    start = lines.index("Findings:")
    assert lines[start + 1 : start + 3] == ["  fails", "    FMT-02@2  A web page under the name of a file."]
    assert lines[start + 3].endswith("(text:type)")
    assert lines[-1] == "      What to do: Let the address answer with the file itself."


def test_records_that_fail_alike_are_told_together(folder: Path) -> None:
    told = ask(str(folder / "data.json"), "--language", "ru").stdout
    assert "Вид: каталог" in told
    assert "Записей: 7" in told
    assert "LIC-02@2  Лицензия ограничивает использование. (7)" in told
    assert "ещё 2; все перечислены в --format json" in told
    assert told.count("Выберите открытую лицензию") == 1


def test_an_empty_or_cut_off_target_says_so(folder: Path) -> None:
    assert "Trouble: The file is empty." in ask(str(folder / "empty.csv"), "--language", "en").stdout
    assert "Trouble: The file is cut off." in ask(str(folder / "cut.json"), "--language", "en").stdout


def test_what_is_not_there_ends_with_one_message(tmp_path: Path) -> None:
    told = ask(str(tmp_path / "missing.csv"))
    assert told.exit_code == 2
    assert told.stderr.startswith("odrc: ")
    assert "cannot be read" in told.stderr


@pytest.mark.parametrize("language", languages())
def test_every_defect_that_a_rule_names_has_advice(language: str) -> None:
    paths = [path for path in Path(checks.rules.__path__[0]).iterdir() if _FAMILIES.fullmatch(path.name)]
    found = {reason for path in paths for reason in _REASONS.findall(path.read_text(encoding="utf-8"))} | _OTHER
    assert len(found) > 50
    missing = [item for item in sorted(found) if not Catalogue(language).has(f"advice.{item}")]
    assert missing == []
