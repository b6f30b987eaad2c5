"""Files made to hurt their reader, read in the jail: an outcome with its reason, in bounded time and memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
import zstandard

from checks.check import check_target
from checks.facts.files.jail import Jail
from checks.facts.model import FileFacts
from checks.formats import DataClass, judge
from config.pack import Pack
from tests.checks.lab import page_capture
from tests.lab import office, pdf

SECONDS, MEGABYTES = 10, 512
CSV = "region,year,people\n" + "".join(f"r{number},{2000 + number},{number}\n" for number in range(20))


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def overlapping() -> bytes:
    """Return a zip of 1000 names for one and the same packed megabytes."""
    one = zipped({"a.csv": bytes(16 << 20)})
    start = one.index(b"PK\x01\x02")
    entry, end = one[start : one.index(b"PK\x05\x06")], one[one.index(b"PK\x05\x06") :]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1000, 1000, 1000 * len(entry), start, 0)
    assert len(tail) == len(end)
    return one[:start] + 1000 * entry + tail


def nested(depth: int, copies: int) -> bytes:
    data = zipped({"a.csv": bytes(1 << 20)})
    for _level in range(depth):
        data = zipped({f"{number}.zip": data for number in range(copies)})
    return data


def sealed_zip() -> bytes:
    plain = bytearray(zipped({"a.csv": CSV.encode()}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(sign) + at] |= 1
    return bytes(plain)


def tar_of_tars(depth: int) -> bytes:
    data = CSV.encode()
    for level in range(depth):
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w:gz") as archive:
            item = tarfile.TarInfo(f"{level}.csv" if level == 0 else f"{level}.tar.gz")
            item.size = len(data)
            archive.addfile(item, io.BytesIO(data))
        data = made.getvalue()
    return data


def document(*objects: str, trailer: str = "/Root 1 0 R") -> bytes:
    """Return a PDF of the given objects, numbered from 1."""
    out, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(places) + 1} {trailer} >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


def page_tree_loop() -> bytes:
    return document("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 99999999 /Kids [2 0 R 2 0 R 2 0 R] >>")


def object_stream_loop() -> bytes:
    stream = "<< /Type /ObjStm /N 1 /First 4 /Extends 3 0 R /Length 8 >>\nstream\n3 0 null\nendstream"
    return document("<< /Type /Catalog /Pages 3 0 R >>", "null", stream)


def previous_table_loop() -> bytes:
    made = document(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>", trailer="/Root 1 0 R /Prev 0"
    )
    return made.replace(b"/Prev 0", f"/Prev {made.index(b'xref')}".encode())


def form_loop() -> bytes:
    form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >> /Length 12 >>"
    paint = "\nstream\n/F Do /F Do \nendstream"
    leaf = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 4 0 R >> >> >>"
    )
    return document(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", leaf, form + paint
    )


def sealed_pdf() -> bytes:
    lock = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
    return document(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>", lock,
        trailer="/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]",
    )  # fmt: skip


def workbook(rows: str) -> bytes:
    """Return a workbook whose only sheet has the given rows."""
    made = io.BytesIO()
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(io.BytesIO(office.workbook([("a", "b"), (1, 2)]))) as old:
        files = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, data in files.items():
            new.writestr(name, sheet if "worksheets/" in name else data)
    return made.getvalue()


def repeated_cells() -> bytes:
    """Return an ODS whose one row is repeated a million times with as many columns."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="1000000"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(),
                   "META-INF/manifest.xml": b"<manifest/>"})  # fmt: skip


def entities(*lines: str, root: str) -> bytes:
    return f"<?xml version='1.0'?><!DOCTYPE r [{''.join(lines)}]><r>{root}</r>".encode()


def endless_directory() -> bytes:
    """Return a TIFF and OLE2 in one shape each: links that lead back to themselves are followed a bounded time."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<II", 1, 0) + bytes(12) + struct.pack("<I", 0xFFFFFFFE)
    body = bytearray(head.ljust(76, b"\0") + struct.pack("<I", 0) + b"\xff" * 432)
    return bytes(body) + struct.pack("<128I", *([0] * 128))


FILES: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "nothing": (lambda: b"", "empty"),
    "a gigabyte of nothing": (lambda: bytes(1 << 30), "too_large"),
    "a sealed zip": (sealed_zip, "encrypted"),
    "a sealed PDF": (sealed_pdf, "encrypted"),
    "a sealed workbook": (office.locked, "encrypted"),
    "half a zip": (lambda: zipped({"a.csv": CSV.encode()})[:-30], "malformed"),
    "a flat bomb": (lambda: zipped({"a.csv": bytes(256 << 20)}), None),
    "names for the same bytes": (overlapping, None),
    "a nested bomb": (lambda: nested(5, 12), None),
    "an archive in itself": (lambda: nested(60, 1), None),
    "tars in tars": (lambda: tar_of_tars(30), None),
    "a gzip bomb": (lambda: gzip.compress(bytes(128 << 20), 1), None),
    "a bzip2 bomb": (lambda: bz2.compress(bytes(64 << 20), 1), None),
    "an xz bomb": (lambda: lzma.compress(bytes(128 << 20), preset=0), None),
    "a zstd bomb": (lambda: zstandard.compress(bytes(256 << 20), 1), None),
    "entities of entities": (lambda: entities(
        "<!ENTITY a0 'aaaaaaaaaa'>", *(f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 12)), root="&a11;"), None),
    "one long entity many times": (lambda: entities(f"<!ENTITY a '{'x' * 100_000}'>", root="&a;" * 50_000), None),
    "an entity from elsewhere": (lambda: entities("<!ENTITY a SYSTEM 'file:///etc/passwd'>", root="&a;"), None),
    "deep XML": (lambda: b"<?xml version='1.0'?>" + b"<a>" * 500_000, "too_deep"),
    "deep JSON": (lambda: b'{"a":' + b"[" * 500_000, None),
    "deep HTML": (lambda: b"<html><body>" + b"<div><table><tr><td>" * 60_000, None),
    "a million empty columns": (lambda: workbook(f"<row>{'<c/>' * 1_000_000}</row>"), None),
    "a million columns and rows": (lambda: workbook(f"<row>{'<c><v>1</v></c>' * 20_000}</row>" + "<row><c><v>1</v></c></row>" * 200_000), None),
    "a column that cannot be": (lambda: workbook('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row><row r="900000"/>'), None),
    "cells repeated": (repeated_cells, None),
    "a line without end": (lambda: b"a," * (12 << 20), "line_too_long"),
    "a word without end": (lambda: b"a" * (24 << 20), None),
    "a quote without end": (lambda: b'a,b\n1,"' + b"x,y\n" * (6 << 20), None),
    "a loop of pages": (page_tree_loop, None),
    "a loop of object streams": (object_stream_loop, None),
    "a loop of tables": (previous_table_loop, None),
    "a picture in itself": (form_loop, None),
    "half a PDF": (lambda: pdf.of_scans(3, 1)[:200], "malformed"),
    "a loop of sectors": (endless_directory, None),
    "rows that are not there": (lambda: b"\x03\x7e\x01\x01" + struct.pack("<IHH", 2**32 - 1, 65, 500) + bytes(31) + b"C" + bytes(20) + b"\r" * 30, None),
    "a footer larger than its file": (lambda: b"PAR1" + bytes(40) + struct.pack("<I", 2**31 - 1) + b"PAR1", None),
}  # fmt: skip


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    made = Jail()
    yield made
    made.close()


def peak(jail: Jail) -> int:
    """Return the most memory that the jail's process has held, in megabytes; 0 when it is gone."""
    if jail._process is None:
        return 0
    lines = Path(f"/proc/{jail._process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_costs_itself_alone(name: str, jail: Jail) -> None:
    make, problem = FILES[name]
    body = make()
    started = monotonic()
    found = jail.read(page_capture("https://good.kz/a"), body)
    assert monotonic() - started < SECONDS + 5, "the timer of the jail, and what it takes to start another"
    assert peak(jail) < MEGABYTES
    assert found.length == len(body)
    assert found.parses or found.problem, "an outcome has its reason"
    if problem:
        assert found.problem == problem, found
    assert jail.read(page_capture("https://good.kz/a.csv"), CSV.encode()).parses, "the next file is read"


def seen(jail: Jail, body: bytes) -> FileFacts:
    return jail.read(page_capture("https://good.kz/a"), body)


def test_bombs_are_looked_into_within_limits(jail: Jail) -> None:
    assert len(seen(jail, overlapping()).members) <= 200
    deep = seen(jail, nested(60, 1))
    assert [item.type for item in deep.members] == ["zip"], "it ends at the third level"
    assert [item.type for item in seen(jail, tar_of_tars(2)).members] == ["csv"]
    assert judge(deep).data_class is DataClass.UNKNOWN


def test_nothing_is_fetched_or_read_for_an_entity(jail: Jail) -> None:
    found = seen(jail, entities("<!ENTITY a SYSTEM 'file:///etc/passwd'>", root="&a;"))
    assert "root:" not in repr(found)


def test_a_sparse_file_is_told_by_its_type(tmp_path: Path, pack: Pack) -> None:
    place = tmp_path / "a.csv"
    with place.open("wb") as file:
        file.write(CSV.encode())
        file.truncate(1 << 30)
    report = check_target(str(place), pack)
    assert report.facts["problem"] == "too_large"
    assert [item.reason for item in report.findings if item.rule == "FMT-01"] == ["too_large"]
