"""A country of 49 agencies on one host, crawled for real within the host's budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.capture import Purpose
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.strata import is_certain
from tests.crawler.support import NIGHT, Reply, Web
from tests.lab import crowd

SHARE = 12
REQUIRED = 1 + len(crowd.MENU)  # home and menu; the shared foot is the host's, asked once
WHOLE = REQUIRED + 2 * crowd.ITEMS


@pytest.mark.full
def test_every_agency_gets_its_due_every_night(installation: Callable[..., Settings], pack: Pack, web: Web) -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    web.pages = {path: Reply(page.encode(), headers=html) for path, page in crowd.pages().items()}
    web.pages["/robots.txt"] = Reply(status=404)
    budget = SHARE * crowd.AGENCIES
    settings = installation({"x": []}, names=(crowd.HOST,), pages_per_host=budget, baselines=0, concurrency=8)
    settings = Settings.model_validate({**settings.model_dump(mode="json"), "agencies": crowd.agencies(web.port)})
    seen: dict[str, set[str]] = {scope.url: set() for item in settings.agencies for scope in item.sites}
    for number in range(4):
        night = NIGHT + timedelta(days=number)
        coverage = crawl_night(settings, pack, night, f"night{number}", FetchPolicy(), progress=lambda _: None)
        with Archive(settings.workspace) as archive:
            found = [item for item in archive.captures(until=night, since=night) if item.purpose is Purpose.PAGE]
        asked = Counter(item.key.url for item in found)
        assert len(found) == budget
        assert max(asked.values()) == 1
        (shared,) = [item for item in found if item.key.url.endswith(crowd.SHARED)]
        assert set(shared.scopes) == set(seen), "fetched once, it carries all scopes"
        own = Counter(item.scopes[0] for item in found if item is not shared)
        assert set(own.values()) <= {SHARE - 1, SHARE}
        required = Counter(item.scopes[0] for item in found if is_certain(item.stratum or "") and item is not shared)
        assert set(required.values()) == {REQUIRED}
        for scope in coverage.scopes:
            assert scope.balanced()
            assert scope.exhausted["menu"]
        for item in found:
            if item is not shared:
                seen[item.scopes[0]].add(item.key.url)
    # Four nights of at least three sampled pages each: what is left of sixteen is the rest.
    assert all(len(urls) >= min(WHOLE, REQUIRED + 4 * (SHARE - 1 - REQUIRED)) for urls in seen.values())
