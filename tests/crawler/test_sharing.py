"""One host and many scopes: budgets, turns, strata, rotation over nights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.model import Settings
from config.scopes import ScopeMap
from crawler.capture import CaptureKey, ExchangeOutcome, Purpose
from crawler.frontier import Frontier, Plan, Told, Visit
from crawler.html import judge
from crawler.questions import MENU
from crawler.shelf import Address, Shelf
from crawler.strata import is_certain
from tests.crawler.support import NIGHT

LANGUAGES = {"kk": "kk", "kz": "kk", "ru": "ru", "en": "en"}
AGENCIES = 49
MENU_PAGES, PAGES = 8, 60

Make = Callable[..., Frontier]


@pytest.fixture
def frontier(installation: Callable[..., Settings]) -> Make:
    def make(sites: dict[str, list[Any]], night: date = NIGHT, shelf: Shelf | None = None, **plan: Any) -> Frontier:
        made = Plan(night, **{"budget": 100, "languages": LANGUAGES, **plan})
        purposes = frozenset({Purpose.PAGE, Purpose.DOCUMENT})
        return Frontier(ScopeMap(installation(sites), night), made, purposes, shelf=shelf)

    return make


def root(number: int) -> str:
    return f"http://good.lab/entities/agency{number}"


def begin(made: Frontier) -> None:
    """Open a night: recall, start pages, and what each names once it is read."""
    made.addresses.recall()
    made.begin()


def settle(made: Frontier, visit: Visit) -> None:
    """Answer a question; a start page names its menu, and a menu page the pages of its section."""
    made.settle(visit.key, visit.scopes, ExchangeOutcome.OK, visit.purpose, told=Told(200, visit.stratum))
    url = visit.key.url
    if made.addresses.starts(visit.key):
        for number in range(MENU_PAGES):
            made.addresses.require(judge(f"{url}/menu{number}"), MENU, url)
    elif "/menu" in url and "/page" not in url:
        for number in range(PAGES // MENU_PAGES):
            made.add(f"{url}/page-{number}-of-this", url)


def night(made: Frontier) -> list[Visit]:
    begin(made)
    asked = []
    while visit := made.next(lambda _: True):
        asked.append(visit)
        settle(made, visit)
    return asked


def country(agencies: int = AGENCIES) -> dict[str, list[Any]]:
    return {f"a{number}": [root(number)] for number in range(agencies)}


def test_every_scope_of_a_host_gets_its_due(frontier: Make) -> None:
    made = frontier(country(), per_host=20 * AGENCIES, budget=100)
    asked = night(made)
    assert len(asked) == 20 * AGENCIES
    by_scope = Counter(visit.scopes[0] for visit in asked)
    assert set(by_scope.values()) == {20}
    required = Counter(visit.scopes[0] for visit in asked if is_certain(visit.stratum or ""))
    assert set(required.values()) == {1 + MENU_PAGES}, "home and menu of all, every night"
    for scope in made.coverage("budget"):
        assert scope.balanced()
        assert (scope.fetched, scope.skipped) == (20, {"host_budget": scope.known - 20})
        assert scope.exhausted["menu"]
        assert not scope.exhausted["links"]


def test_what_a_small_scope_leaves_goes_to_the_others(frontier: Make) -> None:
    made = frontier(country(3), per_host=60)
    begin(made)
    asked: Counter[str] = Counter()
    while visit := made.next(lambda _: True):
        asked[visit.scopes[0]] += 1
        if visit.scopes[0] == root(0):  # names nothing
            made.settle(visit.key, visit.scopes, ExchangeOutcome.OK)
        else:
            settle(made, visit)
    assert asked[root(0)] == 1
    assert {asked[root(1)], asked[root(2)]} == {29, 30}


def test_a_budget_below_one_question_each_begins_with_the_oldest_evidence(frontier: Make, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for number in range(5):
        shelf = Shelf(tmp_path / "frontier.sqlite")
        made = frontier(country(10), NIGHT + timedelta(days=number), shelf, per_host=4)
        seen.update(visit.scopes[0] for visit in night(made))
        shelf.close()
    assert set(seen) == {root(number) for number in range(10)}, "all had a turn in five nights"


def test_the_rest_comes_round_over_nights(frontier: Make, tmp_path: Path) -> None:
    pages = 1 + MENU_PAGES + MENU_PAGES * (PAGES // MENU_PAGES)
    seen: Counter[str] = Counter()
    for number in range(4):
        shelf = Shelf(tmp_path / "frontier.sqlite")
        made = frontier(country(2), NIGHT + timedelta(days=number), shelf, per_host=2 * 27, budget=40)
        asked = night(made)
        required = [visit for visit in asked if is_certain(visit.stratum or "")]
        assert len(required) == 2 * (1 + MENU_PAGES)
        seen.update(visit.key.url for visit in asked if visit not in required)
        (first, _) = made.coverage("budget")
        assert first.balanced()
        shelf.close()
    assert len(seen) == 2 * (pages - 1 - MENU_PAGES), "every page was seen"
    assert max(seen.values()) <= 2, "none often while others wait"


def test_required_pages_leave_room_for_the_sample(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]}, budget=20)
    begin(made)
    for number in range(60):
        made.addresses.require(judge(f"http://good.lab/menu-{number}x"), MENU)
        made.add(f"http://good.lab/part/page-{number}x")
    strata = Counter(is_certain(visit.stratum or "") for visit in iter(lambda: made.next(lambda _: True), None))
    assert strata == {True: 12, False: 8}


def test_a_page_is_drawn_in_all_its_languages(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]}, budget=61)
    begin(made)
    for number in range(200):
        for code in ("kz", "ru", "en"):
            made.add(f"http://good.lab/{code}/part/page-{number}x")
    asked = [visit for visit in iter(lambda: made.next(lambda _: True), None) if "/part" in visit.url]
    topics = Counter(visit.url.rpartition("/")[2] for visit in asked)
    assert len(asked) == 60
    assert topics == dict.fromkeys(topics, 3)
    (scope,) = made.coverage("budget")
    assert {item.name for item in scope.strata if item.random} == {"part kk", "part ru", "part en"}
    assert all(item.known == 200 for item in scope.strata if item.random)


def test_strata_are_drawn_from_by_their_size(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]}, budget=101)
    begin(made)
    for section, size in (("news", 700), ("acts", 250), ("staff", 50)):
        for number in range(size):
            made.add(f"http://good.lab/{section}/page-{number}x")
    drawn = Counter(visit.stratum for visit in iter(lambda: made.next(lambda _: True), None))
    assert drawn.pop("required:start") == 1
    assert drawn == {"news": 70, "acts": 25, "staff": 5}


def test_the_sample_is_of_the_night_and_can_be_drawn_again(frontier: Make) -> None:
    def drawn(when: date) -> list[str]:
        made = frontier({"a": ["http://good.lab/"]}, when, budget=20)
        begin(made)
        for number in range(200):
            made.add(f"http://good.lab/news/page-{number}x")
        return [visit.url for visit in iter(lambda: made.next(lambda _: True), None)]

    assert drawn(NIGHT) == drawn(NIGHT)
    assert len(set(drawn(NIGHT)) & set(drawn(NIGHT + timedelta(days=1)))) < 10


def test_a_folder_with_pages_below_it_is_a_section(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]})
    begin(made)
    made.add("http://good.lab/news/")
    for number in range(5):
        made.add(f"http://good.lab/news/page-{number}x")
        made.add(f"http://good.lab/acts/2024/page-{number}x")
    made.add("http://good.lab/acts")
    first = [made.next(lambda _: True) for _ in range(3)]
    assert [visit.url for visit in first if visit] == [
        "http://good.lab/", "http://good.lab/news/", "http://good.lab/acts"
    ]  # fmt: skip
    assert {visit.stratum for visit in first[1:] if visit} == {"required:sections"}


def test_questions_are_answered_one_by_one(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]})
    begin(made)
    home = made.next(lambda _: True)
    assert home

    def exhausted() -> dict[str, bool]:
        (scope,) = made.coverage(None)
        assert scope.balanced()
        return scope.exhausted

    assert not exhausted()["menu"], "nothing was seen"
    for name in ("one", "two"):
        made.addresses.require(judge(f"http://good.lab/{name}"), MENU)
    made.add("http://good.lab/paper.pdf")
    made.settle(home.key, home.scopes, ExchangeOutcome.OK, told=Told(200, home.stratum))
    for status, outcome in ((200, ExchangeOutcome.OK), (404, ExchangeOutcome.HTTP_ERROR)):
        assert not exhausted()["menu"]
        visit = made.next(lambda _: True)
        assert visit
        made.settle(visit.key, visit.scopes, outcome, told=Told(status, visit.stratum))
    found = exhausted()  # a page that is gone was seen to be gone
    assert (found["menu"], found["sections"], found["data"], found["links"]) == (True, True, False, False)
    paper = made.next(lambda _: True)
    assert paper
    made.settle(paper.key, paper.scopes, ExchangeOutcome.OK, paper.purpose, told=Told(200, paper.stratum))
    assert all(exhausted().values())


def test_a_menu_page_that_failed_leaves_the_menu_open(frontier: Make) -> None:
    made = frontier({"a": ["http://good.lab/"]})
    begin(made)
    made.add("http://good.lab/late")
    asked = [made.next(lambda _: True), made.next(lambda _: True)]
    for visit, outcome in zip(asked, (ExchangeOutcome.OK, ExchangeOutcome.TIMEOUT), strict=True):
        assert visit
        made.settle(visit.key, visit.scopes, outcome, told=Told(200, visit.stratum))
    made.addresses.require(judge("http://good.lab/late"), MENU)  # named by the menu after it was asked
    (scope,) = made.coverage("budget")
    assert (scope.exhausted["links"], scope.exhausted["menu"]) == (True, False)


def test_what_carries_a_key_is_asked_and_not_written_down(frontier: Make, tmp_path: Path) -> None:
    path = tmp_path / "frontier.sqlite"
    shelf = Shelf(path)
    made = frontier({"a": ["http://good.lab/"]}, shelf=shelf)
    begin(made)
    made.add("http://good.lab/api?apiKey=sesame-open")
    made.add("http://good.lab/next", "http://good.lab/api?apiKey=sesame-open")
    urls = [visit.url for visit in iter(lambda: made.next(lambda _: True), None)]
    assert "http://good.lab/api?apiKey=sesame-open" in urls
    assert len(urls) == 3
    shelf.close()
    assert b"sesame" not in b"".join(item.read_bytes() for item in tmp_path.iterdir() if item.is_file())


def test_a_page_that_is_gone_is_forgotten_when_nothing_names_it(frontier: Make, tmp_path: Path) -> None:
    def known(number: int, *named: str, status: int = 200) -> int:
        shelf = Shelf(tmp_path / "frontier.sqlite")
        made = frontier({"a": ["http://good.lab/"]}, NIGHT + timedelta(days=number), shelf)
        begin(made)
        for url in named:
            made.add(url)
        outcome = ExchangeOutcome.OK if status == 200 else ExchangeOutcome.HTTP_ERROR
        while visit := made.next(lambda _: True):
            gone = "old" in visit.url
            told = Told(status if gone else 200, visit.stratum)
            made.settle(visit.key, visit.scopes, outcome if gone else ExchangeOutcome.OK, told=told)
        (scope,) = made.coverage("budget")
        assert scope.balanced()
        shelf.close()
        return scope.known

    assert known(0, "http://good.lab/old") == 2
    assert known(1) == 2, "nobody names it, but it was there"
    assert known(2, status=404) == 2
    assert known(3) == 1


@pytest.mark.parametrize("variant", [(), (("Accept-Language", "kk"),)])
def test_a_resumed_run_keeps_to_the_budget_of_the_host(frontier: Make, variant: tuple[tuple[str, str], ...]) -> None:
    made = frontier({"a": ["http://good.lab/"]}, per_host=3)
    for number in range(2):
        key = CaptureKey("GET", f"http://good.lab/{number}", None, variant)
        made.settle(key, ("http://good.lab/",), ExchangeOutcome.OK, known=False, told=Told(200, "top"))
    refused = CaptureKey("GET", "http://good.lab/refused", None, variant)
    made.settle(refused, ("http://good.lab/",), ExchangeOutcome.ROBOTS, known=False, told=Told(None, "top"))
    for number in range(10, 20):
        made.add(f"http://good.lab/{number}")
    assert made.next(lambda _: True)
    assert made.next(lambda _: True) is None


def test_a_resumed_run_knows_what_it_asked_as_required(frontier: Make) -> None:
    before, after = (frontier({"a": ["http://good.lab/"]}) for _ in range(2))
    before.begin()
    visit = before.next(lambda _: True)
    assert visit
    assert is_certain(visit.stratum or "")
    after.settle(visit.key, visit.scopes, ExchangeOutcome.OK, known=False, told=Told(200, visit.stratum))
    scope = "http://good.lab/"
    assert before.addresses.books[scope].required == after.addresses.books[scope].required == 1


def test_an_address_with_a_masked_key_is_asked_on_no_other_night(frontier: Make, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "frontier.sqlite")
    masked = "http://good.lab/file.pdf?key=REDACTED"
    first = frontier({"a": ["http://good.lab/"]}, shelf=shelf)
    for url in (masked, "http://good.lab/minutes-REDACTED.pdf"):
        key = CaptureKey("GET", url)
        first.settle(
            key, ("http://good.lab/",), ExchangeOutcome.OK, Purpose.DOCUMENT, known=False, told=Told(200, "documents")
        )
    shelf.put(Address(7, masked, Purpose.DOCUMENT, None, NIGHT.toordinal()))  # as an earlier version left it
    shelf.filled()
    second = frontier({"a": ["http://good.lab/"]}, NIGHT + timedelta(days=1), shelf)
    second.addresses.recall()
    asked = [visit.url for visit in iter(lambda: second.next(lambda _: True), None)]
    assert asked == ["http://good.lab/minutes-REDACTED.pdf"]
    assert shelf.get(7) is None


def alone(frontier: Make) -> tuple[Frontier, Visit]:
    """A scope whose start page was seen, and names nothing."""
    made = frontier({"a": ["http://good.lab/"]})
    begin(made)
    visit = made.next(lambda _: True)
    assert visit
    made.settle(visit.key, visit.scopes, ExchangeOutcome.OK, told=Told(200, visit.stratum))
    return made, visit


def test_a_page_that_could_not_be_read_leaves_its_scope_open(frontier: Make) -> None:
    made, visit = alone(frontier)
    (scope,) = made.coverage("budget")
    assert scope.exhausted["menu"]
    assert scope.exhausted["links"]
    made.addresses.leave_unread(visit.key, visit.scopes)
    (scope,) = made.coverage("budget")
    assert not any(scope.exhausted[name] for name in ("menu", "sections", "links", "data"))
    assert not scope.discovered


def test_a_sitemap_that_is_named_again_is_not_needed_again(frontier: Make) -> None:
    made, visit = alone(frontier)
    listed, beyond = (
        Visit(f"http://good.lab/{name}", CaptureKey("GET", f"http://good.lab/{name}"), Purpose.SITEMAP)
        for name in ("map.xml", "more.xml")
    )

    def needs() -> bool:
        return not made.coverage("budget")[0].exhausted["sitemap"]

    assert made.ask_list(visit.site, listed)
    assert needs()
    made.list_settled(listed.key, seen=True)
    assert not needs()
    assert not made.ask_list(visit.site, listed)
    assert not needs()
    assert not made.ask_list(visit.site, beyond, lost=True)
    assert needs(), "a list beyond the cap is not seen"
