"""What share of a crawl's time goes into the archive: its WARC records alone, and with digests, comparison and index.

    python benchmarks/writing.py [--pages 4500] [--hosts 20] [--rounds 3]

A country on loopback without pauses, where the crawl never waits for a host: with the pauses of a real night the share
of wall time is a hundredth of this. Time is that inside the methods of the WARC writer and of the recorder, in the
crawl process, against all of it from job to closing statement; medians are quoted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.country import HOSTS, PAGES, Country, country

RECORDER = ("answer", "hop", "unchanged", "failure", "finish", "close")
WRITER = ("write", "write_coverage", "close")


@dataclass
class Spent:
    """Seconds by the wall and of CPU."""

    wall: float = 0.0
    cpu: float = 0.0


@dataclass
class Crawled:
    """What a crawl spent: in the WARC writer, in the recorder (the writer's included), in all; pages fetched."""

    warc: Spent
    recorder: Spent
    whole: Spent
    pages: int = 0


def watched(plain: Callable[..., Any], spent: Spent) -> Callable[..., Any]:
    """Return *plain*, counting the time that is spent in it."""

    def method(*args: Any, **named: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return plain(*args, **named)
        finally:
            spent.wall += time.perf_counter() - wall
            spent.cpu += time.thread_time() - cpu

    return method


def crawl(served: Country, workspace: Path) -> Crawled:
    """Crawl the country in this process, which has a reactor to spend."""
    from config.loader import load_pack
    from config.model import Settings
    from crawler.archive.writer import WarcWriter
    from crawler.clock import SystemClock
    from crawler.job import Job
    from crawler.policy import FetchPolicy
    from crawler.recorder import Recorder
    from crawler.shard import work

    settings = Settings.model_validate(
        {
            "pack": "kz",
            "workspace": workspace,
            "operator": {"name": "bench", "contact": "bench@localhost", "about_url": "http://localhost/"},
            "agencies": [
                {"id": name.partition(".")[0], "names": {"en": name}, "sites": [f"http://{name}:{served.port}/"]}
                for name in served.hosts
            ],
            "crawl": {
                "pages_per_site": len(served.urls),
                "delay": 0,
                "concurrency": 8,
                "allow_private": True,
                "resolve": dict.fromkeys(served.hosts, "127.0.0.1"),
            },
        }
    )
    found = Crawled(Spent(), Spent(), Spent())
    for owner, names, spent in ((WarcWriter, WRITER, found.warc), (Recorder, RECORDER, found.recorder)):
        for name in names:
            setattr(owner, name, watched(getattr(owner, name), spent))
    job = Job(settings.model_dump_json(), load_pack("kz").zone, date(2026, 11, 23), "bench", FetchPolicy())
    wall, cpu = time.perf_counter(), time.process_time()
    coverage = work(job, SystemClock())
    found.whole = Spent(time.perf_counter() - wall, time.process_time() - cpu)
    found.pages = sum(item.fetched for item in coverage.scopes)
    return found


def measure(served: Country, folder: Path) -> Crawled:
    """Crawl in a process of its own."""
    workspace = folder / f"ws-{time.monotonic_ns()}"
    job = json.dumps([asdict(served), str(workspace)]).encode()
    done = subprocess.run([sys.executable, __file__, "--child"], input=job, check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout.splitlines()[-1])
    return Crawled(*(Spent(**told[name]) for name in ("warc", "recorder", "whole")), pages=told["pages"])


def tell(found: list[Crawled]) -> None:
    """Print the medians."""
    print(f"pages {found[0].pages}")
    print(f"{'':<44}{'of wall':>9}{'of CPU':>9}{'CPU s/1000':>12}")
    names = {"warc": "WARC files", "recorder": "archive: WARC, digests, comparison, index", "whole": "the crawl"}
    for name, title in names.items():
        wall = statistics.median(getattr(item, name).wall / item.whole.wall for item in found)
        cpu = statistics.median(getattr(item, name).cpu / item.whole.cpu for item in found)
        each = statistics.median(1000 * getattr(item, name).cpu / item.pages for item in found)
        print(f"{title:<44}{wall:>9.1%}{cpu:>9.1%}{each:>12.2f}")


def main() -> None:
    """Run the benchmark, or one crawl of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        served, workspace = json.load(sys.stdin)
        told = Country(tuple(served["hosts"]), served["port"], tuple(served["urls"]))
        print(json.dumps(asdict(crawl(told, Path(workspace)))))
        return
    with tempfile.TemporaryDirectory() as name, country(Path(name), chosen.hosts, chosen.pages) as served:
        found = [measure(served, Path(name)) for _round in range(chosen.rounds)]
    tell(found)


if __name__ == "__main__":
    main()
