"""One HTTP server on loopback that answers for every host of the lab, by the Host header."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

from tests.lab.pages import Answer, SiteBuilder, missing
from tests.lab.plans import PLANS, PLATFORM_FOOTER, SitePlan
from tests.lab.words import LANGUAGES

BLOCKED_HOST = "blocked.lab"
SHARED_HOST = "shared.lab"
TAGGED = frozenset({"good.lab"})  # answers 304 to who shows the tag of the last visit
PLAIN = "text/plain; charset=utf-8"


class Country:
    """Every answer of every host, built once for a night."""

    def __init__(self, night: date, port: int) -> None:
        self.night, self.port = night, port
        self.hosts: dict[str, dict[str, Answer]] = {}
        self.plans: dict[str, list[SitePlan]] = {}
        for plan in PLANS:
            self.hosts.setdefault(plan.host, {}).update(SiteBuilder(plan, night, port).build())
            self.plans.setdefault(plan.host, []).append(plan)
        self._robots()
        self.hosts[SHARED_HOST]["/"] = _platform_home()

    def answer(self, host: str, target: str) -> Answer:
        """Return what *host* says to *target* (path and query)."""
        if host == BLOCKED_HOST:
            return block_page(target)
        answers = self.hosts.get(host)
        if answers is None:
            return missing(None)
        path = urlsplit(target).path
        found = answers.get(target)
        if found is None and "/api/" in path:
            found = answers.get(path)
        return found or missing(self.plans[host][0] if len(self.plans[host]) == 1 else None)

    def _robots(self) -> None:
        good, base = self.hosts["good.lab"], f"http://good.lab:{self.port}"
        lines = f"User-agent: *\nDisallow: /admin/\nSitemap: {base}/sitemap.xml\n"
        good["/robots.txt"] = Answer(lines.encode(), content_type=PLAIN)
        pages = [
            target for target, answer in good.items() if answer.status == 200 and "text/html" in answer.content_type
        ]
        rows = "".join(f"<url><loc>{base}{target.replace('&', '&amp;')}</loc></url>" for target in sorted(pages))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        document = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{space}">{rows}</urlset>'
        good["/sitemap.xml"] = Answer(document.encode(), content_type="application/xml")
        denied = b"User-agent: *\nDisallow: /three/\n"
        self.hosts[SHARED_HOST]["/robots.txt"] = Answer(denied, content_type=PLAIN)


def _platform_home() -> Answer:
    links = "".join(
        f'<li><a href="{plan.root}">{plan.names["ru"]}</a></li>' for plan in PLANS if plan.host == SHARED_HOST
    )
    footer = "".join(f"<p>{PLATFORM_FOOTER[item]}</p>" for item in LANGUAGES)
    head = "<!DOCTYPE html><html><head><title>Платформа</title></head>"
    body = f"{head}<body><ul>{links}</ul><footer>{footer}</footer></body></html>"
    return Answer(body.encode())


def block_page(target: str) -> Answer:
    """Return the page that a web application firewall shows with status 200, with a number that differs by address."""
    incident = hashlib.sha256(target.encode()).hexdigest()[:18]
    body = (
        '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Доступ запрещён | Access denied</title>'
        '<meta name="robots" content="noindex, nofollow"></head><body><h1>Доступ запрещён</h1>'
        "<p>Ваш запрос заблокирован системой защиты веб-приложений. The requested URL was rejected: your request was "
        "blocked by the web application firewall. Please consult with your administrator.</p>"
        f"<p>Incident ID: {incident}</p></body></html>"
    )
    return Answer(body.encode())


class Server(ThreadingHTTPServer):
    """The lab's server; `seen` keeps every request as (host, target, user agent)."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, night: date, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.country = Country(night, self.server_address[1])
        self.seen: list[tuple[str, str, str]] = []

    @property
    def port(self) -> int:
        """The port that all hosts of the lab answer on."""
        return int(self.server_address[1])

    def asked(self, host: str, prefix: str = "/") -> list[str]:
        """Return the targets under *prefix* that were asked of *host*."""
        return [target for name, target, _agent in self.seen if name == host and target.startswith(prefix)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        server = cast("Server", self.server)
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        server.seen.append((host, self.path, self.headers.get("User-Agent", "")))
        answer = server.country.answer(host, self.path)
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"' if host in TAGGED and answer.status == 200 else None
        if tag and self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        self.send_response(answer.status)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        if with_body:
            self.wfile.write(answer.body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the tests look at `seen`."""


@contextmanager
def serving(night: date, port: int = 0) -> Iterator[Server]:
    """Serve the lab until the block ends."""
    server = Server(night, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
