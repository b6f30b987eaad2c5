from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.files.encoding import encoding_of, in_utf8
from tests.checks.texts import DE, EN, KK, RU

CYRILLIC = ("windows-1251", "koi8-r", "ibm866", "iso-8859-5", "mac-cyrillic", "ibm855")


def found(body: bytes) -> str | None:
    told = encoding_of(body)
    return codecs.lookup(told.name).name if told else None


@pytest.mark.parametrize("name", [*CYRILLIC, "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_russian(name: str) -> None:
    assert found(RU.encode(name)) == codecs.lookup(name).name


@pytest.mark.parametrize("name", CYRILLIC)
def test_a_few_russian_words(name: str) -> None:
    text = "регион;год;численность населения\nАстана;2024;1350\nАлматы;2025;2180\n"
    assert found(text.encode(name)) == codecs.lookup(name).name


@pytest.mark.parametrize("name", ["kz1048", "utf-8", "utf-16"])
def test_kazakh(name: str) -> None:
    assert found(KK.encode(name)) == codecs.lookup(name).name


def test_capitals_do_not_change_the_code_page() -> None:
    assert (
        found("НАИМЕНОВАНИЕ ОБЛАСТИ; ГОД; ЧИСЛЕННОСТЬ\n".encode("windows-1251") + RU.encode("windows-1251")) == "cp1251"
    )


def test_latin() -> None:
    assert found(EN.encode()) == "ascii"
    assert found(DE.encode("windows-1252")) == "cp1252"


def test_a_cut_letter_does_not_spoil_utf_8() -> None:
    told = encoding_of(RU.encode()[:-1], whole=False)
    assert told
    assert told.name == "utf-8"


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    told = encoding_of(body)
    assert told is None or isinstance(body.decode(told.name, "replace"), str)
    assert encoding_of(body) == told


def test_xml_is_recoded_only_from_what_it_declares() -> None:
    honest = f"<?xml version='1.0' encoding='IBM866'?><a>{RU}</a>".encode("ibm866")
    lying = f"<?xml version='1.0' encoding='windows-1252'?><a>{RU}</a>".encode("ibm866")
    assert RU in in_utf8(honest).decode()
    assert in_utf8(lying) == lying
