"""Does one thing to a ledger in a process of its own, so that the process can be killed: `fault_worker.py WHAT PLACE ...`."""

from __future__ import annotations

import os
import resource
import signal
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3]), str(HERE.parents[1])]

from report_country import INPUTS, STARTED, assessment, evidence, finding, mark  # noqa: E402 - the path is set first

from checks.assessment import Assessment  # noqa: E402
from checks.marks import Counts, MarkValue  # noqa: E402
from config.errors import ConfigError  # noqa: E402
from crawler.coverage import RunState  # noqa: E402
from reports.ledger import Ledger, RunKind, packed  # noqa: E402

FIRST = date(2026, 1, 1)
SIZE = 400


def night_of(number: int) -> Assessment:
    """Return the night of that number: a few hundred findings, a tenth of which is new each night."""
    night = FIRST + timedelta(days=number)
    found = tuple(
        finding(
            item + (number if item % 10 == 0 else 0) * 1000, evidence=(evidence(item, capture=f"capture-{number}"),)
        )
        for item in range(SIZE)
    )
    marks = (
        mark("finance", "lang_coverage", MarkValue.ZERO, "mixed", counts=Counts(passed=number), evidence_age=number),
    )
    return assessment(night, findings=found, marks=marks)


def record(ledger: Ledger, number: int, run: str) -> None:
    """Record a night as a whole run."""
    told = night_of(number)
    begun = ledger.begin_run(run, told.night, RunKind.NIGHTLY, STARTED, INPUTS)
    ledger.conclude(begun.id, told, RunState.COMPLETE, STARTED)


def nights(place: str, first: int, count: int, name: str) -> None:
    """Record nights one after the other, saying each when it is done."""
    with Ledger(place) as ledger:
        for number in range(first, first + count):
            record(ledger, number, f"{name}-{number}")
            print(number, flush=True)


def migrate(place: str, after: int) -> None:
    """Open an old ledger, and be killed in the middle of its migration."""
    plain, calls = packed.pack_marks, iter(range(after + 1))

    def pack(asides: list[packed.Aside]) -> bytes:
        if next(calls) == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(asides)

    packed.pack_marks = pack  # type: ignore[assignment]
    Ledger(place).close()


def full(place: str, number: int, size: int) -> None:
    """Record a night on a disk with no more than *size* bytes for a file."""
    with Ledger(place) as ledger:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            record(ledger, number, f"full-{number}")
        except ConfigError as error:
            print(error, flush=True)
            sys.exit(2)


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "nights":
        nights(words[0], int(words[1]), int(words[2]), words[3])
    elif what == "migrate":
        migrate(words[0], int(words[1]))
    else:
        full(words[0], int(words[1]), int(words[2]))
