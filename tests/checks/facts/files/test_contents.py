"""What readers find in files: geography, tables, columns, passwords; each body is made here."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.files.geometry import geography_of
from checks.facts.files.parquet import read_parquet
from checks.facts.files.pdftables import table_of
from checks.facts.files.read import read
from checks.facts.files.reading import ReadError, UnreadError
from checks.facts.model import FileFacts
from tests.checks.facts.files.test_hostile import document
from tests.checks.lab import page_capture
from tests.lab import office


def facts(body: bytes | str, name: str = "file") -> FileFacts:
    return read(page_capture(f"https://good.kz/{name}", None), body.encode() if isinstance(body, str) else body)


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def test_geojson_tells_geometry_extent_and_its_reference_system() -> None:
    points = [
        feature("Point", [71.4, 51.1, 300], name="a"),
        feature("Polygon", [[[60, 40], [80, 40], [80, 55], [60, 40]]]),
    ]
    found = facts(json.dumps({"type": "FeatureCollection", "features": points}))
    assert (found.features, found.geometry, found.reference_system) == (2, ("Point", "Polygon"), "OGC:CRS84")
    assert found.extent == (60, 40, 80, 55)
    assert (found.tables[0].rows, found.tables[0].columns) == (2, 1)
    alone = facts(json.dumps(feature("MultiPoint", [[1, 2], [3, 4]])))
    assert (alone.features, alone.geometry, alone.extent) == (1, ("MultiPoint",), (1, 2, 3, 4))
    assert facts('{"type":"FeatureCollection","features":{}}').problem == "malformed"


def test_topojson_and_json_stat() -> None:
    topology = {"type": "Topology", "arcs": [], "bbox": [1, 2, 3, 4], "objects": {
        "a": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "properties": {"n": 1}}, {"type": "Point"}]}}}  # fmt: skip
    found = facts(json.dumps(topology))
    assert (found.features, found.geometry, found.extent) == (2, ("Point", "Polygon"), (1, 2, 3, 4))
    cube = {"version": "2.0", "class": "dataset", "id": ["year", "region"], "size": [3, 4], "value": [1] * 12}
    assert [(item.rows, item.columns) for item in facts(json.dumps(cube)).tables] == [(12, 3)]


def test_kml_and_gml() -> None:
    place = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>"
    found = facts(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{place * 3}</Document></kml>')
    assert (found.features, found.geometry, found.reference_system) == (3, ("Point",), "OGC:CRS84")
    member = '<gml:featureMember><a><gml:Point srsName="urn:ogc:def:crs:EPSG::4326"/></a></gml:featureMember>'
    spaces = 'xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml"'
    found = facts(f"<wfs:FeatureCollection {spaces}>{member * 2}</wfs:FeatureCollection>")
    assert (found.features, found.geometry, found.reference_system) == (2, ("Point",), "urn:ogc:def:crs:EPSG::4326")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "x"]), inner)
        ),
    )
)
def test_any_geometry_is_answered(value: Any) -> None:
    found = geography_of([value])
    assert found.extent is None or (found.extent[0] <= found.extent[2] and found.extent[1] <= found.extent[3])


def test_several_tables_in_one_csv_file() -> None:
    two = "region,year\na,1\nb,2\n\n\ncity,people\nx,5\ny,6\n"
    assert facts(two, "a.csv").tables[0].blocks == 2
    assert facts(two.replace("\n\n\n", "\n"), "a.csv").tables[0].blocks == 1
    assert facts("a,b\n\n1,2\n\n3,4\n\n5,6\n", "a.csv").tables[0].blocks == 1, "lines set wide apart are one table"


def test_a_table_in_a_pdf_is_told_by_where_its_text_stands() -> None:
    cells = [(60.0 + 150 * column, 700.0 - 20 * row, 120.0 + 150 * column, 710.0 - 20 * row)
             for row in range(8) for column in range(4)]  # fmt: skip
    found = table_of(cells)
    assert found is not None
    assert (found.rows, found.columns) == (8, 4)
    words = [
        (60.0 + 37 * at, 700.0 - 12 * row, 95.0 + 37 * at, 710.0 - 12 * row) for row in range(30) for at in range(12)
    ]
    assert table_of(words) is None, "words of a line touch"
    assert table_of(cells[:16]) is None
    assert table_of([]) is None


def test_a_table_in_a_real_pdf() -> None:
    place = "BT /F 10 Tf {} {} Td ({}) Tj ET\n"
    text = "".join(place.format(60 + 150 * at, 700 - 20 * row, f"r{row} gp{at}") for row in range(8) for at in range(4))
    leaf = "/MediaBox [0 0 700 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>"
    body = document(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        f"<< /Type /Page /Parent 2 0 R {leaf} >>", f"<< /Length {len(text)} >>\nstream\n{text}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )  # fmt: skip
    assert [(item.rows, item.columns) for item in facts(body).tables] == [(8, 4)]


def number(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def name(text: str) -> bytes:
    return number(len(text)) + text.encode()


def parquet(rows: int, columns: list[str], geo: str = "") -> bytes:
    """Return a Parquet file of which only the footer is there, in Thrift's compact protocol."""
    root = b"\x48" + name("schema") + b"\x15" + number(2 * len(columns)) + b"\0"
    leaves = b"".join(b"\x15" + number(4) + b"\x38" + name(item) + b"\0" for item in columns)
    keys = b"\x29\x1c\x18" + name("geo") + b"\x18" + name(geo) + b"\0" if geo else b""
    schema = b"\x19" + bytes([(1 + len(columns)) << 4 | 12]) + root + leaves
    footer = b"\x15\x02" + schema + b"\x16" + number(2 * rows) + keys + b"\0"
    return b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"


def test_parquet_is_read_by_its_footer() -> None:
    found = facts(parquet(1000, ["a", "b", "c"]))
    assert [(item.rows, item.columns) for item in found.tables] == [(1000, 3)]
    assert found.features is None
    geo = {"primary_column": "g", "columns": {"g": {"geometry_types": ["Point"], "bbox": [1, 2, 3, 4], "crs": {
        "id": {"authority": "EPSG", "code": 4326}}}}}  # fmt: skip
    placed = facts(parquet(7, ["g"], json.dumps(geo)))
    assert (placed.features, placed.geometry, placed.extent, placed.reference_system) == (
        7,
        ("Point",),
        (1, 2, 3, 4),
        "EPSG:4326",
    )
    assert facts(parquet(7, ["g"])[:-2]).problem == "cut_off"
    with pytest.raises(UnreadError, match="encrypted"):
        read_parquet(b"PARE" + bytes(20) + b"PARE")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_any_footer_is_read_or_refused(footer: bytes) -> None:
    body = b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"
    try:
        assert read_parquet(body).tables
    except (ReadError, UnreadError) as error:
        assert str(error) in ("malformed", "cut_off")  # noqa: PT017


def word(text: bytes, letters: int, flags: int = 0) -> bytes:
    head = struct.pack("<HH", 0xA5EC, 0xC1) + bytes(6) + struct.pack("<H", flags) + bytes(12)
    head += struct.pack("<II", 512, 512 + len(text))
    head = head.ljust(76, b"\0") + struct.pack("<I", letters)
    return office._compound({"WordDocument": (head.ljust(512, b"\0") + text).ljust(4096, b"\0")})


def test_old_word_documents() -> None:
    rows = b"a\x07b\x07c\x07\x07" * 6
    found = facts(word(b"x" * 99 + rows, 150))
    assert (found.sniffed_type, found.parses, found.text_layer, found.letters) == ("doc", True, True, 149)
    assert [(item.rows, item.columns) for item in found.tables] == [(6, 3)]
    assert facts(word(b"", 1)).text_layer is False
    assert facts(word(b"x", 9, 0x0100)).problem == "encrypted"
    assert facts(office._compound({"WordDocument": b"y" * 4096})).problem == "malformed"
    assert facts(b"\xdb\xa5\x2d\0" + bytes(60)).problem == "no_reader"
