"""The facts cache: facts by what they were read from, so that a body seen before costs a look-up.

Key: decoded body, final address, used headers, extractor version, installed libraries, the pack's extraction part.
The cache may be deleted at any time; it is filled again from the archive.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from checks.facts.model import PageFacts
from checks.facts.page import USED_HEADERS, VERSION
from config.errors import ConfigError
from config.loader import extraction_digest
from config.pack import Pack
from crawler.capture import Capture
from crawler.verdicts import VERSION as VERDICT_VERSION

LIBRARIES = ("lxml", "w3lib", "lingua-language-detector", "py3langid", "msgspec")
_DECODER = msgspec.json.Decoder(PageFacts)


def lock_digest(libraries: Iterable[str] = LIBRARIES) -> str:
    """Return a digest of the installed versions that facts depend on."""
    return hashlib.sha256(" ".join(f"{name}={_version(name)}" for name in libraries).encode()).hexdigest()


class FactsStore:
    """Page facts on disk. `path` None keeps them in memory. Raises ConfigError when the file cannot be used."""

    def __init__(self, path: Path | None, pack: Pack) -> None:
        self._salt = f"page@{VERSION} verdict@{VERDICT_VERSION} {lock_digest()} {extraction_digest(pack)}"
        try:
            self._db = sqlite3.connect(str(path) if path else ":memory:", timeout=60)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID"
            )
        except sqlite3.DatabaseError as error:
            raise ConfigError(
                f"{path}: not a usable facts cache ({error}); it may be deleted, it fills again"
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def get(self, capture: Capture) -> PageFacts | None:
        """Return the cached facts of a capture's body, or None."""
        row = self._db.execute("SELECT data FROM facts WHERE key = ?", (self._key(capture),)).fetchone()
        return _DECODER.decode(row[0]) if row else None

    def put(self, items: Iterable[tuple[Capture, PageFacts]]) -> None:
        """Keep the facts of some captures, all or none."""
        rows = [(self._key(capture), msgspec.json.encode(facts)) for capture, facts in items]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)

    def _key(self, capture: Capture) -> bytes:
        used = [capture.header(name) or "" for name in USED_HEADERS]
        status = str(capture.status)
        text = "\n".join([capture.sha256 or "", capture.url, status, *used, self._salt])
        return hashlib.sha256(text.encode()).digest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
