"""The reading process, started for real: same readings, in order, and a page that breaks it costs itself alone."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec
import pytest

import crawler.reader as module
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.reader import FIRST, LARGE, Reader
from crawler.readings import read_page
from crawler.readingwork import Read, read
from crawler.sight import Sight

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sight(number: int, body: bytes | None = None) -> Sight:
    url = f"http://good.lab/{number}"
    text = f"<title>{number}</title><p>{'word ' * 500}<a href='/{number + 1}'>next</a>".encode()
    capture = Capture(
        f"c{number}", "r", date(2026, 11, 23), CaptureKey("GET", url), url, "good.lab", (), Purpose.PAGE,
        ExchangeOutcome.OK, NOON, NOON, status=200, headers=(("content-type", "text/html"),), sha256="0" * 64,
    )  # fmt: skip
    return Sight(capture, lambda: text if body is None else body)


class Heard:
    """What a reader told, and a way to wait until it has told so much."""

    def __init__(self) -> None:
        self.of: list[tuple[str, Read]] = []
        self._changed = asyncio.Event()

    def __call__(self, page: Sight, told: Read) -> None:
        self.of.append((page.capture.id, told))
        self._changed.set()

    async def until(self, number: int) -> None:
        while len(self.of) < number:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 60)


def with_reader(work: Callable[[Reader, Heard], object]) -> Heard:
    """Run *work*, a coroutine function, with a reader whose first pages have gone by."""

    async def run() -> Heard:
        heard = Heard()
        reader = Reader(heard)
        try:
            assert not any(reader.takes(sight(number)) for number in range(FIRST)), "small runs need no process"
            await work(reader, heard)  # type: ignore[misc]  # a coroutine
        finally:
            reader.close()
        await asyncio.sleep(0)
        return heard

    return asyncio.run(run())


def test_pages_are_read_as_the_crawl_reads_them_and_in_order() -> None:
    pages = [sight(number) for number in range(20)]

    async def work(reader: Reader, heard: Heard) -> None:
        assert all(reader.takes(page) for page in pages)
        assert reader.busy
        await heard.until(len(pages))
        assert not reader.busy

    heard = with_reader(work)
    assert [told.reading for _, told in heard.of] == [read_page(page) for page in pages]
    assert [name for name, _ in heard.of] == [page.capture.id for page in pages]


def test_a_page_at_which_the_process_dies_costs_itself_alone() -> None:
    async def work(reader: Reader, heard: Heard) -> None:
        assert reader.takes(sight(0))
        await heard.until(1)
        process = reader._line._process  # type: ignore[union-attr]
        process.send_signal(signal.SIGSTOP)
        assert all(reader.takes(sight(number)) for number in range(1, 6))
        process.kill()  # as a page that breaks the parser would
        await heard.until(6)

    heard = with_reader(work)
    assert [name for name, _ in heard.of] == [f"c{number}" for number in range(6)]
    lost = [told.error for _, told in heard.of if told.reading is None]
    assert lost == ["the reading process ended"]


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)

    async def work(reader: Reader, heard: Heard) -> None:
        assert reader.takes(sight(0))
        await heard.until(1)

    ((_, told),) = with_reader(work).of
    assert told == Read(error="not read within 0 seconds")


def test_a_large_page_goes_to_the_process_from_the_first_on() -> None:
    async def run() -> Heard:
        heard = Heard()
        reader = Reader(heard)
        try:
            assert reader.takes(sight(0, b"<p>" + b"x" * LARGE))
            await heard.until(1)
        finally:
            reader.close()
        return heard

    assert asyncio.run(run()).of[0][1].reading


def test_so_many_pages_and_no_more() -> None:
    async def work(reader: Reader, heard: Heard) -> None:
        number = 0
        while not reader.full:
            assert reader.takes(sight(number))
            number += 1
        await heard.until(number)
        assert not reader.full
        assert number > 1

    with_reader(work)


def test_without_a_process_the_crawl_reads_by_itself(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async def work(reader: Reader, heard: Heard) -> None:
        assert not any(reader.takes(sight(number)) for number in range(3))
        assert heard.of == []

    with_reader(work)
    assert caplog.text.count("the crawl reads its pages itself") == 1


def test_a_process_that_never_answers_is_done_without(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))

    async def work(reader: Reader, heard: Heard) -> None:
        pages = [sight(number) for number in range(3)]
        assert all(reader.takes(page) for page in pages)
        await heard.until(3)
        assert not reader.takes(sight(4))

    heard = with_reader(work)
    assert [told.reading is None for _, told in heard.of] == [True, False, False], "the first page may be the cause"
    assert "does not get going" in caplog.text


def test_what_breaks_in_the_process_is_said() -> None:
    assert (read(b"\xc1", b"").error or "").startswith("DecodeError")
    head = msgspec.msgpack.encode(sight(1).capture)
    assert read(head, b"<p>text").reading == read_page(sight(1, b"<p>text"))
