from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.control import Controls, network_down
from tests.crawler.support import capture

A, B = "http://a.example/", "http://b.example/"
START = datetime(2026, 1, 2, 20, tzinfo=UTC)
OK, DNS, HTTP = ExchangeOutcome.OK, ExchangeOutcome.DNS, ExchangeOutcome.HTTP_ERROR


class HandClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


def probe(url: str, outcome: ExchangeOutcome, second: int) -> Capture:
    at = START + timedelta(seconds=second)
    return capture(
        url=url,
        key=CaptureKey("GET", url),
        purpose=Purpose.CONTROL,
        outcome=outcome,
        started=at,
        finished=at,
        scopes=(),
    )


@pytest.mark.parametrize(
    ("answers", "down"),
    [
        ([], False),
        ([(A, OK)], False),
        ([(A, DNS)], True),
        ([(A, DNS), (B, OK)], False),
        ([(A, DNS), (B, DNS)], True),
        ([(A, DNS), (B, HTTP)], False),  # an error page is an answer
        ([(A, DNS), (B, OK), (A, DNS), (B, ExchangeOutcome.TIMEOUT)], True),  # it went down later
        ([(A, DNS), (B, DNS), (A, OK), (B, OK)], True),  # it was down for a while
        ([(A, OK), (B, DNS), (A, DNS), (B, OK)], True),  # for a moment nobody answered
        ([(A, ExchangeOutcome.ROBOTS_UNREACHABLE)], True),
        ([(A, ExchangeOutcome.ROBOTS)], False),
    ],
)
def test_when_our_network_is_down(answers: list[tuple[str, ExchangeOutcome]], down: bool) -> None:
    captures = [probe(url, outcome, second) for second, (url, outcome) in enumerate(answers)]
    assert network_down([*captures[::-1], capture(outcome=DNS)]) is down


def drawn(controls: Controls) -> list[str]:
    return [visit.url for visit in iter(lambda: controls.next(lambda _site: True), None)]


def test_rounds_are_asked_at_first_and_when_a_host_fails() -> None:
    clock = HandClock()
    controls = Controls([A, B], clock)
    assert not controls.empty
    assert drawn(controls) == [A, B]
    assert controls.empty
    clock.at += timedelta(hours=1)
    assert drawn(controls) == [], "nothing gave reason to doubt"
    controls.seen(capture(outcome=HTTP))
    controls.seen(probe(A, DNS, 1))
    assert drawn(controls) == [], "errors of pages and the probes' own failures are none"
    controls.seen(capture(outcome=DNS))
    assert drawn(controls) == [A, B]
    controls.seen(capture(outcome=DNS))
    assert drawn(controls) == [], "once a minute at most"
    clock.at += timedelta(minutes=1)
    assert drawn(controls) == [A, B]


def test_a_host_that_may_not_be_asked_now_keeps_its_probe() -> None:
    controls = Controls([A, B], HandClock())
    first = controls.next(lambda site: site == "b.example")
    assert first is not None
    assert first.url == B
    assert controls.next(lambda _site: False) is None
    assert not controls.empty
    assert drawn(controls) == [A]


def test_without_probes_nothing_waits() -> None:
    controls = Controls((), HandClock())
    assert controls.empty
    assert controls.next(lambda _site: True) is None
