"""A second look at a body, an indicator or one address: it tells what is otherwise and leaves the series as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.loader import load
from crawler.archive.reader import Archive
from crawler.secondlook import is_look
from reports.console import ledger_place
from reports.ledger import Ledger, RunKind
from tests.e2e.conftest import Odrc, watching
from tests.lab import country
from tests.lab.country import NIGHT

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("second_look")]


@pytest.fixture(scope="module")
def odrc(lab: country.Server, tmp_path_factory: pytest.TempPathFactory) -> Odrc:
    folder = tmp_path_factory.mktemp("look")
    found = watching(folder, country.config(NIGHT, lab.port, folder / "workspace", only=("good", "bad")))
    found.run(NIGHT)
    return found


@pytest.fixture(scope="module")
def looked(odrc: Odrc) -> dict[str, str]:
    """What looks at a body and at an indicator said; the marks are the same after them as before."""
    before = odrc.marks(NIGHT)
    said = {what: odrc("run", "--night", NIGHT, "--only", what).stdout for what in ("bad", "lang_coverage")}
    assert odrc.marks(NIGHT) == before
    return said


def captured(odrc: Odrc) -> dict[str, list[str]]:
    """Return the addresses that each run asked."""
    found: dict[str, list[str]] = {}
    with Archive(load(odrc.file).settings.workspace) as archive:
        for item in archive.captures(until=NIGHT):
            found.setdefault(item.run, []).append(item.key.url)
    return found


@pytest.mark.parametrize("what", ["bad", "lang_coverage"])
def test_a_look_finds_the_same(looked: dict[str, str], what: str) -> None:
    assert "0 new, 0 gone" in looked[what]


@pytest.mark.usefixtures("looked")
def test_the_night_is_judged_as_if_there_had_been_no_look(odrc: Odrc) -> None:
    again = json.loads(odrc("recheck", "--night", NIGHT, "--dry-run", "--format", "json").stdout)
    assert (again["new"], again["gone"], again["marks_changed"]) == ([], [], [])


def test_a_look_at_one_address_asks_no_other(odrc: Odrc, lab: country.Server) -> None:
    url = f"http://good.lab:{lab.port}/ru/news"
    earlier = set(captured(odrc))
    said = odrc("run", "--night", NIGHT, "--only", url).stdout
    assert f"at {url}" in said
    (run,) = set(captured(odrc)) - earlier
    assert is_look(run)
    assert set(captured(odrc)[run]) <= {url, f"http://good.lab:{lab.port}/robots.txt"}
    assert url in captured(odrc)[run]


@pytest.mark.usefixtures("looked")
def test_looks_are_listed_as_what_they_are(odrc: Odrc) -> None:
    with Ledger(ledger_place(load(odrc.file).settings), create=False) as ledger:
        looks = [item for item in ledger.runs(NIGHT) if item.kind is RunKind.LOOK]
        assert all(is_look(item.id) and item.coverage for item in looks)
        assert {"look at bad", "look at lang_coverage"} <= {item.reason for item in looks}
        published = ledger.run_of(NIGHT)
        assert published is not None
        assert not is_look(published.id)


@pytest.mark.parametrize("what", ["nobody", "http://elsewhere.lab/", "press_section", "://"])
def test_what_cannot_be_looked_at_is_told(odrc: Odrc, what: str) -> None:
    said = odrc("run", "--night", NIGHT, "--only", what, code=2).stderr
    assert f"--only {what}" in said


@pytest.mark.usefixtures("looked")
def test_nothing_of_a_look_reaches_the_next_nights(odrc: Odrc) -> None:
    workspace = Path(load(odrc.file).settings.workspace)
    history = (workspace / "archive" / "history" / f"{NIGHT.isoformat()}.jsonl").read_text(encoding="utf-8")
    with Archive(workspace) as archive:
        looked = [item.id for item in archive.captures(until=NIGHT) if is_look(item.run)]
    assert looked
    assert not any(name in history for name in looked)
