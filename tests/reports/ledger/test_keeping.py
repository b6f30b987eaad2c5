from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from databases import ask
from report_country import STARTED, assessment, finding, record
from typer.testing import CliRunner

from checks.assessment import Assessment
from checks.night import assess
from config.discoveries import LEARNED_FILE, Discovery, DiscoveryKind, write_learned
from config.errors import ConfigError
from config.loader import load
from crawler.archive.remove import redact
from crawler.coverage import RunState
from reports.cli import mount
from reports.keeping.backup import MANIFEST, back_up, restore
from reports.keeping.dump import dump
from reports.keeping.dump import load as load_dump
from reports.keeping.verify import verify
from reports.ledger import Layer, Ledger, RunKind, inputs_of
from tests.checks.lab import NIGHT, SITE, Lab

NOW = datetime(2026, 12, 1, tzinfo=UTC)
TEXT = "Министерство публикует сведения об исполнении бюджета за квартал, по программам и по регионам. " * 3
PAGES = {
    SITE: f"<html lang='ru'><body><main><h1>Бюджет</h1><p>{TEXT}</p></main></body></html>",
    f"{SITE}about": f"<html lang='ru'><body><main><h1>О нас</h1><p>{TEXT[::-1]}</p></main></body></html>",
}
CONFIG = """pack: kz
workspace: space
operator: {name: Tester, contact: tester@example.org, about_url: "https://crawl.example/"}
agencies:
  - {id: good, names: {en: Good}, sites: ["https://good.kz/"]}
"""
LEARNED = Discovery(agency="good", kind=DiscoveryKind.NEWS_LIST, value="https://good.kz/news", by="p1")


def installed(folder: Path, place: str) -> Path:
    """Set up an installation with three nights whose ledger lies at *place*; return its settings file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "odrc.yaml"
    (folder / "space" / "attachments" / "ab").mkdir(parents=True)
    (folder / "space" / "attachments" / "ab" / "letter").write_bytes(b"a letter")
    (folder / "space" / "reports").mkdir()
    (folder / "space" / "reports" / "index.html").write_text("made anew")
    if "://" not in place:
        shutil.copyfile(place, folder / "space" / "ledger.sqlite")
    path.write_text(CONFIG + (f"ledger: {place}\n" if "://" in place else ""), encoding="utf-8")
    loaded = load(path)
    lab = Lab(loaded.settings.workspace, loaded.pack)
    with Ledger(ledger_of(path)) as ledger:
        for number in range(3):
            night = NIGHT + timedelta(days=number)
            lab.crawl(
                {**PAGES, f"{SITE}news/{number}": PAGES[SITE].replace("квартал", f"{number}")}, night, run=f"r{number}"
            )
            begun = ledger.begin_run(f"r{number}", night, RunKind.NIGHTLY, STARTED, inputs_of(loaded))
            told = assess(loaded.settings, loaded.pack, night)
            ledger.conclude(begun.id, told, RunState.COMPLETE, STARTED)
    return path


def ledger_of(config: Path) -> str:
    loaded = load(config)
    return str(loaded.settings.ledger or loaded.settings.workspace / "ledger.sqlite")


def nights_of(place: str) -> list[Assessment | None]:
    with Ledger(place, create=False) as ledger:
        return [ledger.assessment(night) for night in ledger.nights()]


def test_a_backup_is_restored_into_an_empty_place(fresh: Callable[[], str], tmp_path: Path) -> None:
    config = installed(tmp_path / "here", fresh())
    learned = write_learned(config.parent, [LEARNED]).read_bytes()
    before = nights_of(ledger_of(config))
    document = back_up(load(config), tmp_path / "copy", NOW)
    names = {item.path for item in document.files}
    assert "config/odrc.yaml" in names
    assert "workspace/attachments/ab/letter" in names
    assert "workspace/archive/index.sqlite" in names
    assert not [name for name in names if "reports" in name or "facts" in name or name.endswith(("-wal", ".open"))]
    shutil.rmtree(tmp_path / "here")
    elsewhere = fresh()
    database = elsewhere if "://" in elsewhere else None
    if database:
        ask(database, "DROP SCHEMA public CASCADE")
        ask(database, "CREATE SCHEMA public")
    restore(tmp_path / "copy", tmp_path / "there", database)
    assert (tmp_path / "there" / "config" / LEARNED_FILE).read_bytes() == learned
    place = database or str(tmp_path / "there" / "workspace" / "ledger.sqlite")
    assert nights_of(place) == before
    with Ledger(place) as ledger:
        told = verify(ledger, tmp_path / "there" / "workspace")
        assert told.flaws == ()
        assert told.captures > 0
        begun = ledger.begin_run(
            "next", NIGHT + timedelta(days=9), RunKind.NIGHTLY, STARTED, inputs_of(load(there(tmp_path)))
        )
        ledger.conclude(begun.id, Assessment(begun.night, (finding(),), (), (), ()), RunState.COMPLETE, STARTED)
        assert len(ledger.nights()) == 4, "the restored ledger goes on"


def there(folder: Path) -> Path:
    """Write the restored settings anew, for the place they are in now."""
    path = folder / "there" / "odrc.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def test_a_ledger_goes_from_one_database_to_another_and_back(place: str, tmp_path: Path) -> None:
    with Ledger(place) as ledger:
        for number in range(3):
            record(ledger, assessment(NIGHT + timedelta(days=number)), number)
        record(ledger, assessment(findings=(finding(9),), marks=(), night=NIGHT), 7)
    before = nights_of(place)
    dump(place, tmp_path / "a.zst")
    load_dump(tmp_path / "a.zst", tmp_path / "other.sqlite")
    assert nights_of(str(tmp_path / "other.sqlite")) == before
    with Ledger(tmp_path / "other.sqlite") as ledger:
        assert len(ledger.superseded("run-0")) == 1
    with pytest.raises(ConfigError, match="not empty"):
        load_dump(tmp_path / "a.zst", place)


def test_what_cannot_be_restored_is_told(place: str, tmp_path: Path) -> None:
    config = installed(tmp_path / "here", place)
    back_up(load(config), tmp_path / "copy", NOW)
    with pytest.raises(ConfigError, match="already there"):
        back_up(load(config), tmp_path / "copy", NOW)
    with pytest.raises(ConfigError, match="not empty"):
        restore(tmp_path / "copy", tmp_path / "here")
    with pytest.raises(ConfigError, match="no backup"):
        restore(tmp_path / "here", tmp_path / "new")
    letter = tmp_path / "copy" / "workspace" / "attachments" / "ab" / "letter"
    letter.write_bytes(b"another letter")
    with pytest.raises(ConfigError, match=r"letter is not what was backed up \(SHA-256 differs\)"):
        restore(tmp_path / "copy", tmp_path / "new")
    letter.unlink()
    with pytest.raises(ConfigError, match="letter is missing"):
        restore(tmp_path / "copy", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "copy" / MANIFEST).unlink()
    with pytest.raises(ConfigError, match="no backup"):
        restore(tmp_path / "copy", tmp_path / "new")


BROKEN = {
    "UPDATE findings SET body = REPLACE(body, 'good', 'evil')": "its text does not have the recorded digest",
    "UPDATE marks SET reason = 'bought'": "was changed: it does not have the recorded identity",
    "UPDATE snapshots SET body = '{}'": "its text does not have this digest",
    "UPDATE finding_spans SET first_night = '2020-01-01'": "begins or ends on a night that was never recorded",
    "UPDATE finding_spans SET last_night = '2020-01-01'": "ends on 2020-01-01, before it begins",
    "DELETE FROM tally_spans": "do not fit together",
    "UPDATE nights SET marks = sightings WHERE sightings IS NOT NULL": "damaged",
    "INSERT INTO finding_spans (item_id, layer, first_night, last_night, run_id) SELECT item_id, layer, first_night, last_night, run_id FROM finding_spans": "overlap",
    "UPDATE sightings SET capture = 'nowhere'": "is cited and not in the archive",
}


@pytest.mark.parametrize("slip", BROKEN)
def test_verify_finds_what_does_not_hold_together(place: str, tmp_path: Path, slip: str) -> None:
    config = installed(tmp_path / "here", place)
    with Ledger(ledger_of(config)) as ledger:
        assert verify(ledger, config.parent / "space").flaws == ()
    ask(ledger_of(config), slip)
    with Ledger(ledger_of(config)) as ledger:
        assert BROKEN[slip] in "; ".join(flaw.problem for flaw in verify(ledger, config.parent / "space").flaws)


def test_bodies_that_were_taken_out_are_told_apart_from_lost_ones(place: str, tmp_path: Path) -> None:
    config = installed(tmp_path / "here", place)
    workspace = config.parent / "space"
    with Ledger(ledger_of(config)) as ledger:
        digest = next(
            item.evidence[0].sha256 for item in ledger.findings(NIGHT) if item.evidence and item.evidence[0].sha256
        )
        redact(workspace, digest or "", reason="a name", by="asel", at=NOW)
        told = verify(ledger, workspace)
        assert (told.flaws, told.gone > 0) == ((), True)
        before = nights_of(ledger_of(config))
        for path in (workspace / "archive").rglob("*.warc.gz"):
            path.unlink()
        (workspace / "archive" / "index.sqlite").unlink()
        lost = verify(ledger, workspace)
        assert {flaw.problem for flaw in lost.flaws} == {"is cited and not in the archive"}
        assert nights_of(ledger_of(config)) == before, "the ledger tells every night without its archive"
    assert Layer.PUBLISHED == 0


def test_the_commands(place: str, tmp_path: Path) -> None:
    config = installed(tmp_path / "here", place)
    app = typer.Typer()
    mount(app)

    def run(*words: str) -> Any:
        return CliRunner(env={"LANG": "en_US.UTF-8"}).invoke(app, [*words], catch_exceptions=False)

    whole = run("ledger", "verify", "-c", str(config))
    assert (whole.exit_code, whole.stdout.splitlines()[-1]) == (0, "whole")
    made = run("backup", str(tmp_path / "copy"), "-c", str(config), "--format", "json")
    assert json.loads(made.stdout)["dump"] is ("://" in place)
    assert run("ledger", "changes", "--from", str(NIGHT), "-c", str(config)).exit_code == 0
    ask(ledger_of(config), "UPDATE marks SET reason = 'bought'")
    broken = run("ledger", "verify", "-c", str(config))
    assert (broken.exit_code, "flaws" in broken.stdout.splitlines()[-1]) == (1, True)
    if "://" not in place:
        assert run("restore", str(tmp_path / "copy"), "--into", str(tmp_path / "there")).exit_code == 0
        assert (tmp_path / "there" / "workspace" / "ledger.sqlite").exists()
