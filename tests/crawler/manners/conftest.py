from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from config.model import Settings
from config.pack import Pack
from crawler.archive import Archive
from crawler.capture import Capture, Purpose
from crawler.coverage import RunCoverage
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.support import NIGHT

Crawled = tuple[RunCoverage, dict[str, Capture]]


@pytest.fixture
def crawl(pack: Pack) -> Callable[..., Crawled]:
    """Crawl a night; return its statement and its captures by host and path."""

    def run(settings: Settings, **more: Any) -> Crawled:
        more.setdefault("progress", lambda _: None)
        coverage = crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), **more)
        assert all(scope.balanced() for scope in coverage.scopes)
        with Archive(settings.workspace) as archive:
            found = [item for item in archive.captures(until=NIGHT) if item.purpose is not Purpose.ROBOTS]
        captures = {item.key.url.removeprefix("http://").replace(".lab", "", 1): item for item in found}
        assert len(captures) == len(found)
        return coverage, {name.partition(":")[0] + name[name.index("/") :]: item for name, item in captures.items()}

    return run
