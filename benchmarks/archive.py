"""The archive alone: CPU seconds to write 1,000 pages, size against the raw bytes, and the same in cold storage.

    python benchmarks/archive.py [--pages 1000] [--html DIR]

Pages of 39 KB as in the crawl's benchmark, recorded as the crawl does (WARC, index), none twice; or the HTML files
below DIR.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.country import page
from crawler.archive.index import Index
from crawler.archive.layout import Layout
from crawler.archive.rewrite import pack
from crawler.books import Visit
from crawler.capture import CaptureKey, ExchangeOutcome, Purpose
from crawler.clock import SystemClock
from crawler.recorder import Answer, Recorder, RunInfo

NIGHT = date(2026, 11, 23)
HEADERS = (
    ("Server", "nginx"), ("Content-Type", "text/html; charset=utf-8"), ("ETag", '"67420f2a-9ab0"'),
    ("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT"), ("Date", "Mon, 23 Nov 2026 20:00:00 GMT"),
)  # fmt: skip


def main() -> None:
    """Write the pages and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--html", type=Path)
    chosen = parser.parse_args()
    chance = random.Random(1)
    bodies = [page(number, chosen.pages, chance).encode() for number in range(chosen.pages)]
    if chosen.html:
        bodies = list({path.read_bytes() for path in chosen.html.rglob("*.html")})[: chosen.pages]
    pages = len(bodies)
    raw = sum(map(len, bodies))
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        recorder = Recorder(RunInfo(workspace, NIGHT, "bench", "default", "odrc"), SystemClock())
        begun = time.process_time()
        for number, body in enumerate(bodies):
            url = f"http://site.bench/{number}"
            visit = Visit(url, CaptureKey("GET", url), Purpose.PAGE, ("http://site.bench/",))
            recorder.answer(visit, Answer(url, 200, (("User-Agent", "odrc"),), HEADERS, body), ExchangeOutcome.OK)
        recorder.close()
        spent = time.process_time() - begun
        layout = Layout(workspace)
        with closing(Index(layout.index)) as index:
            sizes = [pack(layout, index, file) for file in layout.files()]
    warm, cold = sum(item.before for item in sizes), sum(item.after for item in sizes)
    print(f"CPU s per 1,000 pages     {1000 * spent / pages:.2f}")
    print(f"gzip, of raw bytes        1/{raw / warm:.1f}")
    print(f"cold storage, of raw      1/{raw / cold:.1f}")


if __name__ == "__main__":
    main()
