from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.fmt_05 import table_as_file
from config.pack import Pack
from tests.checks.rules.fmt_samples import (
    CSV,
    DATA,
    HOME,
    NEWS,
    XLSX,
    Sample,
    assert_as_expected,
    assert_complete,
    dead,
    file,
)
from tests.checks.texts import dated_list, page
from tests.lab import pdf

UNCLEAR, UNSEEN = Outcome.UNCLEAR, Outcome.NOT_OBSERVED
WIDTH = 3


def table(rows: int, columns: int = WIDTH, cell: str = "Алматы {0}", attributes: str = "") -> str:
    head = "".join(f"<th>name {number}</th>" for number in range(columns))
    body = "".join(f"<tr>{''.join(f'<td>{cell.format(row)}</td>' for _ in range(columns))}</tr>" for row in range(rows))
    return f"<table {attributes}><tr>{head}</tr>{body}</table>"


def shown(text: str, title: str = "Открытые данные") -> dict[str, str]:
    return {DATA: page(text, title=title)}


CALENDAR = (
    "<table>"
    + "".join(f"<tr>{''.join(f'<td>{7 * week + day}</td>' for day in range(7))}</tr>" for week in range(5))
    + "</table>"
)
FORM = table(6, cell="<input name=a{0}>")
TEXT_PDF = pdf.of_text([["Table of regions"]])

TABLE = (
    Sample("a table only", UNCLEAR, "html_table_only", shown(table(6)), "opendata"),
    Sample("a table outside sections of data", UNCLEAR, "html_table_only",
           {DATA: page("<p>x</p>"), HOME + "about": page(table(5), title="О нас")}, "about"),
    Sample("a PDF is no download", UNCLEAR, "html_table_only",
           shown(table(6)) | {HOME + "a.pdf": file(TEXT_PDF)}, "opendata"),
    Sample("its CSV beside it", None, "", shown(table(6)) | {HOME + "a.csv": file(CSV)}, "opendata"),
    Sample("its file was not seen", UNSEEN, "timeout", shown(table(6)) | {HOME + "a.csv": dead()}, "opendata"),
    Sample("a small table", None, "", shown(table(4)), "opendata"),
    Sample("a narrow table", None, "", shown(table(9, 2)), "opendata"),
    Sample("a table that lays out prose", None, "", shown(table(6, cell="слово " * 60)), "opendata"),
    Sample("a table around tables", None, "", shown(f"<table><tr><td>{table(2)}</td></tr></table>"), "opendata"),
    Sample("a table that says it is none", None, "", shown(table(6, attributes="role=presentation")), "opendata"),
    Sample("a calendar", None, "", shown(CALENDAR), "opendata"),
    Sample("a form", None, "", shown(FORM), "opendata"),
    Sample("news", None, "", {NEWS: page(dated_list(["16.11.2026"]) + table(6), title="Новости")}, "news"),
    Sample("a table in a file is its file's", None, "", {HOME + "a.csv": file(CSV, XLSX)}, "a.csv"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fmt_05(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    found = assert_as_expected(sample, table_as_file, tmp_path, pack)
    if found and found.outcome is UNCLEAR:
        assert found.subject.id.endswith("#table1")
        assert (found.measures["columns"], found.measures["stars"]) == (3, 1)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, table_as_file)
