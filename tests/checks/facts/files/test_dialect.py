from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.files.cells import TooLongError, split
from checks.facts.files.dialect import dialect_of
from checks.facts.model import Dialect

ROWS = [("region", "year", "note"), ("Astana", "2024", "first, then second"), ("Almaty", "2025", 'the "old" town'),
        ("Shymkent", "2025", "plain"), ("Aktau", "2026", "")]  # fmt: skip


def written(delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(ROWS)
    return target.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_dialects(delimiter: str, quoting: int) -> None:
    found = dialect_of(written(delimiter, quoting)).dialect
    assert (found.delimiter, found.quote, found.escape, found.line_end) == (delimiter, '"', '"', "\r\n")


def test_decimal_commas_are_no_delimiters() -> None:
    text = "область;доля\nАстана;1,25\nАлматы;2,5\nАктау;3,75\n"
    assert dialect_of(text).dialect.delimiter == ";"


def test_quotes_after_a_blank() -> None:
    text = '"int", "number", "text"\n"1", "2.3", "a"\n"2", "4.3", "b"\n'
    assert dialect_of(text).dialect == Dialect(",", '"', "", "\n")


def test_one_column() -> None:
    found = dialect_of("value\n1\n2\n")
    assert (found.dialect.delimiter, found.width, found.score) == (",", 1, 0)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    assert dialect_of(text).width >= 1


def test_an_endless_line_is_refused() -> None:
    with pytest.raises(TooLongError):
        list(split("a" * (2 << 20), Dialect(","), 10))
