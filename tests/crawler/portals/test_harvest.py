"""The harvest as plain code: a made-up catalogue behind a made-up adapter, no network, no process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from config.model import Portal, Settings
from config.scopes import ScopeMap
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import ScopeCoverage
from crawler.frontier import Frontier, Plan
from crawler.harvest import MOST_BROKEN, Harvest
from crawler.portals import Ask, UnreadableError, row_guard
from crawler.records import Distribution, Record
from crawler.sample import Sample
from tests.crawler.portals.answers import SITE, answer, portal
from tests.crawler.support import NIGHT

Answers = Callable[[str], tuple[ExchangeOutcome, bytes]]
NAME = f"{SITE}/"


class Made:
    """A catalogue of numbered pages: the body of page n is its record ids, `!` before them breaks it, `.` ends it."""

    def __init__(self, *, details: bool = False, claims: int | None = None) -> None:
        self.details, self.claims = details, claims

    def first_requests(self, where: Portal) -> Iterator[Ask]:
        yield Ask(f"{where.url}1", Purpose.PORTAL)

    def next_requests(self, where: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        number = capture.key.url.removeprefix(where.url)
        if not number.isdigit():
            return
        if not body.endswith(b"."):
            yield Ask(f"{where.url}{int(number) + 1}", Purpose.PORTAL)
        for name in body.decode().strip("!.").split() if self.details else ():
            yield Ask(f"{where.url}d/{name}", Purpose.PORTAL, later=True)
            yield Ask(f"{where.url}rows/{name}", Purpose.PORTAL)

    def records(self, where: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        part = "/d/" in capture.key.url
        for name in body.decode().strip("!.").split():
            files = (Distribution(f"{where.url}f/{name}.csv"), Distribution(f"{where.url}api/{name}", service=True))
            yield Record(
                id=name, portal=where.id, capture=capture.id, publisher_id=name[:1], distributions=files, part=part
            )
        if body.startswith(b"!"):
            raise UnreadableError("cut_off")

    def total(self, where: Portal, capture: Capture, body: bytes) -> int | None:
        return self.claims

    def refuses(self, where: Portal, url: str) -> bool:
        return "/rows/" in url


class Play:
    """Runs a harvest against answers, and remembers what was asked."""

    def __init__(self, settings: Settings, adapter: Any, records: int = 1000, distributions: int = 0) -> None:
        self.frontier = Frontier(ScopeMap(settings, NIGHT), Plan(NIGHT, 100), frozenset({Purpose.PAGE}))
        self.portal = portal("made")
        self.frontier.refuses = row_guard([self.portal], {"made": adapter})
        self.harvest = Harvest(self.frontier, [self.portal], {"made": adapter}, records, distributions)
        self.asked: list[str] = []
        self.captures: list[tuple[Capture, bytes]] = []

    def run(self, answers: Answers, stop: int = 10_000) -> ScopeCoverage:
        self.harvest.seed()
        while len(self.asked) < stop and (visit := self.frontier.next(lambda _: True)):
            path = visit.key.url.removeprefix(NAME)
            self.asked.append(path)
            outcome, body = answers(path)
            found = answer(visit.key.url, key=visit.key, purpose=visit.purpose, outcome=outcome)
            self.captures.append((found, body))
            self.frontier.settle(visit.key, visit.scopes, outcome, visit.purpose)
            self.harvest.read(found, body)
        return self.coverage()

    def resume(self, earlier: Play) -> None:
        for found, _ in earlier.captures:
            self.frontier.settle(found.key, found.scopes, found.outcome, found.purpose, known=False)
        for found, body in earlier.captures:
            self.harvest.read(found, body, live=False)

    def coverage(self) -> ScopeCoverage:
        (scope,) = self.harvest.coverage(None)
        assert scope.balanced()
        return scope

    @property
    def reasons(self) -> list[str]:
        return [incident.removeprefix("catalogue:") for _, incident in self.harvest.incidents()]


def serve(**pages: bytes) -> Answers:
    def answers(path: str) -> tuple[ExchangeOutcome, bytes]:
        body = pages.get(f"p{path}")
        return (ExchangeOutcome.HTTP_ERROR, b".") if body is None else (ExchangeOutcome.OK, body)

    return answers


@pytest.fixture
def play(installation: Callable[..., Settings]) -> Callable[..., Play]:
    def make(adapter: Any = None, **more: Any) -> Play:
        return Play(installation({"a": []}), adapter or Made(), **more)

    return make


def test_an_honest_catalogue_is_read_to_its_end(play: Callable[..., Play]) -> None:
    made = play()
    scope = made.run(serve(p1=b"a b", p2=b"c."))
    assert made.asked == ["1", "2"]
    assert (scope.scope, scope.known, scope.fetched, scope.exhausted) == (NAME, 2, 2, {"data": True})
    assert made.reasons == []


def test_a_page_that_comes_again_ends_it(play: Callable[..., Play]) -> None:
    made = play()
    scope = made.run(lambda _: (ExchangeOutcome.OK, b"a b"))
    assert made.asked == ["1", "2"]
    assert (made.reasons, scope.exhausted) == (["repeated_page"], {"data": False})
    known = play(Made(claims=2))
    assert known.run(lambda _: (ExchangeOutcome.OK, b"a b")).exhausted == {"data": True}


def test_pages_that_break_are_followed_for_a_while(play: Callable[..., Play]) -> None:
    made = play()
    scope = made.run(lambda path: (ExchangeOutcome.OK, b"a" if path == "1" else b"!"))
    assert len(made.asked) == 1 + MOST_BROKEN + 1
    assert (made.reasons, scope.exhausted) == (["cut_off"], {"data": False})
    once = play()
    assert once.run(serve(p1=b"a", p2=b"!", p3=b"c.")).exhausted == {"data": False}
    assert once.asked == ["1", "2", "3"]


def test_an_endless_catalogue_ends_with_the_budget(play: Callable[..., Play]) -> None:
    numbers = count()
    made = play(records=7)
    scope = made.run(lambda _: (ExchangeOutcome.OK, f"r{next(numbers)} r{next(numbers)}".encode()))
    assert len(made.asked) == 4
    assert (scope.skipped, scope.exhausted) == ({"budget": 1}, {"data": False})
    empty = play(records=5)
    scope = empty.run(lambda _: (ExchangeOutcome.OK, b""))
    assert len(empty.asked) == 5
    assert (scope.skipped, scope.exhausted) == ({"budget": 1}, {"data": False})


def test_details_come_behind_the_lists_and_rows_never(play: Callable[..., Play]) -> None:
    made = play(Made(details=True))
    pages = {"p1": b"a b", "p2": b"c.", "pd/a": b"a", "pd/b": b"!", "pd/c": b"c"}
    scope = made.run(serve(**pages))
    assert made.asked == ["1", "2", "d/a", "d/b", "d/c"]
    assert scope.exhausted == {"data": True}
    short = play(Made(details=True), records=3)
    scope = short.run(serve(**pages))
    assert short.asked == ["1", "2", "d/a"]
    assert (scope.skipped, scope.exhausted) == ({"budget": 2}, {"data": True})


@pytest.mark.parametrize(("claims", "exhausted"), [(3, True), (2, True), (0, True), (10**9, False), (None, True)])
def test_what_a_catalogue_claims_is_compared(play: Callable[..., Play], claims: int | None, exhausted: bool) -> None:
    made = play(Made(claims=claims))
    assert made.run(serve(p1=b"a b", p2=b"c.")).exhausted == {"data": exhausted}
    assert made.reasons == ([] if exhausted else ["fewer_than_claimed"])


def test_a_catalogue_that_is_not_there(play: Callable[..., Play]) -> None:
    made = play()
    scope = made.run(lambda _: (ExchangeOutcome.DNS, b"."))
    assert (scope.failed, scope.exhausted, made.reasons) == ({"dns": 1}, {"data": False}, ["dns"])


def test_distributions_are_spread_over_publishers_and_the_same_each_time(play: Callable[..., Play]) -> None:
    pages = serve(p1=b"a1 a2 a3 a4 b1", p2=b"c1 a5.")
    made = play(distributions=3)
    scope = made.run(pages)
    chosen = [path for path in made.asked if path.startswith("f/")]
    assert sorted(path[2] for path in chosen) == ["a", "b", "c"]
    assert (scope.known, scope.failed) == (5, {"http_error": 3})
    assert scope.exhausted == {"data": True}
    again = play(distributions=3)
    again.run(serve(p1=b"c1 a5 a4", p2=b"b1 a3 a2 a1."))
    assert {path for path in again.asked if path.startswith("f/")} == set(chosen)
    none = play()
    none.run(pages)
    assert none.asked == ["1", "2"]


def test_distributions_have_a_budget_of_their_own(play: Callable[..., Play]) -> None:
    made = play(records=2, distributions=4)
    made.run(lambda path: (ExchangeOutcome.OK, f"x{path} y{path}".encode()))
    assert made.asked[0] == "1"
    assert len([path for path in made.asked if path.startswith("f/")]) == 2


@pytest.mark.parametrize("stop", range(1, 9))
def test_a_harvest_that_was_stopped_goes_on(play: Callable[..., Play], stop: int) -> None:
    pages = {"p1": b"a1 b1", "p2": b"c1", "p3": b"d1.", **{f"pd/{name}": b"." for name in ("a1", "b1", "c1", "d1")}}
    pages |= {f"pf/{name}.csv": b"1" for name in ("a1", "b1", "c1", "d1")}
    whole = play(Made(details=True), distributions=2)
    told = whole.run(serve(**pages))
    first, second = play(Made(details=True), distributions=2), play(Made(details=True), distributions=2)
    first.run(serve(**pages), stop)
    second.resume(first)
    assert second.run(serve(**pages)) == told
    assert first.asked + second.asked == whole.asked


class Broken(Made):
    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def first_requests(self, where: Portal) -> Iterator[Ask]:
        if self.where == "first":
            raise RuntimeError(self.where)
        yield from super().first_requests(where)

    def next_requests(self, where: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        yield from super().next_requests(where, capture, body)
        if self.where == "next":
            raise RuntimeError(self.where)

    def records(self, where: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        yield from super().records(where, capture, body)
        if self.where == "records":
            raise RuntimeError(self.where)

    def total(self, where: Portal, capture: Capture, body: bytes) -> int | None:
        if self.where == "total":
            raise RuntimeError(self.where)
        return None


@pytest.mark.parametrize("where", ["first", "next", "records", "total"])
def test_an_adapter_that_breaks_costs_its_portal_only(play: Callable[..., Play], where: str) -> None:
    made = play(Broken(where))
    scope = made.run(serve(p1=b"a", p2=b"b."))
    assert scope.exhausted == {"data": False}
    assert made.reasons == ["adapter_broke"]


class Odd(Made):
    def first_requests(self, where: Portal) -> Iterator[Ask]:
        yield Ask("mailto:a@b.kz", Purpose.PORTAL)
        yield Ask("1", Purpose.PORTAL, method="POST", body=b"x=1", variant=(("header:accept", "text/csv"),))
        yield Ask("1", Purpose.PORTAL, method="POST", body=b"x=2")
        yield Ask("1", Purpose.PORTAL, method="POST", body=b"x=2")


def test_questions_differ_by_method_body_and_variant(play: Callable[..., Play]) -> None:
    made = play(Odd())
    made.run(lambda _: (ExchangeOutcome.OK, b"."))
    keys = [found.key for found, _ in made.captures]
    assert len(set(keys)) == len(keys) == 2
    assert keys[0].variant == (("header:accept", "text/csv"),)
    assert made.reasons == ["bad_address"]


def test_a_kind_without_an_adapter_is_named(installation: Callable[..., Settings]) -> None:
    frontier = Frontier(ScopeMap(installation({"a": []}), NIGHT), Plan(NIGHT, 100), frozenset({Purpose.PAGE}))
    harvest = Harvest(frontier, [portal("socrata")], {}, 10)
    harvest.seed()
    assert list(harvest.incidents()) == [("data.lab", "catalogue:no_adapter:socrata")]
    assert harvest.coverage(None) == ()


class Keyed(Made):
    def next_requests(self, where: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        yield Ask(capture.key.url.replace("page=1", "page=2"), Purpose.PORTAL)

    def first_requests(self, where: Portal) -> Iterator[Ask]:
        yield Ask(f"{where.url}&page=1", Purpose.PORTAL)


def test_an_operators_key_stays_in_what_is_asked(installation: Callable[..., Settings]) -> None:
    frontier = Frontier(ScopeMap(installation({"a": []}), NIGHT), Plan(NIGHT, 100), frozenset({Purpose.PAGE}))
    where = portal("made", f"{SITE}/list?apiKey=secret%2Fone")
    harvest = Harvest(frontier, [where], {"made": Keyed()}, 10)
    harvest.seed()
    visit = frontier.next(lambda _: True)
    assert visit
    hidden = f"{SITE}/list?apiKey=REDACTED"
    key = CaptureKey("GET", f"{hidden}&page=1")
    harvest.read(answer(key.url, key=key, scopes=visit.scopes), b"a")
    ahead = frontier.next(lambda _: True)
    assert ahead
    assert "apiKey=secret%2Fone" in ahead.url
    assert "page=2" in ahead.url
    assert visit.scopes == (hidden,)


def test_a_sample_does_not_grow_with_the_catalogue() -> None:
    sample = Sample(3)
    for number in range(1000):
        sample.add_address("a", f"http://f.lab/{number}")
    kept = sample.chosen()
    assert len(kept) == 3
    other = Sample(3)
    for number in reversed(range(1000)):
        other.add_address("a", f"http://f.lab/{number}")
    assert other.chosen() == kept
    assert Sample(0).chosen() == []
