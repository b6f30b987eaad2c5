"""Which shells are drawn, and what is said of the others; how what was drawn stands in the archive."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from config.model import Permission, RenderSettings
from crawler.archive.members import Member, members
from crawler.archive.note import decode_note
from crawler.archive.reader import Archive
from crawler.archive.recovery import rebuild
from crawler.books import Visit
from crawler.capture import CaptureKey, ExchangeOutcome, How, Purpose
from crawler.errands import Errands
from crawler.recorder import Answer, Recorder, RunInfo
from crawler.render.rules import Asked
from crawler.render.wishes import Wishes, allowed_hosts, browser_path, is_allowed
from crawler.verdicts import Verdict, VerdictFact
from tests.crawler.support import NIGHT, StepClock, capture

SHELL = VerdictFact(Verdict.JS_SHELL, "empty_root")
HOST = frozenset({"good.lab"})
URL = "http://good.lab/"


@pytest.mark.parametrize(
    ("wishes", "given", "verdict", "wanted", "reason"),
    [
        (Wishes(5, HOST, "/chromium"), {}, SHELL, True, None),
        (Wishes(5, HOST, "/chromium"), {}, VerdictFact(Verdict.PAGE, "page"), False, None),
        (Wishes(5, HOST, "/chromium"), {"how": How.RENDERED}, SHELL, False, None),
        (Wishes(5, HOST, "/chromium"), {"purpose": Purpose.PROBE}, SHELL, False, None),
        (Wishes(5, frozenset(), "/chromium"), {}, SHELL, False, "no_permission"),
        (Wishes(5, HOST, None), {}, SHELL, False, "no_browser"),
        (Wishes(0, HOST, "/chromium"), {}, SHELL, False, "render_budget"),
    ],
)
def test_wishes(wishes: Wishes, given: dict[str, Any], verdict: VerdictFact, wanted: bool, reason: str | None) -> None:
    assert wishes.wants(capture(**given), verdict) is wanted
    assert dict(wishes.missed) == ({("good.lab", reason): 1} if reason else {})


def test_each_scope_has_a_budget_of_its_own() -> None:
    wishes = Wishes(1, HOST, "/chromium")
    assert wishes.wants(capture(scopes=("a",)), SHELL)
    assert not wishes.wants(capture(scopes=("a",)), SHELL)
    assert wishes.wants(capture(scopes=("b", "a")), SHELL)
    wishes.spend(("c",))
    assert not wishes.wants(capture(scopes=("c",)), SHELL), "an earlier start of the run has spent it"


@pytest.mark.parametrize(
    ("host", "url", "allowed"),
    [
        ("good.lab", "http://www.good.lab:8080/x", True),
        ("www.good.lab", "https://good.lab/", True),
        ("good.lab:8080", "http://good.lab:8080/", True),
        ("good.lab:8080", "http://good.lab/", False),
        ("lab", "http://good.lab/", False),
    ],
)
def test_the_host_of_a_permission(host: str, url: str, allowed: bool) -> None:
    given = {"host": host, "by": "x", "date": "2026-01-01", "allows": ["render"], "valid_to": "2026-02-01"}
    permission = Permission.model_validate(given)
    assert is_allowed(url, allowed_hosts([permission], NIGHT)) is allowed
    assert allowed_hosts([permission], date(2026, 3, 1)) == frozenset()
    rate = permission.model_copy(update={"allows": ("rate",)})
    assert allowed_hosts([rate], NIGHT) == frozenset()


def test_the_browser_is_the_one_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert browser_path(RenderSettings(browser=str(browser))) == str(browser)
    assert browser_path(RenderSettings(browser=str(tmp_path / "none"))) is None
    assert browser_path(RenderSettings(browser="none")) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser_path(RenderSettings()) == str(browser)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert browser_path(RenderSettings()) is None


def test_errands_are_asked_once_and_hosts_take_turns() -> None:
    errands = Errands()
    visits = [
        Visit(url, CaptureKey("GET", url), Purpose.PAGE, how=How.RENDERED)
        for url in ("http://a.lab/1", "http://a.lab/2", "http://b.lab/1")
    ]
    assert [errands.put(visit) for visit in (*visits, visits[0])] == [True, True, True, False]
    asked = []
    while visit := errands.next(lambda _: True):
        asked.append(visit.url)
    assert asked == ["http://a.lab/1", "http://b.lab/1", "http://a.lab/2"]
    assert errands.empty
    assert not errands.fresh(visits[0].key, How.RENDERED)
    assert errands.fresh(visits[0].key, How.PLAIN)


def test_what_was_drawn_is_a_resource_beside_the_answer(tmp_path: Path) -> None:
    body = "<html><body>сурет</body></html>".encode()
    header = (("Content-Type", "text/html; charset=utf-8"),)
    asked = (Asked("page", "GET", "http://good.lab/x?apiKey=SECRET1234", "sent", "script", 200, 5),)
    recorder = Recorder(RunInfo(tmp_path, NIGHT, "nightly", "default", "odrc/test"), StepClock())
    with closing(recorder):
        plain = recorder.answer(
            Visit(URL, CaptureKey("GET", URL), Purpose.PAGE), Answer(URL, 200, (), header, b"shell"), ExchangeOutcome.OK
        )
        drawing = Visit(URL, CaptureKey("GET", URL), Purpose.PAGE, how=How.RENDERED, asked=asked)
        drawn = recorder.answer(drawing, Answer(URL, 200, (), header, body), ExchangeOutcome.OK)
        again = recorder.answer(
            Visit(URL, CaptureKey("GET", URL), Purpose.PAGE, how=How.RENDERED),
            Answer(URL, 200, (), header, body),
            ExchangeOutcome.OK,
        )
    assert (plain.key, plain.how, drawn.how) == (drawn.key, How.PLAIN, How.RENDERED)
    assert drawn.sha256 == hashlib.sha256(body).hexdigest()
    assert rebuild(tmp_path) == 3
    with Archive(tmp_path) as archive:
        assert archive.body(plain) == b"shell"
        assert archive.body(drawn) == archive.body(again) == body
        assert again.refers_to == drawn.id
    (path,) = tmp_path.rglob("*.warc.gz")
    with path.open("rb") as file:
        kinds = [
            (item.rec_type, item.rec_headers.get_header("WARC-Target-URI"), item.rec_headers.get_header("Content-Type"))
            for item in ArchiveIterator(file)
        ]
    assert ("resource", f"urn:rendered:{URL}", header[0][1]) in kinds
    assert ("revisit", f"urn:rendered:{URL}", header[0][1]) in kinds
    assert kinds.count(("response", URL, "application/http; msgtype=response")) == 1
    notes = [decode_note(item.record) for item in members(path) if isinstance(item, Member)]
    (told,) = [item for note in notes if note for item in note.asked]
    assert (told.outcome, told.kind) == ("sent", "script")
    assert "SECRET1234" not in told.url
