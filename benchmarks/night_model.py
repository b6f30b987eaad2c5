"""The night of a country whose agencies share one host, as arithmetic: docs/scaling.md is written from its table.

    python benchmarks/night_model.py [--agencies 49] [--hours 24] [--pages 1000]

Politeness bounds such a night, not the machine: one host is asked once in so many seconds, however many agencies lie on
it. What is measured stands in `Measured`, with the benchmark that measured it; what is assumed in `Country`.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, replace

HOUR = 3600.0
NIGHTS = 365


@dataclass(frozen=True)
class Measured:
    """Figures of benchmarks on a 2-core machine: seconds of one core, bytes, requests."""

    crawl_cpu: float = 1.85e-3  # a page: benchmarks/crawl.py
    checks_cpu: float = 2.0e-3  # facts of a page of 38 KB: benchmarks/pagefacts.py
    page: float = 39_600  # bytes: mean of the local country
    warc: float = 7_430  # bytes of gzip WARC a new page of that size: benchmarks/quiet.py, first night
    revisit: float = 1_100  # bytes of WARC an answer that brought nothing new: benchmarks/quiet.py, second night
    index: float = 560  # bytes of SQLite a capture, whatever it brought: benchmarks/quiet.py
    drawn_cpu: float = 0.34  # a page drawn: benchmarks/rendering.py
    drawn_requests: float = 3.0  # its shell, once more in the browser, and one answer: benchmarks/rendering.py


@dataclass(frozen=True)
class Country:
    """A country on one host. Pages count once per language; `changing` is the share that is new every night."""

    agencies: int = 49
    delay: float = 1.0  # seconds between two requests: crawl.delay
    crawl_delay: float = 0.0  # seconds that robots.txt asks for
    latency: float = 0.5  # seconds until an answer begins
    concurrency: int = 2  # requests under way at once
    hours: float = 24.0  # crawl.window
    pages: int = 1_000  # per agency
    per_site: int = 200  # crawl.pages_per_site
    per_host: int = 10_000  # crawl.pages_per_host
    baselines: int = 3  # crawl.baselines
    drawn: int = 0  # pages drawn per agency and night: crawl.render.budget, 20 where the owner allowed it
    changing: float = 0.02
    longest: int = 14  # nights after which evidence is too old: max_age of the profile

    @property
    def gap(self) -> float:
        """Seconds between two requests: the settings' gap, the host's word, or what a slow host allows."""
        return max(self.delay, self.crawl_delay, self.latency / self.concurrency)

    @property
    def requests(self) -> int:
        """Requests that a night has room for."""
        return math.floor(self.hours * HOUR / self.gap)

    @property
    def overhead(self) -> int:
        """Requests that bring no page: robots.txt, a sitemap, an address that cannot exist per prefix of each scope."""
        return 2 + self.agencies * (self.baselines + 1)

    def asked(self, measured: Measured) -> int:
        """Pages that a night can ask for, within room and budgets. Drawing takes requests from the same gap."""
        room = max(0, self.requests - self.overhead)
        drawn = min(self.agencies * self.drawn, room / measured.drawn_requests)
        room = math.floor(room - drawn * (measured.drawn_requests - 1))
        return min(room, self.per_host, self.agencies * self.per_site, self.agencies * self.pages)

    def draws(self, measured: Measured) -> int:
        """Pages of those that are drawn."""
        return min(self.agencies * self.drawn, self.asked(measured))

    def bound(self, measured: Measured) -> str:
        """Return what bounds the night: the gap, a budget, or that there is no more to see."""
        asked = self.asked(measured)
        limits = {
            "pages there are": self.agencies * self.pages, "pages_per_site": self.agencies * self.per_site,
            "pages_per_host": self.per_host,
        }  # fmt: skip
        return next((name for name, limit in limits.items() if asked == limit), "gap")

    def nights_to_see_all(self, measured: Measured) -> float:
        """Return how many nights it takes until every page was asked once; infinite when none can be."""
        asked = self.asked(measured)
        return math.ceil(self.agencies * self.pages / asked) if asked else math.inf

    def due(self) -> float:
        """Pages that are due on a night, once it is known which change every night and which seldom do."""
        return self.agencies * self.pages * (self.changing + (1 - self.changing) / self.longest)

    def fresh(self, measured: Measured) -> float:
        """Return the share of all pages whose evidence is young enough to count, when all are seen in turn."""
        return min(1.0, self.asked(measured) * self.longest / (self.agencies * self.pages))

    def night(self, measured: Measured) -> float:
        """Hours that the requests of a night take."""
        drawing = self.draws(measured) * (measured.drawn_requests - 1)
        return (self.asked(measured) + self.overhead + drawing) * self.gap / HOUR

    def cpu(self, measured: Measured) -> float:
        """Minutes of one core for a night in which every page asked for is new."""
        pages = self.asked(measured) * (measured.crawl_cpu + measured.checks_cpu)
        return (pages + self.draws(measured) * measured.drawn_cpu) / 60

    def disk(self, measured: Measured) -> float:
        """Bytes a year: the whole country once, then the pages that are due, of which some are new."""
        whole = min(self.agencies * self.pages, self.asked(measured) * NIGHTS)
        later = NIGHTS * min(self.asked(measured), self.due())
        new = later * self.agencies * self.pages * self.changing / self.due()
        drawn = self.draws(measured) * NIGHTS
        bodies, records = (whole + new + drawn) * measured.warc, (later - new) * measured.revisit
        return bodies + records + (whole + later + drawn) * measured.index


HEAD = (
    "| gap s | pages a night | per agency | bound by | hours | nights to see all | due later | young enough"
    " | CPU min | GB a year |"
)


def row(country: Country, measured: Measured) -> str:
    """Return a country's night as a row of the table."""
    asked, nights = country.asked(measured), country.nights_to_see_all(measured)
    cells = (
        f"{country.gap:g}", f"{asked:,}", f"{asked / country.agencies:.0f}", country.bound(measured),
        f"{country.night(measured):.1f}", f"{nights:,.0f}", f"{country.due():,.0f}", f"{country.fresh(measured):.0%}",
        f"{country.cpu(measured):.1f}", f"{country.disk(measured) / 1e9:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def table(country: Country, measured: Measured) -> list[str]:
    """Return the table: the same country with ever longer gaps."""
    gaps = (1, 2, 5, 10, 30)
    rows = [row(replace(country, crawl_delay=gap), measured) for gap in gaps]
    return [HEAD, "|" + "---|" * HEAD.count(" | ") + "---|", *rows]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=Country.agencies)
    parser.add_argument("--hours", type=float, default=Country.hours)
    parser.add_argument("--pages", type=int, default=Country.pages)
    chosen = parser.parse_args()
    country = Country(agencies=chosen.agencies, hours=chosen.hours, pages=chosen.pages)
    measured = Measured()
    for title, drawn, budget in (
        ("plain pages, default budgets", 0, False),
        ("20 pages drawn per agency, default budgets", 20, False),
        ("plain pages, no budgets: what the gap alone allows", 0, True),
    ):
        free = {"per_site": 10**9, "per_host": 10**9} if budget else {}
        print(f"{title}; {country.agencies} agencies of {country.pages:,} pages, {country.hours:g} h\n")
        print("\n".join(table(replace(country, drawn=drawn, **free), measured)) + "\n")


if __name__ == "__main__":
    main()
