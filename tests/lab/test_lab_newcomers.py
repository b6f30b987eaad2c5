"""The lab's sites of odd habits, its files and its portal keep their promises, too."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from config.loader import load
from tests.lab import country, newcomers, plans
from tests.lab.asking import ask, fetch, main_text
from tests.lab.files import all_files
from tests.lab.portal import data_sets, rows_asked
from tests.lab.server import Server, is_turned_away
from tests.lab.words import LANGUAGES, section

PLANS = newcomers.PLANS
PROFILES = ("assessment_2014", "order_124_2025")
THREE_SITES = ("one", "two", "three")


def test_shell_answers_every_path_with_the_same_small_page(lab: Server) -> None:
    answers = [fetch(lab, "shell.lab", target) for target in ("/", "/robots.txt", "/memleket/entities/x?lang=kk")]
    assert {(status, len(body)) for status, _headers, body in answers} == {(200, 2711)}
    assert 'href="/memleket' not in answers[0][2]


def test_soft_says_that_a_page_is_missing_with_status_200(lab: Server) -> None:
    for target in ("/ru/old-page/", "/files/levels.csv", "/no/such/page"):
        status, headers, body = fetch(lab, "soft.lab", target)
        assert (status, headers["content-type"].split(";")[0]) == (200, "text/html")
        assert "Page not found" in body
    assert "/files/levels.csv" in fetch(lab, "soft.lab", "/ru/opendata/")[2]


def test_busy_turns_away_a_third_of_the_addresses_once() -> None:
    with country.serving(country.NIGHT) as lab:
        pages = sorted(lab.country.hosts["busy.lab"])
        first = {target: fetch(lab, "busy.lab", target) for target in pages}
        turned = {target for target in pages if is_turned_away(target)}
        assert len(pages) / 5 < len(turned) < len(pages) / 2
        assert {target for target, answer in first.items() if answer[0] == 429} == turned
        assert {first[target][1]["retry-after"] for target in turned} == {"1"}
        assert not [target for target in pages if fetch(lab, "busy.lab", target)[0] == 429]


def test_cookie_gives_three_languages_at_one_address(lab: Server) -> None:
    plain = fetch(lab, "cookie.lab", "/statistics/")[2]
    bodies = {code: fetch(lab, "cookie.lab", "/statistics/", cookie=f"egovLang={code}")[2] for code in LANGUAGES}
    assert all(section(code, "statistics").title in main_text(body) for code, body in bodies.items())
    assert plain == bodies["ru"]
    status, headers, _body = fetch(lab, "cookie.lab", "/language/kk/")
    assert (status, headers["location"], headers["set-cookie"]) == (302, "/", "egovLang=kk; Path=/")


def test_files_are_what_they_are_said_to_be_or_not(lab: Server) -> None:
    made = all_files()
    assert made["roads.csv"].body.decode("cp1251").count("Акмолинская область") == 3
    assert made["harvest.csv"].body.startswith(b"\xef\xbb\xbf")
    assert json.loads(made["canals.geojson"].body)["type"] == "FeatureCollection"
    with pytest.raises(json.JSONDecodeError):
        json.loads(made["cut.json"].body)
    assert made["disguise.csv"].body.startswith(b"<!DOCTYPE html>")
    assert made["empty.csv"].body == b""
    assert made["locked.xlsx"].body.startswith(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert "EncryptedPackage".encode("utf-16-le") in made["locked.xlsx"].body
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made["reservoirs.xlsx"].body)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == 37
    for name in newcomers.FILES.files:
        assert fetch(lab, "files.lab", f"/files/{name}")[1]["content-type"] == made[name].content_type


@pytest.mark.parametrize("name", ["report.pdf", "table-1.pdf", "scan-1.pdf"])
def test_pdf_holds_text_unless_it_is_a_scan(name: str) -> None:
    pages = pypdfium2.PdfDocument(all_files()[name].body)
    texts_of_pages = [page.get_textpage().get_text_range() for page in pages]
    assert all((len(text) > 200) is not name.startswith("scan") for text in texts_of_pages)


def test_portal_lists_ten_a_page_whatever_is_asked(lab: Server) -> None:
    total = ask(lab, "/datasets/getdatasetsrecount?status=PUBLISHED")["totalCount"]
    pages = [ask(lab, f"/datasets/getdatasetsre?page={page}&count=100")["datasets"] for page in range(1, 6)]
    assert [len(page) for page in pages] == [10, 10, 10, 6, 0]
    names = [entry["apiUri"] for page in pages for entry in page]
    assert len(set(names)) == total == len(data_sets()) == 36
    assert len({entry["govAgency"]["id"] for page in pages for entry in page}) == 6
    assert "licen" not in json.dumps(pages).lower()


def test_portal_holds_good_and_bad_passports(lab: Server) -> None:
    entries = {
        entry["apiUri"]: entry
        for page in range(1, 5)
        for entry in ask(lab, f"/datasets/getdatasetsre?page={page}&count=10")["datasets"]
    }
    bad = [entry for entry in entries.values() if entry["govAgency"]["id"] == 102]
    assert sum(entry["nameRu"] == entry["apiUri"] for entry in bad) == 3
    assert sum(entry["descriptionRu"] == entry["nameRu"] for entry in bad) == 3
    assert sum(entry["actualizeType"] is None for entry in bad) == 2
    assert sum(entry["status"] == "ARCHIVED" for entry in entries.values()) == 4
    assert sum(entry["actualizeType"] == "AS_NEEDED" for entry in entries.values()) == 7
    meta = ask(lab, "/meta/ozenderdin_su_dengeii/v1")
    assert meta["fields"]["region"] == {"type": "String", "labelKk": "Өңір", "labelRu": "Регион", "labelEn": "Region"}
    assert "fullnameRu" not in ask(lab, "/meta/qozgalys_tyghyzdyghy/v1")
    newest = "tasqyn_qaupi_aimaqtary"
    assert fetch(lab, "data.lab", f"/meta/{newest}/v1")[0] == 404
    assert "currentVersion = 'v2'" in fetch(lab, "data.lab", f"/datasets/view?index={newest}")[2]
    assert ask(lab, f"/meta/{newest}/v2")["apiUri"] == newest


def test_portal_gives_rows_and_remembers_who_asked() -> None:
    with country.serving(country.NIGHT) as lab:
        rows = ("/api/v4/kato/v1?source={}", "/api/v2/kato", "/api/detailed/kato/data", "/datasets/getdata?index=kato")
        for target in rows:
            assert plans.IINS[0] in fetch(lab, "data.lab", target)[2]
        assert fetch(lab, "data.lab", "/api/v4/mapping/egis_alqaptary")[0] == 200
        assert rows_asked(lab.seen) == list(rows)


def test_catalogue_describes_five_sets_well_and_one_badly(lab: Server) -> None:
    turtle = fetch(lab, "dcat.lab", "/catalog.ttl")[2]
    assert turtle.count("a dcat:Dataset") == 6
    assert turtle.count("dct:title") == 1 + 2 * 5
    assert '"next week"^^xsd:date' in turtle


def test_config_of_some_agencies_names_no_others(lab: Server, tmp_path: Path) -> None:
    for only in (("good",), ("heir", "soft"), ("merged", "files")):
        made = country.config(country.NIGHT, lab.port, tmp_path / "w", only=only)
        assert load(country.write_config(tmp_path / "odrc.yaml", made)).settings.agencies
