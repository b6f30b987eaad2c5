from __future__ import annotations

from collections.abc import Callable

import pytest

from config.model import Settings
from config.pack import Pack
from crawler import heartbeat
from crawler.coverage import RunState
from crawler.hosts import Progress
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT, Reply, Web, html


@pytest.mark.full
def test_a_host_that_rests_is_told_and_the_heart_beats_meanwhile(
    installation: Callable[..., Settings], pack: Pack, web: Web
) -> None:
    turned_away: list[str] = []

    def busy(path: str) -> Reply:
        turned_away.append(path)
        return Reply(b"later", 429) if len(turned_away) == 1 else html("home")

    web.pages["/"] = busy
    settings = installation({"good": [web.url("good.lab")]}, cool_off=5)
    heard: list[Progress] = []
    coverage = crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=heard.append)
    assert (coverage.state, coverage.scopes[0].fetched) == (RunState.COMPLETE, 1)
    resting = [item for item in heard if item.standing == "resting"]
    assert resting
    assert all(item.until and item.host == f"good.lab:{web.port}" for item in resting)
    beat = heartbeat.read(settings.workspace)
    assert beat is not None
    assert (beat.stage, beat.run, beat.night) == ("crawl", "nightly", NIGHT)
    assert beat.captures is not None
