from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crawler.archive import ArchiveError
from crawler.archive.history import History, HistoryEntry, write_night

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)


def entry(key: str, night: date, **more: str) -> HistoryEntry:
    return HistoryEntry(key, night, f"urn:uuid:{key}", "ok", dates=("2025-12-31",), **more)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for night in (THIRD, FIRST, SECOND):
        write_night(tmp_path, night, [entry("GET b", night), entry("GET a", night, main_text="ab", verdict="page")])
    return tmp_path


def test_newest_first_and_cut_at_the_night(workspace: Path) -> None:
    history = History(workspace, SECOND)
    assert history.nights() == (FIRST, SECOND)
    assert [item.night for item in history.entries("GET a")] == [SECOND, FIRST]
    assert history.entries("GET a")[0] == entry("GET a", SECOND, main_text="ab", verdict="page")
    assert history.entries("GET c") == ()


def test_writing_a_night_again_replaces_it(workspace: Path) -> None:
    path = write_night(workspace, SECOND, [entry("GET c", SECOND)])
    before = path.read_bytes()
    assert write_night(workspace, SECOND, [entry("GET c", SECOND)]).read_bytes() == before
    history = History(workspace, THIRD)
    assert [item.night for item in history.entries("GET a")] == [THIRD, FIRST]
    assert [item.name for item in path.parent.iterdir() if item.suffix != ".jsonl"] == []


def test_an_entry_belongs_to_its_night(workspace: Path) -> None:
    with pytest.raises(ValueError, match="in the file of 2026-01-02"):
        write_night(workspace, SECOND, [entry("GET a", FIRST)])


def test_a_broken_line_is_named(workspace: Path) -> None:
    path = workspace / "archive" / "history" / "2026-01-02.jsonl"
    path.write_bytes(path.read_bytes() + b"{\n")
    with pytest.raises(ArchiveError, match=r"2026-01-02.jsonl line 3"):
        History(workspace, THIRD).entries("GET a")


def test_no_history_yet(tmp_path: Path) -> None:
    history = History(tmp_path, FIRST)
    assert history.nights() == ()
    assert history.entries("GET a") == ()
