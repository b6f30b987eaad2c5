from __future__ import annotations

import gzip
import io
import struct
import tracemalloc
import zipfile
from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.files.jail import Jail
from checks.facts.files.read import READERS, read
from checks.facts.model import FileFacts
from checks.formats import DataClass, judge
from config.formats import formats
from tests.checks.lab import page_capture
from tests.lab import office, pdf

CSV = "region,year,people\n" + "".join(f"r{number},{2000 + number},{number}\n" for number in range(20))


def facts(body: bytes, name: str = "file", content_type: str | None = None, **given: Any) -> FileFacts:
    return read(page_capture(f"https://good.kz/{name}", content_type, **given), body)


def bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", bytes(64 << 20))
    return inner.getvalue()


def entity_bomb() -> bytes:
    lines = ["<!ENTITY a0 'aaaaaaaaaa'>"]
    lines += [f"<!ENTITY a{level} '{f'&a{level - 1};' * 10}'>" for level in range(1, 12)]
    return f"<?xml version='1.0'?><!DOCTYPE r [{''.join(lines)}]><r>&a11;</r>".encode()


def wide_workbook() -> bytes:
    sheet = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office.workbook([("a", "b"), (1, 2)]))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if "worksheets/" in name else old.read(name))
    return made.getvalue()


HOSTILE = {
    "nothing": (b"", False, "empty"),
    "half a zip": (office.zipped({"a.csv": CSV.encode()})[:-30], False, "malformed"),
    "half a workbook": (office.workbook([("a", "b"), (1, 2)])[:-30], False, "malformed"),
    "half a PDF": (pdf.of_scans(3, 1)[:200], False, "malformed"),
    "deep JSON": (b'{"a":' + b"[" * 200_000, False, None),
    "deep XML": (b"<?xml version='1.0'?>" + b"<a>" * 100_000, False, None),
    "an entity bomb": (entity_bomb(), None, None),
    "an endless line": (b"a," * (4 << 20), False, "line_too_long"),
    "a wide workbook": (wide_workbook(), None, "too_large"),
    "broken gzip": (gzip.compress(CSV.encode())[:-4] + b"xxxx", None, None),
    "a password": (office.locked(), None, "encrypted"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_facts_in_bounded_time(name: str) -> None:
    body, parses, problem = HOSTILE[name]
    started = monotonic()
    found = facts(body)
    assert monotonic() - started < 10
    if parses is not None:
        assert found.parses is parses, found
    if problem:
        assert found.problem == problem, found


def test_a_zip_bomb_is_looked_into_within_limits() -> None:
    body = bomb()
    tracemalloc.start()
    found = facts(body, "a.zip")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.sniffed_type == "zip"
    assert found.members[0].length == 64 << 20
    assert peak < 48 << 20


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_become_facts(body: bytes) -> None:
    assert facts(body).length == len(body)


STARTS = [
    b"PK\x03\x04", b"%PDF-1.4\n", b"SQLite format 3\0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0",
    b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml version='1.0'?><a", b'{"a":', b"PAR1", b"BZh9",
    b"GIF89a", b"RIFF....WEBP", b"\x03\x7e\x01\x01", b"@prefix a: <http://a/> .\n",
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_every_reader_survives_noise(start: bytes, noise: bytes) -> None:
    found = facts(start + noise)
    assert found.parses is not False or found.problem
    assert found.length == len(start + noise)


def test_every_reader_is_of_a_known_type() -> None:
    assert READERS.keys() <= formats().keys()


def test_a_table_of_text() -> None:
    found = facts(CSV.encode(), "a.csv", "text/csv")
    table = found.tables[0]
    assert (found.sniffed_type, found.parses, found.encoding) == ("csv", True, "ascii")
    assert (table.rows, table.columns, table.header, table.ragged) == (20, 3, True, 0)
    assert found.dialect
    assert found.dialect.delimiter == ","


def test_titles_ragged_rows_and_a_foreign_encoding() -> None:
    text = "Отчёт по регионам\n\nобласть;год;число\nАстана;2024;1\nАлматы;2025;2;лишнее\nШымкент;2025;3\n"
    found = facts(text.encode("koi8-r"), "a.csv")
    assert found.encoding == "koi8-r"
    assert (found.tables[0].columns, found.tables[0].ragged, found.tables[0].title_rows) == (3, 1, 1)


def test_workbooks_tidy_and_for_print() -> None:
    rows = [("region", "year", "people"), *((f"r{number}", 2000 + number, number) for number in range(9))]
    tidy = facts(office.workbook(rows))
    printed = facts(office.workbook([("A report", None, None), (None,), *rows, (None,), *rows], ["A1:C1"]))
    assert (tidy.tables[0].rows, tidy.tables[0].columns, tidy.tables[0].header) == (9, 3, True)
    assert judge(tidy).data_class is DataClass.TIDY
    assert (printed.tables[0].title_rows, printed.tables[0].merged, printed.tables[0].blocks) == (1, 1, 2)
    assert judge(printed).data_class is DataClass.LAID_OUT


@pytest.mark.parametrize(
    ("body", "rows", "columns"),
    [
        (b'{"success": true, "result": {"records": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}}', 2, 2),
        (b'[["a", "b"], [1, 2], [3, 4]]', 3, 2),
        (b'{"a":1,"b":2}\n{"a":3,"b":4}\n{"a":3,"b":4}\n', 3, 2),
        (b"<?xml version='1.0'?><r><i><a>1</a><b>2</b></i><i><a>3</a><b>4</b></i></r>", 2, 2),
        (b"<html><body><table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table></body></html>", 1, 2),
    ],
)
def test_records_are_found(body: bytes, rows: int, columns: int) -> None:
    found = facts(body)
    assert found.parses
    assert (found.tables[0].rows, found.tables[0].columns) == (rows, columns)


def test_geodata() -> None:
    feature = '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}'
    crs = '"crs":{"type":"name","properties":{"name":"EPSG:4326"}}'
    found = facts(f'{{"type":"FeatureCollection",{crs},"features":[{feature},{feature}]}}'.encode())
    assert (found.features, found.reference_system, found.tables[0].rows) == (2, "EPSG:4326", 2)


def test_pdf_with_and_without_text() -> None:
    text, scan = facts(pdf.of_text([["A line of text"]] * 2)), facts(pdf.of_scans(3, 1))
    assert (text.text_layer, text.pages, text.image_pages) == (True, 2, 0)
    assert (scan.text_layer, scan.pages, scan.image_pages, scan.letters) == (False, 3, 3, 0)


def test_images_by_their_header() -> None:
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + bytes(9)
    assert (facts(png).width, facts(png).height) == (640, 480)
    gif = b"GIF89a" + struct.pack("<HH", 30, 20) + bytes(4)
    assert (facts(gif).width, facts(gif).height) == (30, 20)


def test_archives_are_looked_into() -> None:
    inner = office.zipped({"b.csv": CSV.encode()})
    found = facts(office.zipped({"a.csv": CSV.encode(), "b.pdf": pdf.of_text([["x"]]), "c.zip": inner}))
    assert [item.type for item in found.members] == ["csv", "pdf", "csv"]
    assert judge(found).type == "csv"
    assert [item.type for item in facts(gzip.compress(CSV.encode())).members] == ["csv"]


def test_a_body_that_we_cut_off_never_fails() -> None:
    whole = office.workbook([("a", "b"), (1, 2)])
    found = facts(whole[:-30], truncated=True)
    assert (found.parses, found.problem) == (None, "truncated")
    assert judge(found).data_class is DataClass.UNSEEN


def test_declared_names() -> None:
    given = (("Content-Type", "application/octet-stream"), ("Content-Disposition", 'attachment; filename="data.csv"'))
    found = facts(CSV.encode(), "download?id=5", headers=given)
    assert (found.declared_type, found.declared_extension) == ("application/octet-stream", "csv")


def test_facts_hold_no_values() -> None:
    body = "name,secret\n" + "".join(f"Person{number},Hidden{number}\n" for number in range(9))
    for made in (facts(body.encode(), "a.csv"), facts(office.workbook([("a", "b"), ("Person1", "Hidden1")]))):
        assert "Hidden" not in repr(made)
        assert "Person" not in repr(made)


def test_the_jail_reads_and_survives() -> None:
    jail = Jail(seconds=5)
    capture = page_capture("https://good.kz/a.csv", "text/csv")
    try:
        assert jail.read(capture, CSV.encode()) == read(capture, CSV.encode())
        assert jail._process
        jail._process.kill()
        jail._process.join(5)
        lost = jail.read(capture, CSV.encode())
        assert (lost.parses, lost.problem) == (False, "crashed")
        assert judge(lost).data_class is DataClass.UNSEEN
        assert jail.read(capture, CSV.encode()).parses
    finally:
        jail.close()


def test_the_jail_ends_what_takes_too_long() -> None:
    jail = Jail(seconds=0.0)
    found = jail.read(page_capture("https://good.kz/a.csv", "text/csv"), CSV.encode() * 2000)
    jail.close()
    assert found.problem == "timeout"
