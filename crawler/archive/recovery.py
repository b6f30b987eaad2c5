"""From the WARC files to the index: making it anew, taking up what a killed run left, reading single files in."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from crawler.archive.index import VERSION, Index
from crawler.archive.layout import GZIP, ZSTD, ArchiveDamageWarning, Layout, sync_folder
from crawler.archive.members import Damage, members
from crawler.archive.note import Tombstone, decode_note
from crawler.archive.writer import Place
from crawler.capture import Capture
from crawler.coverage import RunCoverage


def rebuild(workspace: Path) -> int:
    """Make the index anew from the WARC files alone and return the number of captures.

    The old index stays in use until the new one is whole. Damage is reported as ArchiveDamageWarning.
    """
    layout = Layout(workspace)
    fresh = layout.index.with_name("index.new.sqlite")
    for path in _parts(fresh):
        path.unlink(missing_ok=True)
    index = Index(fresh)
    total = sum(index_file(layout, index, name) for name in layout.files())
    index.close()
    # The old one goes first, whole: its write-ahead log must not meet the new file. A kill in between leaves no index,
    # and the next start makes one.
    for path in _parts(layout.index):
        path.unlink(missing_ok=True)
    fresh.replace(layout.index)
    return total


def recover(workspace: Path) -> list[str]:
    """Take up what a killed run left and return the names of the files that had to be read.

    Files left open are cut after the last whole record and renamed; files that the index does not know whole are read
    into it; an index that is missing, broken or of another version is made anew.
    """
    layout = Layout(workspace)
    closed = [name for name in layout.left_open() if _close(layout, name)]
    _drop_twins(layout)
    files = layout.files()
    if files and not _usable(layout.index):
        rebuild(workspace)
        return files
    if not files and not closed and not layout.index.exists():
        return []
    with closing(Index(layout.index)) as index:
        known = index.sealed()
        for name in set(index.known()) - set(files):
            index.forget(name)
        unread = [name for name in files if known.get(name) != layout.path(name).stat().st_size]
        for name in unread:
            index.forget(name)
            index_file(layout, index, name)
    return unread


def _close(layout: Layout, name: str) -> bool:
    """Give a file that was left open its final name, or remove it when it holds nothing."""
    if not _cut(layout.opened(name)):
        layout.opened(name).unlink()
        return False
    layout.opened(name).rename(layout.warc / name)
    sync_folder((layout.warc / name).parent)
    return True


def _drop_twins(layout: Layout) -> None:
    """Remove files that were packed into cold storage, and checked there, just before a kill."""
    for name in layout.files():
        twin = layout.warc / (name.removesuffix(ZSTD) + GZIP)
        if name.endswith(ZSTD) and twin.exists():
            twin.unlink()


def _parts(index: Path) -> list[Path]:
    return [index.with_name(index.name + suffix) for suffix in ("", "-wal", "-shm")]


def _usable(index: Path) -> bool:
    """Tell whether there is an index of this version that SQLite can read."""
    if not index.exists():
        return False
    with closing(sqlite3.connect(index)) as db:
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute("SELECT count(*) FROM files").fetchone()
        except sqlite3.DatabaseError:
            return False
    return bool(version == VERSION)


def index_file(layout: Layout, index: Index, name: str) -> int:
    """Read one WARC file into the index and return the number of captures in it."""
    count = 0
    for found, place in notes(layout, name):
        if isinstance(found, Capture):
            index.add(found, place)
            count += 1
        elif isinstance(found, Tombstone):
            index.add_tombstone(found, place)
        else:
            index.add_coverage(found, place)
    index.seal(name, layout.path(name).stat().st_size)
    return count


def notes(layout: Layout, name: str) -> Iterator[tuple[Capture | RunCoverage | Tombstone, Place]]:
    """Yield what the file's records note, with the places of the records they speak of."""
    responses: dict[str, int] = {}
    start: int | None = None
    for item in members(layout.path(name)):
        if isinstance(item, Damage):
            text = f"{name}: unreadable at offset {item.offset}: {item.reason}"
            warnings.warn(text, ArchiveDamageWarning, stacklevel=2)
            continue
        if start is None and item.record.type != "warcinfo":
            start = item.offset
        if item.record.type in ("response", "revisit", "resource"):
            responses[item.record.id] = item.offset
        note = decode_note(item.record)
        place = Place(name, item.offset, responses, item.offset if start is None else start, item.offset + item.length)
        if note and note.tombstone:
            yield note.tombstone, place
        if note and note.capture:
            yield note.capture, place
        elif note and note.coverage:
            yield note.coverage, place
        if note and (note.capture or note.coverage):
            responses, start = {}, None


def _cut(path: Path) -> int:
    """Cut the file after its last whole record and return its new length."""
    end = 0
    for item in members(path):
        if isinstance(item, Damage):
            text = f"{path.name}: cut at offset {item.offset}: {item.reason}"
            warnings.warn(text, ArchiveDamageWarning, stacklevel=3)
        else:
            end = item.offset + item.length
    with path.open("r+b") as file:
        file.truncate(end)
    return end
