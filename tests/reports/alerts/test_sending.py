"""Digests on their way to a real server: each alert once, in the reader's language, without secrets on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from click.testing import Result
from office_desk import Hands
from pytest_httpserver import HTTPServer
from report_country import NIGHT, RULES, assessment, coverage, finding, mark, record, settings
from syrupy.assertion import SnapshotAssertion
from typer.testing import CliRunner
from werkzeug import Response

from checks.assessment import RuleInfo, Visibility
from checks.marks import Counts, MarkValue
from config.loader import load
from reports.alerts.deliver import after_night
from reports.alerts.sent import FILE
from reports.cli import mount
from reports.ledger import Ledger, inputs_of
from reports.messages import languages

SECRET = "hush-hush"
VALUES = {"+": MarkValue.PLUS, "-": MarkValue.MINUS}
PRIVATE = RuleInfo("PD-01", 1, (), "file", (), "Told to the owner alone", Visibility.OWNER)


def day(number: int) -> date:
    return NIGHT + timedelta(days=number)


class Office:
    """An installation with recipients at a server, and nights of one's choice."""

    def __init__(self, folder: Path, server: HTTPServer, **recipients: dict[str, Any]) -> None:
        self.space, self.path, self.clock = folder / "space", folder / "odrc.yaml", Hands()
        self.space.mkdir()
        self.server = server
        self.configure(**recipients)

    def configure(self, publish: dict[str, Any] | None = None, **recipients: dict[str, Any]) -> None:
        told = settings(self.space).model_dump(mode="json", exclude_defaults=True)
        address = f"json://user:{SECRET}@{self.server.host}:{self.server.port}"
        people = [{"id": name, "to": [f"{address}/{name}"], **given} for name, given in recipients.items()]
        values = {**told, "pack": "kz", "workspace": str(self.space), "alerts": {"recipients": people}}
        self.path.write_text(yaml.safe_dump(values | ({"publish": publish} if publish else {})), encoding="utf-8")

    def nights(self, values: str, first: int = 0) -> None:
        with Ledger(self.space / "ledger.sqlite") as ledger:
            for number, value in enumerate(values, start=first):
                record(ledger, self.night(number, value), number)
            self.clock.to(day(first + len(values)))

    def night(self, number: int, value: str) -> Any:
        found = (finding(1), finding(2, rule="PD-01", reason="personal_data")) if value == "-" else ()
        one = mark("finance", "lang_coverage", VALUES[value], "share_low" if value == "-" else "share_high",
                   counts=Counts(failed=1), evidence=tuple(item.id for item in found))  # fmt: skip
        seen = coverage(day(number))
        return assessment(day(number), findings=found, marks=(one,), coverage=(seen,), rules=(*RULES, PRIVATE))

    def run(self, *words: str) -> Result:
        app = typer.Typer()
        app.callback()(lambda: None)
        mount(app, self.clock)
        return CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(app, ["alerts", *words, "-c", str(self.path)])


@pytest.fixture
def office(tmp_path: Path, httpserver: HTTPServer) -> Callable[..., Office]:
    return lambda **recipients: Office(tmp_path, httpserver, **recipients)


def taken(server: HTTPServer) -> list[tuple[str, dict[str, Any]]]:
    return [(request.path, json.loads(request.data)) for request, _ in server.log]


def test_each_alert_is_sent_once(office: Callable[..., Office], httpserver: HTTPServer) -> None:
    httpserver.expect_request("/chief").respond_with_data("ok")
    here = office(chief={"language": "en"})
    here.nights("++--")
    assert here.run("--send").exit_code == 0
    assert here.run("--send").exit_code == 0
    ((path, sent),) = taken(httpserver)
    assert (path, "+ → −" in sent["message"]) == ("/chief", True)
    here.nights("--++", first=4)
    here.run("--send")
    (_, (_, again)) = taken(httpserver)
    assert "− → +" in again["message"]
    assert "+ → −" not in again["message"]


def test_what_was_not_taken_is_sent_the_next_time(office: Callable[..., Office], httpserver: HTTPServer) -> None:
    answers = iter((503, 503, 200))
    httpserver.expect_request("/chief").respond_with_handler(lambda _: Response("", status=next(answers)))
    here = office(chief={})
    here.nights("++--")
    failed = here.run("--send")
    assert (failed.exit_code, "tried again next time" in failed.stderr) == (3, True)
    here.nights("-", first=4)
    assert here.run("--send").exit_code == 3
    here.nights("-", first=5)
    assert here.run("--send").exit_code == 0
    assert "+ → −" in taken(httpserver)[-1][1]["message"]
    assert len(taken(httpserver)) == 3
    here.run("--send")
    assert len(taken(httpserver)) == 3


def test_a_torn_line_is_told_again_and_a_strange_one_is_named(
    office: Callable[..., Office], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/chief").respond_with_data("ok")
    here = office(chief={})
    here.nights("++--")
    here.run("--send")
    file = here.space / FILE
    file.write_bytes(file.read_bytes()[:-9])
    assert here.run("--send").exit_code == 0
    assert len(taken(httpserver)) == 2
    assert here.run("--send").exit_code == 0
    assert len(taken(httpserver)) == 2
    file.write_text("{}\n", encoding="utf-8")
    assert f"{FILE}:1: not a line" in here.run("--send").stderr


def test_an_agency_hears_of_itself_and_sees_what_is_public(
    office: Callable[..., Office], httpserver: HTTPServer
) -> None:
    for name in ("chief", "finance", "health"):
        httpserver.expect_request(f"/{name}").respond_with_data("ok")
    here = office(
        chief={"language": "en"}, finance={"agency": "finance", "language": "en"}, health={"agency": "health"}
    )
    here.nights("++--")
    here.run("--send")
    told = dict(taken(httpserver))
    assert set(told) == {"/chief", "/finance"}
    assert "news/2" in told["/chief"]["message"]
    assert "news/1" in told["/finance"]["message"]
    assert "news/2" not in told["/finance"]["message"]


def test_quiet_is_not_told_what_got_better(office: Callable[..., Office]) -> None:
    here = office(loud={}, quiet={"quiet": True})
    here.nights("--++")
    loud, quiet = json.loads(here.run("--format", "json").stdout)
    kinds = [{item["alert"]["kind"] for item in told["alerts"]} for told in (loud, quiet)]
    assert kinds[0] - kinds[1] == {"mark_better"}


def test_secrets_stay_in_the_settings(office: Callable[..., Office], monkeypatch: pytest.MonkeyPatch) -> None:
    here = office(chief={})
    here.nights("++--")
    text = here.path.read_text(encoding="utf-8")
    here.path.write_text(text.replace(f"json://user:{SECRET}@", "${ODRC_TO}@"), encoding="utf-8")
    assert "ODRC_TO is not set" in here.run().stderr
    monkeypatch.setenv("ODRC_TO", f"json://user:{SECRET}")
    assert here.run().exit_code == 0
    (recipient,) = load(here.path).settings.alerts.recipients
    assert recipient.to[0].startswith(f"json://user:{SECRET}@")
    digest = load(here.path).digest
    here.configure()
    assert load(here.path).digest == digest  # whom we tell shapes no night


@pytest.mark.parametrize("words", [("--send",), ("--send", "--format", "json"), ("--dry-run",)])
def test_no_secret_is_printed_or_kept(office: Callable[..., Office], words: tuple[str, ...]) -> None:
    here = office(chief={})  # the server expects nothing and answers 500: what fails is told too
    here.nights("++--")
    said = here.run(*words)
    kept = b"".join(item.read_bytes() for item in here.space.rglob("*") if item.is_file())
    loaded = load(here.path)
    for text in (said.stdout, said.stderr, repr(loaded), inputs_of(loaded).config, repr(kept)):
        assert SECRET not in text


def test_a_wrong_address_is_not_shown(office: Callable[..., Office]) -> None:
    here = office(chief={"to": [SECRET]})
    said = here.run().stderr
    assert "alerts.recipients[0].to[0]: not the address of a service" in said
    assert SECRET not in said
    here.configure(chief={"to": f"nonsense://{SECRET}"}, other={"agency": "nobody"})
    assert "alerts.recipients[1].agency" in here.run().stderr
    here.configure(chief={"to": f"nonsense://{SECRET}"})
    here.nights("++--")
    said = here.run("--send").stderr
    assert "apprise does not understand the address" in said
    assert SECRET not in said


@pytest.mark.parametrize("language", languages())
def test_digests_read_as_agreed(office: Callable[..., Office], language: str, snapshot: SnapshotAssertion) -> None:
    here = office(chief={"language": language})
    here.configure({"base_url": "https://report.example/"}, chief={"language": language})
    here.nights("++--")
    here.nights("-", first=6)
    with Ledger(here.space / "ledger.sqlite") as ledger:
        record(ledger, here.night(8, "-"), 8)
    here.clock.to(day(9))
    (told,) = json.loads(here.run("--format", "json").stdout)
    (earlier,) = json.loads(here.run("--night", str(day(3)), "--format", "json").stdout)
    assert (told["title"], told["body"], earlier["body"]) == snapshot


def test_excerpts_are_left_out_where_they_are_not_published(office: Callable[..., Office]) -> None:
    here = office(chief={})
    here.nights("++--")
    assert "Бюджет на 2026 год" in here.run().stdout
    here.configure({"captures": "none"}, chief={})
    said = here.run().stdout
    assert "Бюджет на 2026 год" not in said
    assert "news/1" in said


def test_the_end_of_a_night_sends_and_never_fails(office: Callable[..., Office], httpserver: HTTPServer) -> None:
    httpserver.expect_request("/chief").respond_with_data("ok")
    here = office(chief={"language": "en"})
    here.nights("++--")
    said: list[str] = []
    with Ledger(here.space / "ledger.sqlite") as ledger:
        loaded = load(here.path)
        after_night(ledger, loaded, day(3), here.clock.now(), said.append)
        assert (said, len(taken(httpserver))) == ([], 1)
        (here.space / FILE).write_text("nonsense\n", encoding="utf-8")
        after_night(ledger, loaded, day(3), here.clock.now(), said.append)
        here.configure()
        after_night(ledger, load(here.path), day(3), here.clock.now(), said.append)
    assert len(said) == 1
    assert "not sent, tried again" in said[0]


def test_without_recipients_it_is_shown_and_cannot_be_sent(office: Callable[..., Office]) -> None:
    here = office()
    here.nights("++--")
    assert "+ → −" in here.run().stdout
    assert (here.run("--send").exit_code, "nobody to send to" in here.run("--send").stderr) == (2, True)
