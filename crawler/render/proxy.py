"""The only door of the browser: a proxy on loopback, opened for one page and closed with it.

Chromium asks no resolver of ours, so all it sends goes through here (RFC 9110 section 7.6, RFC 9112 section 3.2.2).
Each host is checked against the page's rules, each address against the guard, and the connection is made to the address
that was checked. Requests wait for the host's turn; their number and all bytes are limited; what was asked is noted.
Of TLS the proxy sees host and address only; what passes inside is told by the browser.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from crawler.manners.addresses import (
    AddressRefusedError,
    Lookup,
    literal,
    port_refusal,
    refusal,
    resolve,
    system_lookup,
)
from crawler.manners.failures import HeldError
from crawler.render.rules import MOST_LOGGED, Asked, Rules

_HEAD = 65_536
_BODY = 1_000_000
_CHUNK = 65_536
_PATIENCE = 30.0  # seconds without a byte
_TLS_HANDSHAKE = b"\x16\x03"  # RFC 8446 section 5.1: a TLS connection begins with a handshake record
# RFC 9110 section 7.6.1, and what speaks to proxies.
_HOP = frozenset(
    b"connection proxy-connection keep-alive te trailer upgrade proxy-authorization proxy-authenticate".split()
)
Pace = Callable[[str], Awaitable[None]]
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _RefusedError(Exception):
    """A request that is not passed on, and the reason code."""


@dataclass(frozen=True)
class Door:
    """How the proxy reaches the outside. `names` come before DNS; `upstream` is the operator's own proxy, if any."""

    names: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    upstream: str | None = None
    requests: int = 100
    bytes: int = 20_000_000
    lookup: Lookup = system_lookup


class FilterProxy:
    """One page's proxy. `asked` lists what came, `spent` the bytes that were received."""

    def __init__(self, rules: Rules, door: Door, pace: Pace) -> None:
        self._rules, self._door, self._pace = rules, door, pace
        self.asked: list[Asked] = []
        self.spent = 0
        self._count = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """Listen on a free port of loopback and return the proxy's address."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Close the door and every connection through it."""
        if self._server:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError, ValueError, TimeoutError, asyncio.CancelledError):
            pass  # who hangs up, or speaks no HTTP, gets nothing; and the door may be closed
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        method, target, _ = head[0].decode("latin-1").split(" ", 2)
        before = self.spent
        try:
            if method == "CONNECT":
                await self._tunnel(target, (reader, writer))
            else:
                await self._forward(method, target, head[1:-2], (reader, writer))
        except _RefusedError as error:
            self._note(method, target, str(error), 0)
            await _refuse(writer, 403)
        except OSError as error:
            self._note(method, target, f"failed: {type(error).__name__}", 0)
            await _refuse(writer, 502)
        else:
            cut = self.spent > self._door.bytes
            self._note(method, target, "cut" if cut else "sent", self.spent - before)

    async def _tunnel(self, target: str, client: Ends) -> None:
        """Join the browser with a host, for TLS and nothing else."""
        parts = urlsplit(f"//{target}")
        host, port = parts.hostname or "", parts.port or 443
        server = await self._reach(host, port)
        try:
            if self._door.upstream:
                await self._ask_upstream(server, target)
            client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await client[1].drain()
            first = await asyncio.wait_for(client[0].read(_CHUNK), _PATIENCE)
            if not first.startswith(_TLS_HANDSHAKE):
                raise _RefusedError("not_tls" if first else "nothing_sent")
            server[1].write(first)
            await self._join(client, server)
        finally:
            server[1].close()

    async def _forward(self, method: str, target: str, lines: list[bytes], client: Ends) -> None:
        """Pass one request on and its answer back; the connection ends with it."""
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            raise _RefusedError("scheme")
        if self._rules.rows(target):  # where a redirect led; nobody else has judged it
            raise _RefusedError("rows")
        if any(line.lower().startswith(b"upgrade:") for line in lines):
            raise _RefusedError("upgrade")
        body = await _body(lines, client[0])
        server = await self._reach(parts.hostname, parts.port or 80)
        try:
            server[1].write(self._head(method, parts, lines) + body)
            await server[1].drain()
            await self._answer(method, server[0], client[1])
        finally:
            server[1].close()

    def _head(self, method: str, parts: SplitResult, lines: list[bytes]) -> bytes:
        kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _HOP]
        bare = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        target = urlunsplit(parts) if self._door.upstream else bare
        more = [b"Connection: close", *_credentials(self._door.upstream)]
        return b"\r\n".join([f"{method} {target} HTTP/1.1".encode("latin-1"), *kept, *more]) + b"\r\n\r\n"

    async def _reach(self, host: str, port: int) -> Ends:
        """Connect to a host that may be asked, when it is its turn. Raises _RefusedError, OSError."""
        self._count += 1
        if reason := self._rules.of_host(host, port):
            raise _RefusedError(reason)
        if self._count > self._door.requests:
            raise _RefusedError("too_many_requests")
        if self.spent > self._door.bytes:
            raise _RefusedError("too_many_bytes")
        addresses = await self._addresses(host, port)
        try:
            await self._pace(f"{host}:{port}" if port not in (80, 443) else host)
        except HeldError as error:
            raise _RefusedError("resting") from error
        if self._door.upstream:
            return await _open_upstream(self._door.upstream)
        trouble: OSError = ConnectionError(f"{host}: no address")
        for address in addresses:
            try:
                return await asyncio.wait_for(asyncio.open_connection(address, port), _PATIENCE)
            except OSError as error:
                trouble = error
        raise trouble

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Return addresses that passed the guard. Names are the upstream proxy's business, where there is one."""
        door = self._door
        try:
            if door.upstream:
                return _literal_only(host, port, allow_private=door.allow_private)
            return await asyncio.to_thread(
                resolve, host, port, door.names, allow_private=door.allow_private, lookup=door.lookup
            )
        except AddressRefusedError as error:
            raise _RefusedError(f"guard: {error.reason}") from error

    async def _ask_upstream(self, server: Ends, target: str) -> None:
        lines = [f"CONNECT {target} HTTP/1.1".encode(), f"Host: {target}".encode(), *_credentials(self._door.upstream)]
        server[1].write(b"\r\n".join(lines) + b"\r\n\r\n")
        answer = await asyncio.wait_for(server[0].readuntil(b"\r\n\r\n"), _PATIENCE)
        if b" 200" not in answer.split(b"\r\n", 1)[0]:
            raise ConnectionError("the upstream proxy refused")

    async def _join(self, client: Ends, server: Ends) -> None:
        back = asyncio.create_task(self._pass_on(server[0], client[1]))
        try:
            while data := await client[0].read(_CHUNK):
                server[1].write(data)
                await server[1].drain()
            with suppress(OSError, RuntimeError):
                server[1].write_eof()
            await back
        finally:
            back.cancel()

    async def _answer(self, method: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Pass one answer on, and tell the browser that the connection ends with it."""
        status = 100
        while status < 200:  # noqa: PLR2004 - RFC 9110 section 15.2: interim answers come before the final one
            head = await asyncio.wait_for(source.readuntil(b"\r\n\r\n"), _PATIENCE)
            first, *lines = head.split(b"\r\n")[:-2]
            status = int(first.split(b" ", 2)[1])
        kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _HOP]
        sink.write(b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n")
        if method != "HEAD" and status not in (204, 304):
            await self._pass_on(source, sink, _length(lines))
        await sink.drain()

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, length: int | None = None
    ) -> None:
        """Pass bytes to the browser: *length* of them, or until there are none; never too many."""
        while length != 0:
            wanted = _CHUNK if length is None else min(_CHUNK, length)
            data = await asyncio.wait_for(source.read(wanted), _PATIENCE)
            self.spent += len(data)
            length = None if length is None else length - len(data)
            if not data or self.spent > self._door.bytes:
                return
            sink.write(data)
            await sink.drain()

    def _note(self, method: str, target: str, outcome: str, length: int) -> None:
        if len(self.asked) < MOST_LOGGED:
            self.asked.append(Asked("proxy", method, target, outcome, length=length))


def _literal_only(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
    spelled = literal(host)
    reason = port_refusal(port) or (refusal(spelled) if spelled and not allow_private else None)
    if reason:
        raise AddressRefusedError(reason)
    return ()


async def _open_upstream(proxy: str) -> Ends:
    parts = urlsplit(proxy)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if context else 80)
    return await asyncio.wait_for(asyncio.open_connection(parts.hostname, port, ssl=context), _PATIENCE)


def _credentials(proxy: str | None) -> list[bytes]:
    parts = urlsplit(proxy or "")
    if not parts.username:
        return []
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [b"Proxy-Authorization: Basic " + base64.b64encode(pair.encode())]


async def _body(lines: list[bytes], reader: asyncio.StreamReader) -> bytes:
    """Return a request's body. Raises _RefusedError for one that is too long, or has no stated length."""
    if any(line.lower().startswith(b"transfer-encoding") for line in lines):
        raise _RefusedError("chunked_request")
    length = _length(lines) or 0
    if length > _BODY:
        raise _RefusedError("long_request")
    return await reader.readexactly(length)


def _length(lines: list[bytes]) -> int | None:
    """Return the stated length of a body; None when it ends otherwise (RFC 9112 section 6.3)."""
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    stated = fields.get(b"content-length", b"")
    return int(stated) if stated.isdigit() and b"transfer-encoding" not in fields else None


async def _refuse(writer: asyncio.StreamWriter, status: int) -> None:
    with suppress(OSError):
        writer.write(f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
