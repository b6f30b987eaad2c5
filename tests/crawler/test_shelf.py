from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from crawler.capture import Purpose
from crawler.shelf import Address, Shelf


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "frontier.sqlite"


def address(mark: int, **given: object) -> Address:
    return Address(mark, f"http://good.lab/{mark}", **given)  # type: ignore[arg-type]


def test_oldest_evidence_first_then_by_rank(path: Path) -> None:
    shelf = Shelf(path)
    for mark, seen, rank in ((1, 5, 1), (2, 0, 9), (3, 0, 2), (4, 3, 1)):
        shelf.put(address(mark, lane=1, seen=seen, rank=rank))
    shelf.put(address(5, lane=2))
    drawn = [found.mark for found in iter(lambda: shelf.take(1), None)]
    assert drawn == [3, 2, 4, 1]
    assert shelf.take(1) is None
    assert shelf.pick(1) is None, "what was taken waits no more"
    found = shelf.pick(5)
    assert found
    assert (found.mark, found.lane) == (5, 2)


def test_what_was_known_is_known_again(path: Path) -> None:
    shelf = Shelf(path)
    assert shelf.fresh
    shelf.put(address(1, lane=1, named=100, found_on="http://good.lab/", purpose=Purpose.DOCUMENT))
    shelf.put(address(2, lane=1, named=100))
    shelf.put(address(3, lane=1, named=60))
    shelf.saw(1, 101)
    shelf.name(2, 102)
    shelf.forget(4)
    shelf.filled()
    shelf.close()
    again = Shelf(path)
    assert not again.fresh
    assert [(item.mark, item.named, item.seen, item.lane) for item in again.recall(70)] == [
        (1, 100, 101, None),
        (2, 102, 0, None),
    ]
    kept = again.get(1)
    assert kept
    assert (kept.purpose, kept.found_on) == (Purpose.DOCUMENT, "http://good.lab/")
    assert again.get(3) is None
    again.close()


def test_rows_may_change_while_they_are_recalled(path: Path) -> None:
    shelf = Shelf(path)
    for mark in range(1, 5_000):
        shelf.put(address(mark, named=10))
    seen = []
    for item in shelf.recall(0):
        seen.append(item.mark)
        shelf.put(address(item.mark, named=10, lane=1, rank=-item.mark))
    assert seen == list(range(1, 5_000))
    first = shelf.take(1)
    assert first
    assert first.mark == 4_999


def test_moving_among_lanes(path: Path) -> None:
    shelf = Shelf(path)
    shelf.put(address(1, lane=1, rank=5))
    shelf.move(1, 2, 0)
    assert shelf.take(1) is None
    found = shelf.take(2)
    assert found
    assert (found.mark, found.rank) == (1, 0)


@pytest.mark.parametrize("broken", ["not a database" * 200, ""])
def test_a_broken_file_is_thrown_away(path: Path, broken: str) -> None:
    path.parent.mkdir()
    path.write_text(broken)
    shelf = Shelf(path)
    assert shelf.fresh
    shelf.put(address(1, lane=1))
    assert shelf.take(1)
    shelf.close()


def test_a_file_of_another_version_is_thrown_away(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version=99")
        other.execute("CREATE TABLE addresses (what TEXT)")
    other.close()
    shelf = Shelf(path)
    assert shelf.fresh
    shelf.put(address(1, lane=1))
    assert shelf.take(1)


def test_what_was_not_committed_is_lost_and_nothing_else(path: Path) -> None:
    shelf = Shelf(path)
    for mark in range(1, 8_000):
        shelf.put(address(mark, named=10))
    # As if the process had been killed: what stands on the disk, without a close.
    copy = path.parent.parent / "copy" / path.name
    shutil.copytree(path.parent, copy.parent)
    again = Shelf(copy)
    assert again.fresh, "a shelf that was not filled is filled again"
    found = [item.mark for item in again.recall(0)]
    assert found == list(range(1, len(found) + 1))
    assert len(found) >= 5_000
