"""A platform of agencies' sites from crawl to marks: its data as it answers openly, its shells with a browser and without."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from checks.assessment import Assessment
from checks.facts.extract import FactsSource
from checks.facts.language import dominant
from checks.facts.store import FactsStore
from checks.marks import Mark, MarkValue
from checks.night import assess
from checks.registry import enabled_rules, fetch_policy
from checks.view import ScopeView, View
from config.model import Settings
from config.pack import Pack
from config.packload import load_pack
from crawler.archive.reader import Archive
from crawler.capture import Capture, How, Purpose
from crawler.coverage import RunCoverage
from crawler.run import crawl_night
from tests.lab.country import NIGHT
from tests.lab.govkz import BODIES, HOST, LANGUAGES, TICKET, Body, Platform, serving

pytestmark = pytest.mark.full
BROWSER = pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on PATH")


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with serving(NIGHT) as server:
        yield server


@pytest.fixture
def pack(platform: Platform) -> Pack:
    found = load_pack("kz")
    varying = tuple(
        item.model_copy(update={"hosts": (f"{HOST}:{platform.port}",)})
        for item in found.varying
        if item.kind == "header"
    )
    return found.model_copy(update={"varying": varying})


def settings(platform: Platform, workspace: Path, bodies: tuple[Body, ...], *, drawn: bool) -> Settings:
    allowed = {"host": HOST, "by": "platform owner", "date": "2026-11-01", "allows": ["render"]}
    given: dict[str, Any] = {
        "pack": "kz",
        "workspace": workspace,
        "operator": {"name": "Lab", "contact": "observatory@about.lab", "about_url": "http://about.lab/crawl"},
        "agencies": [
            {"id": body.project, "names": {"en": body.project}, "sites": [platform.scope(body.project)]}
            for body in bodies
        ],
        "permissions": [allowed] if drawn else [],
        "crawl": {"delay": 0, "concurrency": 4, "allow_private": True, "resolve": {HOST: "127.0.0.1"}},
    }
    return Settings.model_validate(given)


def night(given: Settings, pack: Pack) -> tuple[RunCoverage, Assessment, list[Capture]]:
    policy = fetch_policy(enabled_rules(given, pack))
    coverage = crawl_night(given, pack, NIGHT, "nightly", policy, progress=lambda _: None)
    with Archive(given.workspace) as archive:
        captures = list(archive.captures(until=NIGHT))
    assert all(item.balanced() for item in coverage.scopes)
    return coverage, assess(given, pack, NIGHT), captures


def mark(assessment: Assessment, agency: str, indicator: str) -> Mark:
    (found,) = [
        item
        for item in assessment.marks
        if (item.agency, item.indicator) == (agency, indicator) and item.profile == assessment.marks[0].profile
    ]
    return found


def views(given: Settings, pack: Pack) -> dict[str, ScopeView]:
    with Archive(given.workspace) as archive, closing(FactsStore(None, pack)) as store:
        view = View(NIGHT, given, pack, archive, FactsSource(archive, store, pack), 14)
        return {item.agency.id: item for item in view.scopes}


def test_without_a_browser_the_data_speaks_and_the_rest_is_not_observed(
    platform: Platform, pack: Pack, tmp_path: Path
) -> None:
    given = settings(platform, tmp_path, BODIES, drawn=False)
    coverage, found, captures = night(given, pack)
    assert mark(found, "open", "lang_coverage").value is MarkValue.PLUS
    assert mark(found, "single", "lang_coverage").value is MarkValue.MINUS
    assert mark(found, "still", "lang_coverage").value is MarkValue.PLUS
    for body in BODIES:
        fresh = mark(found, body.project, "freshness_weekly")
        assert (fresh.value, fresh.reason) == (None, "few_items"), "documents come when there is one: age says nothing"
    assert [item.incidents for item in coverage.hosts] == [("js_shell:no_permission",)]
    assert not [item for item in captures if item.how is How.RENDERED]

    scopes = views(given, pack)
    reasons = {(urlsplit(item.capture.key.url).path, item.reason) for item in scopes["open"].unseen}
    assert ("/api/v1/public/content-manager/news", "access_control") in reasons
    assert ("/memleket/entities/open/press/news", "js_shell") in reasons
    assert ("/", "js_shell") in reasons, "the platform's own page is everybody's"
    pages = {page.facts.url: page for page in scopes["open"].pages}
    document = pages[f"http://{HOST}:{platform.port}/memleket/entities/open/documents/details/open-3?lang=kk"]
    assert document.capture.key.variant == (("header:accept-language", "kk"),)
    assert dominant(document.facts.main) == "kk"
    day = (NIGHT - timedelta(days=11)).isoformat()
    assert [(item.value, item.method.value) for item in document.facts.dates] == [(day, "structured_data")]
    listed = pages[f"http://{HOST}:{platform.port}/memleket/entities/open/documents?lang=ru"]
    assert len(listed.facts.items) == len(BODIES[0].documents)
    assert listed.facts.items[0].date.value == (NIGHT - timedelta(days=2)).isoformat()
    assert listed.facts.section_kinds == ("documents",)

    files = [item for item in captures if item.purpose is Purpose.DOCUMENT]
    assert {urlsplit(item.url).path for item in files} == {f"/uploads/{body.project}-0.pdf" for body in BODIES}
    assert all(item.found_on and "/documents/" in item.found_on for item in files)


def test_manners_on_the_platform(platform: Platform, pack: Pack, tmp_path: Path) -> None:
    before = len(platform.seen)
    night(settings(platform, tmp_path, BODIES[:1], drawn=False), pack)
    asked = platform.seen[before:]
    counted = Counter((target, language) for target, language, _ in asked)
    assert max(counted.values()) == 1, "nothing is asked twice"
    assert sum("content-manager/news?" in target for target, _, _ in asked) == 1, "one try a night at what is closed"
    assert not any("ticket" in target or "gte" in target for target, _, _ in asked)
    assert {language for target, language, _ in asked if "/documents?" in target} == set(LANGUAGES)
    assert len(asked) <= 200 + 5, "the budget of the scope holds for all"


@BROWSER
def test_with_a_browser_and_permission_what_visitors_see_is_seen(
    platform: Platform, pack: Pack, tmp_path: Path
) -> None:
    given = settings(platform, tmp_path, (BODIES[0], BODIES[2]), drawn=True)
    coverage, found, captures = night(given, pack)
    drawn = [item for item in captures if item.how is How.RENDERED]
    assert {urlsplit(item.key.url).path for item in drawn if item.purpose is Purpose.PAGE} >= {
        "/", "/memleket/entities/open", "/memleket/entities/open/press/news", "/memleket/entities/still/press/news",
    }  # fmt: skip
    assert all(item.sha256 for item in drawn)
    fresh = mark(found, "open", "freshness_weekly")
    assert (fresh.value, fresh.reason) == (MarkValue.PLUS, "weekly")
    assert mark(found, "still", "freshness_weekly").value is not MarkValue.PLUS
    shared = [item for item in drawn if urlsplit(item.key.url).path == "/"]
    assert len(shared) == len(LANGUAGES), "fetched once, cited by all"
    assert all(len(item.scopes) == 2 for item in shared)
    home = [page for page in views(given, pack)["open"].pages if urlsplit(page.facts.url).path == "/"]
    assert "open" in {notice.kind.value for page in home for notice in page.facts.notices}

    assert platform.forged == [], "no ticket and no cookie left the browser"
    written = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.warc.gz"))
    assert TICKET.encode() not in written
    # Drawn pages lead on to more shells than the budget allows, and that is said.
    assert coverage.hosts[0].incidents == ("js_shell:render_budget",)
