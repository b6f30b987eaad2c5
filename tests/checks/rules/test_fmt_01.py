from __future__ import annotations

from pathlib import Path

import pytest

from checks.findings import Outcome
from checks.rules.fmt_01 import machine_readable
from config.pack import Pack
from crawler.capture import ExchangeOutcome
from tests.checks.rules.fmt_samples import (
    CSV,
    DATA,
    DOCX,
    HOME,
    NEWS,
    PRINTED,
    TIDY,
    XLSX,
    Sample,
    assert_as_expected,
    assert_complete,
    dead,
    file,
)
from tests.checks.texts import dated_list, page
from tests.lab import office, pdf

PASS, FAIL, UNCLEAR, UNSEEN = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_OBSERVED
BUDGET = "https://good.kz/budget"
STAT = "https://good.kz/orders"
BUREAU = "<title>Приказы | Статистика и открытые данные</title><h1>Приказы</h1><p>x</p>"
CAPABILITIES = '<WMS_Capabilities xmlns="http://www.opengis.net/wms"><Layer><Name>a</Name></Layer></WMS_Capabilities>'
SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>'
FEED = '<rss version="2.0"><channel><title>x</title><link>y</link>%s</channel></rss>'
TEXT_PDF = pdf.of_text([["Table of regions"]])
LOGIN = "<!doctype html><html><title>Sign in</title><form><input type=password name=p></form>Please sign in</html>"
GEO = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}'

TABLE = (
    Sample("a CSV file", PASS, "machine_readable", {HOME + "a.csv": file(CSV, "text/csv")}, "a.csv"),
    Sample("a tidy workbook", PASS, "machine_readable", {HOME + "a.xlsx": file(TIDY, XLSX)}, "a.xlsx"),
    Sample("GeoJSON", PASS, "machine_readable", {HOME + "a.geojson": file(GEO, "application/json")}, "a.geojson"),
    Sample("CSV in a zip", PASS, "machine_readable",
           {HOME + "a.zip": file(office.zipped({"a.csv": CSV.encode()}))}, "a.zip"),
    Sample("a large table anywhere", PASS, "machine_readable", {HOME + "a.csv": file(CSV, "text/csv", HOME)}, "a.csv"),
    Sample("a workbook for print", UNCLEAR, "print_layout", {HOME + "a.xlsx": file(PRINTED, XLSX)}, "a.xlsx"),
    Sample("a password", UNCLEAR, "encrypted", {HOME + "a.xlsx": file(office.locked(), "")}, "a.xlsx"),
    Sample("a PDF with its table beside it", UNCLEAR, "data_beside",
           {HOME + "a.pdf": file(TEXT_PDF), HOME + "a.csv": file(CSV)}, "a.pdf"),
    Sample("a PDF in a section of unverified words", UNCLEAR, "section_unverified",
           {BUDGET: page("<p>x</p>", title="Бюджет"), HOME + "a.pdf": file(TEXT_PDF, "", BUDGET)}, "a.pdf"),
    Sample("a PDF only", FAIL, "document_only", {HOME + "a.pdf": file(TEXT_PDF, "application/pdf")}, "a.pdf"),
    Sample("a Word document only", FAIL, "document_only", {HOME + "a.docx": file(DOCX)}, "a.docx"),
    Sample("PDFs in a zip", FAIL, "archive_of_documents",
           {HOME + "a.zip": file(office.zipped({"a.pdf": TEXT_PDF}))}, "a.zip"),
    Sample("an empty file", FAIL, "empty_file", {HOME + "a.csv": file("", "text/csv")}, "a.csv"),
    Sample("broken JSON", FAIL, "malformed", {HOME + "a.json": file('{"a": [1, 2', "application/json")}, "a.json"),
    Sample("half a workbook", FAIL, "malformed", {HOME + "a.xlsx": file(TIDY[: len(TIDY) // 2], XLSX)}, "a.xlsx"),
    Sample("a dead link", UNSEEN, "timeout", {HOME + "a.csv": dead()}, "a.csv"),
    Sample("a file that is gone", UNSEEN, "gone", {HOME + "a.csv": dead(ExchangeOutcome.HTTP_ERROR, 404)}, "a.csv"),
    Sample("an error that says so as JSON", UNSEEN, "error_body",
           {HOME + "a.json": file('{"success": false, "error": "no such set"}', "application/json")}, "a.json"),
    Sample("news are no data", None, "", {NEWS: page(dated_list(["16.11.2026"]), title="Новости"),
           HOME + "a.csv": file(CSV, "text/csv", NEWS)}, "a.csv"),
    Sample("capabilities called XML", UNCLEAR, "service_document",
           {HOME + "a.xml": file(CAPABILITIES, "text/xml")}, "a.xml"),
    Sample("a feed of one entry", PASS, "machine_readable", {HOME + "a.rss": file(FEED % "<item/>")}, "a.rss"),
    Sample("a feed of nothing", UNCLEAR, "no_rows", {HOME + "a.rss": file(FEED % "")}, "a.rss"),
    Sample("a schema called a schema", None, "", {HOME + "a.xsd": file(SCHEMA, "text/xml")}, "a.xsd"),
    Sample("an order of a bureau of statistics is no data", None, "",
           {STAT: BUREAU, HOME + "a.pdf": file(TEXT_PDF, "", STAT)}, "a.pdf"),
    Sample("a page without a heading is known by its title", FAIL, "document_only",
           {STAT: "<title>Открытые данные</title><p>x</p>", HOME + "a.pdf": file(TEXT_PDF, "", STAT)}, "a.pdf"),
    Sample("an order is no data", None, "", {HOME + "a.pdf": file(TEXT_PDF, "", HOME)}, "a.pdf"),
    Sample("a contradiction is FMT-02's", None, "", {HOME + "a.csv": file(TIDY, "text/csv")}, "a.csv"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fmt_01(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, machine_readable, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, machine_readable)


def test_measures_stand_beside_the_judgement(tmp_path: Path, pack: Pack) -> None:
    sample = Sample("x", FAIL, "document_only", {HOME + "a.docx": file(DOCX)}, "a.docx")
    found = assert_as_expected(sample, machine_readable, tmp_path, pack)
    assert found
    assert found.measures["meets"] == ["rules-2007"]
    assert found.measures["open_format"] is True
    assert found.measures["stars"] == 2


def test_no_value_of_a_file_leaves_it(tmp_path: Path, pack: Pack) -> None:
    body = "person,number,town\n" + "".join(f"Secretname{row},{row},Almaty\n" for row in range(9))
    sample = Sample("x", PASS, "machine_readable", {HOME + "a.csv": file(body, "text/csv", DATA)}, "a.csv")
    assert "Secretname" not in repr(assert_as_expected(sample, machine_readable, tmp_path, pack))
