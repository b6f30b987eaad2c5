"""The same archive gives the same answer, whoever works on it and however often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checks.findings import Finding, Outcome
from checks.night import FACTS_FILE
from crawler.archive.history import HistoryEntry
from crawler.archive.layout import Layout
from crawler.capture import ExchangeOutcome
from tests.checks.engine import NEW, OLD, PAGES
from tests.checks.lab import GONE, NIGHT, SITE, Lab, Reply, agency, failure, nights_before
from tests.checks.texts import RU, page, paragraphs


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
