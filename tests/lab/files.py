"""The files that the lab's agencies offer, as real bytes: good ones, and every way to be a bad one."""

from __future__ import annotations

import base64
import csv
import io
import json
from dataclasses import dataclass
from functools import cache

from tests.lab import office, pdf

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REGIONS = (
    ("110000000", "Ақмола облысы", "Акмолинская область", 71.4, 51.9),
    ("150000000", "Ақтөбе облысы", "Актюбинская область", 57.2, 50.3),
    ("190000000", "Алматы облысы", "Алматинская область", 77.1, 43.9),
    ("230000000", "Атырау облысы", "Атырауская область", 51.9, 47.1),
    ("270000000", "Батыс Қазақстан облысы", "Западно-Казахстанская область", 51.4, 51.2),
    ("310000000", "Жамбыл облысы", "Жамбылская область", 71.4, 42.9),
    ("350000000", "Қарағанды облысы", "Карагандинская область", 73.1, 49.8),
    ("390000000", "Қостанай облысы", "Костанайская область", 63.6, 53.2),
    ("430000000", "Қызылорда облысы", "Кызылординская область", 65.5, 44.8),
    ("470000000", "Маңғыстау облысы", "Мангистауская область", 51.2, 43.7),
    ("550000000", "Павлодар облысы", "Павлодарская область", 76.9, 52.3),
    ("590000000", "Солтүстік Қазақстан облысы", "Северо-Казахстанская область", 69.1, 54.9),
)
HEADER = ("kato", "region", "year", "measured", "share")
# The smallest picture that is a JPEG: one grey dot.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
REPORT = (
    "Annual report",
    "",
    "This report describes the work of the past year in plain words.",
    "The ministry repaired forty facilities and trained six hundred people.",
    "Two thirds of the planned measures were completed ahead of time.",
    "The remaining measures were moved to the first quarter of the next year.",
    "Letters from citizens were answered within eleven days on average.",
    "The tables that belong to this report are offered as open data.",
)


@dataclass(frozen=True)
class Offered:
    """A file as the server gives it."""

    body: bytes
    content_type: str


def _rows(seed: int) -> list[tuple[str, str, int, int, float]]:
    return [
        (code, russian, 2021 + year, 140 + seed * 17 + number * 9 + year * 5, round(31.5 + seed + number * 2.25, 2))
        for number, (code, _kazakh, russian, _east, _north) in enumerate(REGIONS)
        for year in range(3)
    ]


def _csv(seed: int, delimiter: str = ",") -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_rows(seed))
    return target.getvalue()


def _json(seed: int) -> bytes:
    rows = [dict(zip(HEADER, row, strict=True)) for row in _rows(seed)]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _geojson(seed: int) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": code,
            "geometry": {"type": "Point", "coordinates": [east, north]},
            "properties": {"kato": code, "name_kk": kazakh, "name_ru": russian, "count": seed * 10 + number},
        }
        for number, (code, kazakh, russian, east, north) in enumerate(REGIONS)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _xml(seed: int) -> bytes:
    rows = "".join(
        "<row>" + "".join(f"<{name}>{value}</{name}>" for name, value in zip(HEADER, row, strict=True)) + "</row>\n"
        for row in _rows(seed)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<stations>\n{rows}</stations>\n'.encode()


def _printed(seed: int) -> bytes:
    """Return a workbook laid out for paper: a title over all columns, two rows of heads, notes, two tables a sheet."""
    rows: list[tuple[office.Cell, ...]] = [
        ("Сведения о посещаемости учреждений культуры за отчётный период",),
        (None, None, None, None, None),
        ("Область", "Театры", None, "Музеи", None),
        (None, "всего", "из них дети", "всего", "из них дети"),
    ]
    half = len(REGIONS) // 2
    tables = [
        [(item[2], seed + 7, seed + 3, seed + 9, seed + 4) for item in REGIONS[place:][:half]] for place in (0, half)
    ]
    rows += [*tables[0], ("Итого", None, None, None, None), (None,)]
    rows += [("Продолжение таблицы",), ("Область", "Театры", None, "Музеи", None), *tables[1]]
    rows += [(None,), ("* предварительные данные",), ("Исполнитель: отдел анализа",)]
    again = 4 + half + 4
    merged = (
        "A1:E1",
        "A3:A4",
        "B3:C3",
        "D3:E3",
        f"A{again - 1}:E{again - 1}",
        f"B{again}:C{again}",
        f"D{again}:E{again}",
    )
    return office.workbook(rows, merged)


def _table(seed: int) -> bytes:
    lines = [f"{code}   {year}   {measured}   {share}" for code, _name, year, measured, share in _rows(seed)]
    heading = ["Number of vehicles by region", "", "Code   Year   Measured   Share"]
    return pdf.of_text([heading + lines])


def _disguise() -> bytes:
    text = "Файл временно недоступен. Обратитесь к администратору сайта или повторите попытку позже."
    return (
        f'<!DOCTYPE html><html lang="ru"><head><title>Выгрузка</title></head><body><p>{text}</p></body></html>'.encode()
    )


@cache
def all_files() -> dict[str, Offered]:
    """Return every file by name. The media type is what the server says, which need not be so."""
    tidy = [HEADER, *_rows(4)]
    made = {
        "levels.csv": Offered(_csv(1).encode(), "text/csv; charset=utf-8"),
        "roads.csv": Offered(_csv(2, ";").encode("cp1251"), "text/csv"),
        "harvest.csv": Offered(("\ufeff" + _csv(3, ";")).encode(), "text/csv"),
        "reservoirs.xlsx": Offered(office.workbook(tidy), XLSX),
        "canals.geojson": Offered(_geojson(5), "application/geo+json"),
        "permits.json": Offered(_json(6), "application/json"),
        "stations.xml": Offered(_xml(7), "application/xml"),
        "prices.zip": Offered(office.zipped({"prices.csv": _csv(8).encode()}), "application/zip"),
        "disguise.csv": Offered(_disguise(), "text/csv; charset=utf-8"),
        "empty.csv": Offered(b"", "text/csv"),
        "cut.json": Offered(_json(9)[:-700], "application/json"),
        "locked.xlsx": Offered(office.locked(), XLSX),
        "report.pdf": Offered(pdf.of_text([REPORT]), "application/pdf"),
    }
    made |= {f"printed-{number}.xlsx": Offered(_printed(number), XLSX) for number in (1, 2, 3)}
    made |= {f"table-{number}.pdf": Offered(_table(10 + number), "application/pdf") for number in (1, 2, 3)}
    made |= {f"scan-{number}.pdf": Offered(pdf.of_scans(2, number), "application/pdf") for number in (1, 2, 3, 4)}
    made |= {f"scan-{number}.jpg": Offered(JPEG, "image/jpeg") for number in (1, 2, 3)}
    return made
