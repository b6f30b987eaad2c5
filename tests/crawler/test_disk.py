"""How long the room on the disk lasts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler.disk import Room, room


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda size: monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10 * size, 9 * size, size))


def nights(folder: Path, *sizes: int) -> None:
    for number, size in enumerate(sizes, start=1):
        place = folder / "archive" / "warc" / f"2026-01-{number:02d}"
        place.mkdir(parents=True)
        (place / "nightly-00001.warc.gz").write_bytes(bytes(size))


def test_room_is_told_by_the_median_of_the_newest_nights(tmp_path: Path, free: Any) -> None:
    free(10_000_000)
    assert room(tmp_path) == Room(10_000_000)
    nights(tmp_path, 1_000_000, 2_000_000, 9_000_000)
    found = room(tmp_path)
    assert found == Room(10_000_000, 2_000_000, 5)
    assert found.text() == "0.0 GB free; 2.0 MB a night, room for 5 nights"


def test_old_nights_do_not_count(tmp_path: Path, free: Any) -> None:
    free(1_000_000)
    nights(tmp_path, *[100_000] * 10, *[1_000] * 14)
    assert room(tmp_path).per_night == 1_000


def test_nights_that_took_nothing_forecast_nothing(tmp_path: Path, free: Any) -> None:
    free(1_000_000)
    nights(tmp_path, 0, 0)
    assert room(tmp_path) == Room(1_000_000)


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (Room(6_000_000_000), "ok"),
        (Room(6_000_000_000, 100, 60_000_000), "ok"),
        (Room(6_000_000_000, 500_000_000, 12), "warn"),
        (Room(4_000_000_000), "warn"),
        (Room(400_000_000), "fail"),
        (Room(6_000_000_000, 7_000_000_000, 0), "fail"),
    ],
)
def test_how_much_is_little(found: Room, level: str) -> None:
    assert found.level == level
