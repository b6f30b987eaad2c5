"""The crawl against default Scrapy that only fetches, and against Scrapy with LinkExtractor, in one run.

    python benchmarks/crawl.py [--pages 4500] [--hosts 20] [--rounds 3]

Each client is a process of its own, taken in turn; the machine's speed drifts, so ratios within a round count and
medians are quoted. Pages, wall and CPU seconds (children included) and peak memory come from the operating system.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.country import HOSTS, PAGES, Country, country

CLIENTS = ("odrc", "scrapy-fetch", "scrapy-linkextractor")


@dataclass(frozen=True)
class Figure:
    """One client's run. CPU in seconds per 1,000 pages, memory in MB (largest process)."""

    client: str
    pages: int
    wall: float
    pages_per_second: float
    cpu_per_1000: float
    memory: float


def measure(client: str, served: Country, folder: Path) -> Figure:
    """Run *client* in a process of its own over *served* and return its figures."""
    job = folder / f"{client}-{time.monotonic_ns()}"
    job.mkdir()
    (job / "job.json").write_text(json.dumps({**asdict(served), "folder": str(job)}), encoding="utf-8")
    begun = time.monotonic()
    child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, __file__, "--client", client, "--job", str(job)])
    _pid, status, used = os.wait4(child, 0)
    wall = time.monotonic() - begun
    if status:
        raise RuntimeError(f"{client} ended with status {status}")
    pages = int((job / "pages").read_text(encoding="utf-8"))
    cpu = used.ru_utime + used.ru_stime
    return Figure(client, pages, wall, pages / wall, 1000 * cpu / pages, used.ru_maxrss / 1024)


def run_client(client: str, job: Path) -> None:
    """Be one client: crawl what the job names and write down how many pages were fetched."""
    settings = json.loads((job / "job.json").read_text(encoding="utf-8"))
    served = Country(tuple(settings["hosts"]), settings["port"], tuple(settings["urls"]))
    pages = _odrc(served, job) if client == "odrc" else _scrapy(served, follow=client == "scrapy-linkextractor")
    (job / "pages").write_text(str(pages), encoding="utf-8")


def _odrc(served: Country, folder: Path) -> int:
    from datetime import date

    from config.loader import load_pack
    from config.model import Settings
    from crawler.policy import FetchPolicy
    from crawler.run import crawl_night

    agencies = [
        {"id": name.partition(".")[0], "names": {"en": name}, "sites": [f"http://{name}:{served.port}/"]}
        for name in served.hosts
    ]
    settings = Settings.model_validate(
        {
            "pack": "kz",
            "workspace": folder / "workspace",
            "operator": {"name": "bench", "contact": "bench@localhost", "about_url": "http://localhost/"},
            "agencies": agencies,
            "crawl": {
                "pages_per_site": len(served.urls),
                "delay": 0,
                "concurrency": 8,
                "allow_private": True,
                "resolve": dict.fromkeys(served.hosts, "127.0.0.1"),
            },
        }
    )
    night = date(2026, 11, 23)
    coverage = crawl_night(settings, load_pack("kz"), night, "bench", FetchPolicy(), progress=lambda _step: None)
    return sum(item.fetched for item in coverage.scopes)


def _scrapy(served: Country, *, follow: bool) -> int:
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor

    counted = [0]
    roots = [f"http://{name}:{served.port}/" for name in served.hosts]

    class Bench(scrapy.Spider):
        name = "bench"

        async def start(self) -> AsyncIterator[Any]:
            for url in roots if follow else served.urls:
                yield scrapy.Request(url)

        def parse(self, response: Any) -> Iterator[Any]:
            counted[0] += 1
            if follow:
                for link in LinkExtractor().extract_links(response):
                    yield response.follow(link)

    process = CrawlerProcess({"LOG_ENABLED": False, "TWISTED_DNS_RESOLVER": "benchmarks.loopback.Everywhere"})
    process.crawl(Bench)
    process.start()
    return counted[0]


def tell(figures: list[Figure]) -> None:
    """Print medians per client and the ratios that matter."""
    print(f"{'client':<24}{'pages':>7}{'pages/s':>10}{'CPU s/1000':>12}{'MB':>8}")
    rate: dict[str, float] = {}
    for client in CLIENTS:
        mine = [item for item in figures if item.client == client]
        rate[client] = statistics.median(item.pages_per_second for item in mine)
        cpu = statistics.median(item.cpu_per_1000 for item in mine)
        memory = statistics.median(item.memory for item in mine)
        print(f"{client:<24}{mine[0].pages:>7}{rate[client]:>10.0f}{cpu:>12.2f}{memory:>8.0f}")
    print(
        f"odrc / scrapy-fetch          {rate['odrc'] / rate['scrapy-fetch']:.2f}  (odrc also reads links and archives)"
    )
    print(f"odrc / scrapy-linkextractor  {rate['odrc'] / rate['scrapy-linkextractor']:.2f}  (odrc also archives)")


def main() -> None:
    """Run the benchmark, or one client of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--job", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.client:
        run_client(chosen.client, chosen.job)
        return
    with tempfile.TemporaryDirectory() as name, country(Path(name), chosen.hosts, chosen.pages) as served:
        tell([measure(client, served, Path(name)) for _round in range(chosen.rounds) for client in CLIENTS])


if __name__ == "__main__":
    main()
