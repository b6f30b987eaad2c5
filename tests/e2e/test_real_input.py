"""Nights on software and pages that nobody here wrote, marked as a person who looked at them would sign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Odrc, watching
from tests.lab.country import NIGHT
from tests.servers import mediawiki, replay

pytestmark = pytest.mark.full
PROFILE = "assessment_2014"
OPERATOR = {"name": "Lab observatory", "contact": "observatory@about.lab", "about_url": "http://about.lab/crawl"}


def mark(odrc: Odrc, indicator: str, profile: str = PROFILE) -> dict[str, Any]:
    """Return the agency's mark of an indicator."""
    found = [
        item
        for item in odrc.marks(NIGHT)
        if item["agency"] == "agency" and item["indicator"] == indicator and item["profile"] == profile
    ]
    assert len(found) == 1
    return found[0]


def cited(odrc: Odrc, indicator: str) -> list[dict[str, Any]]:
    """Return the findings that an agency's mark cites."""
    ids = set(mark(odrc, indicator)["evidence"])
    return [item for item in odrc.findings(NIGHT) if item["id"] in ids]


@pytest.fixture(scope="module")
def wiki_night(wiki: mediawiki.Wiki, tmp_path_factory: pytest.TempPathFactory) -> Odrc:
    settings = {
        "pack": "kz",
        "operator": OPERATOR,
        "agencies": [
            {
                "id": "agency",
                "names": {"kk": mediawiki.NAME, "ru": "Министерство транспорта", "en": "Ministry of Transport"},
                "sites": [wiki.url],
            }
        ],
        "crawl": {"delay": 0, "concurrency": 2, "allow_private": True, "resolve": {wiki.host: "127.0.0.1"}},
    }
    odrc = watching(tmp_path_factory.mktemp("wiki_night"), settings)
    odrc.run(NIGHT)
    return odrc


@pytest.mark.xdist_group("wiki")
class TestLiveWiki:
    """A ministry that runs a MediaWiki in Kazakh: 10 sections and 17 news in Kazakh, three texts in Russian."""

    def test_all_articles_were_seen(self, wiki_night: Odrc) -> None:
        """Every article is linked from the main page or the news list; tool pages are denied by robots.txt."""
        status = wiki_night.status()
        assert status["fetched"] >= len(mediawiki.RUSSIAN) + len(mediawiki.NEWS_DAYS) + 12
        assert status["pending"] == 0

    def test_languages(self, wiki_night: Odrc) -> None:
        """No mark: each article is in Kazakh or in Russian, but robots.txt denies hundreds of known addresses.

        The interface is Kazakh on Russian articles too, so html lang says kk everywhere; only the main text tells.
        A person would note that no page offers Russian, and would not sign `-`: what robots.txt keeps from us may hold
        it. An operator who lets the crawl see those addresses gets the `-`.
        """
        found = mark(wiki_night, "lang_coverage")
        assert (found["mark"], found["passed"], found["failed"]) == (None, 0, 0), found
        assert found["reason"] in ("not_exhausted", "robots")
        versions = [item["measures"] for item in wiki_night.findings(NIGHT) if item["rule"] == "LANG-01"]
        assert sum(item["version_kk"] == "detected:kk" for item in versions) >= len(mediawiki.NEWS_DAYS) + 10
        assert sum(item["version_ru"] == "detected:ru" for item in versions) == len(mediawiki.RUSSIAN)

    def test_news(self, wiki_night: Odrc) -> None:
        """`+`: the list Жаңалықтар has entries 2 days old at most 7 days apart; the edit date is no entry."""
        found = mark(wiki_night, "freshness_weekly")
        assert (found["mark"], found["reason"]) == ("+", "weekly"), found
        newest = {item["measures"]["newest_date"] for item in cited(wiki_night, "freshness_weekly")}
        assert "2026-11-14" in newest

    def test_licence(self, wiki_night: Odrc) -> None:
        """`+`: MediaWiki states CC BY 4.0 in the footer and by link rel=license, in its own way."""
        found = mark(wiki_night, "copyright_notice")
        assert (found["mark"], found["reason"]) == ("+", "worst_pass"), found
        assert any("creativecommons.org" in str(item["evidence"]) for item in cited(wiki_night, "copyright_notice"))


@pytest.fixture(scope="module")
def recorded_night(recorded: replay.Replay, tmp_path_factory: pytest.TempPathFactory) -> Odrc:
    settings = {
        "pack": "kz",
        "operator": OPERATOR,
        "agencies": [{"id": "agency", "names": {"en": "Assigned Numbers Authority"}, "sites": [recorded.site]}],
        "crawl": {"delay": 0, "concurrency": 2, "allow_private": True, "pages_per_site": 150, "proxy": recorded.proxy},
    }
    odrc = watching(tmp_path_factory.mktemp("recorded_night"), settings)
    odrc.run(NIGHT)
    return odrc


@pytest.mark.xdist_group("recorded")
class TestRecordedSite:
    """www.iana.org of January 2014: 16 pages in English are recorded, every other address answers 404.

    Two of its registers link thousands of addresses, so a budget of 150 leaves most of the site unasked.
    """

    def test_recorded_pages_were_seen(self, recorded_night: Odrc) -> None:
        """All recorded pages are linked from each other; those with a redirect are found behind it."""
        seen = {proof["url"] for item in recorded_night.findings(NIGHT) for proof in item["evidence"]}
        paths = {"/", "/about", "/domains", "/numbers", "/protocols", "/time-zones", "/domains/root", "/domains/int"}
        assert {f"http://www.iana.org{path}" for path in paths} <= seen

    def test_languages(self, recorded_night: Odrc) -> None:
        """No mark: 16 English pages say nothing of the hundreds that were not asked for or not recorded.

        A person would not sign that Kazakh is missing on a site of which one page in a hundred was seen.
        """
        found = mark(recorded_night, "lang_coverage")
        assert found["mark"] is None, found
        assert found["passed"] == 0

    def test_news(self, recorded_night: Odrc) -> None:
        """No mark: the recorded pages hold no news; tables of registries with dates are no dynamic list."""
        assert mark(recorded_night, "freshness_weekly")["mark"] is None

    def test_notices(self, recorded_night: Odrc) -> None:
        """`+` at most: the footers were seen and state no restriction; a page of terms was not recorded."""
        found = mark(recorded_night, "copyright_notice")
        assert found["mark"] in ("+", None), found
        assert found["failed"] == 0

    def test_archive_keeps_the_sites_own_name(self, recorded_night: Odrc) -> None:
        """The proxy is a way to the site, not a part of it: no address of it stands in the evidence."""
        hosts = {proof["url"].split("/")[2] for item in recorded_night.findings(NIGHT) for proof in item["evidence"]}
        assert hosts == {"www.iana.org"}
        assert not list(Path(recorded_night.workspace).glob("127.0.0.1*"))
