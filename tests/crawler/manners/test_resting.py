"""Hosts that turn us away, and hosts that a person paused, against real servers on loopback."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from checks.reasons import reason_of
from config.model import Settings
from crawler.books import site_of
from crawler.capture import ExchangeOutcome
from crawler.coverage import RunState
from crawler.manners.cooloff import CoolOff
from crawler.manners.notes import Entry, HostNotes
from crawler.verdicts import Verdict
from tests.crawler.support import NIGHT, Reply, Web, html

Make = Callable[..., Settings]
Crawl = Callable[..., Any]
BUSY = Reply(b"<p>slow down", 429, {"Content-Type": "text/html", "Retry-After": "1"})


class Busy:
    """A page that turns away its first so many questions."""

    def __init__(self, times: int, reply: Reply = BUSY, then: Reply | None = None) -> None:
        self.left, self.reply, self.then = times, reply, then or html("well again")

    def __call__(self, path: str) -> Reply:
        self.left -= 1
        return self.reply if self.left >= 0 else self.then


def incidents(coverage: Any) -> dict[str, tuple[str, ...]]:
    return {host.host.partition(".")[0]: host.incidents for host in coverage.hosts}


def test_a_busy_host_rests_and_the_same_addresses_are_asked_again(installation: Make, crawl: Crawl, web: Web) -> None:
    web.pages["good.lab/robots.txt"] = Busy(1, Reply(status=503, headers={"Retry-After": "1"}), Reply(status=404))
    web.pages["good.lab/"] = html("home", "/a", "/b", "/c")
    web.pages["good.lab/a"] = Busy(1)
    web.pages["good.lab/b"] = web.pages["good.lab/c"] = web.pages["other.lab/"] = html("page")
    settings = installation({"good": [web.url("good.lab")], "other": [web.url("other.lab")]}, concurrency=1, cool_off=1)
    coverage, found = crawl(settings)
    assert coverage.state is RunState.COMPLETE
    assert {name: item.outcome.value for name, item in found.items()} == dict.fromkeys(
        ("good/", "good/a", "good/b", "good/c", "other/"), "ok"
    )
    assert found["good/a"].detail == "tries: 429, 200"
    assert web.paths("good.lab").count("/a") == 2
    assert web.paths("good.lab")[:2] == ["/robots.txt", "/robots.txt"]
    assert incidents(coverage) == {"good": ("rate_limited",), "other": ()}
    asked = [item for item in web.seen if item.headers["host"].startswith("good.lab")]
    turned_away = next(number for number, item in enumerate(asked) if item.path == "/a")
    assert asked[turned_away + 1].at - asked[turned_away].at > 0.9
    assert max(item.at for item in web.seen if item.headers["host"].startswith("other.lab")) < asked[1].at


def test_a_host_that_stays_busy_is_left_alone_and_nothing_is_held_against_it(
    installation: Make, crawl: Crawl, web: Web
) -> None:
    pages = [f"/{number}" for number in range(6)]
    web.pages["good.lab/"] = html("home", *pages)
    web.pages["other.lab/"] = html("home", *pages)
    web.fallback = lambda path: html("page")
    for path in pages:
        web.pages[f"good.lab{path}"] = BUSY
    settings = installation({"good": [web.url("good.lab")], "other": [web.url("other.lab")]}, cool_offs=1, cool_off=1)
    coverage, found = crawl(settings)
    assert coverage.state is RunState.COMPLETE
    left = [item for name, item in found.items() if name.startswith("good/") and name != "good/"]
    assert {item.outcome for item in left} == {ExchangeOutcome.COOLED_OFF}
    assert len(left) == 6
    assert {reason_of(item) for item in left} == {"cooled_off"}
    assert {reason_of(item, Verdict.BLOCKED) for item in left} == {"cooled_off"}
    assert sum(item.outcome is ExchangeOutcome.OK for name, item in found.items() if name.startswith("other/")) == 7
    assert incidents(coverage) == {"good": ("cooled_off",), "other": ()}
    print(
        [(i.path, round(i.at - web.seen[0].at, 2)) for i in web.seen if i.headers["host"].startswith("good")],
        [(n, i.detail) for n, i in found.items()],
    )
    # What was under way when the host turned us away, and once more after its rest.
    assert len([path for path in web.paths("good.lab") if path in pages]) <= 4
    assert "429" in str([item.status for item in left])


def test_a_page_that_is_unavailable_while_its_host_is_well_is_its_own_trouble(
    installation: Make, crawl: Crawl, web: Web
) -> None:
    web.pages["/"] = html("home", "/broken", "/a", "/b", "/c", "/d")
    web.fallback = lambda path: html("page")
    web.pages["/broken"] = Reply(b"down", 503, {"Retry-After": "1"})
    coverage, found = crawl(installation({"good": [web.url("good.lab")]}, concurrency=1))
    assert found["good/broken"].outcome is ExchangeOutcome.HTTP_ERROR
    assert found["good/broken"].status == 503
    assert coverage.scopes[0].fetched == 5
    assert incidents(coverage) == {"good": ("rate_limited",)}


def close(settings: Settings, web: Web) -> None:
    """Note that good.lab is left alone for the night."""
    notes = HostNotes(settings.workspace, NIGHT)
    notes.keep(f"good.lab:{web.port}", CoolOff(4, datetime(2026, 1, 2, tzinfo=UTC), closed=True))
    notes.close()


def test_a_run_that_starts_again_the_same_night_leaves_a_closed_host_alone(
    installation: Make, crawl: Crawl, web: Web
) -> None:
    web.fallback = html("page")
    settings = installation({"good": [web.url("good.lab")], "other": [web.url("other.lab")]})
    close(settings, web)
    coverage, found = crawl(settings)
    assert web.paths("good.lab") == []
    assert found["good/"].outcome is ExchangeOutcome.COOLED_OFF
    assert found["good/"].detail == "the host turned us away after 4 rests"
    assert found["other/"].outcome is ExchangeOutcome.OK
    assert incidents(coverage)["good"] == ("cooled_off",)


class Hiccups:
    """A host that is unavailable once in so many questions, at whatever page that is."""

    def __init__(self, every: int) -> None:
        self._every, self._asked, self.times = every, 0, 0

    def __call__(self, path: str) -> Reply:
        self._asked += 1
        if self._asked % self._every == 0:
            self.times += 1
            return Reply(b"busy", 503, {"Retry-After": "1"})
        return html(" ".join(hashlib.sha256(f"{path}{part}".encode()).hexdigest() for part in range(9)))


@pytest.mark.full
def test_lone_troubles_over_a_long_night_do_not_end_it(installation: Make, crawl: Crawl, web: Web) -> None:
    names = [hashlib.sha256(str(number).encode()).hexdigest()[:12] for number in range(120)]
    web.pages["/robots.txt"] = Reply(b"", 404)
    web.pages["/"] = html("home", *(f"/{name}" for name in names))
    web.fallback = hiccups = Hiccups(25)
    night = {"cool_offs": 2, "cool_off": 1, "cool_off_cap": 1, "cool_off_row": 10, "delay": 0, "retries": 0}
    coverage, found = crawl(installation({"good": [web.url("good.lab")]}, **night))
    assert hiccups.times > 2, "more often than a host may rest"
    assert {item.outcome for item in found.values()} == {ExchangeOutcome.OK}
    assert coverage.scopes[0].fetched == 121
    assert incidents(coverage) == {"good": ("rate_limited",)}, "that it had to rest is told all the same"


def test_a_redirect_does_not_ask_a_host_that_is_closed(installation: Make, crawl: Crawl, web: Web) -> None:
    web.pages["other.lab/"] = Reply(status=302, headers={"Location": web.url("good.lab", "/landing")})
    web.fallback = html("page")
    settings = installation({"good": [web.url("good.lab")], "other": [web.url("other.lab")]})
    close(settings, web)
    _, found = crawl(settings)
    assert web.paths("good.lab") == []
    assert found["other/"].outcome is ExchangeOutcome.COOLED_OFF


def pause(settings: Settings, host: str, action: Any = "pause") -> None:
    now = datetime.now(UTC)
    notes = HostNotes(settings.workspace)
    until = now + timedelta(days=1) if action == "pause" else None
    notes.add(Entry(now, action, host, until, "moving servers", "A. Clerk"))
    notes.close()


def test_a_redirect_does_not_ask_a_host_that_is_paused(installation: Make, crawl: Crawl, web: Web) -> None:
    web.pages["other.lab/"] = Reply(status=302, headers={"Location": web.url("good.lab", "/landing")})
    web.fallback = html("page")
    settings = installation({"good": [web.url("good.lab")], "other": [web.url("other.lab")]})
    pause(settings, "good.lab")
    _, found = crawl(settings)
    assert web.paths("good.lab") == []
    assert found["other/"].outcome is ExchangeOutcome.PAUSED


def test_a_paused_host_is_not_asked(installation: Make, crawl: Crawl, web: Web) -> None:
    web.fallback = html("page")
    settings = installation({"good": [web.url("www.good.lab")], "other": [web.url("other.lab")]})
    pause(settings, "good.lab")
    coverage, found = crawl(settings)
    assert web.paths("www.good.lab") == []
    assert found["www.good/"].outcome is ExchangeOutcome.PAUSED
    assert "by A. Clerk: moving servers" in (found["www.good/"].detail or "")
    assert reason_of(found["www.good/"]) == "paused"
    assert found["other/"].outcome is ExchangeOutcome.OK
    assert incidents(coverage) == {"good": ("paused",), "other": ()}


@pytest.mark.full
def test_a_pause_in_the_middle_of_a_night_acts_and_so_does_its_end(installation: Make, crawl: Crawl, web: Web) -> None:
    names = [hashlib.sha256(str(number).encode()).hexdigest()[:12] for number in range(40)]
    hosts = ("good.lab", "other.lab", "slow.lab")
    settings = installation({host.partition(".")[0]: [web.url(host)] for host in hosts}, delay=0.2)
    asked = Counter[str]()

    def page(host: str, path: str) -> Reply:
        asked[host] += 1
        if asked[host] == 4 and host == "good.lab":
            pause(settings, "good.lab")
            pause(settings, "slow.lab")
        if asked[host] == 32 and host == "other.lab":
            pause(settings, "slow.lab", "resume")
        return html(" ".join(hashlib.sha256(f"{host}{path}{part}".encode()).hexdigest() for part in range(9)))

    for host in hosts:
        web.pages[f"{host}/"] = html("home", *(f"/{name}" for name in names))
        web.pages |= {f"{host}/{name}": partial(page, host) for name in names}
    coverage, found = crawl(settings)
    assert coverage.state is RunState.COMPLETE
    outcomes = {
        host: Counter(item.outcome for name, item in found.items() if name.startswith(host))
        for host in ("good/", "slow/")
    }
    assert set(outcomes["good/"]) == {ExchangeOutcome.OK, ExchangeOutcome.PAUSED}
    assert outcomes["good/"].total() == 41
    assert outcomes["good/"][ExchangeOutcome.PAUSED] > 10
    assert outcomes["slow/"] == Counter({ExchangeOutcome.OK: 41})


class Crowd:
    """Counts how many questions are under way at once."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, path: str) -> Reply:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.05)
        with self._lock:
            self.now -= 1
        return html("page")


def test_a_host_is_asked_two_questions_at_once_at_most_under_whatever_name(
    installation: Make, crawl: Crawl, web: Web
) -> None:
    crowd = Crowd()
    web.fallback = crowd
    links = [web.url(host, f"/{number}") for number in range(8) for host in ("good.lab", "www.good.lab")]
    web.pages["/"] = html("home", *links)
    crawl(installation({"good": [web.url("good.lab")]}))
    assert crowd.most == 2
    assert site_of("https://www.gov.kz/a") == site_of("http://gov.kz/b") == "gov.kz"


@pytest.mark.full
def test_a_deadline_ends_a_night_in_which_a_host_rests(installation: Make, crawl: Crawl, web: Web) -> None:
    web.fallback = Reply(b"", 429, {"Retry-After": "600"})
    coverage, found = crawl(installation({"good": [web.url("good.lab")]}, deadline=1.5))
    assert (coverage.state, coverage.reason) == (RunState.INCOMPLETE, "deadline")
    assert found == {}
    assert coverage.scopes[0].skipped == {"deadline": 1}
