"""Which archived bodies hold personal identifiers. They stay in the archive and out of everything that leaves it.

Bodies are searched when something is to leave, not when they are fetched: patterns get better, and the past must be
searched with today's. What was found is remembered by body and patterns; the file may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from config.pack import PersonalPattern
from config.personal import PersonalFinder
from crawler.archive.layout import Layout
from crawler.archive.pdftext import text_of

VERSION = "1"
UNSEARCHABLE = "unsearchable"
_INFLATED = 100_000_000
_MEMBERS = 5_000
_TAG = re.compile(r"<[^<>]*>")
_CELL = re.compile(r"<(?:\w+:)?v>(\d+)</")
_TEXTS = (".xml", ".csv", ".txt", ".json", ".html", ".htm", ".geojson", ".rels", ".tsv", ".md")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Flags:
    """What bodies of a workspace hold, by the patterns of one pack. Use `close` when done."""

    def __init__(self, workspace: Path, patterns: tuple[PersonalPattern, ...]) -> None:
        self._finder = PersonalFinder(patterns)
        told = msgspec.json.encode([VERSION, *(item.model_dump(mode="json") for item in patterns)])
        self._salt = hashlib.sha256(told).hexdigest()[:16]
        root = Layout(workspace).root
        root.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(root / "personal.sqlite")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS flags (sha256 TEXT, patterns TEXT, found TEXT NOT NULL,"
            " PRIMARY KEY (sha256, patterns)) WITHOUT ROWID"
        )

    def of(self, sha256: str, body: bytes) -> str | None:
        """Return the id of a pattern that a body holds a valid number of, `unsearchable`, or None for a clean one."""
        row = self._db.execute(
            "SELECT found FROM flags WHERE sha256 = ? AND patterns = ?", (sha256, self._salt)
        ).fetchone()
        if row is None:
            found = held(body, self._finder) or ""
            with self._db:
                self._db.execute("INSERT OR REPLACE INTO flags VALUES (?, ?, ?)", (sha256, self._salt, found))
            return found or None
        return row[0] or None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def held(body: bytes, finder: PersonalFinder) -> str | None:
    """Return what a body holds: a pattern's id, `unsearchable` for a container that cannot be read, or None."""
    if not finder:
        return None
    try:
        for text, cells in _texts(body):
            tallies = [finder.counts(text), finder.column(cells) if cells else {}]
            found = sorted(name for tally in tallies for name, count in tally.items() if count.valid)
            if found:
                return found[0]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return UNSEARCHABLE
    return None


def _texts(body: bytes) -> Iterator[tuple[str, list[str]]]:
    """Yield the texts of a body with the whole numbers that stand in cells of a sheet."""
    if body.startswith(b"%PDF-"):
        text = text_of(body)
        if text is None:
            raise ValueError("a PDF that cannot be read")
        yield text, []
    elif body.startswith(b"PK\x03\x04"):
        yield from _members(body)
    else:
        yield body.decode(_BOMS.get(body[:2], "utf-8"), "replace"), []


def _members(body: bytes) -> Iterator[tuple[str, list[str]]]:
    room = _INFLATED
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        for member in packed.infolist()[:_MEMBERS]:
            if not member.filename.lower().endswith(_TEXTS):
                continue
            with packed.open(member) as file:
                data = file.read(room)
            room -= len(data)
            if room <= 0:
                raise ValueError("more text than can be searched")
            text = data.decode(_BOMS.get(data[:2], "utf-8"), "replace")
            yield _TAG.sub(" ", text), _CELL.findall(text)
