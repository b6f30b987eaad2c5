"""A whole crawl harvests the real pycsw page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.capture import ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState
from crawler.policy import FetchPolicy
from crawler.portals.csw import Csw
from crawler.records import Record, Standard
from crawler.run import crawl_night
from tests.servers import pycsw, spatial
from tests.servers.process import free_port

NIGHT = date(2026, 1, 2)
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(pycsw.missing() is not None, reason=str(pycsw.missing())),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pycsw.Catalogue]:
    with pycsw.catalogue(tmp_path_factory.mktemp("pycsw"), NIGHT) as running:
        yield running


def lab() -> Pack:
    names = {"en": "Lab"}
    language = {"code": "en", "obligation": "required", "basis": "test", "verified": True}
    profile = {"id": "plain", "names": names, "basis": "test", "source": "test"}
    told = {"id": "lab", "names": names, "zone": "Asia/Almaty", "languages": [language], "profiles": [profile]}
    return Pack.model_validate({**told, "rules": [], "extraction": {"words": {}, "months": {}}})


def harvest(workspace: Path, url: str, kind: str) -> tuple[RunCoverage, dict[str, Record]]:
    settings = Settings.model_validate(
        {
            "pack": "kz",
            "workspace": workspace,
            "operator": {"name": "Lab", "contact": "data@centre.lab", "about_url": "https://centre.lab/bot"},
            "agencies": [{"id": "geodesy", "names": {"en": "Geodesy"}}],
            "portals": [{"id": "map", "kind": kind, "url": url}],
            "crawl": {"delay": 0, "allow_private": True, "resolve": {pycsw.HOST: "127.0.0.1"}},
        }
    )
    policy = FetchPolicy(frozenset({Purpose.PAGE, Purpose.PORTAL}))
    coverage = crawl_night(settings, lab(), NIGHT, "nightly", policy, progress=lambda _: None)
    adapter, found = Csw(), {}
    with Archive(workspace) as archive:
        for capture in archive.captures(until=NIGHT):
            if (
                capture.purpose is Purpose.PORTAL
                and capture.outcome is ExchangeOutcome.OK
                and "GetRecords" in capture.url
            ):
                for record in adapter.records(settings.portals[0], capture, archive.body(capture)):
                    found[record.id] = record
    return coverage, found


@pytest.mark.parametrize("kind", ["csw", "auto"])
def test_every_record_is_read(service: pycsw.Catalogue, tmp_path: Path, kind: str) -> None:
    coverage, found = harvest(tmp_path / "workspace", service.url, kind)
    assert coverage.state is RunState.COMPLETE
    (scope,) = coverage.scopes
    assert (scope.scope, scope.known, scope.fetched) == (service.url, 3, 3)
    assert scope.exhausted == {"data": True}
    assert coverage.hosts[0].incidents == ()
    assert set(found) == set(service.records)
    for sheet in spatial.SHEETS:
        record = found[sheet.id]
        assert record.standard is Standard.ISO_19139
        assert record.titles == sheet.titles
        assert (record.frequency, record.kind) == (sheet.frequency, sheet.kind)
        assert record.licence.url == sheet.licence
        assert record.contact.has_mail is sheet.contact
        assert (record.extent is None) is (sheet.box is None)
        assert [item.format for item in record.distributions] == ([sheet.format] if sheet.format else [])


def test_a_service_that_is_not_there(tmp_path: Path) -> None:
    url = f"http://{pycsw.HOST}:{free_port()}/csw"
    coverage, found = harvest(tmp_path / "workspace", url, "csw")
    (scope,) = coverage.scopes
    assert (scope.known, scope.failed, scope.exhausted) == (1, {"refused": 1}, {"data": False})
    assert coverage.hosts[0].incidents == ("catalogue:refused",)
    assert found == {}
