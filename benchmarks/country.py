"""A generated country of many hosts and pages on a real nginx, for the crawl benchmarks. Same seed, same bytes."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOSTS = 20
PAGES = 4_500
PAGE_BYTES = 39_600
_WORDS = """
министрлік жаңалықтар қызмет құжат азамат өтініш бюджет есеп деректер халық аймақ білім денсаулық
министерство новости услуги документы граждане обращение бюджет отчет данные население регион развитие
ministry news services documents citizens appeal budget report data population region development
""".split()  # noqa: SIM905 - words read best as lines
_CONFIG = """
{user}worker_processes 1; daemon off; pid {root}/nginx.pid; error_log {root}/error.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 100000;
  types {{ text/html html; }} default_type text/html; charset utf-8;
  client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
  uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
  server {{ listen 127.0.0.1:{port}; root {root}/sites/$host; index index.html; }}
}}
"""


@dataclass(frozen=True)
class Country:
    """A running country: host names (all on 127.0.0.1), port, and every page's address."""

    hosts: tuple[str, ...]
    port: int
    urls: tuple[str, ...]


@contextmanager
def country(root: Path, hosts: int = HOSTS, pages: int = PAGES) -> Iterator[Country]:
    """Write the pages below *root*, serve them with nginx on a free loopback port, stop it by its own process."""
    names = tuple(f"site{number:02d}.bench" for number in range(hosts))
    per_host = pages // hosts
    chance = random.Random(20_261_123)
    for name in names:
        _write_site(root / "sites" / name, per_host, chance)
    port = _free_port()
    config = root / "nginx.conf"
    config.write_text(
        _CONFIG.format(root=root, port=port, user="user root; " if os.geteuid() == 0 else ""), encoding="utf-8"
    )
    server = subprocess.Popen(["nginx", "-p", str(root), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        urls = tuple(f"http://{name}:{port}{_path(number)}" for name in names for number in range(per_host))
        yield Country(names, port, urls)
    finally:
        server.terminate()
        server.wait()


def _path(number: int) -> str:
    return "/" if number == 0 else f"/p{number // 50}/{number}.html"


def _write_site(folder: Path, pages: int, chance: random.Random) -> None:
    for number in range(pages):
        path = folder / ("index.html" if number == 0 else _path(number).lstrip("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number, pages, chance), encoding="utf-8")


def page(number: int, pages: int, chance: random.Random) -> str:
    """Return one page of a site of so many: a menu of forty links, text in three languages, links to neighbours."""
    """Return the page of that number on a host of *pages*."""
    near = {(number * 7 + step) % pages for step in range(1, 9)} | {number + 1 if number + 1 < pages else 0}
    links = "".join(
        f'<li><a href="{_path(item)}">{" ".join(chance.choices(_WORDS, k=4))}</a></li>' for item in sorted(near)
    )
    menu = "".join(f'<a href="{_path(item)}">{_WORDS[item % len(_WORDS)]}</a> ' for item in range(40))
    parts: list[str] = []
    size = 0
    while size < PAGE_BYTES - 4_000:
        text = " ".join(chance.choices(_WORDS, k=60))
        parts.append(f"<p>{text}.</p>")
        size += len(text.encode()) + 8
    return (
        f'<!doctype html><html lang="kk"><head><meta charset="utf-8"><title>{number}</title></head><body>'
        f"<nav>{menu}</nav><main><h1>{number}</h1>{''.join(parts)}<ul>{links}</ul></main>"
        f"<footer>© 2026</footer></body></html>"
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int) -> None:
    for _attempt in range(200):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nginx did not answer")
