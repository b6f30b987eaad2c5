from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.metadata.crs import resolvable


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("EPSG:4326", "EPSG:4326"),
        ("epsg 3857", "EPSG:3857"),
        ("urn:ogc:def:crs:EPSG::4326", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG:6.18:4326", "EPSG:4326"),
        ("urn:x-ogc:def:crs:EPSG:4326", "EPSG:4326"),
        ("http://www.opengis.net/def/crs/EPSG/0/28465", "EPSG:28465"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "EPSG:4326"),
        ("https://spatialreference.org/ref/epsg/4326/", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"),
        ("CRS:84", "OGC:CRS84"),
        ("WGS 84 (EPSG:4326)", "EPSG:4326"),
        ("4326", None),
        ("Pulkovo 1942, local grid 7", None),
        ("EPSG", None),
        ("", None),
        (None, None),
    ],
)
def test_names_of_systems(said: str | None, code: str | None) -> None:
    assert resolvable(said) == code


@given(st.text(max_size=400))
def test_any_text_gives_a_code_or_nothing(said: str) -> None:
    found = resolvable(said)
    assert found is None or found.partition(":")[0] in ("EPSG", "OGC")
