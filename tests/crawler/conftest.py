from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from config.model import Settings
from config.pack import Pack

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from crawler.coverage import RunCoverage  # noqa: E402  # the path is set first
from crawler.policy import FetchPolicy  # noqa: E402  # the path is set first
from crawler.run import crawl_night  # noqa: E402  # the path is set first
from tests.crawler.support import NIGHT, LabHandler, LabServer, Web  # noqa: E402  # the path is set first
from tests.crawler.wholenight import Night, check_books  # noqa: E402  # the path is set first


@pytest.fixture
def serve() -> Iterator[Callable[..., Web]]:
    servers: list[LabServer] = []

    def start(wrap: Callable[[Any], Any] | None = None) -> Web:
        server = LabServer(("127.0.0.1", 0), LabHandler)
        if wrap:
            server.socket = wrap(server.socket)
        server.web = Web(server.server_address[1])
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server.web

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def web(serve: Callable[..., Web]) -> Web:
    return serve()


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the crawl processes share compiled modules: half of a small crawl would be compiling Scrapy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))
        yield


@pytest.fixture(scope="session")
def pack() -> Pack:
    names = {"en": "Lab"}
    language = {"code": "en", "obligation": "required", "basis": "test", "verified": True}
    profile = {"id": "plain", "names": names, "basis": "test", "source": "test"}
    return Pack.model_validate(
        {
            "id": "lab",
            "names": names,
            "zone": "Asia/Almaty",
            "languages": [language],
            "profiles": [profile],
            "rules": [],
            "extraction": {"words": {}, "months": {}},
        }
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


Sites = Mapping[str, list[Any]]


@pytest.fixture
def installation(workspace: Path) -> Callable[..., Settings]:
    """Settings for agencies given as {id: [scopes]}; names ending in .lab lead to loopback."""

    def make(sites: Sites, names: tuple[str, ...] = (), **crawl: Any) -> Settings:
        hosts = ("good.lab", "www.good.lab", "other.lab", "slow.lab", *names)
        # Most tests count requests; those that are about baselines or sitemaps ask for them.
        defaults = {"delay": 0, "timeout": 5, "allow_private": True, "baselines": 0, "usual_sitemaps": False}
        defaults |= {"resolve": dict.fromkeys(hosts, "127.0.0.1")}
        return Settings.model_validate(
            {
                "pack": "kz",
                "workspace": workspace,
                "operator": {"name": "Центр", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
                "agencies": [{"id": name, "names": {"en": name}, "sites": scopes} for name, scopes in sites.items()],
                "crawl": {**defaults, **crawl},
            }
        )

    return make


@pytest.fixture
def night(pack: Pack) -> Night:
    def crawl(settings: Settings, policy: FetchPolicy | None = None, **more: Any) -> RunCoverage:
        more.setdefault("progress", lambda _: None)
        coverage = crawl_night(settings, pack, NIGHT, "nightly", policy or FetchPolicy(), **more)
        check_books(settings, coverage)
        return coverage

    return crawl
