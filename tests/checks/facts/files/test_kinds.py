"""Kinds of file, many of them odd, told from their bytes or from bytes and name. Every body is made here by hand."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing

import pytest

from checks.facts.files.sniff import settle, sniff
from config.formats import by_extension, formats
from tests.lab.office import zipped

CYRILLIC = "Область;Год;Население\nАлматинская;2020;2 055 000\nАкмолинская;2021;736 000\nАбайская;2022;612 000\n"
KAZAKH = "Облыс;Жыл;Халқы\nАқмола облысы;2020;736 000\nӨскемен қаласы;2021;331 000\nҚызылорда;2022;830 000\n"
OPC = '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.{}+xml"/></Types>'
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
GROUPS = "http://www.opengis.net"


def opc(part: str) -> bytes:
    return zipped({"[Content_Types].xml": OPC.format(part).encode(), "xl/workbook.xml": b"<a/>"})


def database(statement: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(statement)
        return bytes(made.serialize())


def text(value: object) -> bytes:
    return json.dumps(value).encode()


SAMPLES: list[tuple[str, str, bytes | str]] = [
    *(("a.csv", "csv", CYRILLIC.encode(name)) for name in (
        "cp1251", "koi8-r", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp866", "mac-cyrillic", "iso8859-5")),
    ("a.csv", "csv", KAZAKH.encode("kz1048")),
    ("a.csv", "csv", "sep=;\na;b\n1;2\n3;4\n"),
    ("a.csv", "csv", "name\nAlmaty\nAstana\n"),
    ("a.csv", "csv", '"a","b"\n"x, y","z"\n"1","2"\n'),
    ("a.csv", "csv", 'id,text\n1,"line\nbreak"\n2,"a ""q"" b"\n'),
    ("a.csv", "csv", "Отчёт за 2020 год;;\n;;\nРайон;Жители;Площадь\nА;1;2\nБ;3;4\nВ;5;6\n"),
    ("a.txt", "txt", "Plain words, and more words. Nothing here; truly.\nOther line, too.\n"),
    ("a.txt", "txt", "Dear Sir,\n\nI am writing, as you know, to say hello.\nYours, truly,\nA. B.\n"),
    ("a.txt", "txt", "Это простой текст, в котором нет ничего.\nИ вторая строка.\n".encode("cp1251")),
    ("a.log", "txt", "2024-01-01 10:00:00 INFO start\n2024-01-01 10:00:01 WARN x\n2024-01-01 10:00:02 INFO y\n"),
    ("a.py", "txt", "import os\n\ndef a(b, c):\n    return b\n\nprint(a(1, 2))\n"),
    ("a.json", "geojson", text({"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}})),
    ("a.json", "geojson", '\ufeff{"type":"FeatureCollection","features":[]}'),
    ("a.json", "geojsonl", '{"type":"Feature","geometry":null}\n{"type":"Feature","geometry":null}\n'),
    ("a.json", "jsonstat", text({"version": "2.0", "class": "dataset", "id": ["a"], "size": [2], "value": [1, 2]})),
    ("a.json", "sdmxjson", text({"header": {"id": "x"}, "dataSets": [{}], "structure": {}})),
    ("a.json", "openapi", text({"openapi": "3.0.0", "paths": {}})),
    ("a.json", "jsonschema", text({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"})),
    ("a.json", "esrijson", text({"geometryType": "esriGeometryPoint", "features": []})),
    ("a.json", "json", text([1, 2, 3])),
    ("a.json", "json", "null"),
    ("a.xml", "gml", f'<o:FeatureCollection xmlns:o="http://o/" xmlns:gml="{GROUPS}/gml"><gml:boundedBy/></o:FeatureCollection>'),
    ("a.xml", "citygml", f'<CityModel xmlns="{GROUPS}/citygml/2.0"/>'),
    ("a.xml", "ogc", '<?xml version="1.0"?><!DOCTYPE WMT_MS_Capabilities SYSTEM "x.dtd"><WMT_MS_Capabilities version="1.1.1"/>'),
    ("a.xml", "ogc", f'<ows:ExceptionReport xmlns:ows="{GROUPS}/ows/1.1"/>'),
    ("a.xml", "isometa", '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>'),
    ("a.xml", "isometa", '<mdb:MD_Metadata xmlns:mdb="http://standards.iso.org/iso/19115/-3/mdb/2.0"/>'),
    ("a.xml", "xml", '<?xml version="1.0" encoding="UTF-16"?><данные><строка/></данные>'.encode("utf-16")),
    ("a.rss", "rss", '<?xml version="1.0" encoding="windows-1251"?><rss><title>Новости</title></rss>'.encode("cp1251")),
    ("a.xhtml", "html", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'),
    ("a.xls", "html", "<table border=1><tr><td>a</td><td>b</td></tr></table>"),
    ("a.csv", "html", "\r\n\r\n<!DOCTYPE html><html><head><title>404</title></head></html>"),
    ("a.xls", "xlml", '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
    ("a.xls", "mhtml", "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"),
    ("a.fb2", "fb2", '<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"/>'),
    ("a.xbrl", "xbrl", '<xbrl xmlns="http://www.xbrl.org/2003/instance"/>'),
    ("a.mif", "mif", 'VERSION 300\nCharset "WindowsCyrillic"\nDelimiter ","\nColumns 1\n  a Char(3)\nData\n'),
    ("a.tab", "mitab", "!table\n!version 300\n!charset WindowsCyrillic\n"),
    ("a.dxf", "dxf", "  0\r\nSECTION\r\n  2\r\nHEADER\r\n"),
    ("a.asc", "asciigrid", "ncols 4\nnrows 6\nxllcorner 0.0\nyllcorner 0.0\ncellsize 50\n"),
    ("a.prj", "prj", 'GEOGCS["GCS_WGS_1984",DATUM["D"]]'),
    ("a.ifc", "step", "ISO-10303-21;\nHEADER;\n"),
    ("a.toml", "toml", 'title = "x"\n[owner]\nname = "y"\n[a.b]\nc = [1, 2]\n'),
    ("a.ini", "ini", "[main]\nkey=value\nother=1\n; comment\n[b]\nx=y z\n"),
    ("a.yaml", "yaml", "- a: 1\n  b: 2\n- a: 3\n  b: 4\n"),
    ("a.tex", "tex", "% c\n\\documentclass{article}\n"),
    ("a.bib", "bib", "@article{a,\n title={x}\n}\n"),
    ("a.po", "po", 'msgid ""\nmsgstr ""\n"Project-Id-Version: x\\n"\n'),
    ("a.gv", "dot", "digraph G {\n a -> b;\n}\n"),
    ("a.dif", "dif", 'TABLE\n0,1\n"EXCEL"\n'),
    ("a.slk", "slk", "ID;PWXL;N;E\n"),
    ("a.por", "por", "ASCII SPSS PORT FILE                    " * 2),
    ("a.px", "px", 'AUTOPEN=YES;\nCHARSET="ANSI";\nMATRIX="A";\nTITLE="x";\nDATA=\n1 2;\n'),
    ("a.srt", "subtitles", "1\n00:00:01,000 --> 00:00:02,000\nhi\n"),
    ("a.pem", "pem", "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n"),
    ("a.php", "php", "<?php echo 1; ?>"),
    ("a.sql", "sql", "-- dump\nCREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n"),
    ("a.nq", "nquads", '<http://a> <http://b> "c" <http://g> .\n<http://a> <http://b> <http://d> <http://g> .\n'),
    ("a.trig", "trig", "@prefix a: <http://a/> .\na:g { a:b a a:c . }\n"),
    ("a.zip", "shpzip", zipped({"dir/a.shp": b"x", "dir/a.dbf": b"x", "dir/a.shx": b"x", "dir/a.prj": b"x"})),
    ("a.zip", "gtfs", zipped(dict.fromkeys(("stops.txt", "routes.txt", "trips.txt", "stop_times.txt"), b"x"))),
    ("a.zip", "filegdb", zipped({"a.gdb/a00000001.gdbtable": b"x"})),
    ("a.xltm", "xlsm", opc("ms-excel.template.macroEnabled.main")),
    ("a.dotx", "docx", opc("openxmlformats-officedocument.wordprocessingml.template.main")),
    ("a.ppsx", "pptx", opc("openxmlformats-officedocument.presentationml.slideshow.main")),
    ("a.ots", "ods", zipped({"mimetype": f"{OPEN_DOCUMENT}spreadsheet-template".encode()})),
    ("a.ods", "ods", zipped({"content.xml": b"<a/>", "META-INF/manifest.xml": f'<e media-type="{OPEN_DOCUMENT}spreadsheet"/>'.encode()})),
    ("a.pages", "iwork", zipped({"Index/Document.iwa": b"x"})),
    ("a.zip", "zip", zipped({"a.csv": b"a,b\n1,2\n"})[30:]),
    ("a.gpkg", "gpkg", database("CREATE TABLE gpkg_contents (a)")),
    ("a.mbtiles", "mbtiles", database("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER)")),
    ("a.feather", "arrow", b"FEA1" + bytes(20) + b"FEA1"),
    ("a.arrow", "arrow", b"\xff\xff\xff\xff\x78\0\0\0\x10\0\0\0" + bytes(40)),
    ("a.orc", "orc", b"ORC" + bytes(20)),
    ("a.avro", "avro", b"Obj\x01" + bytes(9)),
    ("a.nc", "netcdf", b"\x89HDF\r\n\x1a\n" + bytes(300) + b"_NCProperties"),
    ("a.h5", "hdf5", b"\x89HDF\r\n\x1a\n" + bytes(300)),
    ("a.las", "las", b"LASF" + bytes(230)),
    ("a.pbf", "mvt", b"\x1a\x05\x0a\x03abc\x1a\x04\x0a\x02ab"),
    ("a.dwg", "dwg", b"AC1027" + bytes(100)),
    ("a.dta", "dta", bytes([113, 2, 1, 0]) + bytes(100)),
    ("a.xpt", "sas", b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"),
    ("a.xls", "xls", b"\x09\0\x04\0\2\0\x10\0" + bytes(30)),
    ("a.xls", "xls", b"\x09\x04\x06\0\0\4\x10\0" + bytes(9)),
    ("a.xls", "xls", b"\x09\x08\x08\0\0\x05\x05\0" + bytes(20)),
    ("a.eps", "ps", b"\xc5\xd0\xd3\xc6" + bytes(30)),
    ("a.djvu", "djvu", b"AT&TFORM\0\0\0\0DJVU"),
    ("a.cms", "p7m", b"\x30\x82\x05\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0" + bytes(30)),
    ("a.dcm", "dicom", bytes(128) + b"DICM"),
    ("a.ttf", "font", b"\0\1\0\0\0\x0c\0\x80\0\3\0\x40DSIG"),
    ("a.ts", "mpg", (b"G" + bytes(187)) * 8),
    ("a.rds", "gz", gzip.compress(b"X\n\0\0\0\3\0")),
    ("a.html", "html", "<html><title>x</title><p>y z</p></html>".encode("cp500")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wanted", "body"), SAMPLES, ids=[f"{item[1]}-{at}" for at, item in enumerate(SAMPLES)]
)
def test_kinds_are_told(name: str, wanted: str, body: bytes | str) -> None:
    found = settle(sniff(body.encode() if isinstance(body, str) else body), by_extension(name))
    assert found.type == wanted, found
    assert wanted in formats()


@pytest.mark.parametrize("delimiter", [";", ",", "|", "\t"])
def test_a_line_for_spreadsheet_programs_names_the_delimiter(delimiter: str) -> None:
    found = sniff(f"sep={delimiter}\na{delimiter}b; c, d\n1{delimiter}2\n3{delimiter}4\n".encode())
    assert found.type == ("tsv" if delimiter == "\t" else "csv")
    assert f"table:delimiter {delimiter!r}" in found.reasons


def test_noise_is_no_utf_16() -> None:
    body = bytes((at * 7919 + at // 3) % 251 if at % 2 else (at * 104_729) % 256 for at in range(4000)).replace(
        b"\n\0", b"\1\0"
    )
    assert sniff(body + b"\0\1" * 20).type != "csv"
