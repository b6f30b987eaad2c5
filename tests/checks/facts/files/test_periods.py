from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.files.periods import MOST_PERIODS, in_grid, in_objects, newest_of, period
from checks.facts.files.read import read
from tests.checks.lab import page_capture
from tests.lab import office


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-16", "2026-11-16"),
        ("2026-11-16T10:20:30.5+05:00", "2026-11-16"),
        ("16.11.2026", "2026-11-16"),
        ("03/04/2026", "2026-04-03"),
        ("2026-11", "2026-11"),
        ("11.2026", "2026-11"),
        ("2026M07", "2026-07"),
        ("2026-Q3", "2026-09"),
        ("Q1 2026", "2026-03"),
        ("2026", "2026"),
        (2026, "2026"),
        (2026.0, "2026"),
        (date(2026, 11, 16), "2026-11-16"),
        (datetime(2026, 11, 16, 8, 0), "2026-11-16"),  # noqa: DTZ001 - a workbook's cell has no zone
        ("31.02.2020", None),
        ("16.11.26", None),
        ("2026-13", None),
        ("12.5", None),
        (True, None),
        (None, None),
        ("1" * 5000, None),
    ],
)
def test_one_cell(cell: object, value: str | None) -> None:
    assert period(cell) == value


def test_a_column_is_dated_when_nearly_all_of_it_is() -> None:
    assert newest_of(["2025-01", "2025-03", "", None, "2025-02"]) == "2025-03"
    assert newest_of(["2025-01", "north", "south"]) is None
    assert newest_of([2024, 2025]) is None  # two numbers are no series of years
    assert newest_of([2023, 2024, 2025]) == "2025"


def test_years_as_columns_and_several_dated_columns() -> None:
    assert in_grid([["a", 1, 2, 3]] * 3, ["region", "2023", "2024", "2025"]) == ("2025",)
    assert in_grid([["2025-01-01", "2026-01"], ["2025-02-01", "2026-02"]]) == ("2026-02", "2025-02-01")
    assert len(in_grid([[f"20{n:02d}-01" for n in range(20)]] * 2)) == MOST_PERIODS
    assert in_objects([{"day": "01.02.2026", "n": 1}, {"day": "02.02.2026"}, {"n": 3}]) == ("2026-02-02",)


def newest(body: bytes | str) -> tuple[str, ...]:
    return read(page_capture("https://d.kz/f", None), body.encode() if isinstance(body, str) else body).periods


def test_files_of_every_kind_tell_it() -> None:
    rows = [("day", "level")] + [(f"{n:02d}.03.2026", n) for n in range(1, 29)]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    assert newest(text) == ("2026-03-28",)
    assert newest(json.dumps([{"day": day, "n": n} for day, n in rows[1:]])) == ("2026-03-28",)
    xml = "".join(f"<row><day>{day}</day><n>{n}</n></row>" for day, n in rows[1:])
    assert newest(f'<?xml version="1.0"?><rows>{xml}</rows>') == ("2026-03-28",)
    cells = "".join(f"<tr><td>{day}<td>{n}</tr>" for day, n in rows[1:])
    assert newest(f"<!DOCTYPE html><html><body><table>{cells}</table></body></html>") == ("2026-03-28",)
    assert newest(office.workbook([["day", "level"], ["2026-03", 1], ["2026-04", 2]])) == ("2026-04",)


def test_a_long_file_is_read_to_its_end_and_keeps_no_value() -> None:
    days = [f"{1 + n % 28:02d}.{1 + n // 28 % 12:02d}.{2000 + n // 336},{n}" for n in range(6000)]
    facts = read(page_capture("https://d.kz/f.csv", None), ("day,n\n" + "\n".join(days)).encode())
    assert facts.periods == ("2017-11-08",)
    assert "03.05" not in str(facts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.one_of(st.text(max_size=30), st.integers(), st.none(), st.floats()), max_size=4), max_size=9)
)
def test_any_grid_gives_iso_periods_or_none(rows: list[list[object]]) -> None:
    for value in in_grid(rows):
        assert value[:4].isdigit()
        assert len(value) in (4, 7, 10)
