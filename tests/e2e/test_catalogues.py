"""Catalogues that lie, break off or answer something else: an outcome with its reason, and the night goes on."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from crawler.archive.reader import Archive
from crawler.coverage import RunState
from tests.e2e.conftest import Odrc, watching
from tests.lab import broken, country
from tests.lab.country import NIGHT

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("catalogues")]

PORTALS = {
    "html": ("egovkz", "html.lab", "/"),
    "page": ("dcat", "html.lab", "/catalog.ttl"),
    "cut": ("egovkz", "cut.lab", "/"),
    "liar": ("egovkz", "liar.lab", "/"),
    "iris": ("dcat", "iris.lab", "/catalog.ttl"),
    "down": ("ckan", "down.lab", "/"),
}


@dataclass(frozen=True)
class Told:
    """What one night on broken catalogues gave, and the same night's incidents by host."""

    odrc: Odrc
    lab: country.Server
    incidents: dict[str, set[str]]
    exhausted: dict[str, bool]
    state: RunState
    balanced: bool


@pytest.fixture(scope="module")
def told(lab: country.Server, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("broken")
    settings = country.config(NIGHT, lab.port, folder / "workspace", only=("good",))
    settings["portals"] = [
        {"id": name, "kind": kind, "url": f"http://{host}:{lab.port}{path}"}
        for name, (kind, host, path) in PORTALS.items()
    ]
    settings["agencies"][0]["publishers"] = [{"portal": name, "id": str(broken.BODY["id"])} for name in ("cut", "liar")]
    odrc = watching(folder, settings)
    odrc.run(NIGHT)
    with Archive(odrc.workspace) as archive:
        coverage = archive.coverage(NIGHT)[-1]
    return Told(
        odrc,
        lab,
        {item.host.partition(":")[0]: set(item.incidents) for item in coverage.hosts},
        {item.scope: item.exhausted.get("data", False) for item in coverage.scopes},
        coverage.state,
        all(item.balanced() for item in coverage.scopes),
    )


def test_night_is_whole_and_its_totals_add_up(told: Told) -> None:
    assert told.state is RunState.COMPLETE
    assert told.balanced
    assert told.odrc.status()["pending"] == 0


@pytest.mark.parametrize(
    ("host", "reason"),
    [("html.lab", "html"), ("cut.lab", "cut_off"), ("liar.lab", "fewer_than_claimed"), ("down.lab", "refused")],
)
def test_catalogue_that_could_not_be_read_says_why(told: Told, host: str, reason: str) -> None:
    assert f"catalogue:{reason}" in told.incidents[host]


def test_sets_with_broken_addresses_are_read_all_the_same(told: Told) -> None:
    """Two sets are described; what is relative is resolved, what is no address costs itself alone."""
    found = [item for item in told.odrc.findings(NIGHT) if str(item["subject"]["id"]).startswith("iris:")]
    assert {item["agency"] for item in found} == {None}
    assert len({item["subject"]["id"] for item in found if item["subject"]["kind"] == "dataset"}) == 2
    assert not [item for item in found if item["reason"] == "rule_error"]


def test_nothing_broken_passes_for_a_whole_catalogue(told: Told) -> None:
    hosts = ("html.lab", "cut.lab", "liar.lab", "down.lab")
    assert {scope for scope, whole in told.exhausted.items() if whole and any(host in scope for host in hosts)} == set()


def test_catalogue_is_read_on_behind_a_page_that_breaks_off(told: Told) -> None:
    """Page 2 ends in mid-entry: what stands whole on it counts, and page 3 is asked for."""
    assert any("page=3" in target for target in told.lab.asked("cut.lab", "/datasets/getdatasetsre?"))


def test_catalogue_that_claims_more_than_it_holds_is_not_asked_without_end(told: Told) -> None:
    lists = told.lab.asked("liar.lab", "/datasets/getdatasetsre?")
    assert 2 <= len(lists) <= 2 + 4
    assert len(told.lab.asked("html.lab")) < 20


def test_site_is_marked_as_if_there_were_no_catalogues(told: Told) -> None:
    marks = {(mark["agency"], mark["indicator"]): mark["mark"] for mark in told.odrc.marks(NIGHT)}
    assert marks["good", "lang_coverage"] == "+"
    assert marks["good", "freshness_weekly"] is not None


def test_no_minus_rests_on_a_catalogue_that_broke(told: Told) -> None:
    minus = [mark for mark in told.odrc.marks(NIGHT) if mark["mark"] == "-"]
    about = {"passport_complete", "responsible_named"}  # what was read of the lists is poor, and that was seen
    assert {mark["indicator"] for mark in minus} <= about, minus


def test_recheck_gives_identical_findings(told: Told) -> None:
    again = json.loads(told.odrc("recheck", "--night", NIGHT, "--dry-run", "--format", "json").stdout)
    assert (again["new"], again["gone"], again["marks_changed"]) == ([], [], [])
