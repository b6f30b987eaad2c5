"""The browser's door, asked over the wire by a plain client: who gets through, and who does not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest
import trustme

from crawler.manners.failures import HeldError
from crawler.render.proxy import Door, FilterProxy
from crawler.render.rules import Rules, is_counter
from tests.crawler.support import Reply, Web, html

BIG = Reply(b"x" * 50_000)


@dataclass
class Asking:
    """A proxy and what it did."""

    proxy: FilterProxy
    port: int
    paced: list[str] = field(default_factory=list)

    async def send(self, text: str, *, then: bytes = b"") -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(text.encode())
        if then:
            writer.write(await reader.readuntil(b"\r\n\r\n") and then)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    async def get(self, url: str, *lines: str) -> bytes:
        return await self.send("\r\n".join([f"GET {url} HTTP/1.1", f"Host: {urlsplit(url).netloc}", *lines, "", ""]))

    @property
    def outcomes(self) -> list[str]:
        return [item.outcome for item in self.proxy.asked]


@asynccontextmanager
async def asking(page: str, door: Door, hosts: tuple[str, ...] = ()) -> AsyncIterator[Asking]:
    paced: list[str] = []

    async def pace(site: str) -> None:
        paced.append(site)

    proxy = FilterProxy(Rules(page, hosts), door, pace)
    address = await proxy.open()
    try:
        yield Asking(proxy, int(address.rpartition(":")[2]), paced)
    finally:
        await proxy.close()


def door(**given: object) -> Door:
    return replace(Door({"good.lab": "127.0.0.1", "other.lab": "127.0.0.1"}, allow_private=True), **given)  # type: ignore[arg-type]


def test_the_page_own_host_is_asked_in_its_turn(web: Web) -> None:
    page = web.pages["/a"] = html("drawn")

    async def run() -> None:
        async with asking(web.url("good.lab"), door()) as client:
            assert b"drawn" in await client.get(web.url("good.lab", "/a"), "Cookie: a=1", "Proxy-Connection: x")
            assert client.paced == [f"good.lab:{web.port}"]
            assert client.outcomes == ["sent"]
            (asked,) = client.proxy.asked
            assert (asked.url, asked.length) == (web.url("good.lab", "/a"), len(page.body))

    asyncio.run(run())
    assert "proxy-connection" not in web.seen[0].headers


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://other.lab:{port}/", "other_host"),
        ("http://127.0.0.1:{port}/", "other_host"),
        ("http://2130706433:{port}/", "other_host"),
        ("http://good.lab:22/", "other_port"),
        ("http://good.lab.evil.lab:{port}/", "other_host"),
        ("ftp://good.lab/", "scheme"),
    ],
)
def test_nobody_else_is_asked(web: Web, target: str, reason: str) -> None:
    async def run() -> None:
        async with asking(web.url("good.lab"), door()) as client:
            assert (await client.get(target.format(port=web.port))).startswith(b"HTTP/1.1 403")
            assert client.outcomes == [reason]

    asyncio.run(run())
    assert web.seen == []


def test_a_redirect_to_rows_goes_no_further(web: Web) -> None:
    async def run() -> None:
        rules = Rules(web.url("good.lab"), refuses=lambda url: url.endswith("/rows"))
        proxy = FilterProxy(rules, door(), lambda _: asyncio.sleep(0))
        port = int((await proxy.open()).rpartition(":")[2])
        client = Asking(proxy, port)
        assert (await client.get(web.url("good.lab", "/rows"))).startswith(b"HTTP/1.1 403")
        assert client.outcomes == ["rows"]
        await proxy.close()

    asyncio.run(run())
    assert web.seen == []


def test_a_host_that_rests_is_not_reached(web: Web) -> None:
    async def held(_site: str) -> None:
        raise HeldError

    async def run() -> None:
        proxy = FilterProxy(Rules(web.url("good.lab")), door(), held)
        client = Asking(proxy, int((await proxy.open()).rpartition(":")[2]))
        assert (await client.get(web.url("good.lab"))).startswith(b"HTTP/1.1 403")
        assert client.outcomes == ["resting"]
        await proxy.close()

    asyncio.run(run())
    assert web.seen == []


def test_hosts_on_the_list_are_asked_on_the_ports_of_the_web_or_the_one_listed(web: Web) -> None:
    async def run() -> None:
        async with asking(web.url("good.lab"), door(), ("other.lab",)) as client:
            await client.get(web.url("other.lab"))
            assert client.outcomes == ["other_port"]
        async with asking(web.url("good.lab"), door(), (f"other.lab:{web.port}",)) as client:
            await client.get(web.url("other.lab"))
            assert client.outcomes == ["sent"]

    asyncio.run(run())
    assert len(web.seen) == 1


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00:ec2::254"]
)
def test_a_name_that_leads_into_somebodys_network(web: Web, address: str) -> None:
    async def run() -> None:
        own = Door(lookup=lambda _host, _port: [address])
        async with asking(web.url("good.lab"), own) as client:
            await client.get(web.url("good.lab"))
            assert client.outcomes[0].startswith("guard: ")

    asyncio.run(run())
    assert web.seen == []


def test_a_name_is_looked_up_once_and_the_address_that_passed_is_used() -> None:
    asked: list[str] = []

    def lookup(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1", "127.0.0.1"] if len(asked) == 1 else ["127.0.0.1"]

    async def run() -> None:
        async with asking("http://good.lab/", Door(lookup=lookup)) as client:
            await client.get("http://good.lab/")
            assert client.outcomes[0].startswith("guard: "), "both are kept back"

    asyncio.run(run())
    assert asked == ["good.lab"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(("Upgrade: websocket", "Connection: Upgrade"), "upgrade"), (("Transfer-Encoding: chunked",), "chunked_request")],
)
def test_odd_requests(web: Web, lines: tuple[str, ...], reason: str) -> None:
    async def run() -> None:
        async with asking(web.url("good.lab"), door()) as client:
            await client.get(web.url("good.lab"), *lines)
            assert client.outcomes == [reason]

    asyncio.run(run())
    assert web.seen == []


def test_no_more_requests_and_bytes_than_a_page_may_have(web: Web) -> None:
    web.pages["/big"] = BIG

    async def run() -> None:
        async with asking(web.url("good.lab"), door(requests=2, bytes=80_000)) as client:
            await client.get(web.url("good.lab", "/big"))
            assert len(await client.get(web.url("good.lab", "/big"))) < 40_000
            await client.get(web.url("good.lab", "/big"))
            assert client.outcomes == ["sent", "cut", "too_many_requests"]
        async with asking(web.url("good.lab"), door(bytes=10)) as client:
            await client.get(web.url("good.lab", "/big"))
            await client.get(web.url("good.lab", "/big"))
            assert client.outcomes == ["cut", "too_many_bytes"]

    asyncio.run(run())


def test_a_tunnel_is_for_tls_only(web: Web) -> None:
    async def run() -> None:
        async with asking(web.url("good.lab"), door()) as client:
            head = f"CONNECT good.lab:{web.port} HTTP/1.1\r\n\r\n"
            await client.send(head, then=b"GET / HTTP/1.1\r\nHost: good.lab\r\n\r\n")
            assert client.outcomes == ["not_tls"]
            assert (await client.send("CONNECT other.lab:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403")
            assert client.outcomes == ["not_tls", "other_host"]

    asyncio.run(run())
    assert web.seen == []


def test_tls_passes(serve: Callable[..., Web]) -> None:
    authority = trustme.CA()
    server, trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("good.lab").configure_cert(server)
    authority.configure_trust(trust)
    web = serve(lambda socket: server.wrap_socket(socket, server_side=True))
    web.pages["/"] = html("inside")

    async def run() -> bytes:
        async with asking(web.url("good.lab", scheme="https"), door()) as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            writer.write(f"CONNECT good.lab:{web.port} HTTP/1.1\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            await writer.start_tls(trust, server_hostname="good.lab")
            writer.write(b"GET / HTTP/1.0\r\nHost: good.lab\r\nConnection: close\r\n\r\n")
            answer = await asyncio.wait_for(reader.readuntil(b"</html>"), 10)
            writer.close()
            assert client.paced == [f"good.lab:{web.port}"]
            return answer

    assert b"inside" in asyncio.run(run())


def test_through_the_operators_proxy_names_are_its_business(web: Web) -> None:
    web.pages["http://far.lab/"] = html("far")
    web.fallback = lambda path: html(f"asked {path}")

    async def run() -> None:
        upstream = f"http://user:secret@127.0.0.1:{web.port}"
        async with asking("http://far.lab/", Door(upstream=upstream)) as client:
            assert b"asked http://far.lab/x" in await client.get("http://far.lab/x")
        async with asking("http://10.0.0.1/", Door(upstream=upstream)) as client:
            await client.get("http://10.0.0.1/")
            assert client.outcomes == ["guard: private address"]

    asyncio.run(run())
    assert web.seen[0].headers["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("https://www.google-analytics.com/collect", True),
        ("https://mc.yandex.ru/watch/1", True),
        ("https://www.gov.kz/stat/matomo.js", True),
        ("https://www.gov.kz/statistics", False),
        ("https://notgoogle-analytics.com/x", False),
    ],
)
def test_counters(url: str, counts: bool) -> None:
    assert is_counter(url) is counts


@pytest.mark.parametrize(
    ("method", "url", "kind", "reason"),
    [
        ("GET", "https://www.gov.kz/a", "document", None),
        ("GET", "http://gov.kz/a", "script", None),
        ("POST", "https://www.gov.kz/graphql", "fetch", None),
        ("GET", "https://www.gov.kz/a.png", "image", "kind_image"),
        ("GET", "https://www.gov.kz/a.woff", "font", "kind_font"),
        ("POST", "https://www.gov.kz/b", "ping", "kind_ping"),
        ("DELETE", "https://www.gov.kz/b", "xhr", "method"),
        ("GET", "data:text/html,x", "document", "scheme"),
        ("GET", "https://www.gov.kz/gtm.js", "script", "counter"),
        ("GET", "https://cdn.lab/x.js", "script", "other_host"),
        ("GET", "https://www.gov.kz/rows/1", "xhr", "rows"),
    ],
)
def test_requests_of_a_page(method: str, url: str, kind: str, reason: str | None) -> None:
    rules = Rules("https://www.gov.kz/memleket", refuses=lambda item: "/rows/" in item)
    assert rules.of_request(method, url, kind) == reason
