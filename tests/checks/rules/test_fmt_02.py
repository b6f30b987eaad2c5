from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.fmt_02 import called_by_its_name
from config.pack import Pack
from tests.checks.rules.fmt_samples import (
    CSV,
    HOME,
    PRINTED,
    TIDY,
    XLSX,
    Sample,
    assert_as_expected,
    assert_complete,
    file,
)
from tests.checks.texts import RU, page, paragraphs
from tests.lab import office, pdf

PASS, FAIL, UNCLEAR, UNSEEN = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED
PLAIN_PAGE = page(paragraphs(RU, RU))
BLOCKED = "<title>Access denied</title><h1>Access denied</h1>"

TABLE = (
    Sample("CSV sent as a web page", PASS, "one_name_right", {HOME + "a.csv": file(CSV, "text/html")}, "a.csv"),
    Sample("CSV as Windows sends it", PASS, "one_name_right",
           {HOME + "a.csv": file(CSV, "application/vnd.ms-excel")}, "a.csv"),
    Sample("a workbook called CSV", UNCLEAR, "other_type", {HOME + "a.csv": file(TIDY, "text/csv")}, "a.csv"),
    Sample("a workbook for print called CSV", UNCLEAR, "print_layout", {HOME + "a.csv": file(PRINTED)}, "a.csv"),
    Sample("a page called CSV", FAIL, "html_disguise", {HOME + "a.csv": file(PLAIN_PAGE, "text/csv")}, "a.csv"),
    Sample("a page called XLSX", FAIL, "html_disguise", {HOME + "a.xlsx": file(PLAIN_PAGE, XLSX)}, "a.xlsx"),
    Sample("a PDF called CSV", FAIL, "document_only", {HOME + "a.csv": file(pdf.of_text([["a"]]))}, "a.csv"),
    Sample("a block page called CSV", UNSEEN, "blocked", {HOME + "a.csv": file(BLOCKED, "text/csv")}, "a.csv"),
    Sample("a service called GeoPackage", UNCLEAR, "service_document",
           {HOME + "a.gpkg": file('<WMS_Capabilities xmlns="http://www.opengis.net/wms"/>', "text/xml")}, "a.gpkg"),
    Sample("names that agree", None, "", {HOME + "a.csv": file(CSV, "text/csv")}, "a.csv"),
    Sample("a workbook sent as a zip", None, "", {HOME + "a.xlsx": file(TIDY, "application/zip")}, "a.xlsx"),
    Sample("bytes of no stated type", None, "", {HOME + "a.csv": file(CSV, "application/octet-stream")}, "a.csv"),
    Sample("a document called another document", None, "",
           {HOME + "a.pdf": file(office.zipped({"word/x": b""}), "application/msword")}, "nothing"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fmt_02(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, called_by_its_name, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, called_by_its_name)
