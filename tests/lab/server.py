"""One HTTP server on loopback that answers for every host of the lab, by the Host header."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

from tests.lab import lists
from tests.lab.broken import BROKEN
from tests.lab.catalogue import DCAT_HOST, Catalogue
from tests.lab.newcomers import BUSY_HOST, COOKIE, COOKIE_HOST, PLANS, SHELL_HOST, in_language
from tests.lab.pages import PLAIN, Answer, SiteBuilder, block_page, missing, platform_home, shell_page
from tests.lab.plans import SitePlan
from tests.lab.portal import PORTAL_HOST, Portal

BLOCKED_HOST = "blocked.lab"
SHARED_HOST = "shared.lab"
TAGGED = frozenset({"good.lab"})  # answers 304 to who shows the tag of the last visit
BUSY_SECONDS = 1
LANGUAGE_COOKIE = "egovLang"


class Country:
    """Every answer of every host, built once for a night."""

    def __init__(self, night: date, port: int) -> None:
        self.night, self.port = night, port
        self.hosts: dict[str, dict[str, Answer]] = {}
        self.plans: dict[str, list[SitePlan]] = {}
        for plan in PLANS:
            self.hosts.setdefault(plan.host, {}).update(lists.with_lists(SiteBuilder(plan, night, port)))
            self.plans.setdefault(plan.host, []).append(plan)
        self._by_cookie = {
            language: SiteBuilder(in_language(COOKIE, language), night, port).build() for language in COOKIE.switch
        }
        self._robots()
        self.hosts[SHARED_HOST]["/"] = platform_home([plan for plan in PLANS if plan.host == SHARED_HOST])
        self.portal = Portal(night, port)
        self.catalogue = Catalogue(night, port)

    def answer(self, host: str, target: str, language: str | None = None) -> Answer:
        """Return what *host* says to *target* (path and query), asked with the cookie of a *language*."""
        if own := self._own(language).get(host):
            return own(target)
        answers = self.hosts.get(host)
        if answers is None:
            return missing(None)
        if host == COOKIE_HOST:
            answers = self._by_cookie.get(language or "ru", answers)
        path = urlsplit(target).path
        found = answers.get(target)
        if found is None and "/api/" in path:
            found = answers.get(path)
        return found or missing(self.plans[host][0] if len(self.plans[host]) == 1 else None)

    def _own(self, language: str | None) -> dict[str, Callable[[str], Answer]]:
        """Return the hosts that are no site of a plan, each with its way to answer."""
        return BROKEN | {
            BLOCKED_HOST: block_page,
            SHELL_HOST: lambda _target: shell_page(),
            PORTAL_HOST: lambda target: self.portal.answer(target, language),
            DCAT_HOST: self.catalogue.answer,
        }

    def _robots(self) -> None:
        denied = b"User-agent: *\nDisallow: /three/\n"
        self.hosts[SHARED_HOST]["/robots.txt"] = Answer(denied, content_type=PLAIN)


def is_turned_away(target: str) -> bool:
    """Tell whether the busy host turns away who asks for this address the first time: a third of all."""
    return target != "/robots.txt" and hashlib.sha256(target.encode()).digest()[0] % 3 == 0


class Server(ThreadingHTTPServer):
    """The lab's server; `seen` keeps every request as (host, target, user agent)."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, night: date, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.country = Country(night, self.server_address[1])
        self.seen: list[tuple[str, str, str]] = []
        self._turned_away: set[str] = set()
        self._lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of visitors who hang up, as a killed crawl does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def port(self) -> int:
        """The port that all hosts of the lab answer on."""
        return int(self.server_address[1])

    def asked(self, host: str, prefix: str = "/") -> list[str]:
        """Return the targets under *prefix* that were asked of *host*."""
        return [target for name, target, _agent in self.seen if name == host and target.startswith(prefix)]

    def reply(self, host: str, target: str, language: str | None) -> Answer:
        """Return the answer to a request; the busy host turns some away the first time."""
        if host == BUSY_HOST and is_turned_away(target):
            with self._lock:
                first = target not in self._turned_away
                self._turned_away.add(target)
            if first:
                again = (("Retry-After", str(BUSY_SECONDS)),)
                return Answer(b"Too many requests\n", 429, PLAIN, headers=again)
        return self.country.answer(host, target, language)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lab"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_POST(self) -> None:
        """Portals take the parameters of their lists as a form, too."""
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        self.path += ("&" if "?" in self.path else "?") + form if form else ""
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        server = cast("Server", self.server)
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        server.seen.append((host, self.path, self.headers.get("User-Agent", "")))
        language = SimpleCookie(self.headers.get("Cookie", "")).get(LANGUAGE_COOKIE)
        answer = server.reply(host, self.path, language.value if language else None)
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
        for name, value in answer.headers:
            self.send_header(name, value)
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
