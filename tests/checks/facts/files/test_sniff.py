from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.files.guess import WEAK
from checks.facts.files.sniff import agrees, settle, sniff
from config.formats import formats
from tests.lab import office, pdf

TABLE = "a;b;c\n1;2;3\n4;5;6\n7;8;9\n"


def opc(part: str) -> bytes:
    return office.zipped(
        {"[Content_Types].xml": f'<Types><Override ContentType="application/vnd.{part}+xml"/></Types>'.encode()}
    )


def tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"), io.BytesIO())
    return target.getvalue()


def database(*, geographic: bool) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        if geographic:
            made.execute(f"PRAGMA application_id = {int.from_bytes(b'GPKG', 'big')}")
        made.execute("CREATE TABLE t (a)")
        return bytes(made.serialize())


KNOWN = [
    (opc("openxmlformats-officedocument.spreadsheetml.sheet.main"), "xlsx"),
    (opc("ms-excel.sheet.macroEnabled.main"), "xlsm"),
    (opc("openxmlformats-officedocument.wordprocessingml.document.main"), "docx"),
    (opc("openxmlformats-officedocument.presentationml.presentation.main"), "pptx"),
    (office.zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "ods"),
    (office.zipped({"mimetype": b"application/epub+zip"}), "epub"),
    (office.zipped({"r/a.shp": b"", "r/a.dbf": b"", "r/a.shx": b""}), "shpzip"),
    (office.zipped({"doc.kml": b"<kml/>"}), "kmz"),
    (office.zipped({"a.csv": b"a"}), "zip"),
    (office.locked(), "ooxml_encrypted"),
    (database(geographic=False), "sqlite"),
    (database(geographic=True), "gpkg"),
    (pdf.of_text([["x"]]), "pdf"),
    (b"\r\n junk " + pdf.of_text([["x"]]), "pdf"),
    (gzip.compress(b"x"), "gz"),
    (tar(), "tar"),
    (b"PAR1....PAR1", "parquet"),
    (b"{\\rtf1\\ansi x}", "rtf"),
    (b'{"type":"FeatureCollection","features":[]}', "geojson"),
    (b'{"type":"Topology","arcs":[],"objects":{}}', "topojson"),
    (b'{"@context":"https://schema.org","@type":"Dataset"}', "jsonld"),
    (b'{"type":"Feature list","a":1}', "json"),
    (b'[{"a":1},{"a":2}]', "json"),
    (b'{"a":1}\n{"a":2}\n', "ndjson"),
    (b"<?xml version='1.0'?><rows><row/></rows>", "xml"),
    (b'<?xml version="1.0"?>\n<!-- c -->\n<kml xmlns="http://www.opengis.net/kml/2.2"/>', "kml"),
    (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "rdfxml"),
    (b'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml"/>', "gml"),
    (b'<rss version="2.0"><channel/></rss>', "rss"),
    (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "atom"),
    (b'<m:GenericData xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"/>', "sdmx"),
    (b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>', "wsdl"),
    (b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>', "xsd"),
    (b'<WMT_MS_Capabilities version="1.1.1"/>', "ogc"),
    (b'<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"/>', "ogc"),
    (b'<capabilities xmlns="http://example.org/phones"/>', "xml"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
    (b"\n<!DOCTYPE html>\n<p>x", "html"),
    (b"<html><head><title>x</title></head></html>", "html"),
    (b"<div><p>x</p><a href='/'>y</a></div>", "html"),
    (b"@prefix a: <http://a/> .\na:b a:c a:d .\n", "turtle"),
    (b'<http://a/b> <http://a/c> "d"@en .\n<http://a/b> <http://a/c> <http://a/e> .\n', "ntriples"),
    (TABLE.encode(), "csv"),
    (TABLE.encode("utf-16"), "csv"),
    (TABLE.replace(";", "\t").encode(), "tsv"),
    ("область;год;число\nАстана;2024;1\nАлматы;2025;2\n".encode("windows-1251"), "csv"),
    (b"# Title\n\nSome *words* and a [link](http://a/).\n\n- one\n- two\n", "md"),
    (b"name: x\nversion: 1\nitems:\n  - a: 1\n  - a: 2\n", "yaml"),
    ("Министерство сообщает, что приём граждан переносится. Просим извинить.\n".encode(), "txt"),
    (b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nHello\n", "eml"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "wanted"), KNOWN, ids=[f"{name}-{number}" for number, (_, name) in enumerate(KNOWN)])
def test_types_are_told_from_bytes(body: bytes, wanted: str) -> None:
    found = sniff(body)
    assert found.type == wanted, found
    assert found.reasons
    assert found.type in formats()


@pytest.mark.parametrize(("body", "wanted"), [item for item in KNOWN if item[0].startswith(b"PK")][:4])
def test_a_zip_without_its_end_is_still_told(body: bytes, wanted: str) -> None:
    found = sniff(body[: body.rindex(b"PK\x01\x02")])
    assert found.type == wanted
    assert "zip:no_directory" in found.reasons


def test_an_embedded_workbook_does_not_make_a_document_a_workbook() -> None:
    document = office._compound({"WordDocument": b"x" * 4096})
    assert sniff(document).type == "doc"


@given(st.binary(max_size=600))
def test_any_bytes_are_answered(body: bytes) -> None:
    found = sniff(body)
    assert found.type is None or found.type in formats()
    assert 0 <= found.confidence <= 1


@given(
    st.sampled_from([item[0] for item in KNOWN]),
    st.binary(min_size=1, max_size=8),
    st.integers(0, 4000),
    st.integers(0, 4000),
)
def test_damaged_files_are_answered(body: bytes, noise: bytes, at: int, cut: int) -> None:
    found = sniff(body[:at] + noise + body[at + len(noise) : max(at, len(body) - cut)])
    assert found.type is None or found.type in formats()
    assert found.reasons


def test_a_name_decides_only_where_bytes_leave_it_open() -> None:
    one_column = sniff(b"value\n001\n002\n")
    assert one_column.type == "txt"
    assert settle(one_column, "csv").type == "csv"
    assert settle(one_column, "csv").confidence <= WEAK
    assert settle(sniff(b"<!DOCTYPE html><p>"), "csv").type == "html"
    assert settle(sniff(office.workbook([("a",)])), "csv").type == "xlsx"
    assert settle(sniff(json.dumps({"a": 1}).encode()), "csv").type == "json"


@pytest.mark.parametrize(
    ("sniffed", "declared", "wanted"),
    [
        ("xlsx", "zip", True),
        ("geojson", "json", True),
        ("csv", "txt", True),
        ("html", "csv", False),
        ("xlsx", "csv", False),
        ("csv", None, None),
        (None, "csv", None),
        ("ooxml_encrypted", "xlsx", None),
        ("md", "yaml", None),
        ("md", "csv", False),
        ("html", "yaml", False),
    ],
)
def test_kinds_agree(sniffed: str | None, declared: str | None, wanted: bool | None) -> None:
    assert agrees(sniffed, declared) is wanted
