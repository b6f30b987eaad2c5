from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.night_model import HEAD, Country, Measured, table  # noqa: E402 - the path is set first
from config.model import CrawlSettings  # noqa: E402 - the path is set first

MEASURED = Measured()
ONE = Country(agencies=1, delay=1.0, latency=0.1, hours=1.0, pages=10_000, per_site=10**6, per_host=10**6, baselines=0)
COUNTRIES = st.builds(
    Country,
    agencies=st.integers(1, 100),
    delay=st.floats(0.1, 60),
    crawl_delay=st.floats(0, 60),
    latency=st.floats(0, 30),
    hours=st.floats(0.1, 24),
    pages=st.integers(1, 20_000),
    drawn=st.integers(0, 50),
)


def test_one_agency_by_hand() -> None:
    # An hour at one request a second: 3,600, less robots.txt, a sitemap and the scope's own unknown address.
    assert (ONE.gap, ONE.requests, ONE.overhead, ONE.asked(MEASURED)) == (1.0, 3600, 3, 3597)
    assert ONE.bound(MEASURED) == "gap"
    assert ONE.nights_to_see_all(MEASURED) == 3
    assert ONE.night(MEASURED) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changed", "gap"),
    [({}, 1.0), ({"crawl_delay": 10.0}, 10.0), ({"latency": 5.0}, 2.5), ({"latency": 5.0, "concurrency": 1}, 5.0)],
)
def test_the_longest_wait_is_the_gap(changed: dict[str, float], gap: float) -> None:
    assert replace(ONE, **changed).gap == gap  # type: ignore[arg-type]


def test_drawing_takes_its_requests_from_the_same_gap() -> None:
    measured = replace(MEASURED, drawn_requests=3.0)
    assert replace(ONE, drawn=100).asked(measured) == 3597 - 200
    assert replace(ONE, drawn=10_000).asked(measured) == 3597 // 3


def test_a_host_that_asks_for_too_much_patience_is_not_seen() -> None:
    slow = replace(ONE, agencies=49, baselines=3, crawl_delay=60.0)
    assert slow.asked(MEASURED) == 0
    assert slow.nights_to_see_all(MEASURED) == math.inf
    assert slow.fresh(MEASURED) == 0.0


def test_budgets_bound_a_fast_host() -> None:
    fast = Country(hours=24.0)
    assert (fast.asked(MEASURED), fast.bound(MEASURED)) == (9_800, "pages_per_site")
    assert replace(fast, per_host=5_000).bound(MEASURED) == "pages_per_host"
    assert replace(fast, pages=10).bound(MEASURED) == "pages there are"


def test_disk_counts_new_pages_and_records_of_old_ones() -> None:
    measured = replace(MEASURED, warc=1000, revisit=10, index=1)
    still = replace(ONE, pages=1400, changing=0.0)  # a fourteenth of 1,400 is due on a night
    assert still.due() == pytest.approx(100)
    assert still.disk(measured) == pytest.approx(1400 * 1001 + 365 * 100 * 11)
    lively = replace(still, changing=1.0)
    assert lively.disk(measured) == pytest.approx(1400 * 1001 + 365 * 1400 * 1001)


@given(COUNTRIES)
def test_a_longer_gap_never_shows_more(country: Country) -> None:
    longer = replace(country, crawl_delay=country.gap * 2)
    assert longer.asked(MEASURED) <= country.asked(MEASURED)
    assert longer.fresh(MEASURED) <= country.fresh(MEASURED) <= 1
    assert country.night(MEASURED) <= max(country.hours, country.overhead * country.gap / 3600) + 1e-9


def test_the_models_defaults_are_the_programs() -> None:
    settings, country = CrawlSettings(), Country()
    assert (country.delay, country.concurrency) == (settings.delay, settings.concurrency)
    assert (country.per_site, country.per_host) == (settings.pages_per_site, settings.pages_per_host)
    assert country.baselines == settings.baselines


def test_the_document_shows_what_the_script_prints() -> None:
    words = [sys.executable, str(ROOT / "benchmarks" / "night_model.py"), "--hours", "8"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    rows = [line for line in printed.splitlines() if line.startswith("|")]
    assert len(rows) == 3 * 7
    text = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert [row for row in rows if row not in text] == []
    assert table(Country(), MEASURED)[0] == HEAD
