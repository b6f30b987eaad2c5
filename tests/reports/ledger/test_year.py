from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from databases import rows

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "ledger.py"
MOST_BYTES = 10


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ledger_benchmark", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_stable_month_adds_a_row_a_night_and_what_changed(benchmark: ModuleType, place: str) -> None:
    told = benchmark.simulate(place, nights=30, agencies=2, subjects=12)
    if "://" not in place:  # a cluster's smallest tables are larger than so short a story
        assert told.added_bytes_a_subject_rule_night <= MOST_BYTES
    assert rows(place, "nights") == rows(place, "runs") == 30
    assert rows(place, "findings") <= told.findings + told.changes
    assert rows(place, "finding_spans") <= told.findings + told.changes
    assert rows(place, "sightings") <= told.findings + 2 * told.changes
    assert rows(place, "mark_spans") <= told.marks + 2 * told.changes
    assert rows(place, "tally_spans") <= told.marks + 2 * told.changes
    assert rows(place, "superseded") == 0


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_year_at_a_fiftieth_of_the_size(benchmark: ModuleType, place: str) -> None:
    told = benchmark.simulate(place, nights=365, agencies=2, subjects=60)
    assert told.findings * told.nights * 50 == 365 * 3_000 * 42, "one fiftieth of the subject-rule-nights"
    assert told.bytes_a_subject_rule_night <= MOST_BYTES
    assert rows(place, "nights") == 365
    assert rows(place, "finding_spans") <= told.findings + told.changes
    assert rows(place, "tally_spans") <= told.marks + 2 * told.changes
