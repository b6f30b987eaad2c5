from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from checks.catalogue import answers, records
from config.model import Portal
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import RunCoverage, RunState, ScopeCoverage
from crawler.records import Record

NIGHT = date(2026, 1, 9)
PORTAL = Portal(id="p", kind="made", url="http://data.lab/?apiKey=secret1")
NAME = "http://data.lab/?apiKey=REDACTED"


class Kept:
    """The closing statements of an archive: on which nights the catalogue was read as a whole."""

    def __init__(self, *whole: int) -> None:
        self._whole = {NIGHT - timedelta(days=ago) for ago in whole}

    def coverage(self, night: date) -> tuple[RunCoverage, ...]:
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        said = ScopeCoverage(NAME, exhausted={"data": night in self._whole})
        return (RunCoverage("nightly", night, "default", RunState.COMPLETE, moment, moment, (said,)),)


def capture(page: str, ago: int = 0, **more: Any) -> Capture:
    night = NIGHT - timedelta(days=ago)
    moment = datetime(night.year, night.month, night.day, tzinfo=UTC) + timedelta(minutes=len(page))
    url = f"http://data.lab/{page}"
    told: dict[str, Any] = {
        "id": f"{page}-{ago}", "run": "nightly", "night": night, "key": CaptureKey("GET", url), "url": url,
        "host": "data.lab", "scopes": (NAME,), "purpose": Purpose.PORTAL, "outcome": ExchangeOutcome.OK,
        "started": moment, "finished": moment, "sha256": "0" * 64,
    }  # fmt: skip
    return Capture(**told | more)


def chosen(found: list[Capture], *whole: int) -> list[str]:
    return [item.id for item in answers(PORTAL, found, Kept(*whole))]  # type: ignore[arg-type]


def test_once_the_whole_catalogue_was_read_older_answers_do_not_count() -> None:
    found = [capture("1"), capture("22"), capture("333", 1), capture("4444", 3)]
    assert chosen(found) == ["1-0", "22-0", "333-1", "4444-3"]
    assert chosen(found, 0) == ["1-0", "22-0"]
    assert chosen(found, 1, 3) == ["1-0", "22-0", "333-1"]


def test_answers_of_others_and_failures_are_left_out() -> None:
    other = capture("1", scopes=("http://else.lab/",))
    bare = capture("22", scopes=())
    failed = capture("333", outcome=ExchangeOutcome.HTTP_ERROR)
    assert chosen([other, bare, failed]) == ["22-0"]


def test_each_record_is_there_once_and_the_newest_counts() -> None:
    found = [capture("1"), capture("22"), capture("333", 1)]
    pages = {"1-0": ("a", "b"), "22-0": ("b", "c"), "333-1": ("c", "d")}
    told = [(item.id, item.capture) for item in records(found, lambda item: [
        Record(id=name, portal="p", capture=item.id) for name in pages[item.id]
    ])]  # fmt: skip
    assert told == [("a", "1-0"), ("b", "1-0"), ("c", "22-0"), ("d", "333-1")]
