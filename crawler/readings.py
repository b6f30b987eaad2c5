"""What the crawl read of a page: its links and its verdict, kept by what they were read from.

A page that is the same as before is not parsed again. The file may be deleted at any time; it fills again as pages are
read. Code or word lists that read otherwise make other keys, so what is old is never taken for new.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

import msgspec
from isal import igzip, isal_zlib

from crawler.capture import Capture
from crawler.html import Links, links_of
from crawler.redact import redact_text
from crawler.sight import Sight
from crawler.verdicts import VerdictFact, judge_page

logger = logging.getLogger(__name__)

FILE = "links.sqlite"
_BATCH = 50
_LEVEL, _GZIP_BITS = 1, 31
_USED_HEADERS = ("content-type", "cf-mitigated")
_READERS = ("html.py", "verdicts.py", "baselines.py", "data")


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """What was read of one page. `links` is None for what is no page, and for one that was given up."""

    links: Links | None
    verdict: VerdictFact | None
    given_up: bool = False


GIVEN_UP = Reading(None, None, given_up=True)
"""Stands for a page at which the reading process died or did not get done: it is not tried again."""


_UNREADABLE = (sqlite3.Error, msgspec.DecodeError, cast("type[Exception]", isal_zlib.error), ValueError)
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Reading)


def read_page(sight: Sight) -> Reading:
    """Return links and verdict of an answer."""
    capture, page = sight.capture, sight.page
    if page is None:
        return Reading(None, None)
    found = links_of(page, capture.url)  # first: the verdict takes scripts out of the tree
    return Reading(found, judge_page(capture, sight.body, page))


class Readings:
    """The readings of a workspace. A file that cannot be used is done without: it saves work, nothing else."""

    def __init__(self, workspace: Path) -> None:
        self._waiting = 0
        self._db: sqlite3.Connection | None = None
        try:
            self._db = _open(workspace / FILE)
        except (sqlite3.Error, OSError) as error:
            logger.warning("%s cannot be used (%s); it may be deleted, it fills again", FILE, error)

    def __contains__(self, capture: Capture) -> bool:
        """Tell whether it is known what was read of the very same page."""
        try:
            query = "SELECT 1 FROM readings WHERE key = ?"
            return bool(self._db and self._db.execute(query, (_key(capture),)).fetchone())
        except sqlite3.Error:
            return False

    def get(self, capture: Capture) -> Reading | None:
        """Return what was read of the very same page at the same address, or None."""
        try:
            row = self._db and self._db.execute("SELECT data FROM readings WHERE key = ?", (_key(capture),)).fetchone()
            return _DECODER.decode(isal_zlib.decompress(row[0], _GZIP_BITS)) if row else None
        except _UNREADABLE:
            return None

    def put(self, capture: Capture, reading: Reading) -> None:
        """Keep what was read of a page, unless its links carry keys: those must not stand anywhere but in the body."""
        told = _ENCODER.encode(reading)
        if self._db is None or _secretive(told):
            return
        data = igzip.compress(told, _LEVEL, mtime=0)
        try:
            self._db.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", (_key(capture), capture.sha256, data))
            self._waiting += 1
            if self._waiting >= _BATCH:
                self._db.commit()
                self._waiting = 0
        except sqlite3.Error as error:
            logger.warning("%s cannot be written (%s)", FILE, error)
            self._db = None

    def close(self) -> None:
        """Let go of the file."""
        if self._db is None:
            return
        try:
            self._db.commit()
            self._db.close()
        except sqlite3.Error as error:
            logger.warning("%s cannot be written (%s)", FILE, error)


def _secretive(told: bytes) -> bool:
    text = told.decode("latin-1")
    return redact_text(text) != text


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")  # lost with the power is read again
    db.execute(
        "CREATE TABLE IF NOT EXISTS readings (key BLOB PRIMARY KEY, sha256 TEXT NOT NULL, data BLOB NOT NULL)"
        " WITHOUT ROWID"
    )
    return db


def _key(capture: Capture) -> bytes:
    used = [capture.header(name) or "" for name in _USED_HEADERS]
    status = str(capture.shown_status)
    text = "\n".join([capture.sha256 or "", capture.url, capture.how, status, *used, _salt()])
    return hashlib.sha256(text.encode()).digest()[:16]


@cache
def _salt() -> str:
    """Return a digest of the code and the word lists that read pages."""
    found = hashlib.sha256()
    for name in _READERS:
        for item in _texts(files("crawler").joinpath(name)):
            found.update(item.read_bytes())
    return found.hexdigest()


def _texts(place: Traversable) -> list[Traversable]:
    if place.is_file():
        return [place]
    return sorted((item for item in place.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name)
