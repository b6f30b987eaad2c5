"""What a person can get wrong gives one clear message and exit code 2 or 3; nothing is started, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import DONE, INCOMPLETE, NEXT_NIGHT, USAGE, Odrc, watching
from tests.lab import country
from tests.lab.country import NIGHT

Settings = dict[str, Any]
NOWHERE = 9  # the discard port: nothing is asked of it in these tests


def settings() -> Settings:
    return country.config(NIGHT, NOWHERE, "workspace", only=("bad",))


def unknown_key(made: Settings) -> None:
    made["crawl"]["pages_per_sight"] = 5


def wrong_type(made: Settings) -> None:
    made["crawl"]["delay"] = "quick"


def overlapping_names(made: Settings) -> None:
    names = {"ru": "Министерство транспорта"}
    made["agencies"][0]["names"] = [
        {"names": names, "valid_to": "2026-06-30"},
        {"names": names, "valid_from": "2026-06-30"},
    ]


def no_agencies(made: Settings) -> None:
    made["agencies"] = []


def no_sites(made: Settings) -> None:
    made["agencies"][0]["sites"] = []


def unknown_rule(made: Settings) -> None:
    made["rules"] = {"disable": ["NOPE-01"]}


def unknown_indicator(made: Settings) -> None:
    made["agencies"][0]["delegated_services"] = [{"indicator": "no_such_indicator", "url": "https://example.org/"}]


def unknown_pack(made: Settings) -> None:
    made["pack"] = "atlantis"


def not_a_url(made: Settings) -> None:
    made["agencies"][0]["sites"] = ["bad.lab"]


CONFIG = [
    (unknown_key, "pages_per_sight", "pages_per_site"),
    (wrong_type, "crawl.delay", "number"),
    (overlapping_names, "names", "overlap"),
    (no_agencies, "agencies", "least"),
    (no_sites, "sites", "address"),
    (unknown_rule, "NOPE-01", "LANG-01"),
    (unknown_indicator, "no_such_indicator", "copyright_notice"),
    (unknown_pack, "atlantis", "kz"),
    (not_a_url, "sites", "http"),
]


@pytest.mark.parametrize(("spoil", "names", "accepts"), CONFIG, ids=lambda item: getattr(item, "__name__", None))
def test_wrong_config_names_file_line_key_and_what_is_accepted(
    tmp_path: Path, spoil: Callable[[Settings], None], names: str, accepts: str
) -> None:
    made = settings()
    spoil(made)
    odrc = watching(tmp_path, made)
    done = odrc.run(NIGHT, code=USAGE)
    told = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(told) == 1, done.stderr
    assert "odrc.yaml:" in told[0]
    assert names in told[0]
    assert accepts.lower() in told[0].lower()
    assert done.stdout == ""
    assert not odrc.workspace.exists(), "nothing is started"


@pytest.mark.parametrize("text", ["agencies: [", "- a\n- b\n", ""])
def test_file_that_is_no_settings_file(tmp_path: Path, text: str) -> None:
    odrc = Odrc(tmp_path / "odrc.yaml")
    odrc.file.write_text(text, encoding="utf-8")
    done = odrc.run(NIGHT, code=USAGE)
    assert "odrc.yaml" in done.stderr
    assert not odrc.workspace.exists()


def test_missing_settings_file(tmp_path: Path) -> None:
    assert "odrc init" in Odrc(tmp_path / "odrc.yaml").run(NIGHT, code=USAGE).stderr


def test_unwritable_workspace(tmp_path: Path) -> None:
    odrc = watching(tmp_path, settings())
    (tmp_path / "workspace").write_text("a file stands where the folder should be", encoding="utf-8")
    done = odrc.run(NIGHT, code=USAGE)
    assert "workspace" in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def test_night_that_is_no_date(tmp_path: Path) -> None:
    odrc = watching(tmp_path, settings())
    assert "--night" in odrc("run", "--night", "tomorrow", code=USAGE).stderr


def test_looking_before_the_first_night(tmp_path: Path) -> None:
    odrc = watching(tmp_path, settings())
    for words in (("marks",), ("findings",), ("explain", "bad", "lang_coverage"), ("status",)):
        assert "odrc run" in odrc(*words, code=USAGE).stderr


@pytest.mark.full
def test_corrupt_warc_is_named_and_the_rest_is_kept(lab: country.Server, tmp_path: Path) -> None:
    odrc = watching(tmp_path, country.config(NIGHT, lab.port, tmp_path / "workspace", only=("bad",)))
    odrc.run(NIGHT)
    findings = odrc.findings(NIGHT)
    warc = max(odrc.workspace.rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    data = bytearray(warc.read_bytes())
    middle = len(data) // 2
    data[middle : middle + len(data) // 4] = bytes(len(data) // 4)
    warc.write_bytes(data)
    for facts in odrc.workspace.rglob("*facts*"):  # only the archive can answer now
        if facts.is_file():
            facts.unlink()
    done = odrc("recheck", "--night", NIGHT, "--dry-run", "--format", "json", code=None)
    assert done.returncode in (DONE, INCOMPLETE)
    assert warc.name in done.stderr
    assert odrc.findings(NIGHT) == findings, "what the ledger holds is not touched"
    odrc.run(NEXT_NIGHT, code=None)
    assert odrc.marks(NEXT_NIGHT)
