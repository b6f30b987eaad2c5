from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.pack import Pack, PersonalPattern
from config.packload import load_pack
from config.personal import PersonalFinder, Tally

GOOD, LATE = "850412300125", "791108450372"
WRONG_SUM = "850412300126"
COMPANY = "020240002363"
"""Numbers of legal persons have the same checksum and a fifth digit of 4 to 6, where no day of a month begins."""


@pytest.fixture(scope="module")
def kz() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="module")
def finder(kz: Pack) -> PersonalFinder:
    return PersonalFinder(kz.extraction.personal)


def test_valid_numbers_are_told_from_those_of_their_form(finder: PersonalFinder) -> None:
    text = f"ИИН {GOOD}, {LATE}; no: {WRONG_SUM}, {GOOD}1, {COMPANY}"
    assert finder.counts(text) == {"iin": Tally(3, 2)}
    assert list(finder.numbers(text)) == sorted([GOOD, LATE])
    assert finder.counts("Nobody here, 2026-11-16, 123456789012") == {}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([GOOD, LATE, None, ""], Tally(2, 2)),
        ([float(GOOD), int(LATE)], Tally(2, 2)),
        ([f"{GOOD} Ахметов", "x"], Tally(1, 1)),
        ([True, 2.5, "12"], None),
        ([COMPANY] * 4, None),
    ],
)
def test_cells_of_any_kind_are_read(finder: PersonalFinder, cells: list[object], expected: Tally | None) -> None:
    assert finder.column(cells).get("iin") == expected


def test_zeros_in_front_that_a_spreadsheet_dropped_are_filled_up(finder: PersonalFinder) -> None:
    born_2005 = next(
        number for tail in range(1000) if finder.counts(number := f"05031250{tail:04d}").get("iin", Tally(0, 0)).valid
    )
    assert finder.column([int(born_2005), born_2005.lstrip("0")]) == {"iin": Tally(2, 2)}
    assert finder.column([5]) == {}


@given(st.lists(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.none(), st.booleans())))
def test_any_cells_give_counts_that_fit(cells: list[object]) -> None:
    finder = PersonalFinder((PersonalPattern(id="short", pattern=r"\d{4}", digits=4),))
    for tally in finder.column(cells).values():
        assert 0 < tally.valid <= tally.alike


def test_a_pack_without_patterns_finds_nothing() -> None:
    assert not PersonalFinder()
    assert PersonalFinder().counts(GOOD) == PersonalFinder().column([GOOD]) == {}
