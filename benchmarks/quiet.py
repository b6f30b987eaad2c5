"""A quiet night against the first one: CPU seconds of the crawl and of the checks, with 2 % of the pages changed.

    python benchmarks/quiet.py [--pages 4500] [--hosts 20] [--changed 0.02]

Pages of 39 KB on nginx, which answers conditional requests. Crawl and checks are processes of their own; their CPU time
(children included) comes from the operating system. Pages are as old as `AGES` says, since how long a page has been as
it is decides how soon it is looked at again. Size is that of the night's WARC files. Both steps are imported once
before the first night: as in an installation, the bytecode of all modules is there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.country import HOSTS, PAGES, Country, country

FIRST = date(2026, 11, 23)
AGES = (1, 5, 30, 120, 400)  # days, in equal shares
_DAY = 86_400


@dataclass(frozen=True)
class Figure:
    """One night: CPU seconds, what was asked and brought, bytes of the night's WARC files and of the whole index."""

    night: str
    crawl: float
    checks: float
    fetched: int
    bodies: int
    not_due: int
    size: int
    index: int


def settings_of(served: Country, folder: Path) -> dict[str, object]:
    """Return the settings of an installation that watches the country."""
    agencies = [
        {"id": name.partition(".")[0], "names": {"en": name}, "sites": [f"http://{name}:{served.port}/"]}
        for name in served.hosts
    ]
    crawl = {
        "pages_per_site": len(served.urls), "delay": 0, "concurrency": 8, "allow_private": True,
        "resolve": dict.fromkeys(served.hosts, "127.0.0.1"),
    }  # fmt: skip
    operator = {"name": "bench", "contact": "bench@localhost", "about_url": "http://localhost/"}
    return {"pack": "kz", "workspace": str(folder / "ws"), "operator": operator, "agencies": agencies, "crawl": crawl}


def work(step: str, job: Path, night: date) -> None:
    """Be one step of one night, in a process of its own."""
    from checks.night import assess
    from config.loader import load_pack
    from config.model import Settings
    from crawler.run import crawl_night

    if step == "warm":
        import crawler.render.handler
        import crawler.shard
        import crawler.site  # noqa: F401  # for their bytecode
        from checks.registry import installed_rules

        installed_rules()
        return
    told = json.loads((job / "job.json").read_text(encoding="utf-8"))
    settings, pack = Settings.model_validate(told["settings"]), load_pack("kz")
    if step == "crawl":
        from crawler.policy import FetchPolicy

        coverage = crawl_night(settings, pack, night, f"run-{night}", FetchPolicy(), progress=lambda _step: None)
        due = sum(item.skipped.get("not_due", 0) for item in coverage.scopes)
        (job / "out.json").write_text(json.dumps({"not_due": due}), encoding="utf-8")
    else:
        assess(settings, pack, night)


def timed(step: str, job: Path, night: date) -> float:
    """Run a step and return its CPU seconds, children included."""
    command = [sys.executable, __file__, "--step", step, "--job", str(job), "--night", night.isoformat()]
    compiled = {**os.environ, "PYTHONPYCACHEPREFIX": str(job / "bytecode")}
    compiled.pop("PYTHONDONTWRITEBYTECODE", None)
    child = os.spawnve(os.P_NOWAIT, sys.executable, command, compiled)
    _pid, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{step} ended with status {status}")
    return used.ru_utime + used.ru_stime


def night_of(number: int, job: Path) -> Figure:
    """Run a night and return its figures."""
    from crawler.archive import Archive

    night = FIRST + timedelta(days=number)
    crawl, checks = timed("crawl", job, night), timed("checks", job, night)
    with Archive(job / "ws") as archive:
        found = [item for item in archive.captures(until=night, since=night) if item.status]
    size = sum(path.stat().st_size for path in (job / "ws" / "archive" / "warc" / str(night)).glob("*"))
    due = json.loads((job / "out.json").read_text(encoding="utf-8"))["not_due"]
    index = (job / "ws" / "archive" / "index.sqlite").stat().st_size
    bodies = sum(item.refers_to is None for item in found)
    return Figure(str(night), crawl, checks, len(found), bodies, due, size, index)


def age(root: Path, chance: random.Random) -> None:
    """Make the pages as old as AGES says."""
    now = time.time()
    for path in sorted((root / "sites").rglob("*.html")):
        then = now - chance.choice(AGES) * _DAY
        os.utime(path, (then, then))


def change(root: Path, share: float, chance: random.Random) -> None:
    """Change a share of the pages."""
    paths = sorted((root / "sites").rglob("*.html"))
    for path in chance.sample(paths, round(share * len(paths))):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("<h1>", f"<h1>{chance.randrange(1_000_000)} "), encoding="utf-8")


def main() -> None:
    """Run the benchmark, or one step of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument("--changed", type=float, default=0.02)
    parser.add_argument("--nights", type=int, default=2)
    for name in ("--step", "--job", "--night"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        work(chosen.step, Path(chosen.job), date.fromisoformat(chosen.night))
        return
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name, country(Path(name), chosen.hosts, chosen.pages) as served:
        job = Path(name)
        (job / "job.json").write_text(json.dumps({"settings": settings_of(served, job)}), encoding="utf-8")
        age(job, chance)
        timed("warm", job, FIRST)
        figures = []
        for number in range(chosen.nights):
            if number:
                change(job, chosen.changed, chance)
            figures.append(night_of(number, job))
            print(json.dumps(asdict(figures[-1])))
    first, last = figures[0], figures[-1]
    print(f"crawl, last / first night          {last.crawl / first.crawl:.3f}")
    print(f"crawl and checks, last / first     {(last.crawl + last.checks) / (first.crawl + first.checks):.3f}")
    print(f"bytes archived, last / first       {last.size / first.size:.3f}")


if __name__ == "__main__":
    main()
