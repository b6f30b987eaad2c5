from __future__ import annotations

import pytest

from config.pack import Pack
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from tests.crawler.render.shells import APP, SHELL, Night, data, script
from tests.crawler.support import NIGHT, Reply, Web


@pytest.fixture
def night(pack: Pack) -> Night:
    return lambda settings: crawl_night(settings, pack, NIGHT, "nightly", FetchPolicy(), progress=lambda _: None)


@pytest.fixture
def shells(web: Web) -> Web:
    web.pages |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /api/secret\n"),
        "/app.js": script(APP),
        "/api/": data("Home", "/news", "/secret"),
        "/api/news": data("News"),
        "/api/secret": data("Secret"),
    }
    web.fallback = lambda path: Reply(b"", 404) if path.startswith("/api/") else SHELL
    return web
