"""How fast files are read: `python benchmarks/files.py [--corpus DIR] [--rounds N]`.

Sniffing in files a second over the whole corpus, and the facts of a file in files a second at the corpus median, both
by CPU time of this process on one core, best of the rounds. Bodies are read into memory first: discs are not measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

from areas.formats import capture_of

from checks.facts.files.read import read
from checks.facts.files.sniff import sniff
from config.packload import load_pack
from config.personal import PersonalFinder

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpora"
_LARGEST = 8 << 20


def main() -> None:
    """Print the two figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("ODRC_CORPORA", _BESIDE)))
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    folder = asked.corpus / "formats" if (asked.corpus / "formats").is_dir() else asked.corpus
    paths = sorted(item for item in folder.rglob("*") if item.is_file() and item.stat().st_size <= _LARGEST)
    bodies = [(str(item.relative_to(folder)), item.read_bytes()) for item in paths]
    sniffed = min(_sniffing(bodies) for _round in range(asked.rounds))
    finder = PersonalFinder(load_pack("kz").extraction.personal)
    times = [_facts(name, body, finder, asked.rounds) for name, body in bodies]
    print(f"files: {len(bodies)}, median size {statistics.median(len(body) for _name, body in bodies):.0f} bytes")
    print(f"sniffing: {len(bodies) / sniffed:,.0f} files/s")
    print(f"facts at the median file: {1 / statistics.median(times):,.0f} files/s per core")
    print(f"facts over all files: {len(times) / sum(times):,.0f} files/s per core, slowest {max(times):.2f} s")


def _sniffing(bodies: list[tuple[str, bytes]]) -> float:
    started = time.process_time()
    for _name, body in bodies:
        sniff(body)
    return time.process_time() - started


def _facts(name: str, body: bytes, finder: PersonalFinder, rounds: int) -> float:
    best = float("inf")
    for _round in range(rounds):
        started = time.process_time()
        read(capture_of(name), body, finder)
        best = min(best, time.process_time() - started)
        if best > 0.5:  # noqa: PLR2004 - seconds: the slow ones are measured once
            break
    return best


if __name__ == "__main__":
    main()
