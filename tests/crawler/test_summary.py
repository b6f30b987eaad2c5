from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import HostCoverage, RunCoverage, RunState, ScopeCoverage
from crawler.summary import brief, told, totals
from tests.crawler.support import NIGHT

COUNTS = st.integers(0, 10_000)
REASONS = st.dictionaries(st.sampled_from(["timeout", "robots", "budget", "trap"]), COUNTS)
AT = datetime(2026, 1, 2, 20, tzinfo=UTC)


@st.composite
def scopes(draw: st.DrawFn) -> ScopeCoverage:
    fetched, failed, skipped, pending = draw(COUNTS), draw(REASONS), draw(REASONS), draw(COUNTS)
    known = fetched + sum(failed.values()) + sum(skipped.values()) + pending
    return ScopeCoverage(draw(st.sampled_from(["a", "b"])), known, fetched, failed, skipped, pending)


@given(st.lists(scopes(), max_size=5))
def test_totals_add_up_over_any_scopes(found: list[ScopeCoverage]) -> None:
    assert totals(found).balanced()
    assert totals(found).known == sum(item.known for item in found)


def test_a_hole_in_the_books_shows() -> None:
    assert not totals([ScopeCoverage("a", known=5, fetched=4)]).balanced()


def statement(*found: ScopeCoverage, reason: str | None = None) -> RunCoverage:
    state = RunState.INCOMPLETE if reason else RunState.COMPLETE
    hosts = (HostCoverage("good.lab", 7, "ok", ("rate_limited",)),)
    return RunCoverage("nightly", NIGHT, "default", state, AT, AT, found, hosts, 3, reason)


def test_what_is_told_of_a_crawl() -> None:
    one = ScopeCoverage("http://good.lab/", 9, 4, {"timeout": 2}, {"policy": 1}, 2)
    two = ScopeCoverage("http://data.lab/", 3, 2, {"timeout": 1}, records=40)
    assert list(told(statement(one, two, reason="deadline"))) == [
        "2026-01-02 nightly: incomplete (deadline), 3 links out of scope",
        "  http://good.lab/: 9 known, 4 fetched, 2 timeout, 1 policy, 2 pending",
        "  http://data.lab/: 3 known, 2 fetched, 1 timeout, 40 records",
        "  good.lab: 7 requests, robots.txt ok, rate_limited",
        "  2 scopes: 12 known = 6 fetched + 3 failed (timeout 3) + 1 skipped (policy 1) + 2 pending",
    ]


def test_a_crawl_that_died_claims_no_totals() -> None:
    assert list(brief(statement(reason="crawl process ended early (signal 9)"))) == [
        "2026-01-02 nightly: incomplete (crawl process ended early (signal 9)), 3 links out of scope"
    ]
