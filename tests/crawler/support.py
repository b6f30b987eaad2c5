"""Servers and captures for the crawl's tests. Everything runs on loopback, under names such as good.lab."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose

NIGHT = date(2026, 1, 2)


class StepClock:
    """A clock that goes one second with every look."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 2, 20, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False  # close without an answer
    short: int = 0  # promise this many bytes more than are sent
    chunked: bool = False


@dataclass
class Seen:
    path: str
    headers: dict[str, str]
    at: float


Route = Reply | Callable[[str], Reply]


@dataclass
class Web:
    """One server: its pages by path, and what it was asked."""

    port: int
    pages: dict[str, Route] = field(default_factory=dict)
    fallback: Route = field(default_factory=lambda: Reply(b"no such page", 404))
    seen: list[Seen] = field(default_factory=list)

    def url(self, host: str, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self, host: str | None = None) -> list[str]:
        return [item.path for item in self.seen if host is None or item.headers["host"].startswith(host)]


def html(text: str, *links: str) -> Reply:
    anchors = " ".join(f'<a href="{link}">{link}</a>' for link in links)
    body = f"<!doctype html><html><head><title>{text}</title></head><body><p>{text}</p>{anchors}</body></html>"
    return Reply(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


class LabHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return

    def do_GET(self) -> None:
        web: Web = self.server.web
        headers = {name.lower(): value for name, value in self.headers.items()}
        web.seen.append(Seen(self.path, headers, time.monotonic()))
        host = headers.get("host", "").partition(":")[0]
        route = web.pages.get(f"{host}{self.path}") or web.pages.get(self.path) or web.fallback
        reply = route(self.path) if callable(route) else route
        time.sleep(reply.delay)
        if reply.drop:
            self.close_connection = True
            return
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(reply.body), reply.body))
            return
        self.send_header("Content-Length", str(len(reply.body) + reply.short))
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = bool(reply.short)


class LabServer(ThreadingHTTPServer):
    daemon_threads = True
    web: Web

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # clients that hang up are part of the tests


def capture(**given: Any) -> Capture:
    """A capture of an ordinary page, but for what is given."""
    url = given.pop("url", "http://good.lab/")
    moment = datetime(2026, 1, 2, 20, tzinfo=UTC)
    plain: dict[str, Any] = {
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "run": "nightly",
        "night": NIGHT,
        "key": CaptureKey("GET", url),
        "url": url,
        "host": "good.lab",
        "scopes": ("http://good.lab/",),
        "purpose": Purpose.PAGE,
        "outcome": ExchangeOutcome.OK,
        "started": moment,
        "finished": moment,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
    }
    return Capture(**{**plain, **given})
