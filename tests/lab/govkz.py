"""A small copy of a single platform of agencies' sites, as third parties describe it: a shell for every path, JSON behind.

Documents, pages and curators answer openly, in the language of Accept-Language. News want a ticket that the site's own
script fetches and sends. `created_date=gte:` is answered with 500. The truth about each body is planted.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.lab.pages import shell_page
from tests.lab.plans import LICENCE
from tests.lab.words import section, section_names

HOST = "www.gov.lab"
LANGUAGES = ("kk", "ru", "en")
API = "/api/v1/public/content-manager/"
TICKET = "TICKET5e0b1c77a2"
_PAGE = 100

APP = """
const language = new URLSearchParams(location.search).get('lang') || 'ru';
const ask = (path, more) => fetch(path, {headers: {'Accept-Language': language, ...more}})
  .then(answer => answer.ok ? answer.json() : []);
const project = location.pathname.split('/')[3];
const draw = html => { document.getElementById('root').innerHTML = html + FOOTER; };
const list = (items, place) => '<ul>' + items.map(item => `<li><time datetime="${item.created_date}">` +
  `${item.created_date.slice(0, 10)}</time> <a href="${place}/${item.id}?lang=${language}">${item.title}</a></li>`).join('') + '</ul>';
(async () => {
  document.documentElement.lang = language;
  if (location.pathname.includes('no-such-page')) return draw('<h1>404</h1>');
  if (!project) return draw('<h1>GOV</h1><p>' + NAMES.join('</p><p>') + '</p>');
  if (location.pathname.endsWith('/press/news')) {
    const {ticket} = await ask('/api/v1/public/ticket');
    const items = await ask(API + 'news?projects=eq:' + project, {'X-Ticket': ticket});
    return draw('<h1>news</h1>' + list(items, location.pathname + '/details'));
  }
  const items = await ask(API + 'documents?projects=' + project + '&page=1&size=5&sort-by=created_date:DESC');
  draw('<h1>' + project + '</h1>' + items.map(item => `<p>${item.content}</p>`).join(''));
})();
"""


@dataclass(frozen=True)
class Body:
    """One agency: its documents by days before the night, the language they really speak, its news."""

    project: str
    documents: tuple[int, ...]
    speaks: str | None = None
    news: tuple[int, ...] = (1, 4, 8)


BODIES = (
    Body(
        "open", documents=tuple(range(2, 137, 3)), news=tuple(range(1, 100, 5))
    ),  # three languages, something new this week
    Body("single", documents=tuple(range(2, 137, 3)), speaks="ru"),  # says Kazakh and English, writes Russian
    Body("still", documents=tuple(range(90, 225, 3)), news=tuple(range(60, 160, 10))),  # nothing new for months
)


class Platform(ThreadingHTTPServer):
    """The server; `seen` keeps every request as (target, Accept-Language, user agent), `forged` tickets out of place."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, night: date) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.night = night
        self.seen: list[tuple[str, str, str]] = []
        self.forged: list[str] = []
        self.bodies = {body.project: body for body in BODIES}

    @property
    def port(self) -> int:
        """The port that the platform answers on."""
        return int(self.server_address[1])

    def scope(self, project: str) -> dict[str, Any]:
        """Return the scope of a body, as settings name it."""
        return {"url": f"http://{HOST}:{self.port}/memleket/entities/{project}", "platform": "govkz"}

    def asked(self, part: str) -> list[tuple[str, str, str]]:
        """Return the requests whose target holds *part*."""
        return [item for item in self.seen if part in item[0]]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of visitors who hang up."""

    def answer(self, target: str, language: str, ticket: str | None) -> tuple[int, Any]:
        """Return status and JSON of an address of the interface."""
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        kind, _, detail = parts.path.removeprefix(API).partition("/")
        if kind == "news" and ticket != TICKET:
            return 400, {"code": 400, "message": "notAllowed"}
        if query.get("created_date", "").startswith("gte:"):
            return 500, {"code": 500, "message": "Internal Server Error"}
        if detail:
            return self._detail(kind, detail, language)
        body = self.bodies.get(query.get("projects", "").rpartition(":")[2])
        if body is None or kind not in ("documents", "news", "pages", "curators"):
            return 404, {"code": 404, "message": "notFound"}
        return 200, self._list(body, kind, language, int(query.get("page", 1)), int(query.get("size", 20)))

    def _list(self, body: Body, kind: str, language: str, page: int, size: int) -> list[dict[str, Any]]:
        if kind in ("pages", "curators"):
            titles = [section(body.speaks or language, name).title for name in section_names()]
            return [{"id": number, "title": title, "order": number} for number, title in enumerate(titles)]
        days = body.news if kind == "news" else body.documents
        items = [self._item(body, number, language) for number in range(len(days))]
        size = min(size, _PAGE)
        return items[(page - 1) * size : page * size]

    def _detail(self, kind: str, name: str, language: str) -> tuple[int, Any]:
        project, _, number = name.partition("-")
        body = self.bodies.get(project)
        if kind != "documents" or body is None or not number.isdigit() or int(number) >= len(body.documents):
            return 404, {"code": 404, "message": "notFound"}
        return 200, self._item(body, int(number), language)

    def _item(self, body: Body, number: int, language: str) -> dict[str, Any]:
        names = section_names()
        said = section(body.speaks or language, names[number % len(names)])
        days = body.documents[number] if number < len(body.documents) else body.news[number]
        file = f'<p><a href="/uploads/{body.project}-{number}.pdf">PDF</a></p>'
        return {
            "id": f"{body.project}-{number}",
            "title": f"{said.title} ({number})",
            "content": "".join(f"<p>{item}</p>" for item in said.paragraphs) + (file if number == 0 else ""),
            "created_date": f"{self.night - timedelta(days=days)}T08:59:00.000+00:00",
            "gosorgan": {"items": [{"project_name": body.project}]},
            "activities": {"items": []},
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server, path = cast("Platform", self.server), urlsplit(self.path).path
        agent, language = self.headers.get("User-Agent", ""), self.headers.get("Accept-Language", "ru")[:2]
        server.seen.append((self.path, language, agent))
        ticket = self.headers.get("X-Ticket") or self.headers.get("Cookie")
        if ticket and not agent.startswith("Mozilla"):
            server.forged.append(self.path)
        if path == "/api/v1/public/ticket":
            self._send(200, {"ticket": TICKET}, ("Set-Cookie", f"ticket={TICKET}"))
        elif path.startswith(API):
            self._send(*server.answer(self.path, language, self.headers.get("X-Ticket")))
        elif path.startswith("/static/js/main."):
            about = [" ".join(section(item, section_names()[0]).paragraphs) for item in LANGUAGES]
            names, footer = json.dumps(about), json.dumps(_FOOTER)
            script = f"const API = '{API}', NAMES = {names}, FOOTER = {footer};\n{APP}"
            self._write(200, script.encode(), "text/javascript; charset=utf-8")
        elif path.startswith("/uploads/"):
            self._write(200, b"%PDF-1.4\n%%EOF\n", "application/pdf")
        else:
            self._write(200, shell_page().body, "text/html; charset=utf-8")

    def _send(self, status: int, data: Any, *headers: tuple[str, str]) -> None:
        body = json.dumps(data, ensure_ascii=False).encode()
        self._write(status, body, "application/json;charset=UTF-8", *headers)

    def _write(self, status: int, body: bytes, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the tests look at `seen`."""


_FOOTER = f'<footer><p>© 2026 <a rel="license" href="{LICENCE}">Creative Commons Attribution 4.0</a></p></footer>'


@contextmanager
def serving(night: date) -> Iterator[Platform]:
    """Serve the platform until the block ends."""
    server = Platform(night)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
