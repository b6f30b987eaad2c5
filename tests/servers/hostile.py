"""A server that sends any bytes at all, as slowly or as endlessly as asked. Raw sockets on loopback, in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]
_ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Hostile:
    """Behaviours by path; every path that has none is 404. `seen` holds the request targets as they came."""

    port: int = 0
    pages: dict[str, Behaviour | bytes] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "good.lab") -> str:
        return f"http://{host}:{self.port}{path}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side hangs up."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                target = head.split(b" ", 2)[1].decode("latin-1")
                self.seen.append(target)
                page = self.pages.get(target, _ABSENT)
                if isinstance(page, bytes):
                    writer.write(page)
                    await writer.drain()
                    continue
                await page(writer)
                break
        writer.close()


@contextmanager
def hostile() -> Iterator[Hostile]:
    """Run a server on a free port, and end it."""
    served, ready, stop = Hostile(), threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        server = await asyncio.start_server(served.answer, "127.0.0.1", 0)
        served.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield served
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(10)


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole answer, exactly as given."""
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
    return head.encode("latin-1") + b"\r\n\r\n" + body


def endless(head: bytes, part: bytes, pause: float = 0.0) -> Behaviour:
    """Send a head and then the same bytes for ever."""

    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return send
