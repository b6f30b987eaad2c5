from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.model import Settings
from config.scopes import ScopeMap
from crawler.capture import CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import ScopeCoverage
from crawler.frontier import Frontier, Plan, Told, Visit, identity, site_of
from crawler.html import Link, judge
from crawler.shelf import Shelf
from tests.crawler.support import NIGHT

Make = Callable[..., Frontier]
PAGES = frozenset({Purpose.PAGE})


@pytest.fixture
def frontier(installation: Callable[..., Settings]) -> Make:
    def make(
        sites: dict[str, list[Any]], budget: int = 100, purposes: frozenset[Purpose] = PAGES, **more: Any
    ) -> Frontier:
        return Frontier(ScopeMap(installation(sites), NIGHT), Plan(NIGHT, budget), purposes, **more)

    return make


def drain(frontier: Frontier, outcome: ExchangeOutcome = ExchangeOutcome.OK) -> list[Visit]:
    visits = []
    while visit := frontier.next(lambda _: True):
        visits.append(visit)
        frontier.settle(visit.key, visit.scopes, outcome)
    return visits


def only(frontier: Frontier, rest: str | None = "budget") -> ScopeCoverage:
    (scope,) = frontier.coverage(rest)
    assert scope.balanced()
    return scope


def test_one_address_however_it_is_written(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]})
    assert made.add("http://good.lab/x")
    for other in ("https://good.lab/x", "http://www.good.lab/x", "https://www.good.lab/x"):
        assert not made.add(other)
    assert identity("http://good.lab/x") == identity("https://www.good.lab/x")
    assert only(made).known == 1


def test_query_parameters_that_tell_pages_apart(frontier: Make) -> None:
    made = frontier({"a": [{"url": "http://good.lab/", "query": ["id"]}]})
    assert made.add("http://good.lab/x?id=1&utm=2")
    assert not made.add("http://good.lab/x?id=1&utm=3")
    assert made.add("http://good.lab/x?id=2")
    assert {visit.key.url for visit in drain(made)} == {"http://good.lab/x?id=1", "http://good.lab/x?id=2"}


def test_scopes_take_turns(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/a"], "b": ["http://good.lab/b"]})
    for number in range(3):
        made.add(f"http://good.lab/a/{number}")
    for number in range(3):
        made.add(f"http://good.lab/b/{number}")
    drawn = [visit.url[-3:] for visit in drain(made)]
    assert [item[0] for item in drawn] == ["a", "b"] * 3
    assert len(set(drawn)) == 6


def test_hosts_take_turns_and_busy_ones_wait(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"], "b": ["http://other.lab/"]})
    for number in range(2):
        made.add(f"http://good.lab/{number}")
        made.add(f"http://other.lab/{number}")
    first = made.next(lambda _: True)
    second = made.next(lambda _: True)
    assert first
    assert second
    assert {first.site, second.site} == {"good.lab", "other.lab"}
    third = made.next(lambda site: site == "other.lab")
    assert third
    assert third.site == "other.lab"
    assert made.next(lambda site: site == "other.lab") is None
    assert not made.empty


def test_the_budget_belongs_to_the_scope(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/a"], "b": ["http://good.lab/b"]}, budget=2)
    for number in range(5):
        made.add(f"http://good.lab/a/{number}")
    made.add("http://good.lab/b/0")
    assert len(drain(made)) == 3
    assert made.empty
    first, second = made.coverage("budget")
    assert (first.known, first.fetched, first.skipped, first.exhausted["links"]) == (5, 2, {"budget": 3}, False)
    assert (second.known, second.fetched, second.exhausted["links"]) == (1, 1, True)
    pending, _ = made.coverage(None)
    assert pending.pending == 3


@pytest.mark.parametrize("outcome", [ExchangeOutcome.ROBOTS, ExchangeOutcome.GUARD])
def test_refusals_without_a_request_cost_nothing(frontier: Make, outcome: ExchangeOutcome) -> None:
    made = frontier({"a": ["http://good.lab/"]}, budget=1)
    for number in range(3):
        made.add(f"http://good.lab/{number}")
    assert len(drain(made, outcome)) == 3
    assert only(made).failed == {outcome.value: 3}


def test_what_is_not_asked_is_counted(frontier: Make) -> None:
    made = frontier({"a": [{"url": "http://good.lab/", "exclude": ["/old"]}]})
    made.add_links(
        [
            Link("http://good.lab/doc.pdf", Purpose.DOCUMENT),
            Link("http://good.lab/shy", nofollow=True),
            judge("http://good.lab/calendar/2030"),
            judge("http://good.lab/old/page"),
            judge("http://elsewhere.lab/"),
            judge("http://elsewhere.lab/"),
        ],
        "http://good.lab/",
    )
    assert drain(made) == []
    assert only(made).skipped == {"exclude": 1, "policy": 2, "trap": 1}
    assert only(made).exhausted["links"]
    assert made.outside == 1


@pytest.mark.parametrize(
    ("asked", "target", "home"),
    [
        ("http://good.lab/a", "http://www.good.lab/b", True),
        ("http://good.lab/a", "http://good.lab/closed/b", False),
        ("http://good.lab/a", "http://good.lab/closed/open/b", True),
        ("http://good.lab/a", "http://elsewhere.lab/", False),
        ("http://good.lab/a", "http://shared.lab/one/b", False),
        ("http://shared.lab/one/a", "http://shared.lab/one/b", True),
        ("http://shared.lab/one/a", "http://shared.lab/two/b", False),
        ("http://shared.lab/one/a", "http://shared.lab/login", False),
        ("http://shared.lab/one/a", "http://good.lab/b", True),
    ],
)
def test_a_redirect_stays_where_its_page_is_at_home(frontier: Make, asked: str, target: str, home: bool) -> None:
    own = frontier(
        {
            "good": [{"url": "http://good.lab/", "exclude": ["/closed/"]}, "http://good.lab/closed/open/"],
            "one": ["http://shared.lab/one/"],
            "two": ["http://shared.lab/two/"],
        }
    )
    visit = Visit(asked, CaptureKey("GET", asked), Purpose.PAGE, own.scopes_of(asked))
    assert own.at_home(visit, target) is home


def test_documents_are_asked_when_somebody_needs_them(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]}, purposes=PAGES | {Purpose.DOCUMENT})
    made.add_link(judge("http://good.lab/doc.pdf"))
    assert [visit.purpose for visit in drain(made)] == [Purpose.DOCUMENT]


def test_a_shared_page_is_asked_once_and_counted_by_both(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/a"], "b": [{"url": "http://good.lab/b", "include": ["/a/shared"]}]})
    made.add("http://good.lab/a/shared")
    (visit,) = drain(made)
    assert visit.scopes == ("http://good.lab/a", "http://good.lab/b")
    assert [(item.known, item.fetched) for item in made.coverage("budget")] == [(1, 1), (1, 1)]


def test_agencies_that_were_not_named_are_left_alone(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/a"], "b": ["http://good.lab/b"]}, agencies=frozenset({"a"}))
    assert made.add("http://good.lab/a/1")
    assert not made.add("http://good.lab/b/1")
    assert [item.scope for item in made.coverage("budget")] == ["http://good.lab/a"]


def test_books_are_rebuilt_from_captures(frontier: Make) -> None:
    before, after = (frontier({"a": ["http://good.lab/"]}, budget=3) for _ in range(2))
    for number in range(5):
        before.add(f"http://good.lab/{number}")
    for outcome in (ExchangeOutcome.OK, ExchangeOutcome.TIMEOUT):
        visit = before.next(lambda _: True)
        assert visit
        before.settle(visit.key, visit.scopes, outcome)
        after.settle(visit.key, visit.scopes, outcome, known=False, told=Told(stratum=visit.stratum))
    for number in range(5):
        after.add(f"http://good.lab/{number}")
    assert before.coverage(None) == after.coverage(None)
    assert [visit.url for visit in drain(before)] == [visit.url for visit in drain(after)]


def test_the_paced_host() -> None:
    assert site_of("https://www.good.lab/x") == site_of("http://good.lab/") == "good.lab"
    assert site_of("http://good.lab:81/") == "good.lab:81"


_LINKS = st.lists(
    st.tuples(
        st.integers(0, 12), st.sampled_from(list(ExchangeOutcome)), st.sampled_from(["page", "pdf", "out", "shy"])
    ),
    max_size=40,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(links=_LINKS, budget=st.integers(1, 6))
def test_the_books_always_balance(frontier: Make, links: list[tuple[int, ExchangeOutcome, str]], budget: int) -> None:
    made = frontier({"a": ["http://good.lab/"]}, budget=budget)
    asked: Counter[str] = Counter()
    for number, outcome, kind in links:
        url = {"pdf": f"http://good.lab/{number}.pdf", "out": f"http://no.lab/{number}"}.get(
            kind, f"http://good.lab/{number}"
        )
        made.add_links([Link(url, judge(url).purpose, nofollow=kind == "shy")], "http://good.lab/")
        visit = made.next(lambda _, ready=number % 3 > 0: ready)
        if visit:
            asked[visit.key.url] += 1
            made.settle(visit.key, visit.scopes, outcome)
        for rest in (None, "budget", "deadline"):
            assert all(scope.balanced() for scope in made.coverage(rest))
    assert all(count == 1 for count in asked.values())


def test_documents_that_differ_by_a_key_are_two(frontier: Make, tmp_path: Path) -> None:
    keys = [f"0f8fad5b-d9cb-469f-a165-70867728950{number}" for number in range(3)]
    urls = [f"http://good.lab/file.pdf?{name}={key}" for key in keys for name in ("key", "token")]
    shelf = Shelf(tmp_path / "frontier.sqlite")
    made = frontier({"a": ["http://good.lab/"]}, purposes=frozenset({Purpose.DOCUMENT}), shelf=shelf)
    for url in (*urls, *urls):
        made.add(url)
    assert not any(key in identity(url) for url in urls for key in keys)
    assert sorted(visit.url for visit in drain(made)) == sorted(urls)
    assert not made.add(urls[0])
    assert only(made).known == only(made).fetched == 6
    shelf.close()
    for path in tmp_path.iterdir():
        assert not any(key.encode() in path.read_bytes() for key in keys)


def test_a_start_page_with_a_key_is_one_as_its_capture_tells_it(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/?apiKey=s3cr3t"]})
    for key in ("s3cr3t", "REDACTED"):
        assert made.addresses.starts(CaptureKey("GET", f"http://good.lab/?apiKey={key}"))
    assert not made.addresses.starts(CaptureKey("GET", "http://good.lab/?apiKey=other"))
