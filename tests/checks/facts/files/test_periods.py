from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import zipfile
import zlib
from contextlib import closing
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.facts.files.archives import MOST_TABLE
from checks.facts.files.databases import MOST_ROWS, read_sqlite
from checks.facts.files.periods import MOST_PERIODS, in_grid, in_objects, newest_of, period
from checks.facts.files.periodwords import Spoken, speaking
from checks.facts.files.read import read
from config.pack import Pack
from tests.checks.lab import page_capture
from tests.lab import office


@pytest.fixture(scope="module")
def spoken(pack: Pack) -> Spoken:
    return Spoken.of(pack.extraction)


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


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2021 Маусым", "2021-06"),
        ("2021 жылғы маусым", "2021-06"),
        ("маусым 2021 ж.", "2021-06"),
        ("\u0130 квартал 2024", None),
        ("январь 2024", "2024-01"),
        ("Январь 2024 г.", "2024-01"),
        ("декабрь  2024 года", "2024-12"),
        ("January 2024", "2024-01"),
        ("Sep 2024", "2024-09"),
        ("16 ноября 2026 г.", "2026-11-16"),
        ("2026 жылғы 16 қараша", "2026-11-16"),
        ("январь-июнь 2024 года", "2024-06"),
        ("Январь – сентябрь 2024", "2024-09"),
        ("2024 жылғы қаңтар-маусым", "2024-06"),
        ("January-March 2024", "2024-03"),
        ("III квартал 2024", "2024-09"),
        ("3 квартал 2024 г.", "2024-09"),
        ("1 кв. 2024", "2024-03"),
        ("2-й квартал 2024 года", "2024-06"),
        ("2024 год, 4 квартал", "2024-12"),
        ("2024 жылғы 3 тоқсан", "2024-09"),
        ("2024 жылдың 3-тоқсаны", "2024-09"),
        ("2024 ж. ІІІ тоқсан", "2024-09"),  # the letter of Cyrillic Kazakh
        ("IV quarter 2024", "2024-12"),
        ("1 полугодие 2024", "2024-06"),
        ("II полугодие 2024 г.", "2024-12"),
        ("2024 жылғы 1-жартыжылдық", "2024-06"),
        ("2024 жылдың 2 жартыжылдығы", "2024-12"),
        ("1 half-year 2024", "2024-06"),
        ("H1 2024", "2024-06"),
        ("2024-S2", "2024-12"),
        ("3 полугодие 2024", None),
        ("5 квартал 2024", None),
        ("IIII квартал 2024", None),
        ("Отчёт за январь 2024", None),
        ("январь 2024 по области", None),
        ("31 февраля 2024", None),
        ("маусым", None),
        ("квартал 2024", None),
        ("Микрорайон 3, дом 2024", None),
        ("ул. 28 января 2024", None),
    ],
)
def test_one_cell_in_words(cell: str, value: str | None, spoken: Spoken) -> None:
    with speaking(spoken):
        assert period(cell) == value
    assert period("январь 2024") is None  # nobody says which words


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


# Footers of two files that pyarrow wrote, two rows a group, with and without statistics; compressed, as base 85.
WITH_STATISTICS = (
    "c-n=O&1(}u7>D1Pj+>80+emlVfgtgaAxaZ=R}-Z~s2BARFnab9+JFU{#7#ep2SJ4%G>C`dL4$~hh=}yigNKSBqMl^aqer#Ui~oZ&lWdz!wj>GR"
    "otMe8^ZxSemd;<bbi&#>Fto<p^~z#dp9CGJurW4YZl+?z8vvjavBt}d)Ksx`G%*eGrN`u+g+?s}#l+rvezEDT<!?x{Qg*r}s&==K)tWQ!?UC0Z"
    ")mpXEyAajbG;484=$NH6VCoP$ri9+6cX+s95d8{(LH=GAdm-JoipPN^bP#V0g%cX%Km<>cNS7pzuRw1ReUJDWDi~p4Gy2vw4MbJ^cCLL=lgxnb"
    "!R%P?lp+QNe}L#C#5Zvv59yF?+WCxm*60<M4?`0y2qf}TpqGfgM*Q=b1Vv3dYg$=JF`}ZdY+0Z7<I*f(W)*+m)VoAXy&F>hpP27=uaZ*_cSk0Q"
    "s(t7unm}XlAPDx+!`+dADoGT58&MbWFCiJkgl(R(lkVf~XYMC=!~JN)MZ-$EZFi${zjL?q(B1NfGV2Sar<C$dvGa6>uSW`bGH@EAPW~=J2@lh+"
    "5ePC8Q-`kb9}%JC@sgBKeoH0ySHn}{ASE$<is*AOV^k_Ro4j!8qLQyyDJ6%x2ebW3V!A|c@n7SfkhzRy8(!fL>j(?NbcMup4GFpV&sbMTD{JPY"
    "glCMt+K-!J0TX*ddNcnyEN0%>Q*WnF$l>nDJe80h`rd><e;D^5UM11P-H~y6LSp&~(Km>{nDm6S`h^^9_#-*yi)27YtaSVyFXZvSS=9YQ*TWPG"
    "-{@u-(#d++xw%|f%FNa4nX=>5R+B3gr?F70ChdII%v!7^9<PBP_;(1PBp&+z0Ueg#^8"
)
WITHOUT = (
    "c-noFJxjwt7=Yiry{0V`5iu`42+}2oLKPKs5D|3{g;J!0IEWD2fQlwH^@DCA;?&X6p@aAfoJAZR937ne5e|-CE^SRDHp!5K=kA_+LN-^bGX~>#"
    "b5PKmwSDK<Hip4K3k#{b-LmrKBLFa%9OGHj8ZEa+%n}5bkq?-Ire{If?2qfmt=>48!&;8*hp(C&BJ9HR>pdpehq<2XbT=ZMmv~!%X&|?B;7Y<k"
    "Vzf$YBD-N4Aa8`l37rdIaz?<ikd=Z8t<sjL{DbDZ%Svy>?$VyP*M4C#c@i#<rSL;?#SKRAah@QePTg1e!ok{_+ecqhgSAyVMPF%jsfiAYs4T}+"
    "y8TpKHDi|MMJF9!KY)QA)5JuU-qMhi9%+G=#QUF_fJyC9eWqLeA2uEzX`RaABLdS9Pr}3aNENDzhfD+?<q0Oe_@T>pX0W%4AEHm$!P>p}NZYg{"
    "u5%HQv6#r8^r+H*=HjcPO5b6GvMoI`7%w(#|K!X$ovbw)leX`B7sYeOZytDVadv)cdTNHZ<v)}7z)K2XQ~t?6Y1x3`"
)


def footer(text: str) -> bytes:
    return zlib.decompress(base64.b85decode(text))


def test_parquet_by_the_statistics_of_its_columns() -> None:
    """A date, a time stamp, ISO months and years tell; days before months, words, counts and nothing do not."""
    assert newest(footer(WITH_STATISTICS)) == ("2026-10-31", "2026-09-30", "2026-08", "2024")
    assert newest(footer(WITHOUT)) == ()


def database(*rows: tuple[object, ...], names: str = "day, n, note, picture") -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"CREATE TABLE levels ({names})")
        made.executemany(f"INSERT INTO levels VALUES ({', '.join('?' * len(rows[0]))})", rows)
        made.commit()
        return bytes(made.serialize())


def test_databases(spoken: Spoken) -> None:
    rows = [(f"{n:02d}.03.2026", n, "x" * 500, b"2031-01-01") for n in range(1, 29)]
    assert newest(database(*rows)) == ("2026-03-28",)
    with speaking(spoken):
        assert newest(database(("январь 2024", 1, "", None), ("февраль 2024", 2, "", None))) == ("2024-02",)
    assert newest(database(*[(2020 + n, "a", None, None) for n in range(5)])) == ("2024",)
    assert newest(database(*[("2026-01-01", n, None, None) for n in range(MOST_ROWS + 1)])) == ()  # not read to its end
    odd = database(("2026-01", 1), ("2026-02", 2), names='"a ""quoted"" name", "select"')
    assert newest(odd) == ("2026-02",)
    torn = bytearray(database(*rows))
    torn[len(torn) // 2 :] = bytes(len(torn) - len(torn) // 2)
    assert newest(bytes(torn)) in ((), ("2026-03-28",))  # no error, whatever is left


def packed(**files: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name.replace("_", "."), body)
    return made.getvalue()


TABLE = "month,n\n" + "".join(f"2026-{n:02},{n}\n" for n in range(1, 10))


def members(body: bytes) -> list[tuple[str | None, tuple[str, ...] | None]]:
    return [(item.type, item.periods) for item in read(page_capture("https://d.kz/f", None), body).members]


def test_files_inside_archives() -> None:
    assert members(packed(a_csv=TABLE, b_json='[{"day": "2026-10-01"}, {"day": "2026-10-02"}]')) == [
        ("csv", ("2026-09",)), ("json", ("2026-10-02",)),
    ]  # fmt: skip
    assert newest(packed(a_zip=packed(a_csv=TABLE))) == ("2026-09",)
    assert members(gzip.compress(TABLE.encode())) == [("csv", ("2026-09",))]
    assert members(packed(a_xlsx=office.workbook([["m", "n"], ["2026-03", 1], ["2026-04", 2]]))) == [
        ("xlsx", ("2026-04",))
    ]
    assert members(packed(a_csv="region,n\n" + "north,1\n" * 9)) == [("csv", ())]
    assert members(packed(a_png=b"\x89PNG\r\n\x1a\n" + bytes(50)))[0][1] is None
    assert members(packed(a_json='[{"day": "2026-10-01"}, {"day"'))[0][1] is None  # it does not parse


def test_of_large_tables_inside_archives_nothing_is_said() -> None:
    large = TABLE + "2026-01,1\n" * (MOST_TABLE // 10)
    assert members(packed(a_csv=large)) == [("csv", None)]
    assert members(gzip.compress(large.encode())) == [("csv", None)]
    many = packed(**{f"t{n}_csv": TABLE + f"2026-01,{'x' * 492}\n" * (MOST_TABLE // 502) for n in range(5)})
    assert [item[1] is not None for item in members(many)] == [True, True, True, False, False]


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


def test_a_virtual_table_is_not_the_fault_of_its_file() -> None:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE gauges (day TEXT)")
        made.executemany("INSERT INTO gauges VALUES (?)", [(f"2024-01-0{number}",) for number in range(1, 9)])
        made.execute("PRAGMA writable_schema = ON")
        made.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'knn', 'knn', 0, 'CREATE VIRTUAL TABLE knn USING VirtualKNN()')"
        )
        made.commit()
        body = bytes(made.serialize())
    (table,) = read_sqlite(body).tables
    assert (table.rows, table.periods) == (8, ("2024-01-08",))
