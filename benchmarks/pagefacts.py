"""How many pages a second the page facts are read from: `python benchmarks/pagefacts.py [--corpus DIR] [--profile]`.

CPU time of one process, pages in memory, every fact of `PageExtractor`, Python's collector of cycles as a night has it.
The least of a few rounds, each with an extractor of its own that has read none of the pages. Two sets: the real pages
of the corpora (every page once, none repeats another's menu) and one host of the generated country of the crawl
benchmark (one menu on all).
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean

import country

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from checks.facts.page import PageExtractor
from config.loader import load_pack
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.heap import seldom_collected

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpora"
_WARM = 20
COUNTRY_PAGES = 225


def capture_of(name: str) -> Capture:
    """Return the exchange by which a page of that name might have come."""
    url, then = f"https://example.org/{name}", datetime(2026, 11, 23, tzinfo=UTC)
    return Capture(
        "file", "benchmark", date(2026, 11, 23), CaptureKey("GET", url), url, "", (), Purpose.PAGE, ExchangeOutcome.OK,
        then, then, status=200, headers=(("content-type", "text/html"),), sha256="0" * 64,
    )  # fmt: skip


def real_pages(folder: Path) -> list[tuple[str, bytes]]:
    """Return the pages of a corpus by name."""
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]


def made_pages() -> list[tuple[str, bytes]]:
    """Return the pages of one generated host."""
    chance = random.Random(1)
    return [(f"{number}.html", country.page(number, COUNTRY_PAGES, chance).encode()) for number in range(COUNTRY_PAGES)]


def measure(pages: list[tuple[str, bytes]], profiler: cProfile.Profile | None, rounds: int = 1) -> str:
    """Return the line to print: the time of the quickest round."""
    with seldom_collected():
        spent = min(_spent(pages, profiler) for _ in range(rounds))
    size = mean(len(body) for _, body in pages) / 1000
    return f"{len(pages)} pages of {size:.0f} KB: {len(pages) / spent:.0f} pages/s, {1000 * spent / len(pages):.2f} ms"


def _spent(pages: list[tuple[str, bytes]], profiler: cProfile.Profile | None) -> float:
    """Read every page once with a fresh extractor that has warmed up on the first few; return the CPU seconds."""
    extractor = PageExtractor(load_pack("kz"))
    items = [(capture_of(name), body) for name, body in pages]
    for capture, body in items[:_WARM]:
        extractor.extract(capture, body)
    if profiler:
        profiler.enable()
    before = time.process_time()
    for capture, body in items:
        extractor.extract(capture, body)
    spent = time.process_time() - before
    if profiler:
        profiler.disable()
    return spent


def main() -> int:
    """Measure both sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("ODRC_CORPORA", _BESIDE)))
    parser.add_argument("--every", type=int, default=1, help="take every Nth page of the corpus")
    parser.add_argument("--rounds", type=int, default=3, help="how often each set is read; the least time counts")
    parser.add_argument("--profile", action="store_true", help="print where the time goes (slows everything down)")
    asked = parser.parse_args()
    profiler = cProfile.Profile() if asked.profile else None
    if (asked.corpus / "pages").is_dir():
        print("real:", measure(real_pages(asked.corpus / "pages")[:: asked.every], profiler, asked.rounds))
    else:
        print(f"no corpus: {asked.corpus / 'pages'}", file=sys.stderr)
    print("made:", measure(made_pages(), None, asked.rounds))
    if profiler:
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(70)
    return 0


if __name__ == "__main__":
    sys.exit(main())
