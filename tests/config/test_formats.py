from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.formats import by_extension, by_label, by_media_type, extension_of, formats, is_a, kinds_of


def test_the_vocabulary_holds_together() -> None:
    for name, item in formats().items():
        assert item.broader is None or item.broader in formats(), name
        assert len(set(kinds_of(name))) == len(kinds_of(name))
        assert 1 <= item.stars <= 4
        assert all(text == text.lower() for text in (*item.media, *item.extensions, *item.aliases)), name


@pytest.mark.parametrize("part", ["media", "extensions"])
def test_a_name_means_one_format(part: str) -> None:
    names = [text for item in formats().values() for text in getattr(item, part)]
    assert len(names) == len(set(names)), {text for text in names if names.count(text) > 1}


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("CSV", "csv"),
        (".xlsx", "xlsx"),
        ("application/json; charset=utf-8", "json"),
        ("ESRI Shapefile", "shpzip"),
        ("http://publications.europa.eu/resource/authority/file-type/GEOJSON", "geojson"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        ("JSON_LD", None),
        ("", None),
        (None, None),
    ],
)
def test_labels_of_catalogues(label: str | None, wanted: str | None) -> None:
    assert by_label(label) == wanted


def test_addresses_and_media_types() -> None:
    assert by_extension("https://a.kz/b%20c.XLSX?x=1.pdf") == "xlsx"
    assert by_extension("https://a.kz/download?file=a.csv") is None
    assert by_media_type("text/csv; header=present") == "csv"
    assert by_media_type("application/octet-stream") is None
    assert is_a("geojson", "txt")
    assert not is_a("json", "geojson")


@given(st.text(max_size=60))
def test_any_address(text: str) -> None:
    for ending in (extension_of(text), extension_of("https://" + text)):
        assert ending is None or "/" not in ending
    assert by_label(text) is None or by_label(text) in formats()
