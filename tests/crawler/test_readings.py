"""What the crawl remembers of pages: the same for the same bytes, nothing with a key in it, nothing when it is broken."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.readings import FILE, GIVEN_UP, Readings, read_page
from crawler.sight import Sight

URL = "https://good.kz/"
PAGE = b'<html><body><h1>News</h1><a href="/a">A</a><a href="/b?page=2">B</a></body></html>'
WITH_KEY = PAGE.replace(b"/a", b"/a?apiKey=0123456789abcdef")


def capture(sha256: str = "0" * 64, url: str = URL) -> Capture:
    now = datetime(2026, 11, 16, 18, tzinfo=UTC)
    return Capture(
        "urn:uuid:1", "run", date(2026, 11, 16), CaptureKey("GET", url), url, "good.kz", (), Purpose.PAGE,
        ExchangeOutcome.OK, now, now, 200, (("Content-Type", "text/html"),), sha256=sha256,
    )  # fmt: skip


def test_the_same_page_is_remembered_across_openings(tmp_path: Path) -> None:
    first = Readings(tmp_path)
    reading = read_page(Sight(capture(), lambda: PAGE))
    first.put(capture(), reading)
    first.close()
    again = Readings(tmp_path)
    assert again.get(capture()) == reading
    assert again.get(capture("1" * 64)) is None
    assert again.get(capture(url="https://good.kz/other")) is None
    again.close()


def test_a_page_whose_links_carry_a_key_is_not_kept(tmp_path: Path) -> None:
    readings = Readings(tmp_path)
    reading = read_page(Sight(capture(), lambda: WITH_KEY))
    assert reading.links is not None
    assert any("apiKey" in link.url for link in reading.links.links)
    readings.put(capture(), reading)
    assert readings.get(capture()) is None
    readings.close()


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_file_that_cannot_be_used_costs_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    readings = Readings(tmp_path)
    readings.put(capture(), read_page(Sight(capture(), lambda: PAGE)))
    readings.get(capture())
    readings.close()
    assert read_page(Sight(capture(), lambda: PAGE)).links is not None


def test_a_page_that_was_given_up_is_known_as_such(tmp_path: Path) -> None:
    readings = Readings(tmp_path)
    readings.put(capture(), GIVEN_UP)
    assert readings.get(capture()) == GIVEN_UP
    readings.close()
