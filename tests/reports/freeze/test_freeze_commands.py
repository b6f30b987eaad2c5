from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from frozen_country import NIGHT, PERIOD, SITE, Country
from jsonschema import Draft202012Validator, FormatChecker
from office_desk import Hands
from typer.testing import CliRunner, Result

from crawler.archive.remove import redact
from reports.analysts.cli import mount as mount_office
from reports.freeze.cli import mount
from reports.freeze.freeze import frozen

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
ROOT = Path(__file__).parents[3]
Run = Callable[..., Result]


def settings_file(here: Country) -> Path:
    people = [{"id": "p1", "name": "One", "role": "analyst"}, {"id": "p4", "name": "Four", "role": "lead"}]
    plain = {
        "pack": "kz", "workspace": "space", "operator": {"name": "T", "contact": "t@example.org", "about_url": SITE},
        "agencies": [{"id": "good", "names": {"en": "good"}, "sites": [SITE]}], "people": people,
        "periods": [{"id": "2026Q4", "first": PERIOD.first, "last": PERIOD.last}], "signing": {"key": "own/odrc.pem"},
    }  # fmt: skip
    path = here.folder / "odrc.yaml"
    path.write_text(yaml.safe_dump(plain), encoding="utf-8")
    return path


@pytest.fixture
def run(here: Country) -> Run:
    config = settings_file(here)
    clock = Hands()
    clock.to(PERIOD.last + timedelta(days=1))
    app = typer.Typer()
    mount(app, clock)
    mount_office(app, clock)

    def invoke(*words: str, settings: bool = True) -> Result:
        env = {"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": "", "COLUMNS": "200"}
        more = ["-c", str(config)] if settings else []
        return CliRunner(env=env).invoke(app, [*words, *more], catch_exceptions=False)

    return invoke


def keeps_to(schema: str, told: Any) -> Any:
    shape = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(shape, format_checker=FormatChecker()).iter_errors(told)) == []
    return told


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_from_a_key_to_a_verified_bundle(
    run: Run, here: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = done(run("key", "new")).strip()
    again = run("key", "new")
    assert (again.exit_code, "odrc key rotate" in again.stderr) == (2, True)
    refused = run("freeze", "2026Q4", "--by", "p1")
    assert (refused.exit_code, "marks are only proposed" in refused.stderr) == (2, True)
    done(run("adopt", "--all", "--by", "p1"))
    place = Path(done(run("freeze", "2026Q4", "--by", "p1")).strip())
    assert place == here.workspace / "freezes" / "2026Q4"
    keeps_to("manifest", json.loads((place / "manifest.json").read_text(encoding="utf-8")))
    second = done(run("key", "rotate")).strip()
    listed = keeps_to("keys", json.loads(done(run("key", "show", "--format", "json"))))
    assert [item["id"] for item in listed] == [first, second]
    bodies = json.loads((place / "findings.jsonl").read_text(encoding="utf-8").splitlines()[0])["evidence"]
    done(run("frozen", "redact", "2026Q4", bodies[0]["sha256"], "--reason", "asked for", "--by", "p4"))
    keeps_to("supplement", json.loads((place / "supplements/001/supplement.json").read_text(encoding="utf-8")))
    (told,) = keeps_to("frozen", json.loads(done(run("frozen", "list", "--format", "json"))))
    assert (told["name"], told["supplements"], told["manifest"]["key"]) == ("2026Q4", 1, first)
    assert done(run("frozen", "list")).startswith("2026Q4  final  2026-10-07 - 2026-11-21")

    apart = tmp_path / "apart"  # a third party: no settings, no workspace, only the bundle and the keys
    apart.mkdir()
    done(run("frozen", "export", "2026Q4", "-o", str(apart / "2026Q4.zip")))
    (apart / "keys.pem").write_text(done(run("key", "show", "--pem")), encoding="ascii")
    shutil.rmtree(here.workspace)
    monkeypatch.chdir(apart)
    result = run("verify", "2026Q4.zip", "--key", "keys.pem", "--format", "json", settings=False)
    verified = keeps_to("verify", json.loads(done(result)))
    assert (verified["problems"], verified["key"], len(verified["taken_out"])) == ([], first, 1)
    shown = done(run("verify", "2026Q4.zip", "--key", "keys.pem", settings=False))
    assert shown.startswith("2026Q4.zip: everything that is there is what was signed\n  2026Q4 (final)")
    assert "p4: asked for" in shown
    data = bytearray((apart / "2026Q4.zip").read_bytes())
    data[data.find(b'"quoted":true')] ^= 1
    (apart / "bad.zip").write_bytes(bytes(data))
    bad = run("verify", "bad.zip", "--key", "keys.pem", settings=False)
    assert bad.exit_code == 1
    assert "findings.jsonl: is not the file that was signed" in bad.stdout
    other = run("verify", "2026Q4.zip", "--key", "2026Q4.zip", settings=False)
    assert (other.exit_code, "no public key" in other.stderr) == (2, True)


def test_what_the_archive_redacts_goes_out_of_frozen_periods(run: Run, here: Country) -> None:
    done(run("key", "new"))
    done(run("adopt", "--all", "--by", "p1"))
    place = Path(done(run("freeze", "2026Q4", "--by", "p1")).strip())
    assert "frozen_holds" not in done(run("todo", "--format", "json"))
    cited = json.loads((place / "findings.jsonl").read_text(encoding="utf-8").splitlines()[0])["evidence"][0]["sha256"]
    then = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    redact(here.workspace, cited, reason="a person asked", by="p4", at=then)
    first = json.loads(done(run("todo", "--format", "json")))[0]
    assert (first["need"], first["item"]) == ("frozen_holds", "period/2026Q4")
    done(run("frozen", "redact", "2026Q4", "--by", "p4"))
    assert [(item.sha256, item.reason) for item in here.verify(place, _settings_key(here)).taken_out] == [
        (cited, "a person asked")
    ]
    assert "frozen_holds" not in done(run("todo", "--format", "json"))
    drafted = Path(done(run("freeze", "2026Q4", "--draft", "--by", "p1")).strip())
    draft = here.verify(drafted, _settings_key(here))
    digests = {line["excerpt_digest"] for item in evidence(drafted) for line in item if line["sha256"] == cited}
    assert not digests & {
        json.loads(line)["digest"] for line in (drafted / "excerpts.jsonl").read_text(encoding="utf-8").splitlines()
    }
    assert (draft.problems, list(draft.left_out)) == ((), ["redacted"])
    again = run("frozen", "redact", "2026Q4", "--by", "p4")
    assert (again.exit_code, "nothing that the archive has redacted" in again.stderr) == (2, True)


def evidence(place: Path) -> list[list[dict[str, Any]]]:
    lines = (place / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    return [item["evidence"] + item["counter_evidence"] for item in map(json.loads, lines)]


def _settings_key(here: Country) -> Ed25519PrivateKey:
    key = load_pem_private_key((here.folder / "own" / "odrc.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("freeze", "2026Q4", "--by", "p1"), "`odrc key new` makes one"),
        (("freeze", "2025Q4", "--by", "p1"), "`odrc key new` makes one"),
        (("freeze", "spring", "--by", "p1"), "its nights are not known; accepted: one of the settings (2026Q4)"),
        (("frozen", "export", "2026Q4", "-o", "x.zip"), "2026Q4 is not frozen; frozen are: none"),
        (("key", "rotate"), "`odrc key new` makes one"),
    ],
)
def test_wrong_words_are_told(run: Run, words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_period_without_a_night_is_told(run: Run) -> None:
    done(run("key", "new"))
    result = run("freeze", "2025Q4", "--by", "p1")
    assert (result.exit_code, "there is nothing to freeze" in result.stderr) == (2, True)


KILLED = """
import os, signal, sys
from pathlib import Path
for place in reversed({paths!r}):
    sys.path.insert(0, place)
import frozen_country
from reports.freeze import freeze as room

def die(*_args, **_given):
    os.kill(os.getpid(), signal.SIGKILL)

here = frozen_country.opened(Path({folder!r}), None)
setattr(room, {victim!r}, die)
here.freeze()
"""


@pytest.mark.full
@pytest.mark.parametrize("victim", ["_quoted", "_seal", "_record"])
def test_killed_in_a_freeze_there_is_a_whole_one_or_none(here: Country, victim: str) -> None:
    """A real process is killed with SIGKILL while it writes, before it signs, and before it says so in the journal."""
    here.adopt()
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[1]), str(ROOT)]
    script = KILLED.format(paths=paths, folder=str(here.folder), victim=victim)
    killed = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ}, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    whole = victim == "_record"
    assert len(frozen(here.workspace)) == whole
    left = [path.name for path in (here.workspace / "freezes").glob(".*.part")]
    assert bool(left) is not whole
    assert here.bench.state().frozen == {}
    place = here.freeze()
    assert here.verify(place).problems == ()
    assert list((here.workspace / "freezes").glob(".*.part")) == []
    assert [item.kind for item in here.bench.journal.entries()][-1] == "froze"
    assert here.bench.ledger.nights() == (NIGHT,)
