from __future__ import annotations

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
from tests.checks.texts import KK, RU, page, paragraphs

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


@pytest.mark.parametrize(
    ("name", "body"), [("a.json", '{"a": 1}'), ("a.csv", "a,b\n1,2\n"), ("a", ""), ("a.bin", b"\0\1"), ("a.json", "")]
)
def test_a_file_that_is_no_page(tmp_path: Path, pack: Pack, name: str, body: str | bytes) -> None:
    report = check_target(write(tmp_path, name, body), pack)
    assert report.facts["length"] == len(body)
    assert report.facts["url"].startswith("file://")
    assert report.findings == ()


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
