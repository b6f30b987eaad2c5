from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from office_desk import bench
from report_country import NIGHT, assessment

from checks.marks import Mark
from reports.analysts.bench import Bench


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Bench]:
    place = bench(tmp_path)
    yield place
    place.ledger.close()


@pytest.fixture
def mark() -> Mark:
    """The minus of the ministry of finance for languages."""
    found = assessment(NIGHT).marks[0]
    assert (found.agency, found.indicator, found.value) == ("finance", "lang_coverage", "-")
    return found
