from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.dates import DateReader
from checks.facts.frequencies import read_day, read_frequency
from config.frequencies import frequencies
from config.pack import Pack

NAMES = {
    "http://publications.europa.eu/resource/authority/frequency/ANNUAL_2": 184,
    "http://purl.org/cld/freq/monthly": 31,
    "freq:quarterly": 92,
    "WEEKLY": 7,
    "fortnightly": 14,
    "biannually": 184,
    "continual": 1,
    "HALF_YEAR": 184,
    "Каждые полгода": 184,
    "жыл сайын": 366,
    "R/P1Y": 366,
    "P3M": 93,
    "R/PT1H": 1,
}
KINDS = {
    "asNeeded": "as_needed",
    "AS_NEEDED": "as_needed",
    "IRREG": "as_needed",
    "notPlanned": "one_off",
    "UNKNOWN": "unknown",
}


@pytest.mark.parametrize("text", NAMES)
def test_periods(text: str) -> None:
    found = read_frequency(text)
    assert found is not None
    assert found.days == NAMES[text]


@pytest.mark.parametrize("text", KINDS)
def test_answers_without_a_period(text: str) -> None:
    found = read_frequency(text)
    assert found is not None
    assert (found.kind, found.days) == (KINDS[text], None)


@pytest.mark.parametrize("text", ["", None, "P", "R/", "when there is time", "https://example.org/"])
def test_unknown_stays_unknown(text: str | None) -> None:
    assert read_frequency(text) is None


def test_no_name_stands_for_two() -> None:
    names = [name.lower() for item in frequencies() for name in item.names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-03T10:00:00Z", date(2026, 11, 3)),
        ("03.11.2026 16:27", date(2026, 11, 3)),
        ("1793678400000", date(2026, 11, 3)),
        ("3 ноября 2026 года", date(2026, 11, 3)),
        ("31.02.2026", None),
        ("2026", None),
        ("ноябрь 2026", None),
        ("0", None),
        (None, None),
    ],
)
def test_days(text: str | None, day: date | None, pack: Pack) -> None:
    assert read_day(text, DateReader(pack.extraction.months)) == day


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert read_frequency(text) == read_frequency(f"  {text} ")
