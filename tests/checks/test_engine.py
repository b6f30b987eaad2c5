"""The contracts between engine, view and rules, each proved by a small rule of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
import pytest

import checks.view as view_module
from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Finding, Outcome, Result, SubjectKind
from checks.night import FACTS_FILE
from checks.registry import Answer, Rule
from checks.subjects import (
    ACROSS,
    IN_SCOPE,
    AgencySubject,
    CountrySubject,
    DatasetSubject,
    DistributionSubject,
    FileSubject,
    PagePair,
    PortalSubject,
    ServiceSubject,
    TableSubject,
)
from checks.view import Page, ScopeView
from config.errors import ConfigError
from config.model import Portal
from crawler.archive.history import HistoryEntry, write_night
from crawler.archive.layout import Layout
from crawler.capture import Capture, ExchangeOutcome, Purpose
from crawler.records import Distribution, Record
from tests.checks.lab import GONE, NIGHT, SITE, Lab, Reply, agency, failure, nights_before, only
from tests.checks.texts import EN, KK, RU, dated_list, page, paragraphs, switch

SWITCH = switch(kk="/kk/about", ru="/ru/about", en="/en/about")
PAGES: dict[str, str | Reply] = {
    "https://good.kz/kk/about": page(paragraphs(KK), header=SWITCH, footer="© Все права защищены"),
    "https://good.kz/ru/about": page(paragraphs(RU), header=SWITCH, footer="© Все права защищены"),
    "https://good.kz/en/about": page(paragraphs(EN), header=SWITCH, footer="© Все права защищены"),
    "https://good.kz/ru/news": page(
        dated_list(["13.11.2026", "10.11.2026", "05.11.2026"]), title="Новости", footer="©"
    ),
}


def a_rule(
    kind: SubjectKind, function: Callable[[Any, RuleContext], Answer], *needs: FactKind, rule_id: str = "TEST-01"
) -> Rule:
    indicator = {SubjectKind.COUNTRY: "key_datasets", SubjectKind.DATASET: "freshness_declared"}.get(
        kind, "social_accounts"
    )
    return Rule(rule_id, 1, (indicator,), kind, frozenset(needs), "none_found", function, "A rule of the tests.")


def seen(reason: str = "seen", **measures: Any) -> Result:
    return Result(Outcome.PASS, reason, measures)


class ListAdapter:
    """Reads a JSON list of data sets."""

    def first_requests(self, portal: Portal) -> Iterable[Any]:
        return ()

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Any]:
        return ()

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterable[Record]:
        for item in json.loads(body)["sets"]:
            yield Record(
                item["id"], portal.id, capture.id, publisher_id=item.get("owner"), titles={"en": item["title"]},
                frequency=item.get("frequency"), modified=item.get("modified"),
                distributions=tuple(Distribution(url) for url in item.get("files", ())),
            )  # fmt: skip


@pytest.fixture
def portal(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab with a portal of two data sets: one of the good agency, one of a body that is not in the register."""
    monkeypatch.setattr(view_module, "portal_adapters", lambda: {"list": ListAdapter()})
    lab.agencies = [
        agency(
            "good", SITE, publishers=[{"portal": "data", "id": "17"}], probes=[{"url": "https://social.example/good"}]
        ),
        agency("other", "https://other.kz/"),
    ]
    lab.portals = [{"id": "data", "kind": "list", "url": "https://data.kz/", "owner": "other"}]
    return lab


SETS = {
    "sets": [
        {"id": "1", "owner": "17", "title": "Budget of the region", "frequency": "monthly", "modified": "2026-11-01",
         "files": ["https://data.kz/1.csv", "https://data.kz/1.json", "https://data.kz/ows?service=WMS"]},
        {"id": "2", "owner": "99", "title": "Bus stops", "frequency": "daily"},
    ]
}  # fmt: skip


def harvest(lab: Lab, night: Any = NIGHT, **pages: Any) -> list[Capture]:
    answers: dict[str, str | Reply] = {
        **PAGES,
        "https://other.kz/": page(paragraphs(RU)),
        "https://data.kz/api": Reply(json.dumps(SETS), content_type="application/json", purpose=Purpose.PORTAL),
        "https://data.kz/1.csv": Reply("a,b\n1,2\n", content_type="text/csv", purpose=Purpose.DISTRIBUTION),
        "https://good.kz/report.pdf": Reply(b"%PDF-1.4 x", content_type="application/pdf", purpose=Purpose.DOCUMENT),
        "https://social.example/good": Reply(page(paragraphs(EN)), purpose=Purpose.PROBE),
    }
    return lab.crawl({**answers, **pages}, night)


def test_every_kind_of_subject_is_yielded(portal: Lab, pack: Any) -> None:
    """What each kind hands to a rule, whom a finding belongs to, and what it is called."""
    portal.pack = pack.model_copy(update={"bodies": {"statistics": "good"}})
    harvest(portal)
    types = {
        SubjectKind.PAGE: (Page, 4), SubjectKind.PAGE_PAIR: (PagePair, 3), SubjectKind.SCOPE: (ScopeView, 1),
        SubjectKind.FILE: (FileSubject, 1), SubjectKind.DATASET: (DatasetSubject, 1),
        SubjectKind.DISTRIBUTION: (DistributionSubject, 3), SubjectKind.SERVICE: (ServiceSubject, 1), SubjectKind.AGENCY: (AgencySubject, 1),
        SubjectKind.BODY: (AgencySubject, 1), SubjectKind.TABLE: (TableSubject, 1),
    }  # fmt: skip
    for kind in (*IN_SCOPE, *ACROSS):
        given: list[Any] = []
        found = portal.findings(a_rule(kind, lambda subject, _context, given=given: given.append(subject) or seen()))
        assert given, f"{kind} yields nothing"
        assert {item.subject.kind for item in found if item.outcome is Outcome.PASS} == {kind}
        assert {item.subject.id for item in found if item.outcome is Outcome.PASS} == {item.ref.id for item in given}
        if kind in types:
            wanted, number = types[kind]
            assert all(isinstance(item, wanted) for item in given)
            assert sum(item.agency == "good" and item.outcome is Outcome.PASS for item in found) == number, kind
        if kind not in IN_SCOPE or kind not in ACROSS:
            assert all(bool(item.scope) == (kind in IN_SCOPE) for item in found)


def test_a_kind_that_nothing_yields_is_a_clear_error(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACROSS, SubjectKind.SERVICE)
    with pytest.raises(ConfigError, match="TEST-01 asks for subject kind service"):
        lab.findings(a_rule(SubjectKind.SERVICE, lambda *_: None))


def test_country_reports_are_scattered_over_sites(portal: Lab) -> None:
    """`reports_scatter`: a rule of the country looks at the pages of all agencies."""

    def scatter(country: CountrySubject, _context: RuleContext) -> Result:
        sites = {item.scope.host: len(item.pages) for item in country.view.scopes}
        return seen(sites=sites)

    harvest(portal)
    found = only(portal.findings(a_rule(SubjectKind.COUNTRY, scatter, FactKind.PAGE)))
    assert (found.agency, found.scope, found.subject.id) == (None, None, "kz")
    assert found.measures == {"sites": {"good.kz": 4, "other.kz": 1}}


def test_country_key_datasets_are_looked_for_in_all_records(portal: Lab) -> None:
    """`key_datasets`: records of all portals and pages of all agencies, by words of the rule's parameters."""

    def key(country: CountrySubject, context: RuleContext) -> Iterable[Result]:
        for name, word in context.params["types"].items():
            titles = [title for _, record in country.view.records() for title in record.titles.values()]
            there = any(word in title.lower() for title in titles)
            yield Result(
                Outcome.PASS if there else Outcome.NOT_OBSERVED, "found" if there else "not_found", {"type": name}
            )

    portal.rules = {"params": {"TEST-01": {"types": {"budget": "budget", "map": "map"}}}}
    harvest(portal)
    found = portal.findings(a_rule(SubjectKind.COUNTRY, key, FactKind.RECORD))
    assert [(item.measures["type"], item.outcome) for item in found] == [
        ("budget", Outcome.PASS),
        ("map", Outcome.NOT_OBSERVED),
    ]
    assert len({item.id for item in found}) == 2


def test_declared_freshness_reads_the_history(portal: Lab) -> None:
    """`freshness_declared`: a data set's declared frequency against the nights on which its bytes changed."""

    def declared(dataset: DatasetSubject, context: RuleContext) -> Result | None:
        files = [item.url for item in dataset.record.distributions]
        if not files:
            return Result(Outcome.NOT_APPLICABLE, "no_distribution")
        entries = context.history.entries(f"GET {files[0]}")
        digests = list(dict.fromkeys(item.sha256 for item in entries))
        return seen(frequency=dataset.record.frequency, versions=len(digests), nights=len(entries))

    for age, body in ((2, "a\n1\n"), (1, "a\n1\n"), (0, "a\n2\n")):
        night = nights_before(age)
        csv = Reply(body, content_type="text/csv", purpose=Purpose.DISTRIBUTION)
        harvest(portal, night, **{"https://data.kz/1.csv": csv})
        portal.assess(night)
    future = nights_before(-1)
    write_night(portal.workspace, future, [HistoryEntry("GET https://data.kz/1.csv", future, "x", "ok", "f" * 64)])
    mine, strangers = portal.findings(a_rule(SubjectKind.DATASET, declared, FactKind.HISTORY))
    assert (mine.agency, mine.subject.id) == ("good", "data:1")
    assert mine.measures == {"frequency": "monthly", "versions": 2, "nights": 3}  # nothing of the night after
    assert (strangers.agency, strangers.reason) == (None, "no_distribution")


def test_social_accounts_look_at_probes(portal: Lab) -> None:
    """`social_accounts`: links that are fetched once and not followed."""

    def accounts(subject: AgencySubject, _context: RuleContext) -> Result:
        probes = subject.view.probes(subject.agency)
        if not probes:
            return Result(Outcome.NOT_OBSERVED, "no_probe")
        alive = sum(item.answered for item in probes)
        return Result(Outcome.PASS if alive else Outcome.FAIL, "probed", {"alive": alive})

    harvest(portal)
    found = {item.agency: item for item in portal.findings(a_rule(SubjectKind.AGENCY, accounts, FactKind.PROBE))}
    assert (found["good"].outcome, found["good"].measures) == (Outcome.PASS, {"alive": 1})
    assert found["other"].reason == "no_probe"


def test_a_rule_may_read_whole_bodies(portal: Lab) -> None:
    def bytes_of(item: FileSubject, _context: RuleContext) -> Result:
        return seen(length=len(item.view.body(item.capture)), known=item.facts is not None and item.facts.length)

    harvest(portal)
    found = only(
        [item for item in portal.findings(a_rule(SubjectKind.FILE, bytes_of, FactKind.BODY)) if item.agency == "good"]
    )
    assert found.measures == {"length": 10, "known": 10}


def test_a_portal_belongs_to_its_owner(portal: Lab) -> None:
    def count(item: PortalSubject, _context: RuleContext) -> Result:
        return seen(sets=sum(1 for _ in item.view.records()))

    harvest(portal)
    found = only(portal.findings(a_rule(SubjectKind.PORTAL, count)))
    assert (found.agency, found.subject.id, found.measures) == ("other", "data", {"sets": 2})


def test_what_stands_before_the_fault_is_kept(portal: Lab) -> None:
    more = Reply('{"sets": [{"id": "3", "title": "x"}, 2]}', content_type="application/json", purpose=Purpose.PORTAL)
    harvest(portal, **{"https://data.kz/api?page=2": more})
    found = portal.findings(a_rule(SubjectKind.DATASET, lambda *_: seen()))
    assert sorted(item.subject.id for item in found) == ["data:1", "data:2", "data:3"]


@pytest.mark.parametrize("body", ['{"sets": [{}]}', '{"sets": 1}', "[]", "not json", ""])
def test_a_bad_answer_of_a_portal_costs_itself_only(portal: Lab, body: str) -> None:
    bad = Reply(body, content_type="application/json", purpose=Purpose.PORTAL)
    harvest(portal, **{"https://data.kz/api?page=2": bad})
    found = portal.findings(a_rule(SubjectKind.DATASET, lambda *_: seen()))
    assert [item.subject.id for item in found] == ["data:1", "data:2"]


def raising(_subject: Any, _context: RuleContext) -> Result:
    raise ZeroDivisionError("a slip")


def half(subject: Any, _context: RuleContext) -> Iterable[Result]:
    yield seen()
    raise KeyError("another slip")


@pytest.mark.parametrize(
    ("function", "error"), [(raising, "ZeroDivisionError"), (half, "KeyError"), (lambda *_: "pass", "TypeError"), (lambda *_: 1, "TypeError")]
)  # fmt: skip
@pytest.mark.parametrize("kind", [SubjectKind.PAGE, SubjectKind.AGENCY, SubjectKind.COUNTRY])
def test_a_broken_rule_is_not_observed(lab: Lab, kind: SubjectKind, function: Any, error: str) -> None:
    lab.crawl(PAGES)
    found = lab.findings(a_rule(kind, function))
    assert {(item.outcome, item.reason, item.measures["error"]) for item in found} == {
        (Outcome.NOT_OBSERVED, "rule_error", error)
    }


def test_a_broken_rule_does_not_cost_the_night(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.crawl(PAGES)
    whole = lab.assess()
    broken = a_rule(SubjectKind.PAGE, raising)
    rules = __import__("checks.night", fromlist=["x"]).enabled_rules(lab.settings, lab.pack)
    monkeypatch.setattr("checks.night.enabled_rules", lambda *_, **__: (*rules, broken))
    both = lab.assess()
    assert [item for item in both.findings if item.rule != "TEST-01"] == list(whole.findings)
    errors = [item for item in both.findings if item.rule == "TEST-01"]
    assert len(errors) == 4
    mark = next(item for item in both.marks if item.indicator == "social_accounts" and item.agency == "good")
    assert (mark.value, mark.reason) == (None, "rule_error")


def test_a_scope_without_answers_says_why(lab: Lab) -> None:
    rule = a_rule(SubjectKind.PAGE, lambda *_: None)
    lab.crawl({SITE: failure(ExchangeOutcome.ROBOTS)})
    (blind,) = lab.findings(rule)
    assert (blind.subject.kind, blind.outcome, blind.reason) == (SubjectKind.SCOPE, Outcome.NOT_OBSERVED, "robots")


def test_a_scope_that_holds_nothing_of_the_rules_says_so(lab: Lab) -> None:
    lab.crawl(PAGES)
    (nothing,) = lab.findings(a_rule(SubjectKind.PAGE, lambda *_: None))
    assert (nothing.outcome, nothing.reason) == (Outcome.NOT_OBSERVED, "none_found")


def test_a_scope_that_was_not_crawled_says_so(lab: Lab) -> None:
    lab.workspace.mkdir()
    (nothing,) = lab.findings(a_rule(SubjectKind.PAGE, lambda *_: None))
    assert nothing.reason == "not_observed"


# What stands in for what.

OLD = page(paragraphs(RU), title="old", footer="a")
NEW = page(paragraphs(RU), title="new", footer="b")


def titles(lab: Lab, max_age: int = 14) -> list[str]:
    rule = a_rule(SubjectKind.PAGE, lambda item, _context: seen(title=item.facts.title))
    return [str(item.measures["title"]) for item in lab.findings(rule, max_age=max_age) if item.outcome is Outcome.PASS]


BLOCK_PAGE = Reply("<title>Access denied</title><h1>Access denied</h1>")


@pytest.mark.parametrize(
    "tonight",
    [
        failure(ExchangeOutcome.TIMEOUT), failure(ExchangeOutcome.DNS), failure(ExchangeOutcome.ROBOTS), BLOCK_PAGE,
        Reply("", 503, outcome=ExchangeOutcome.HTTP_ERROR), Reply("", 403, outcome=ExchangeOutcome.HTTP_ERROR),
        Reply("", 429, outcome=ExchangeOutcome.HTTP_ERROR), Reply(""),
    ],
)  # fmt: skip
def test_an_older_answer_stands_in_when_tonights_exchange_failed(lab: Lab, tonight: Reply) -> None:
    lab.crawl({SITE: OLD}, nights_before(3))
    lab.crawl({SITE: tonight})
    assert titles(lab) == ["old"]
    assert titles(lab, max_age=3) == ["old"]
    assert titles(lab, max_age=2) == []


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_an_answer(lab: Lab, status: int) -> None:
    lab.crawl({SITE: OLD}, nights_before(1))
    lab.crawl({SITE: Reply("", status, outcome=ExchangeOutcome.HTTP_ERROR)})
    assert titles(lab) == []
    with lab.view() as view:
        assert [item.reason for item in view.scopes[0].unseen] == ["gone"]


def test_the_newest_telling_answer_counts_and_nothing_later_than_the_night(lab: Lab) -> None:
    lab.crawl({SITE: OLD}, nights_before(1))
    lab.crawl({SITE: NEW})
    lab.crawl({SITE: page(title="later")}, nights_before(-1))
    assert titles(lab) == ["new"]


def test_a_second_run_of_the_night_goes_before_the_first(lab: Lab) -> None:
    lab.crawl({SITE: OLD}, run="a")
    lab.crawl({SITE: NEW, f"{SITE}more": page(title="more")}, run="b")
    assert sorted(titles(lab)) in (["more", "new"], ["more", "old"])


def test_documents_portals_and_probes_keep_their_last_answer_too(portal: Lab) -> None:
    harvest(portal, nights_before(1))
    lost = {url: Reply(purpose=purpose, outcome=ExchangeOutcome.TIMEOUT) for url, purpose in {
        "https://data.kz/api": Purpose.PORTAL, "https://good.kz/report.pdf": Purpose.DOCUMENT,
        "https://social.example/good": Purpose.PROBE,
    }.items()}  # fmt: skip
    harvest(portal, **lost)
    with portal.view() as view:
        assert [record.id for _, record in view.records()] == ["1", "2"]
        assert [item.answered for item in view.captures(Purpose.DOCUMENT)] == [True]
        assert [item.answered for item in view.probes(view.agencies()[0])] == [True]
    with portal.view(max_age=0) as view:
        assert list(view.records()) == []
        assert [item.answered for item in view.captures(Purpose.DOCUMENT)] == [False]


def test_two_addresses_of_one_page_are_one_page(lab: Lab) -> None:
    moved = Reply(OLD, moved="https://good.kz/new")
    for order in (["old", "new"], ["new", "old"]):
        pages: dict[str, str | Reply] = {f"{SITE}{name}": moved if name == "old" else OLD for name in order}
        lab.crawl(pages, nights_before(order.index("old")))
    for age in (0, 1):
        with lab.view(nights_before(age), max_age=0) as view:
            assert [item.ref.id for item in view.scopes[0].pages] == ["GET https://good.kz/new"]


# Our own network.


def hosts(lab: Lab, down: int, number: int = 10, outcome: ExchangeOutcome = ExchangeOutcome.DNS) -> set[str]:
    lab.agencies = [agency(f"a{n}", f"https://a{n}.kz/") for n in range(number)]
    lab.crawl({f"https://a{n}.kz/": failure(outcome) if n < down else OLD for n in range(number)})
    found = lab.findings(a_rule(SubjectKind.PAGE, lambda *_: seen()))
    return {item.reason for item in found if item.outcome is Outcome.NOT_OBSERVED}


@pytest.mark.parametrize(
    ("down", "outcome", "reason"),
    [
        (1, ExchangeOutcome.DNS, "unreachable"),
        (1, ExchangeOutcome.TIMEOUT, "timeout"),
        (2, ExchangeOutcome.DNS, "own_network"),
        (2, ExchangeOutcome.TIMEOUT, "own_network"),
        (2, ExchangeOutcome.TLS, "own_network"),
        (10, ExchangeOutcome.REFUSED, "own_network"),
        (5, ExchangeOutcome.ROBOTS, "robots"),  # a refusal is an answer
        (5, ExchangeOutcome.PAUSED, "paused"),
    ],
)
def test_when_a_fifth_of_the_hosts_fails_it_may_be_us(
    lab: Lab, down: int, outcome: ExchangeOutcome, reason: str
) -> None:
    assert hosts(lab, down, outcome=outcome) == {reason}


def test_a_host_that_answered_once_is_up(lab: Lab) -> None:
    lab.agencies = [agency(f"a{n}", f"https://a{n}.kz/") for n in range(2)]
    down = {f"https://a0.kz/{n}": failure(ExchangeOutcome.TIMEOUT) for n in range(5)}
    lab.crawl({**down, "https://a0.kz/": OLD, "https://a1.kz/": OLD})
    with lab.view() as view:
        assert not view.own_network
        assert {item.reason for item in view.scopes[0].unseen} == {"timeout"}


def test_last_nights_failures_say_nothing_of_tonight(lab: Lab) -> None:
    lab.crawl({SITE: failure(ExchangeOutcome.DNS)}, nights_before(1))
    lab.crawl({f"{SITE}b": OLD})
    with lab.view() as view:
        assert not view.own_network


CONTROL, OTHER = "https://control.example/", "https://other.example/"


@pytest.mark.parametrize(
    ("probes", "reason"),
    [
        ({}, "unreachable"),
        ({CONTROL: False, OTHER: False}, "own_network"),
        ({CONTROL: False, OTHER: True}, "unreachable"),  # one that does not answer is its own trouble
        ({CONTROL: True}, "unreachable"),
    ],
)
def test_control_probes_speak_for_our_network(lab: Lab, probes: dict[str, bool], reason: str) -> None:
    lab.agencies = [agency(f"a{n}", f"https://a{n}.kz/") for n in range(10)]
    pages: dict[str, str | Reply] = {f"https://a{n}.kz/": OLD for n in range(1, 10)}
    pages["https://a0.kz/"] = failure(ExchangeOutcome.DNS)
    for url, answers in probes.items():
        outcome = ExchangeOutcome.OK if answers else ExchangeOutcome.DNS
        pages[url] = Reply("up", purpose=Purpose.CONTROL, outcome=outcome)
    lab.crawl(pages)
    found = lab.findings(a_rule(SubjectKind.PAGE, lambda *_: seen()))
    assert {item.reason for item in found if item.outcome is Outcome.NOT_OBSERVED} == {reason}
    assert len(found) == 10, "control probes are nobody's pages"


# A damaged archive.


def damage(lab: Lab, capture: Capture) -> None:
    layout = Layout(lab.workspace)
    with closing(sqlite3.connect(layout.index)) as index:
        file, offset = index.execute("SELECT file, body_offset FROM captures WHERE id = ?", (capture.id,)).fetchone()
    path = layout.path(file)
    data = bytearray(path.read_bytes())
    data[offset + 20 : offset + 60] = b"\0" * 40
    path.write_bytes(data)


def test_a_damaged_record_costs_one_capture(lab: Lab) -> None:
    captures = lab.crawl(PAGES)
    whole = lab.assess()
    (lab.workspace / FACTS_FILE).unlink()
    damage(lab, captures[0])
    hurt = lab.assess()
    pages = lambda found: {item.subject.url for item in found.findings if item.rule == "LIC-01"}  # noqa: E731
    assert pages(whole) - pages(hurt) == {"https://good.kz/kk/about"}
    with lab.view() as view:
        assert [item.reason for item in view.scopes[0].unseen] == ["archive_damaged"]
        assert not view.scopes[0].exhausted  # what cannot be read may hold what is missed
    section = next(item for item in hurt.findings if item.rule == "LANG-01" and "about" in item.subject.id)
    assert section.outcome is Outcome.NOT_OBSERVED


def test_a_cached_page_survives_damage(lab: Lab) -> None:
    captures = lab.crawl(PAGES)
    whole = lab.assess()
    damage(lab, captures[0])
    assert lab.assess() == whole


# The same archive gives the same answer.


def frozen(found: Any) -> bytes:
    return msgspec.json.encode([found.findings, [item.id for item in found.findings], found.marks, found.rules])


class Slow(Executor):
    """An executor that runs in this process and answers like one that does not."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def many(number: int = 45) -> dict[str, str | Reply]:
    return {f"https://good.kz/ru/{n}": page(paragraphs(RU, f"Страница {n}"), footer="©") for n in range(number)} | PAGES


def test_assessing_twice_gives_the_same_bytes(lab: Lab) -> None:
    lab.crawl(many(), nights_before(1))
    lab.assess(nights_before(1))
    lab.crawl({**PAGES, SITE: failure(ExchangeOutcome.TIMEOUT)})
    cold = lab.assess()
    history = (Layout(lab.workspace).history / f"{NIGHT}.jsonl").read_bytes()
    warm = lab.assess()
    (lab.workspace / FACTS_FILE).unlink()
    again = lab.assess()
    assert frozen(cold) == frozen(warm) == frozen(again)
    assert cold == warm == again
    assert (Layout(lab.workspace).history / f"{NIGHT}.jsonl").read_bytes() == history
    assert len({item.id for item in cold.findings}) == len(cold.findings)


@pytest.mark.parametrize("make", [Slow, lambda: ThreadPoolExecutor(2)])
def test_an_executor_changes_nothing(lab: Lab, make: Callable[[], Executor]) -> None:
    lab.crawl(many())
    plain = lab.assess()
    (lab.workspace / FACTS_FILE).unlink()
    with make() as executor:
        assert frozen(lab.assess(executor=executor)) == frozen(plain)
        assert frozen(lab.assess(executor=executor)) == frozen(plain)


class Dying(Slow):
    """An executor whose workers die after their first batch."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if getattr(self, "used", False):
            dead: Future[Any] = Future()
            dead.set_exception(BrokenProcessPool("a process was terminated abruptly"))
            return dead
        self.used = True
        return super().submit(fn, *args, **kwargs)


def test_a_dead_worker_costs_nothing(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    lab.crawl(many())
    plain = lab.assess()
    (lab.workspace / FACTS_FILE).unlink()
    assert frozen(lab.assess(executor=Dying())) == frozen(plain)
    assert "a worker process died" in caplog.text


def test_a_pool_of_processes_changes_nothing(lab: Lab) -> None:
    lab.crawl(many())
    plain = lab.assess()
    (lab.workspace / FACTS_FILE).unlink()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert frozen(lab.assess(executor=executor)) == frozen(plain)


def test_the_order_of_the_crawl_changes_no_finding(lab: Lab, tmp_path: Path) -> None:
    other = Lab(tmp_path / "other", lab.pack)
    lab.crawl(PAGES)
    other.crawl(dict(reversed(PAGES.items())))
    ids: Callable[[Lab], set[str]] = lambda item: {found.id for found in item.assess().findings}  # noqa: E731
    assert ids(lab) == ids(other)


def test_an_earlier_night_is_judged_as_it_stood(lab: Lab) -> None:
    lab.crawl(PAGES, nights_before(1))
    then = lab.assess(nights_before(1))
    lab.crawl({SITE: failure(ExchangeOutcome.DNS), "https://good.kz/ru/news": GONE})
    lab.assess()
    assert frozen(lab.assess(nights_before(1))) == frozen(then)


def test_a_night_may_be_judged_without_writing(lab: Lab) -> None:
    lab.crawl(PAGES)
    lab.assess(write_history=False)
    assert not list(Layout(lab.workspace).history.glob("*"))


def test_the_history_holds_what_the_night_brought(lab: Lab) -> None:
    lab.crawl({"https://good.kz/old": OLD}, nights_before(1))
    lab.crawl({**PAGES, SITE: failure(ExchangeOutcome.TIMEOUT)})
    lab.assess()
    lines = (Layout(lab.workspace).history / f"{NIGHT}.jsonl").read_text().splitlines()
    entries = {entry.key: entry for entry in map(msgspec.json.Decoder(HistoryEntry).decode, lines)}
    assert set(entries) == {f"GET {url}" for url in (*PAGES, SITE)}
    news = entries["GET https://good.kz/ru/news"]
    assert (news.dates, news.verdict) == (("2026-11-05", "2026-11-10", "2026-11-13"), "page")
    assert (entries[f"GET {SITE}"].outcome, entries[f"GET {SITE}"].sha256) == ("timeout", None)


def test_identity_knows_neither_night_nor_capture(lab: Lab) -> None:
    for age in (1, 0):
        lab.crawl(PAGES, nights_before(age))
    first, second = lab.assess(nights_before(1)), lab.assess()
    assert [item.id for item in first.findings] == [item.id for item in second.findings]
    captures = [[cited.capture for cited in item.evidence] for item in first.findings]
    assert captures != [[cited.capture for cited in item.evidence] for item in second.findings]


def test_every_part_of_identity_counts(lab: Lab) -> None:
    lab.crawl(PAGES)
    found: Finding = next(item for item in lab.assess().findings if item.evidence)
    other: dict[str, Any] = {
        "agency": "x", "scope": "x", "rule": "X-99", "version": 9, "outcome": Outcome.UNCLEAR, "reason": "x",
        "subject": msgspec.structs.replace(found.subject, id="x"), "measures": {"x": 1}, "evidence": (),
        "counter_evidence": found.evidence, "responsible": "portal_owner",
    }  # fmt: skip
    ids = {msgspec.structs.replace(found, **{name: value}).id for name, value in other.items()}
    assert len(ids | {found.id}) == len(other) + 1
    address = msgspec.structs.replace(found.subject, url="https://other.kz/")
    assert msgspec.structs.replace(found, subject=address).id == found.id


def test_an_agency_that_does_not_exist_that_night_is_not_judged(lab: Lab) -> None:
    lab.agencies = [
        agency("good", SITE, valid_to=(NIGHT - timedelta(days=1)).isoformat()),
        agency("new", "https://new.kz/"),
    ]
    lab.crawl({SITE: OLD, "https://new.kz/": NEW})
    assert {item.agency for item in lab.assess().findings} == {"new"}
    assert {item.agency for item in lab.assess().marks} == {"new", None}


def test_rules_and_parameters_come_from_pack_and_settings(lab: Lab) -> None:
    lab.rules = {"disable": ["LIC-01"], "params": {"LANG-01": {"least_letters": 9999}}}
    lab.crawl(PAGES)
    found = lab.assess()
    assert {item.id for item in found.rules} == {item.id for item in found.rules} - {"LIC-01"}
    assert {item.reason for item in found.findings if item.rule == "LANG-01"} == {"too_little_text"}


def test_the_marks_of_a_whole_night(lab: Lab) -> None:
    lab.crawl(PAGES, nights_before(1))
    lab.assess(nights_before(1))
    lab.crawl(PAGES)
    marks = {(item.indicator, item.profile): item for item in lab.assess().marks if item.agency == "good"}
    fresh = marks["freshness_weekly", "assessment_2014"]
    assert (fresh.value, fresh.reason, fresh.evidence_age) == ("+", "weekly", 0)
    notice = marks["copyright_notice", "assessment_2014"]
    assert (notice.value, notice.reason, len(notice.evidence)) == ("-", "worst_fail", 3)
    assert marks["copyright_notice", "order_124_2025"].value == "0"
    coverage = marks["lang_coverage", "assessment_2014"]
    assert coverage.counts.passed == 1
    assert coverage.coverage == 1.0
    known = {item.id for item in lab.assess().findings}
    assert all(set(mark.evidence) <= known for mark in marks.values())
