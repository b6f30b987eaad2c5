"""What drawing a page in Chromium costs beside the plain exchange: CPU seconds and requests a page.

    python benchmarks/rendering.py [--pages 40]

A shell with one script that fills it from one JSON answer, on loopback, without delay. The crawl is a process of its
own; its CPU time, that of Chromium and the driver included, comes from the operating system. Real pages run more
script: take the figure for the least that a page costs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.crawler.support import LabHandler, LabServer, Reply, Web

NIGHT = date(2026, 11, 23)
APP = """
const root = document.getElementById('root');
fetch('/api' + location.pathname).then(answer => answer.json()).then(page => {
  root.innerHTML = '<h1>Page</h1><p>' + page.text + '</p>' +
    page.links.map(link => '<a href="' + link + '">' + link + '</a>').join(' ');
});
"""
SHELL = (
    b"<!doctype html><html><head><title>x</title></head><body><div id=root></div><script src=/app.js></script></body>"
)


def served(pages: int) -> Web:
    """Start a site of shells and return it."""
    server = LabServer(("127.0.0.1", 0), LabHandler)
    server.web = Web(server.server_address[1])
    answer = json.dumps({"text": "Сөз мәтін " * 400, "links": [f"/{number}" for number in range(pages)]}).encode()
    server.web.pages["/app.js"] = Reply(APP.encode(), headers={"Content-Type": "text/javascript"})
    server.web.pages["/robots.txt"] = Reply(b"", 404)
    server.web.fallback = lambda path: (
        Reply(answer, headers={"Content-Type": "application/json"})
        if path.startswith("/api/")
        else Reply(SHELL, headers={"Content-Type": "text/html; charset=utf-8"})
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.web


def crawl(port: int, pages: int, budget: int, folder: Path) -> None:
    """Be one crawl, in a process of its own."""
    from config.loader import load_pack
    from config.model import Settings
    from crawler.policy import FetchPolicy
    from crawler.run import crawl_night

    url = f"http://shell.lab:{port}/"
    settings = Settings.model_validate(
        {
            "pack": "kz", "workspace": str(folder / f"ws{budget}"),
            "operator": {"name": "bench", "contact": "bench@localhost", "about_url": "http://localhost/"},
            "agencies": [{"id": "a", "names": {"en": "a"}, "sites": [url]}],
            "permissions": [{"host": "shell.lab", "by": "owner", "date": "2026-01-01", "allows": ["render"]}],
            "crawl": {
                "pages_per_site": pages, "delay": 0, "baselines": 0, "allow_private": True,
                "resolve": {"shell.lab": "127.0.0.1"}, "render": {"budget": budget},
            },
        }
    )  # fmt: skip
    crawl_night(settings, load_pack("kz"), NIGHT, "bench", FetchPolicy(), progress=lambda _step: None)


def cost(web: Web, pages: int, budget: int, folder: Path) -> tuple[float, int]:
    """Return CPU seconds and requests of one crawl with so many pages drawn."""
    before = len(web.seen)
    words = [sys.executable, __file__, "--crawl", str(web.port), str(pages), str(budget), str(folder)]
    _pid, status, used = os.wait4(os.spawnv(os.P_NOWAIT, sys.executable, words), 0)
    if status:
        raise RuntimeError(f"the crawl ended with status {status}")
    return used.ru_utime + used.ru_stime, len(web.seen) - before


def main() -> None:
    """Run the benchmark, or one crawl of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--crawl", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.crawl:
        port, pages, budget, folder = chosen.crawl
        crawl(int(port), int(pages), int(budget), Path(folder))
        return
    web = served(chosen.pages)
    with tempfile.TemporaryDirectory() as name:
        few, many = (cost(web, chosen.pages, budget, Path(name)) for budget in (2, chosen.pages))
    drawn = chosen.pages - 2
    print(f"CPU s a page drawn        {(many[0] - few[0]) / drawn:.2f}")
    print(f"requests a page drawn     {(many[1] - few[1]) / drawn:.2f}")


if __name__ == "__main__":
    main()
