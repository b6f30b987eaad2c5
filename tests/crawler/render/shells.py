"""Shells that script fills, and what a test of drawing asks of their archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from config.model import Settings
from crawler.archive.members import Member, members
from crawler.archive.note import decode_note
from crawler.archive.reader import Archive
from crawler.capture import Capture
from crawler.coverage import RunCoverage
from crawler.render.rules import Asked
from tests.crawler.support import NIGHT, Reply

Make = Callable[..., Settings]
Night = Callable[..., RunCoverage]

SHELL = Reply(
    b"<!doctype html><html><head><title>gov</title></head><body><div id=root></div><script src=/app.js></script></body></html>",
    headers={"Content-Type": "text/html; charset=utf-8"},
)
APP = """
const root = document.getElementById('root');
fetch('/api' + location.pathname).then(answer => answer.json()).then(page => {
  document.title = page.title;
  root.innerHTML = '<h1>' + page.title + '</h1><p>' + page.text + '</p>' +
    page.links.map(link => '<a href="' + link + '">' + link + '</a>').join(' ');
});
"""


def script(text: str) -> Reply:
    return Reply(text.encode(), headers={"Content-Type": "text/javascript"})


def data(title: str, *links: str) -> Reply:
    listed = ", ".join(f'"{link}"' for link in links)
    text = f'{{"title": "{title}", "text": "{"Сөз мәтін " * 60}", "links": [{listed}]}}'
    return Reply(text.encode(), headers={"Content-Type": "application/json"})


def allowed(settings: Settings, *hosts: str) -> Settings:
    given = [
        {"host": host, "by": "owner", "date": "2026-01-01", "allows": ["render"]} for host in hosts or ("good.lab",)
    ]
    return Settings.model_validate(settings.model_dump() | {"permissions": given})


def captures(settings: Settings, **wanted: Any) -> list[Capture]:
    with Archive(settings.workspace) as archive:
        found = list(archive.captures(until=NIGHT))
    return [item for item in found if all(getattr(item, name) == value for name, value in wanted.items())]


def asked_for(settings: Settings) -> list[Asked]:
    notes = (
        decode_note(item.record)
        for path in settings.workspace.rglob("*.warc.gz")
        for item in members(path)
        if isinstance(item, Member)
    )
    return [item for note in notes if note for item in note.asked]
