from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from report_country import STARTED
from typer.testing import CliRunner

from checks import registry
from checks.facts.store import lock_digest
from checks.findings import Outcome
from checks.findings import Result as Answer
from checks.night import judge
from checks.registry import Rule
from config.loader import load
from crawler.coverage import RunState
from reports.causes import since_last_night
from reports.cli import mount
from reports.ledger import Cause, Layer, Ledger, RunKind, inputs_of
from reports.restating import try_out
from tests.checks.lab import NIGHT, SITE, Lab

NIGHTS = [NIGHT + timedelta(days=number) for number in range(3)]
PAGE = "<html lang='ru'><body><main><h1>Бюджет</h1><p>{text}</p></main></body></html>"
PAGES = {
    SITE: PAGE.format(text="Министерство публикует сведения об исполнении бюджета за квартал. " * 4),
    f"{SITE}budget": PAGE.format(text="Расходы бюджета по программам и регионам приведены ниже. " * 4),
}
CONFIG = """pack: kz
workspace: {workspace}
operator: {{name: Tester, contact: tester@example.org, about_url: "https://crawl.example/"}}
agencies:
  - {{id: good, names: {{en: Good}}, sites: ["https://good.kz/"]}}
rules:
  disable: [{disabled}]
{more}"""
KEPT = {"LIC-01", "FRESH-01"}
Run = Callable[..., Result]


class Fixed:
    """A clock that goes on by a second with every look."""

    def __init__(self) -> None:
        self._now = datetime(2027, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Three nights of one site, crawled, judged and recorded; two rules."""
    path = tmp_path / "odrc.yaml"
    write(path)
    loaded = load(path)
    lab = Lab(loaded.settings.workspace, loaded.pack)
    with Ledger(loaded.settings.workspace / "ledger.sqlite") as ledger:
        for number, night in enumerate(NIGHTS):
            lab.crawl(PAGES, night, run=f"run-{number}")
            record(path, ledger, night, number)
    return path


def write(path: Path, more: str = "") -> None:
    disabled = ", ".join(sorted(registry.all_rules().keys() - KEPT))
    path.write_text(CONFIG.format(workspace=path.parent / "space", disabled=disabled, more=more), encoding="utf-8")


def record(path: Path, ledger: Ledger, night: date, number: int) -> None:
    loaded = load(path)
    judged = judge(loaded.settings, loaded.pack, night)
    begun = ledger.begin_run(f"run-{number}", night, RunKind.NIGHTLY, STARTED, inputs_of(loaded, lock_digest()))
    changes = since_last_night(ledger, loaded, judged)
    finished = STARTED + timedelta(days=number)
    ledger.conclude(begun.id, judged.assessment, RunState.COMPLETE, finished, changes=changes)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Rule:
    """LIC-01 comes in a version that is content with anything."""
    installed = registry.installed_rules()
    (old,) = installed["LIC-01"].values()
    rule = dataclasses.replace(old, version=old.version + 1, function=content)
    monkeypatch.setattr(
        registry, "installed_rules", lambda: {**installed, "LIC-01": {old.version: old, rule.version: rule}}
    )
    return rule


def content(*_: Any) -> Answer:
    return Answer(Outcome.PASS, "open_licence")


@pytest.fixture
def run(config: Path) -> Run:
    app = typer.Typer()
    mount(app, Fixed())

    def invoke(command: str, *arguments: str) -> Result:
        words = [command, *arguments, "--processes", "0", "-c", str(config)]
        return CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(app, words, catch_exceptions=False)

    return invoke


def ledger_of(config: Path) -> Ledger:
    return Ledger(config.parent / "space" / "ledger.sqlite")


def test_the_same_rules_say_the_same_of_every_night(run: Run, config: Path) -> None:
    told = json.loads(run("recheck", "--from", str(NIGHTS[0]), "--to", str(NIGHTS[2]), "--format", "json").stdout)
    assert [(one["night"], one["new"], one["gone"], one["marks_changed"]) for one in told["nights"]] == [
        (str(night), [], [], []) for night in NIGHTS
    ]
    with ledger_of(config) as ledger:
        assert ledger.nights(Layer.RESTATED) == tuple(NIGHTS)
        assert ledger.marks(NIGHTS[1], layer=Layer.RESTATED) == ledger.marks(NIGHTS[1])


def test_a_new_version_restates_the_past_beside_what_was_published(run: Run, config: Path, newer: Rule) -> None:
    with ledger_of(config) as ledger:
        published = [ledger.assessment(night) for night in NIGHTS]
    told = json.loads(run("recheck", "--from", str(NIGHTS[1]), "--rules", "LIC-01", "--format", "json").stdout)
    assert [one["rules"] for one in told["nights"]] == [[f"LIC-01@{newer.version}"]] * 2
    assert told["changed"]
    assert {one["indicator"] for night in told["nights"] for one in night["marks_changed"]} <= set(newer.indicators)
    with ledger_of(config) as ledger:
        assert [ledger.assessment(night) for night in NIGHTS] == published, "what was published stays"
        assert ledger.nights(Layer.RESTATED) == (NIGHTS[1], NIGHTS[2])
        again = ledger.assessment(NIGHTS[2], Layer.RESTATED)
        assert again is not None
        kept = [item for item in again.findings if item.rule != "LIC-01"]
        assert kept == [item for item in ledger.findings(NIGHTS[2]) if item.rule != "LIC-01"]
        assert {item.version for item in again.findings if item.rule == "LIC-01"} == {newer.version}
        (course,) = [one for one in ledger.courses("good", layer=Layer.RESTATED)
                     if one.indicator == newer.indicators[0] and one.profile == "assessment_2014"]  # fmt: skip
        assert course.marks[0].rules == (f"LIC-01@{newer.version}",)


def test_what_is_on_trial_does_not_count_and_is_told(run: Run, config: Path, newer: Rule) -> None:
    write(config, "  shadow: [LIC-01]\n")
    with ledger_of(config) as ledger:
        marks = ledger.marks(NIGHTS[2])
        record(config, ledger, NIGHTS[2], 9)
        assert ledger.marks(NIGHTS[2]) == marks, "the old version counts as long as the new one is on trial"
    result = run("shadow", "--from", str(NIGHTS[0]))
    assert result.exit_code == 0
    assert "on trial: 3 nights" in result.stdout
    assert f"rules in another version: LIC-01@{newer.version}" in result.stdout
    with ledger_of(config) as ledger:
        assert ledger.nights(Layer.SHADOW) == tuple(NIGHTS)
        assert ledger.marks(NIGHTS[2]) == marks
        assert ledger.marks(NIGHTS[2], layer=Layer.SHADOW) != marks
        assert [one.kind for one in ledger.runs(NIGHTS[0])] == [RunKind.NIGHTLY, RunKind.SHADOW]


def test_a_night_is_tried_out_by_itself(config: Path, newer: Rule) -> None:
    with ledger_of(config) as ledger:
        assert try_out(ledger, load(config), NIGHTS[2], Fixed()) is None, "no rule is on trial"
        write(config, "  shadow: [LIC-01]\n")
        run = try_out(ledger, load(config), NIGHTS[2], Fixed())
        assert run is not None
        assert (run.kind, ledger.nights(Layer.SHADOW)) == (RunKind.SHADOW, (NIGHTS[2],))


def test_once_it_counts_the_change_is_the_rules(config: Path, newer: Rule) -> None:
    night = NIGHTS[2] + timedelta(days=1)
    loaded = load(config)
    Lab(loaded.settings.workspace, loaded.pack).crawl(PAGES, night, run="run-3")
    with ledger_of(config) as ledger:
        record(config, ledger, night, 3)
        changes = [one for one in ledger.changes(night) if one.agency == "good"]
        assert {one.indicator for one in changes} == set(newer.indicators)
        assert {one.causes for one in changes} == {(Cause.RULE,)}


def test_a_period_keeps_its_rules(config: Path, newer: Rule) -> None:
    period = "{id: 2026Q4, valid_from: 2026-10-01, valid_to: 2026-12-31, versions: {LIC-01: %d}}"
    write(config, f"  periods: [{period % (newer.version - 1)}]\n")
    night = NIGHTS[2] + timedelta(days=1)
    loaded = load(config)
    Lab(loaded.settings.workspace, loaded.pack).crawl(PAGES, night, run="run-3")
    with ledger_of(config) as ledger:
        record(config, ledger, night, 3)
        assert [one for one in ledger.changes(night) if one.agency == "good"] == []
        assert {item.version for item in ledger.findings(night, rules=["LIC-01"])} == {newer.version - 1}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["recheck", "--from", "2026-11-18", "--to", "2026-11-16"], "--to 2026-11-16 lies before --from 2026-11-18"),
        (["recheck", "--from", "2020-01-01", "--to", "2020-02-01"], "no night was recorded; nothing was judged again"),
        (["recheck", "--from", "yesterday"], "--from yesterday: not a date"),
        (["recheck", "--from", "2026-11-16", "--night", "2026-11-16"], "give one of the two"),
        (["recheck", "--rules", "NO-99"], "--rules NO-99: unknown rule; accepted: "),
        (["shadow"], "no rule is on trial; `rules.shadow`"),
    ],
)
def test_what_cannot_be_judged_again_is_told(run: Run, command: list[str], message: str) -> None:
    result = run(*command)
    assert result.exit_code == 2
    assert message in result.stderr
