"""How fast the past is judged again: `python benchmarks/recheck.py [--nights N] [--agencies N] [--pages N] [--json]`.

Archives a small country of pages in three languages, lists with dates and licences, for several nights (every page
again each night, a fiftieth of them changed), records it, and judges all nights again with two worker processes. Facts
are warm: every page was read once. Prints pages a second of wall time, and pages a second of CPU time times two: what
two cores do when nothing else runs on them. A page counts once for every night on which it is judged.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks.night import assess
from config.loader import Loaded, load
from crawler.coverage import RunState
from reports import restating
from reports.ledger import Ledger, RunKind, inputs_of
from tests.checks.lab import Lab

FIRST = date(2026, 11, 2)
CORES = 2
CHANGED = 50
LANGUAGES = {
    "kk": "Министрлік бюджеттің атқарылуы туралы мәліметтерді тоқсан сайын жариялайды, кестелер қоса беріледі. ",
    "ru": "Министерство ежеквартально публикует сведения об исполнении бюджета, таблицы прилагаются. ",
    "en": "Every quarter the ministry publishes how the budget was carried out; tables are attached. ",
}
PAGE = """<!doctype html><html lang="{language}"><head><title>{title}</title></head><body>
<header><a href="/kk/">KK</a> <a href="/ru/">RU</a> <a href="/en/">EN</a></header>
<main><h1>{title}</h1>{text}<ul>{items}</ul></main>
<footer>© 2026 <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a></footer></body></html>"""
ITEM = '<li><time>{day:%d.%m.%Y}</time> <a href="/{language}/news/{number}">{title} {number}</a></li>'


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    nights: int
    pages_a_night: int
    judged: int
    wall_s: float
    cpu_s: float
    pages_per_s: float
    pages_per_s_on_two_cores: float


def page(language: str, number: int, night: date, changed: int) -> str:
    """Return the page of that number in a language as it is on *night*."""
    title = f"{LANGUAGES[language].split()[0]} {number} {changed}"
    items = "".join(
        ITEM.format(day=night - timedelta(days=3 * place), language=language, number=place, title=title)
        for place in range(10 if number % 10 == 0 else 0)
    )
    text = f"<p>{LANGUAGES[language] * 3}</p>" * 8
    return PAGE.format(language=language, title=title, text=text, items=items)


def pages(agencies: int, count: int, night: date, number: int) -> dict[str, str]:
    """Return all pages of a night by address."""
    return {
        f"https://a{agency}.kz/{language}/section-{item % 7}/{item}": page(
            language, item, night, number if (item + number) % CHANGED == 0 else 0
        )
        for agency in range(agencies)
        for item in range(count // len(LANGUAGES))
        for language in LANGUAGES
    }


def settings(folder: Path, agencies: int) -> Loaded:
    """Write and load the settings of the country."""
    bodies = "".join(
        f"  - {{id: a{number}, names: {{en: A{number}}}, sites: ['https://a{number}.kz/']}}\n"
        for number in range(agencies)
    )
    text = (
        f"pack: kz\nworkspace: {folder / 'space'}\noperator: {{name: Bench, contact: bench@example.org,"
        f" about_url: 'https://bench.example/'}}\nagencies:\n{bodies}"
    )
    path = folder / "odrc.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def measure(folder: Path, nights: int, agencies: int, count: int) -> Figures:
    """Archive, record and judge again."""
    loaded = settings(folder, agencies)
    entries = [
        {"id": item.id, "names": {"en": item.id}, "sites": [item.sites[0].url]} for item in loaded.settings.agencies
    ]
    lab = Lab(loaded.settings.workspace, loaded.pack, entries)
    days = [FIRST + timedelta(days=number) for number in range(nights)]
    started = datetime(2026, 11, 2, tzinfo=UTC)
    with Ledger(loaded.settings.workspace / "ledger.sqlite") as ledger:
        for number, night in enumerate(days):
            lab.crawl(pages(agencies, count, night, number), night, run=f"run-{number}")
            begun = ledger.begin_run(f"run-{number}", night, RunKind.NIGHTLY, started, inputs_of(loaded))
            ledger.conclude(begun.id, assess(loaded.settings, loaded.pack, night), RunState.COMPLETE, started)
        with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
            list(pool.map(abs, range(CORES)))  # the workers are there
            before, begun_at = _spent(), time.perf_counter()
            again = list(restating.again(ledger, loaded, days, None, pool=pool))
            wall = time.perf_counter() - begun_at
        cpu = _spent() - before
    if any({item.id for item in said.findings} != {item.id for item in now.findings} for said, now in again if said):
        raise SystemExit("a night judged again says something else: the figures would mean nothing")
    judged = agencies * (count // len(LANGUAGES)) * len(LANGUAGES) * nights
    return Figures(
        nights,
        judged // nights,
        judged,
        round(wall, 1),
        round(cpu, 1),
        round(judged / wall),
        round(judged / cpu * CORES),
    )


def _spent() -> float:
    """Return the CPU seconds of this process and of the workers that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def main() -> None:
    """Read the arguments, measure, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--nights", type=int, default=8)
    parser.add_argument("--agencies", type=int, default=20)
    parser.add_argument("--pages", type=int, default=150, help="pages an agency and night")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asdict(measure(Path(folder), wanted.nights, wanted.agencies, wanted.pages))
    print(json.dumps(figures) if wanted.json else "\n".join(f"{name:26} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
