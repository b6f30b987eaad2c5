"""Pages that lead the browser elsewhere, by redirect or script: to rows, other hosts, what robots.txt denies."""

from __future__ import annotations

import asyncio
import shutil
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import trustme

from crawler.capture import ExchangeOutcome, How
from crawler.render.browser import Chromium, DrawError
from crawler.render.page import Artist, Assets, Drawn, Wish
from crawler.render.proxy import Door
from crawler.render.rules import Manners, Rules
from tests.crawler.render.shells import APP, SHELL, Make, Night, allowed, asked_for, captures, data, script
from tests.crawler.support import Reply, Web, html

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on PATH"),
]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_that_is_sent_to_rows_of_a_register_is_dropped(serve: Callable[..., Web], scheme: str) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("good.lab").configure_cert(context)
    web = serve((lambda socket: context.wrap_socket(socket, server_side=True)) if scheme == "https" else None)
    web.pages |= {"/": SHELL, "/app.js": script(APP), "/rows": data("Rows")}
    web.pages["/api/"] = Reply(status=302, headers={"Location": "/rows"})
    url = web.url("good.lab", scheme=scheme)

    async def allowed(_url: str) -> bool:
        return True

    async def draw() -> Drawn:
        chromium = Chromium(shutil.which("chromium") or "")
        manners = Manners(lambda _: asyncio.sleep(0), allowed, lambda _: False, lambda *_: None)
        rules = Rules(url, refuses=lambda url: url.endswith("/rows"))
        door = Door({"good.lab": "127.0.0.1"}, allow_private=True)
        try:
            return await Artist(Wish(url, "agent", timeout=20), rules, door, manners, Assets()).draw(
                await chromium.get()
            )
        finally:
            await chromium.close()

    with pytest.raises(DrawError, match="rows of a register") as raised:
        asyncio.run(draw())
    assert raised.value.outcome is ExchangeOutcome.OUT_OF_SCOPE
    assert "/rows" not in web.paths()


class Browsers:
    """A page that is a shell for the crawl and a redirect for the browser, as gates that look at who asks are."""

    def __init__(self, web: Web, location: str, status: int = 302) -> None:
        self._web, self._location, self._status = web, location, status

    def __call__(self, path: str) -> Reply:
        drawn = self._web.seen[-1].headers["user-agent"].startswith("Mozilla")
        return Reply(b"", self._status, {"Location": self._location}) if drawn else SHELL


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("status", [302, 307])
def test_a_page_that_redirects_the_browser_to_what_robots_deny(
    installation: Make, night: Night, serve: Callable[..., Web], scheme: str, status: int
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("good.lab").configure_cert(context)
    web = serve((lambda socket: context.wrap_socket(socket, server_side=True)) if scheme == "https" else None)
    url = web.url("good.lab", scheme=scheme)
    web.pages |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /private"),
        "/": Browsers(web, "/step", status),
        "/step": Reply(b"", status, {"Location": "/private/list"}),
        "/private/list": html("not for robots"),
    }
    settings = allowed(installation({"good": [url]}))
    night(settings)
    (drawn,) = captures(settings, how=How.RENDERED)
    assert (drawn.outcome, drawn.detail) == (ExchangeOutcome.ROBOTS, f"led to {url}private/list: robots")
    assert web.paths().count("/step") == 1, "what is allowed on the way was followed"
    assert not any(path.startswith("/private") for path in web.paths())
    assert (f"{url}private/list", "robots") in {(item.url, item.outcome) for item in asked_for(settings)}


def test_a_page_that_redirects_the_browser_out_of_its_scope(installation: Make, night: Night, web: Web) -> None:
    """To another host, and on a shared host to what another agency has there."""
    web.pages |= {
        "/robots.txt": Reply(b"", 404),
        "good.lab/one/": html("one", "/one/a", "/one/b", "/one/c"),
        "/one/a": Browsers(web, web.url("other.lab", "/elsewhere")),
        "/one/b": Browsers(web, "/two/home"),
        "/one/c": Browsers(web, "/one/drawn"),
        "/one/drawn": html("Сөз мәтін " * 60),
        "/two/home": html("another body's"),
        "other.lab/elsewhere": html("elsewhere"),
    }
    settings = allowed(installation({"one": [web.url("good.lab", "/one/")], "two": [web.url("good.lab", "/two/")]}))
    night(settings)
    drawn = {urlsplit(item.key.url).path: item for item in captures(settings, how=How.RENDERED)}
    assert {path: item.outcome for path, item in drawn.items() if path.startswith("/one/")} == {
        "/one/a": ExchangeOutcome.OUT_OF_SCOPE, "/one/b": ExchangeOutcome.OUT_OF_SCOPE, "/one/c": ExchangeOutcome.OK,
    }  # fmt: skip
    assert drawn["/one/a"].detail == f"led to {web.url('other.lab', '/elsewhere')}: other_host"
    assert drawn["/one/b"].detail == f"led to {web.url('good.lab', '/two/home')}: out_of_scope"
    assert drawn["/one/c"].url == web.url("good.lab", "/one/drawn")
    assert "/two/home" not in web.paths()
    assert web.paths("other.lab") == []


def test_a_page_whose_script_leads_to_what_robots_deny_stays_and_says_so(
    installation: Make, night: Night, web: Web
) -> None:
    """At once by script, by script over a redirect, and data that a redirect would take from a denied address."""

    def shell(name: str) -> Reply:
        return Reply(SHELL.body.replace(b"/app.js", f"/{name}.js".encode()), headers=SHELL.headers)

    text = "document.getElementById('root').textContent = 'Сөз мәтін '.repeat(60);"
    web.pages |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /private"),
        "/": html("home", "/script", "/hop", "/data"),
        **{f"/{name}": shell(name) for name in ("script", "hop", "data")},
        "/script.js": script(f"{text} location = '/private/list'"),
        "/hop.js": script(f"{text} location = '/gate'"),
        "/data.js": script(f"{text} fetch('/gate')"),
        "/gate": Reply(b"", 302, {"Location": "/private/list"}),
        "/private/list": html("not for robots"),
    }
    settings = allowed(installation({"good": [web.url("good.lab")]}))
    night(settings)
    denied = web.url("good.lab", "/private/list")
    drawn = {urlsplit(item.key.url).path: item for item in captures(settings, how=How.RENDERED)}
    assert {path: (item.outcome, item.url, item.detail) for path, item in drawn.items()} == {
        "/script": (ExchangeOutcome.OK, web.url("good.lab", "/script"), f"kept from {denied}: robots"),
        "/hop": (ExchangeOutcome.OK, web.url("good.lab", "/hop"), f"kept from {denied}: robots"),
        "/data": (ExchangeOutcome.OK, web.url("good.lab", "/data"), None),
    }
    assert web.paths().count("/gate") == 2
    assert "/private/list" not in web.paths()
    refused = [item.kind for item in asked_for(settings) if (item.url, item.outcome) == (denied, "robots")]
    assert sorted(filter(None, refused)) == ["document", "document", "xhr"], "the protocol calls a fetch so"
