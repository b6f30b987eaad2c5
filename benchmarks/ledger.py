"""A year in the ledger: `python benchmarks/ledger.py [--database URL] [--nights N] [--json]`.

Simulates nights of a stable year: every subject (a page, file or data set; 30 an agency) is judged for every
indicator, so 3,000 subjects and 42 indicators are 126,000 findings a night; each agency has a mark for each indicator
in each of two profiles. Every night all pages are fetched again (new captures), a share of the findings changes, and
coverage and evidence age move. Prints:

- bytes a subject-rule-night: size of the whole database after the year, indexes and all, over findings x nights;
- bytes that the year added after its first night, counted the same way;
- matrix and year: milliseconds (best of three, median) to read the matrix of a night, and the year of one agency;
- record: CPU seconds to record one night.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from checks.assessment import Assessment, RuleInfo
from checks.findings import Evidence, Finding, Outcome, SubjectKind, SubjectRef
from checks.marks import Counts, Mark, MarkValue
from config.indicators import indicators
from crawler.coverage import RunState
from reports.ledger import Inputs, Ledger, RunKind

FIRST = date(2026, 1, 1)
PROFILES = ("assessment_2014", "order_124_2025")
CHANGING = 0.0005
"""Share of findings that change in a night: in a stable year each changes once in five years or so."""
INPUTS = Inputs(config_digest="c" * 64, config="{}", pack_digest="d" * 64, pack="{}")


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    nights: int
    findings: int
    marks: int
    changes: int
    megabytes: float
    bytes_a_subject_rule_night: float
    added_bytes_a_subject_rule_night: float
    matrix_ms: float
    year_ms: float
    record_cpu_s: float


@dataclass
class Country:
    """A simulated country: which state each of its findings is in. `advance` lets some of them change."""

    agencies: int
    subjects: int
    seed: int = 7

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.rules = [f"SIM-{number:02}" for number in range(1, len(indicators()) + 1)]
        keys = [(subject, rule) for subject in range(self.subjects) for rule in self.rules]
        self.state = dict.fromkeys(keys, 0)
        self.made = {key: self._finding(*key) for key in keys}
        self.ids = {key: finding.id for key, finding in self.made.items()}
        self.changes = 0

    def advance(self) -> None:
        """Let one night pass."""
        for key in self.random.sample(sorted(self.state), max(1, int(len(self.state) * CHANGING))):
            self.state[key] += 1
            self.made[key] = self._finding(*key)
            self.ids[key] = self.made[key].id
            self.changes += 1

    def assessment(self, night: date) -> Assessment:
        """Return what *night* found: each finding as it is, seen in tonight's captures."""
        seen = datetime(night.year, night.month, night.day, 18, tzinfo=UTC)
        captures = [f"<urn:uuid:{self.random.getrandbits(128):032x}>" for _ in range(self.subjects)]
        sighted = [_seen(item, captures[subject], seen) for (subject, _), item in self.made.items()]
        rules = tuple(
            RuleInfo(rule, 1, (name,), "page", ("page",), rule)
            for rule, name in zip(self.rules, indicators(), strict=True)
        )
        return Assessment(night, tuple(sighted), tuple(self._marks(night)), rules, ())

    def agency_of(self, subject: int) -> str:
        """Return whose subject it is."""
        return f"agency-{subject % self.agencies:03}"

    def _finding(self, subject: int, rule: str) -> Finding:
        state = self.state.get((subject, rule), 0)
        address = f"https://{self.agency_of(subject)}.example/kk/news/{subject}"
        evidence = Evidence(f"{subject * 1000 + state:064x}", address, "css:main > article > p:nth-of-type(2)",
                            "Қаржы министрлігі 2026 жылға арналған бюджетті жариялады, толық мәтін қоса берілген.",
                            "", datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
        outcome = Outcome.PASS if (subject + state) % 3 else Outcome.FAIL
        return Finding(
            self.agency_of(subject), f"https://{self.agency_of(subject)}.example/", rule, 1,
            SubjectRef(SubjectKind.PAGE, f"page:{subject}", address), outcome, f"reason_{outcome}",
            measures={"letters": 1200 + state, "languages": {"kk": 800, "ru": 400}}, evidence=(evidence,),
        )  # fmt: skip

    def _marks(self, night: date) -> Iterator[Mark]:
        coverage = [self.random.uniform(0.5, 1) for _ in range(self.agencies)]
        for place, (rule, name) in enumerate(zip(self.rules, indicators(), strict=True)):
            for number in range(self.agencies):
                keys = [(subject, rule) for subject in range(number, self.subjects, self.agencies)]
                passed = sum(self.made[key].outcome is Outcome.PASS for key in keys)
                counts = Counts(passed=passed, failed=len(keys) - passed)
                cited = tuple(sorted(self.ids[key] for key in keys))
                for profile in PROFILES:
                    yield Mark(
                        f"agency-{number:03}", name, profile, MarkValue.ZERO, "mixed", counts,
                        (passed / 60, passed / 50), coverage[number], (night.toordinal() + place) % 14,
                        (f"{rule}@1",), cited,
                    )  # fmt: skip


def _seen(finding: Finding, capture: str, when: datetime) -> Finding:
    (item,) = finding.evidence
    sighted = Evidence(item.sha256, item.url, item.locator, item.excerpt, capture, when)
    return Finding(finding.agency, finding.scope, finding.rule, 1, finding.subject, finding.outcome, finding.reason,
                   finding.responsible, finding.measures, (sighted,))  # fmt: skip


def simulate(place: str, nights: int, agencies: int, subjects: int) -> Figures:
    """Record the year at *place* and measure it."""
    country = Country(agencies, subjects)
    spent: list[float] = []
    first_size = 0
    with Ledger(place) as ledger:
        for number in range(nights):
            if number:
                country.advance()
            told = country.assessment(FIRST + timedelta(days=number))
            spent.append(_record(ledger, told, number))
            settle(place)
            if not number:
                first_size = size(place)
        judged = len(country.made)
        total = size(place)
        measured = [FIRST + timedelta(days=day) for day in range(0, nights, max(1, nights // 20))]
        return Figures(
            nights, judged, agencies * len(country.rules) * len(PROFILES), country.changes, round(total / 1e6, 1),
            round(total / judged / nights, 2), round((total - first_size) / judged / max(1, nights - 1), 2),
            _median_ms([_reading(ledger, night) for night in measured]),
            _median_ms([_year(ledger, f"agency-{number:03}") for number in range(min(20, agencies))]),
            round(statistics.median(spent), 2),
        )  # fmt: skip


def _record(ledger: Ledger, told: Assessment, number: int) -> float:
    started = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
    run = ledger.begin_run(f"run-{number}", told.night, RunKind.NIGHTLY, started, INPUTS)
    begun = time.process_time()
    ledger.conclude(run.id, told, RunState.COMPLETE, started + timedelta(hours=2))
    return time.process_time() - begun


def _reading(ledger: Ledger, night: date) -> Callable[[], object]:
    return lambda: ledger.cells(night, profile=PROFILES[0])


def _year(ledger: Ledger, agency: str) -> Callable[[], object]:
    return lambda: ledger.courses(agency, FIRST, FIRST + timedelta(days=366))


def _median_ms(tasks: list[Callable[[], object]]) -> float:
    """Return the median over *tasks* of the best of three tries each: other work of the machine is not ours."""
    return round(statistics.median(min(_taken(task) for _ in range(3)) for task in tasks) * 1000, 1)


def _taken(task: Callable[[], object]) -> float:
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def settle(place: str) -> None:
    """Do what PostgreSQL does by itself between two nights: free the rows that were written over (autovacuum)."""
    if "://" in place:
        engine = create_engine(place)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        engine.dispose()


def size(place: str) -> int:
    """Return the bytes of the whole database, indexes and all, without free pages that a checkpoint gives back."""
    engine = create_engine(place if "://" in place else f"sqlite:///{place}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            pages = connection.execute(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
            found = int(pages.scalar_one())
        else:
            tables = "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            sized = connection.execute(text(f"SELECT sum(pg_total_relation_size(oid)) {tables}"))
            found = int(sized.scalar_one())
    engine.dispose()
    return found


def main() -> None:
    """Read the arguments, run the year, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--database", help="address of an empty database; a temporary SQLite file if left out")
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument("--subjects", type=int, default=3000)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = wanted.database or str(Path(folder) / "ledger.sqlite")
        figures = asdict(simulate(place, wanted.nights, wanted.agencies, wanted.subjects))
    print(json.dumps(figures) if wanted.json else "\n".join(f"{name:36} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
