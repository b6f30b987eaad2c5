"""Bundles for others: what is in them, what is not, and that other tools' ways of reading find it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from config.pack import PersonalPattern
from crawler.archive import Archive, cdx
from crawler.archive.personal import UNSEARCHABLE, Flags
from crawler.archive.wacz import export
from crawler.capture import Capture, ExchangeOutcome
from tests.crawler.test_archive import answer, recorder, visit, warcio_check

IIN = "900101300017"
PATTERNS = (PersonalPattern(id="iin", pattern=r"(?<!\d)\d{12}(?!\d)", check="iin", digits=12),)
PAGE = "<html><head><title>Бюджет  2026</title></head><body>text</body></html>".encode() * 40


def sheet(number: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", f"<sheetData><row><c><v>{number}</v></c></row></sheetData>")
    return made.getvalue()


@pytest.fixture
def captures(workspace: Path) -> dict[str, Capture]:
    """A page, the same page again, one behind a redirect, a person's page, a failure."""
    made = recorder(workspace)
    html = {"content_type": "text/html; charset=utf-8"}
    found = {}
    for name, body in (("", PAGE), ("again", PAGE), ("person", f"<p>{IIN}</p>".encode())):
        url = f"http://www.good.lab/{name}"
        found[name] = made.answer(visit(url), answer(url, body, **html), ExchangeOutcome.OK)
    moved = visit("http://good.lab/old?B=2&a=1")
    made.hop(moved, answer(moved.url, b"", 301, location="/new"), "http://good.lab/new")
    found["moved"] = made.answer(moved, answer("http://good.lab/new", b"<p>new</p>", **html), ExchangeOutcome.OK)
    found["dead"] = made.failure(visit("http://good.lab/dead"), ExchangeOutcome.TIMEOUT)
    made.close()
    return found


@pytest.fixture
def bundle(workspace: Path, captures: dict[str, Capture], tmp_path: Path) -> zipfile.ZipFile:
    path = tmp_path / "evidence.wacz"
    made = export(workspace, [*(item.id for item in captures.values()), "urn:uuid:none"], path, patterns=PATTERNS)
    assert list(made.bundled) == [item.id for name, item in captures.items() if name != "person"]
    assert {(item.capture, item.reason) for item in made.left_out} == {
        (captures["person"].id, "iin"),
        ("urn:uuid:none", "unknown"),
    }
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not list(tmp_path.glob("*.new"))
    return zipfile.ZipFile(path)


def index(bundle: zipfile.ZipFile) -> list[tuple[str, str, dict[str, Any]]]:
    lines = gzip.decompress(bundle.read("indexes/index.cdx.gz")).decode().splitlines()
    split = (line.split(" ", 2) for line in lines)
    return [(key, moment, json.loads(told)) for key, moment, told in split]


def test_the_description_tells_every_part_and_its_digest(bundle: zipfile.ZipFile) -> None:
    package = json.loads(bundle.read("datapackage.json"))
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    listed = {item["path"] for item in package["resources"]}
    assert listed | {"datapackage.json", "datapackage-digest.json"} == set(bundle.namelist())
    for item in package["resources"]:
        data = bundle.read(item["path"])
        assert (item["bytes"], item["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    digest = json.loads(bundle.read("datapackage-digest.json"))
    assert digest["hash"] == f"sha256:{hashlib.sha256(bundle.read('datapackage.json')).hexdigest()}"
    assert {item.compress_type for item in bundle.infolist()} == {zipfile.ZIP_STORED}


def test_the_index_leads_to_the_records(bundle: zipfile.ZipFile, tmp_path: Path) -> None:
    warc = tmp_path / "data.warc.gz"
    warc.write_bytes(bundle.read("archive/data.warc.gz"))
    warcio_check(warc)
    found = index(bundle)
    assert [key for key, _, _ in found] == sorted(key for key, _, _ in found)
    assert [(key, told["status"], told["mime"]) for key, _, told in found] == [
        ("lab,good)/", "200", "text/html"),
        ("lab,good)/again", "200", "warc/revisit"),
        ("lab,good)/new", "200", "text/html"),
        ("lab,good)/old?a=1&b=2", "301", "-"),
    ]
    for _, moment, told in found:
        with warc.open("rb") as file:
            file.seek(int(told["offset"]))
            record = next(iter(ArchiveIterator(file)))
        assert record.rec_headers.get_header("WARC-Target-URI") == told["url"]
        assert moment.startswith("20260102")
    first = bundle.read("indexes/index.idx").decode().splitlines()
    assert json.loads(first[0].split(" ", 2)[2]) == {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    place = json.loads(first[1].split(" ", 2)[2])
    block = bundle.read("indexes/index.cdx.gz")[place["offset"] : place["offset"] + place["length"]]
    assert place["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"


def test_pages_are_listed_with_their_titles(bundle: zipfile.ZipFile) -> None:
    head, *pages = map(json.loads, bundle.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert [(item["url"], item["title"]) for item in pages] == [
        ("http://www.good.lab/", "Бюджет 2026"),
        ("http://www.good.lab/again", "Бюджет 2026"),
        ("http://good.lab/new", "http://good.lab/new"),
    ]


def test_no_person_is_in_it(bundle: zipfile.ZipFile, captures: dict[str, Capture]) -> None:
    parts = [bundle.read(name) for name in bundle.namelist()]
    parts = [gzip.decompress(part) if part.startswith(b"\x1f\x8b") else part for part in parts]
    assert not [part for part in parts if IIN.encode() in part]
    listed = [json.loads(line) for line in bundle.read("left-out.jsonl").splitlines()]
    assert {"capture": captures["person"].id, "reason": "iin", "url": captures["person"].url} in listed


def test_the_same_captures_give_the_same_bytes(workspace: Path, captures: dict[str, Capture], tmp_path: Path) -> None:
    ids = [item.id for item in captures.values()]
    made = [export(workspace, order, tmp_path / "x.wacz", patterns=PATTERNS) for order in (ids, ids[::-1])]
    assert made[0] == made[1]


def test_what_a_capture_refers_to_comes_along(workspace: Path, captures: dict[str, Capture], tmp_path: Path) -> None:
    again = captures["again"]
    assert again.refers_to == captures[""].id
    export(workspace, [again.id], tmp_path / "x.wacz", patterns=())
    with zipfile.ZipFile(tmp_path / "x.wacz") as bundle:
        assert [key for key, _, _ in index(bundle)] == ["lab,good)/", "lab,good)/again"]
        assert len(bundle.read("pages/pages.jsonl").splitlines()) == 2


def test_a_body_that_is_gone_is_said_to_be(workspace: Path, captures: dict[str, Capture], tmp_path: Path) -> None:
    with Archive(workspace) as archive:
        file, offset = archive.place(captures["moved"])
    with (workspace / "archive" / "warc" / file).open("r+b") as warc:
        warc.seek(offset + 20)
        warc.write(b"\0" * 40)
    made = export(workspace, [captures["moved"].id], tmp_path / "x.wacz", patterns=PATTERNS)
    assert (made.bundled, [item.reason for item in made.left_out]) == ((), ["gone"])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"ЖСН {IIN}.".encode(), "iin"),
        (f"ЖСН {IIN}".encode("utf-16"), "iin"),
        (b"900101300018", None),  # no valid check digit
        (sheet(IIN), "iin"),
        (sheet("12345678901"), None),
        (sheet("10101300010"), "iin"),  # a spreadsheet has dropped the first zero
        (sheet(IIN)[:-30], UNSEARCHABLE),
        (b"%PDF-1.4 broken", UNSEARCHABLE),
        (b"", None),
    ],
)
def test_where_numbers_are_looked_for(body: bytes, found: str | None, workspace: Path) -> None:
    flags = Flags(workspace, PATTERNS)
    for _ in range(2):  # the second answer is remembered
        assert flags.of(hashlib.sha256(body).hexdigest(), body) == found
    flags.close()


def test_numbers_in_a_pdf(workspace: Path) -> None:
    text = f"BT /F1 12 Tf 72 700 Td ({IIN}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%sendobj\n" % (number, item) for number, item in enumerate(objects, 1))
    body += b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"
    flags = Flags(workspace, PATTERNS)
    assert flags.of("pdf", body) == "iin"
    flags.close()


def test_without_patterns_nothing_is_looked_for(workspace: Path) -> None:
    flags = Flags(workspace, ())
    assert flags.of("x", IIN.encode()) is None
    flags.close()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Good.lab/", "lab,good)/"),
        ("https://www2.good.lab:443/A/b/", "lab,good)/a/b"),
        ("http://good.lab:8080/x?b=2&A=1", "lab,good:8080)/x?a=1&b=2"),
        ("http://good.lab/?", "lab,good)/"),
        ("https://good.lab/%D0%B0", "lab,good)/%d0%b0"),
        ("urn:uuid:1", "urn:uuid:1"),
    ],
)
def test_search_keys(url: str, key: str) -> None:
    assert cdx.surt(url) == key
