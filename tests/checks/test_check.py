from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from checks.check import check_target
from checks.findings import Outcome
from config.errors import ConfigError
from config.model import Settings
from config.pack import Pack
from tests.checks.rules.fmt_samples import CSV, DOCX, PRINTED, TIDY
from tests.checks.texts import KK, RU, page, paragraphs
from tests.lab import office

BODY = page(paragraphs(RU), title="О министерстве", lang="ru", footer="© Все права защищены. Тел. 8 701 123 45 67")


def write(folder: Path, name: str, text: str | bytes) -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_a_page_from_a_file(tmp_path: Path, pack: Pack) -> None:
    target = write(tmp_path, "about.html", BODY)
    report = check_target(target, pack)
    assert report.target == target
    assert report.facts["title"] == "О министерстве"
    assert report.facts["main"][0]["language"] == "ru"
    (notice,) = [item for item in report.findings if item.rule == "LIC-01"]
    assert (notice.outcome, notice.reason, notice.agency, notice.scope) == (
        Outcome.FAIL,
        "restricted_notice",
        None,
        None,
    )
    assert "701" not in msgspec.json.encode(report).decode()


def test_only_rules_of_pages_are_asked(tmp_path: Path, pack: Pack) -> None:
    report = check_target(write(tmp_path, "about.htm", BODY), pack)
    assert not {"LANG-01", "FRESH-01"} & {item.rule for item in report.findings}


def test_a_page_of_another_encoding(tmp_path: Path, pack: Pack) -> None:
    text = page(paragraphs(RU), title="Новости", head='<meta charset="windows-1251">')
    report = check_target(write(tmp_path, "a.html", text.encode("cp1251")), pack)
    assert report.facts["title"] == "Новости"


def test_an_empty_page(tmp_path: Path, pack: Pack) -> None:
    report = check_target(write(tmp_path, "empty.html", b""), pack)
    assert report.facts["verdict"] == "empty"
    assert report.facts["main_letters"] == 0
    assert "LIC-01" not in {item.rule for item in report.findings}


@pytest.mark.parametrize("name", ["about", "about.php"])
def test_a_page_is_one_under_any_name(tmp_path: Path, pack: Pack, name: str) -> None:
    report = check_target(write(tmp_path, name, BODY), pack)
    assert (report.facts["kind"], report.facts["verdict"]) == ("page", "page")


FILES: list[tuple[str, str | bytes, list[tuple[str, Outcome, str]]]] = [
    ("a.json", '{"a": 1}', [("FMT-01", Outcome.PASS, "machine_readable")]),
    ("a.csv", CSV, [("FMT-01", Outcome.PASS, "machine_readable")]),
    ("a.xlsx", TIDY, [("FMT-01", Outcome.PASS, "machine_readable")]),
    ("a.xlsx", PRINTED, [("FMT-01", Outcome.UNCLEAR, "print_layout")]),
    ("a.csv", TIDY, [("FMT-02", Outcome.UNCLEAR, "other_type")]),
    ("a.docx", DOCX, [("FMT-01", Outcome.FAIL, "document_only"), ("FMT-03", Outcome.PASS, "text_layer")]),
    ("a.zip", office.zipped({"in.csv": CSV}), [("FMT-01", Outcome.PASS, "machine_readable")]),
    ("a.zip", office.zipped({"in.csv": CSV})[:60], [("FMT-01", Outcome.FAIL, "malformed")]),
    ("a.xlsx", TIDY[:200], [("FMT-01", Outcome.FAIL, "malformed")]),
    ("a.csv", BODY, [("FMT-02", Outcome.FAIL, "html_disguise")]),
    ("a.csv", "", [("FMT-01", Outcome.FAIL, "empty_file")]),
    ("a", "", [("FMT-01", Outcome.FAIL, "empty_file")]),
    ("a.bin", b"\0\1", [("FMT-01", Outcome.UNCLEAR, "unknown_type")]),
    ("a.json", '{"a": ', [("FMT-01", Outcome.FAIL, "malformed")]),
    ("rows.xml", "<all><Record><a>1</a></Record></all>", [("FMT-01", Outcome.PASS, "machine_readable")]),
    ("rows.json", '{"dataset": [{"v": 1}]}', [("FMT-01", Outcome.PASS, "machine_readable")]),
    ("other.ttl", "<https://a.kz/> a <https://b.kz/> .", [("FMT-01", Outcome.PASS, "machine_readable")]),
]


@pytest.mark.parametrize(("name", "body", "said"), FILES)
def test_a_file(tmp_path: Path, pack: Pack, name: str, body: str | bytes, said: list[tuple[str, Outcome, str]]) -> None:
    report = check_target(write(tmp_path, name, body), pack)
    assert (report.facts["kind"], report.facts["length"]) == (
        "file",
        len(body if isinstance(body, bytes) else body.encode()),
    )
    assert report.facts["declared_type"] is None, "no server declared anything"
    assert [(item.rule, item.outcome, item.reason) for item in report.findings if item.rule != "PRIV-01"] == said


def test_periods_in_a_table_are_read_with_the_words_of_the_pack(tmp_path: Path, pack: Pack) -> None:
    body = "Период;Сумма\nянварь 2024;1\nфевраль 2024;2\nнаурыз 2024;3\n"
    (table,) = check_target(write(tmp_path, "a.csv", body), pack).facts["tables"]
    assert list(table["periods"]) == ["2024-03"]


def test_tables_are_searched_for_identifiers_of_persons(tmp_path: Path, pack: Pack) -> None:
    report = check_target(write(tmp_path, "a.csv", CSV), pack)
    assert [(item.rule, item.reason) for item in report.findings][-1] == ("PRIV-01", "no_personal_numbers")


TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://d.kz/> a dcat:Catalog ; dct:title "Каталог"@ru ; dct:description "Каталог"@ru ; dcat:dataset <https://d.kz/1> .
<https://d.kz/1> a dcat:Dataset ; dct:title "Озёра, +7 701 123 45 67"@ru ;
  dct:publisher [ a foaf:Organization ; foaf:name "Минэкологии" ] .
"""
LINKED = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "title": "http://purl.org/dc/terms/title"},
    "@id": "https://d.kz/1", "@type": "dcat:Dataset", "title": "Lakes",
}  # fmt: skip
RDF_XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">
<Dataset xmlns="http://www.w3.org/ns/dcat#" rdf:about="https://d.kz/1"><dct:title>Lakes</dct:title></Dataset></rdf:RDF>"""
POD = {
    "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "@context": "https://project-open-data.cio.gov/",
    "dataset": [{"identifier": "a", "title": "Lakes", "license": "https://creativecommons.org/licenses/by-nc/4.0/"}],
}  # fmt: skip
PACKAGES = {
    "success": True,
    "result": {"count": 1, "results": [{"id": "a", "name": "lakes", "title": "Lakes of the country"}]},
}
ISO = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">
<gmd:fileIdentifier><gco:CharacterString>a</gco:CharacterString></gmd:fileIdentifier></gmd:MD_Metadata>"""


@pytest.mark.parametrize(
    ("name", "body", "standard", "meta_03"),
    [
        ("c.ttl", TURTLE, "dcat", (Outcome.UNCLEAR, "record_weak")),
        ("c.rdf", RDF_XML, "dcat", None),
        ("c.jsonld", json.dumps(LINKED), "dcat", None),
        ("data.json", json.dumps(POD), "data.json", (Outcome.NOT_APPLICABLE, "no_standard_claimed")),
        ("list.json", json.dumps(PACKAGES), "ckan", (Outcome.NOT_APPLICABLE, "no_standard_claimed")),
        ("a.xml", ISO, "iso19139", (Outcome.FAIL, "record_invalid")),
    ],
)
def test_a_catalogue(
    tmp_path: Path, pack: Pack, name: str, body: str, standard: str, meta_03: tuple[Outcome, str] | None
) -> None:
    report = check_target(write(tmp_path, name, body), pack)
    assert (report.facts["kind"], report.facts["records"], report.facts["standards"]) == ("catalogue", 1, {standard: 1})
    assert (report.facts["problem"], report.facts["left_out"]) == (None, 0)
    said = {item.rule: item for item in report.findings}
    alone = {"META-01", "META-03", "META-04", "META-07", "META-09", "META-10", "LIC-02", "LANG-03"}
    assert set(said) == alone, "freshness and identifiers need nights"
    assert all((item.subject.url or "https:").startswith("https:") for item in report.findings)
    assert "rule_error" not in {item.reason for item in report.findings}
    if meta_03:
        assert (said["META-03"].outcome, said["META-03"].reason) == meta_03
    if standard == "data.json":
        assert said["LIC-02"].reason == "restricted_licence"


def test_what_a_catalogue_tells_of_itself(tmp_path: Path, pack: Pack) -> None:
    facts = check_target(write(tmp_path, "c.ttl", TURTLE), pack).facts
    assert facts["publishers"] == {"Минэкологии": 1}
    assert facts["titles"] == ["Озёра, [phone]"]


def test_a_long_catalogue_is_judged_in_part(tmp_path: Path, pack: Pack) -> None:
    many = POD | {"dataset": [{"identifier": str(number), "title": f"Set {number}"} for number in range(203)]}
    report = check_target(write(tmp_path, "data.json", json.dumps(many)), pack)
    assert (report.facts["records"], report.facts["left_out"], len(report.facts["titles"])) == (203, 3, 10)
    assert len({item.subject.id for item in report.findings}) == 200


def test_a_catalogue_that_is_cut_off_keeps_what_came_whole(tmp_path: Path, pack: Pack) -> None:
    two = POD | {"dataset": [{"identifier": "a", "title": "Lakes"}, {"identifier": "b", "title": "Rivers"}]}
    report = check_target(write(tmp_path, "data.json", json.dumps(two)[:-20]), pack)
    assert (report.facts["kind"], report.facts["records"], report.facts["problem"]) == ("catalogue", 1, "cut_off")


def test_a_catalogue_of_nothing_whole_is_a_broken_file(tmp_path: Path, pack: Pack) -> None:
    report = check_target(write(tmp_path, "c.ttl", TURTLE[:200]), pack)
    assert report.facts["kind"] == "file"
    assert [item.reason for item in report.findings] == ["malformed"]


def test_html_is_never_a_catalogue(tmp_path: Path, pack: Pack) -> None:
    report = check_target(write(tmp_path, "c.ttl", BODY), pack)
    assert [(item.rule, item.reason) for item in report.findings] == [("FMT-02", "html_disguise")]


def test_rules_that_the_settings_disable_are_not_asked(tmp_path: Path, pack: Pack, settings: Settings) -> None:
    fewer = settings.model_copy(update={"rules": settings.rules.model_copy(update={"disable": ("META-01",)})})
    report = check_target(write(tmp_path, "c.ttl", TURTLE), pack, fewer)
    assert "META-01" not in {item.rule for item in report.findings}


def test_a_path_that_no_system_takes(pack: Pack) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        check_target("a\0b", pack)


@pytest.mark.parametrize("name", ["missing.html", "folder", "missing/deep.html"])
def test_what_is_not_there_is_named(tmp_path: Path, pack: Pack, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match=rf"{name}: cannot be read \(.*\); accepted: a file or an http\(s\) address"):
        check_target(str(tmp_path / name), pack)


def test_a_file_named_like_nothing_is_left_unread(tmp_path: Path, pack: Pack) -> None:
    target = write(tmp_path, "seen.html", BODY)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    check_target(target, pack)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


class Handler(BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, tuple[int, str, bytes]]] = {
        "/robots.txt": (200, "text/plain", b"User-agent: *\nDisallow: /private\n"),
        "/": (200, "text/html; charset=utf-8", page(paragraphs(KK), title="Басты бет", footer="©").encode()),
        "/data.json": (200, "application/json", b'{"a": 1}'),
        "/rows.csv": (200, "text/html", page(paragraphs(RU), title="Вход").encode()),
        "/catalog.ttl": (200, "text/turtle", TURTLE.encode()),
        "/private": (200, "text/html", b"secret"),
        "/error": (500, "text/html", b"broken"),
    }

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return

    def do_GET(self) -> None:
        status, kind, body = self.pages.get(self.path, (404, "text/html", b"no"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "pack": "kz",
            "workspace": tmp_path / "workspace",
            "operator": {"name": "Test", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
            "agencies": [{"id": "one", "names": {"en": "one"}}],
            "crawl": {"allow_private": True, "delay": 0, "retries": 0},
        }
    )


def test_a_page_of_a_server(site: str, settings: Settings, pack: Pack) -> None:
    report = check_target(f"{site}/", pack, settings)
    assert report.facts["title"] == "Басты бет"
    assert report.facts["main"][0]["language"] == "kk"
    assert [item.reason for item in report.findings if item.rule == "LIC-01"] == ["bare_notice"]
    assert not settings.workspace.exists(), "nothing is kept"


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/data.json", "file", "machine_readable"),
        ("/rows.csv", "file", "type_doubtful"),
        ("/catalog.ttl", "catalogue", "record_weak"),
    ],
)
def test_files_and_catalogues_of_a_server(
    site: str, settings: Settings, pack: Pack, path: str, kind: str, reason: str
) -> None:
    report = check_target(f"{site}{path}", pack, settings)
    assert report.facts["kind"] == kind
    found = next(item for item in report.findings if item.reason == reason)
    assert found.evidence[0].url == f"{site}{path}"
    assert not settings.workspace.exists(), "nothing is kept"


@pytest.mark.parametrize(("path", "why"), [("/gone", "status 404"), ("/error", "status 500"), ("/private", "robots")])
def test_an_address_without_an_answer_says_why(site: str, settings: Settings, pack: Pack, path: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"{path}: no answer to check \(.*{why}.*\)"):
        check_target(f"{site}{path}", pack, settings)


def test_loopback_needs_to_be_allowed(site: str, pack: Pack) -> None:
    with pytest.raises(ConfigError, match="no answer to check"):
        check_target(f"{site}/", pack)


@pytest.mark.parametrize("url", ["http://", "https:///path", "http://[::1"])
def test_an_address_that_is_none(pack: Pack, url: str) -> None:
    with pytest.raises(ConfigError, match="not an address that can be fetched"):
        check_target(url, pack)
