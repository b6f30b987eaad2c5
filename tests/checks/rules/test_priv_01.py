from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.priv_01 import no_personal_numbers
from config.pack import Pack
from config.personal import is_iin
from tests.checks.rules.fmt_samples import CSV, DATA, HOME, Sample, assert_as_expected, assert_complete, dead, file
from tests.checks.texts import page
from tests.lab import office

PASS, FAIL, UNCLEAR, UNSEEN = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED


def numbers(start: str, count: int) -> list[str]:
    """Return valid numbers that begin with a day of birth and a century."""
    return [text for tail in range(100_000) if is_iin(text := f"{start}{tail:05d}")][:count]


PEOPLE = numbers("8504123", 12)
BORN_2005 = numbers("0503125", 12)
COMPANIES = [text for tail in range(100_000) if is_iin(text := f"0202400{tail:05d}")][:12]
RANDOM = [f"8504123{number:05d}" for number in range(0, 100_000, 1777)]


def rows(cells: list[str], name: str = "ИИН") -> list[tuple[object, ...]]:
    return [("Город", name, "Сумма"), *(("Алматы", cell, 5) for cell in cells)]


def csv(cells: list[str], name: str = "ИИН") -> str:
    return "\n".join(",".join(map(str, row)) for row in rows(cells, name)) + "\n"


def html(cells: list[str]) -> str:
    lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows(cells)[1:]]
    return f"<table><tr><th>Город<th>ИИН<th>Сумма</tr>{''.join(lines)}</table>"


OBJECTS = json.dumps([{"city": "Алматы", "iin": cell} for cell in PEOPLE])
XML = f"<list>{''.join(f'<row><iin>{cell}</iin><city>Алматы</city></row>' for cell in PEOPLE)}</list>"
AS_NUMBERS = office.workbook([("city", "iin"), *(("x", int(cell)) for cell in BORN_2005)])

TABLE = (
    Sample("a CSV file of people", FAIL, "personal_numbers", {HOME + "a.csv": file(csv(PEOPLE))}, "a.csv"),
    Sample("a workbook", FAIL, "personal_numbers", {HOME + "a.xlsx": file(office.workbook(rows(PEOPLE)))}, "a.xlsx"),
    Sample("numbers without their zeros", FAIL, "personal_numbers", {HOME + "a.xlsx": file(AS_NUMBERS)}, "a.xlsx"),
    Sample("JSON", FAIL, "personal_numbers", {HOME + "a.json": file(OBJECTS)}, "a.json"),
    Sample("XML", FAIL, "personal_numbers", {HOME + "a.xml": file(XML)}, "a.xml"),
    Sample("a table of a page", FAIL, "personal_numbers",
           {DATA: page(html(PEOPLE), title="Открытые данные")}, "opendata"),
    Sample("sole traders among companies", UNCLEAR, "personal_numbers_mixed",
           {HOME + "a.csv": file(csv(PEOPLE[:3] + COMPANIES))}, "a.csv"),
    Sample("two people", UNCLEAR, "personal_numbers_mixed", {HOME + "a.csv": file(csv(PEOPLE[:2]))}, "a.csv"),
    Sample("companies", PASS, "no_personal_numbers", {HOME + "a.csv": file(csv(COMPANIES))}, "a.csv"),
    Sample("other numbers of that form", PASS, "no_personal_numbers", {HOME + "a.csv": file(csv(RANDOM))}, "a.csv"),
    Sample("a plain table", PASS, "no_personal_numbers", {HOME + "a.csv": file(CSV)}, "a.csv"),
    Sample("a dead link shows no table", UNSEEN, "no_tables", {HOME + "a.csv": dead()}, "/"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_priv_01(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    found = assert_as_expected(sample, no_personal_numbers, tmp_path, pack)
    assert found
    told = json.dumps([found.measures, [item.excerpt for item in found.evidence]], ensure_ascii=False)
    assert not any(number.lstrip("0") in told for number in (*PEOPLE, *BORN_2005, *COMPANIES)), "no value leaves a file"
    if found.outcome is FAIL:
        (name,) = found.measures["columns"]  # type: ignore[misc]
        assert name.lower() in ("иин", "iin")
        assert found.measures["numbers"] == {name: 12}


def test_a_name_that_tells_too_much_is_replaced_by_its_place(tmp_path: Path, pack: Pack) -> None:
    sample = Sample("x", FAIL, "personal_numbers", {HOME + "a.csv": file(csv(PEOPLE, "id of a@b.kz"))}, "a.csv")
    found = assert_as_expected(sample, no_personal_numbers, tmp_path, pack)
    assert found
    assert found.measures["columns"] == ["#2"]


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, no_personal_numbers)


def test_nothing_that_is_marked_or_published_rests_on_it() -> None:
    assert no_personal_numbers.indicators == ()
    assert no_personal_numbers.info.visibility == "owner"
