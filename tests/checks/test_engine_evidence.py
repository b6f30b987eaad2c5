"""Which answers a night rests on: older ones that stand in, our own network, an archive that is damaged."""

from __future__ import annotations

import pytest

from checks.findings import Outcome, SubjectKind
from checks.night import FACTS_FILE
from crawler.archive import Archive
from crawler.archive.layout import Layout
from crawler.capture import Capture, ExchangeOutcome, Purpose
from tests.checks.engine import NEW, OLD, PAGES, a_rule, harvest, seen
from tests.checks.lab import SITE, Lab, Reply, agency, failure, nights_before
from tests.checks.texts import page


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
    with Archive(lab.workspace) as archive:
        file, offset = archive.place(capture)
    path = Layout(lab.workspace).path(file)
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
