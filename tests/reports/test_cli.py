from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
import typer
from report_country import INPUTS, NIGHT, STARTED, assessment, coverage, evidence, finding, record
from typer.testing import CliRunner, Result

import checks.night
from checks.assessment import Assessment
from checks.marks import MarkValue
from config.loader import load
from crawler.archive.layout import ArchiveError
from crawler.coverage import RunState
from reports.cli import mount
from reports.ledger import Layer, Ledger, RunKind
from reports.terminal import print_matrix

CONFIG = """
pack: kz
workspace: space
operator: {name: Tester, contact: tester@example.org, about_url: https://crawl.example/}
agencies:
  - id: finance
    names: {en: Ministry of Finance, ru: Министерство финансов}
    sites: [https://finance.example/]
  - id: health
    names: {en: Ministry of Health}
    sites: [https://health.example/]
"""
Run = Callable[..., Result]


class Fixed:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "odrc.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        record(ledger, assessment())
    return path


@pytest.fixture
def run(config: Path) -> Run:
    app = typer.Typer()
    mount(app, Fixed())

    def invoke(command: str, *arguments: str) -> Result:
        words = [command, *arguments, "-c", str(config)]
        return CliRunner(
            env={"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": "", "COLUMNS": "200"}
        ).invoke(app, words, catch_exceptions=False)

    return invoke


def test_marks_as_a_table(run: Run) -> None:
    result = run("marks")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "│ Ministry of Finance │ − not ready │ · no mark (timeout) │" in lines
    assert "│ Ministry of Health │ 0 both ways │ + ready │" in lines
    assert "\x1b" not in result.stdout
    assert "Министерство финансов" in run("marks", "--language", "ru").stdout


def test_marks_of_one_agency_go_down_the_longer_side(run: Run) -> None:
    lines = [" ".join(line.split()) for line in run("marks", "--agency", "health").stdout.splitlines()]
    assert "│ Content in all required languages │ 0 both ways │" in lines


def test_marks_as_documents(run: Run) -> None:
    told = json.loads(run("marks", "--format", "json", "--agency", "finance", "--indicator", "lang_coverage").stdout)
    assert [(item["run"], item["night"], item["mark"]) for item in told] == [("run-1", "2026-11-23", "-")]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-on", "minus"], 1),
        (["--fail-on", "minus", "--agency", "health"], 0),
        (["--fail-on", "zero", "--agency", "health"], 1),
        (["--fail-on", "zero", "--indicator", "freshness_weekly"], 0),
    ],
)
def test_fail_on(run: Run, arguments: list[str], code: int) -> None:
    assert run("marks", *arguments).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["marks", "--agency", "finanse"], "no agency 'finanse'; did you mean finance? accepted: finance, health"),
        (["marks", "--agency", "zzzz"], "no agency 'zzzz'; accepted: finance, health"),
        (["marks", "--indicator", "lang_coverge"], "did you mean lang_coverage"),
        (["marks", "--profile", "assessment"], "did you mean assessment_2014?"),
        (["marks", "--night", "2026-11-20"], "no finished record of night 2026-11-20; the nearest is 2026-11-23"),
        (["marks", "--night", "yesterday"], "--night yesterday: not a date"),
        (["findings", "--agency", "finanse"], "did you mean finance?"),
        (["explain", "finanse", "lang_coverage"], "did you mean finance?"),
        (["explain", "finance", "web_presence"], "finance carries no mark for web_presence on 2026-11-23"),
        (["status", "--night", "2020-01-01"], "the ledger holds no run of 2020-01-01"),
        (["marks", "--language", "xx"], "no texts in language 'xx'; accepted: en, kk, ru"),
    ],
)
def test_what_is_unknown_is_told_with_the_nearest(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_without_a_ledger(tmp_path: Path, run: Run) -> None:
    for path in (tmp_path / "space").iterdir():
        path.unlink()
    result = run("status")
    assert result.exit_code == 2
    assert "nothing has been recorded there yet; `odrc run` records a night" in result.stderr
    assert not list((tmp_path / "space").iterdir())


def test_findings(run: Run) -> None:
    assert len(run("findings").stdout.splitlines()) == 7
    line = run("findings", "--outcome", "not_observed").stdout
    assert "LANG-01@1  not seen  finance  https://finance.example/en/news/6  No answer came in time." in line
    one = run("findings", "--indicator", "freshness_weekly", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(item)["rule"] for item in one] == ["FRESH-01"]
    assert len(json.loads(run("findings", "--agency", "finance", "--format", "json").stdout)) == 6


def test_explain_walks_to_the_excerpt(run: Run) -> None:
    result = run("explain", "finance", "lang_coverage")
    assert result.exit_code == 0
    parts = (
        "- not ready: The share that passes is below",
        "[LANG-01@1]",
        "Бюджет на 2026",
        "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        f"SHA-256 {1:064x}",
        "Verified against archive: the archive is not at hand",
    )
    assert [part for part in parts if part not in result.stdout] == []
    told = json.loads(run("explain", "country", "lang_coverage", "--format", "json").stdout)
    assert [(item["mark"]["agency"], item["mark"]["group"]) for item in told] == [(None, None), (None, "central")]


def test_explain_names_a_damaged_archive(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_workspace: Path) -> None:
        raise ArchiveError("index.sqlite: missing, though there are WARC files; rebuild the index")

    monkeypatch.setattr("reports.cli.Archive", broken)
    result = run("explain", "finance", "lang_coverage")
    assert result.exit_code == 0
    assert "not verified: index.sqlite: missing" in result.stderr


def test_report(run: Run, tmp_path: Path) -> None:
    result = run("report")
    index = tmp_path / "space" / "reports" / "2026-11-23" / "index.html"
    assert result.stdout.strip() == str(index)
    assert index.exists()
    told = json.loads(run("report", "-o", str(tmp_path / "out"), "--format", "json").stdout)
    assert told == {"run": "run-1", "night": "2026-11-23", "index": str(tmp_path / "out" / "index.html")}
    assert (tmp_path / "out" / "kk" / "index.html").exists()


def test_status(run: Run) -> None:
    result = run("status")
    assert result.exit_code == 0
    assert "Night 2026-11-23: complete" in result.stdout
    assert "Known 14, Fetched 10, Failed 1, Skipped 2, Waiting 1" in result.stdout
    assert "https://finance.example/  6/10  timed out 1, over the night's budget 2, Waiting 1" in result.stdout
    assert json.loads(run("status", "--format", "json").stdout)["runs"][0]["kind"] == "nightly"


def test_status_of_an_incomplete_night(run: Run, tmp_path: Path) -> None:
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        ledger.begin_run("next", NIGHT + timedelta(days=1), RunKind.NIGHTLY, STARTED + timedelta(days=1), INPUTS)
        assert run("status").exit_code == 3, "a run that never finished is no whole night"
        ledger.record("next", assessment(NIGHT + timedelta(days=1)))
        ledger.finish_run("next", RunState.INCOMPLETE, STARTED + timedelta(days=1), reason="deadline")
    result = run("status")
    assert result.exit_code == 3
    assert "Night 2026-11-24: incomplete" in result.stdout
    assert "night 2026-11-24 is incomplete: deadline" in run("marks").stderr
    assert run("status", "--night", "2026-11-23").exit_code == 0


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Assessment:
    """What today's rules would say: one finding less, one new, one mark changed."""
    told = assessment()
    marks = (msgspec.structs.replace(told.marks[0], value=MarkValue.ZERO), *told.marks[1:])
    again = assessment(findings=(*told.findings[1:], finding(40, evidence=(evidence(40),))), marks=marks)
    monkeypatch.setattr(checks.night, "judge", lambda *_, **__: SimpleNamespace(assessment=again))
    monkeypatch.setattr("reports.clirecheck.require_archived", lambda *_: None)
    return again


def test_recheck_compares_and_records_a_restate(run: Run, judged: Assessment, tmp_path: Path) -> None:
    dry = run("recheck", "--dry-run")
    assert "findings: 6 identical, 1 new, 1 gone" in dry.stdout
    assert "finance lang_coverage assessment_2014: - -> 0" in dry.stdout
    told = json.loads(run("recheck", "--format", "json").stdout)
    assert told["recorded_as"] == "restate-2026-11-23-20261124T050000000000Z"
    assert [item["after"] for item in told["marks_changed"]] == ["0"]
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        assert [item.kind for item in ledger.runs()] == [RunKind.NIGHTLY, RunKind.RESTATE]
        restated = ledger.findings(NIGHT, layer=Layer.RESTATED)
        assert {item.id for item in restated} == {item.id for item in judged.findings}
        published = {item.id for item in ledger.findings(NIGHT)}
        assert published == {item.id for item in assessment().findings}, "what was published stays"


def test_recheck_never_judges_a_night_that_the_archive_does_not_hold(run: Run, tmp_path: Path) -> None:
    result = run("recheck")
    assert result.exit_code == 2
    assert "holds nothing of night 2026-11-23 (it is empty); nothing was judged again" in result.stderr
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        assert len(ledger.runs()) == 1
        assert len(ledger.findings(NIGHT)) == len(assessment().findings)


def test_a_night_stays_incomplete_when_judged_again(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    part = assessment(coverage=(coverage(state=RunState.INCOMPLETE),))
    monkeypatch.setattr(checks.night, "judge", lambda *_, **__: SimpleNamespace(assessment=part))
    monkeypatch.setattr("reports.clirecheck.require_archived", lambda *_: None)
    assert run("recheck").exit_code == 0
    with Ledger(tmp_path / "space" / "ledger.sqlite") as ledger:
        assert [item.state for item in ledger.runs()] == [RunState.COMPLETE, RunState.INCOMPLETE]
    assert run("status").exit_code == 0, "what was published stays whole"


def test_the_matrix_after_a_run(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded = load(config)
    with Ledger(loaded.settings.workspace / "ledger.sqlite") as ledger:
        print_matrix(loaded.settings, loaded.pack, ledger, NIGHT)
    assert "0 " in capsys.readouterr().out
