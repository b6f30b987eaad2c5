"""The facts cache: facts by what they were read from, so that a body seen before costs a look-up.

Key: decoded body, final address, used headers, extractor version, installed libraries, the pack's extraction part.
The cache may be deleted at any time; it is filled again from the archive.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from checks.facts import listing
from checks.facts.files import read as files
from checks.facts.listing import ListFacts
from checks.facts.model import FileFacts, PageFacts
from checks.facts.page import USED_HEADERS, VERSION
from config.errors import ConfigError
from config.loader import extraction_digest
from config.pack import Pack
from crawler.capture import Capture
from crawler.platforms import platform_readers, reader_of
from crawler.verdicts import VERSION as VERDICT_VERSION
from crawler.verdicts import VerdictFact

LIBRARIES = ("lxml", "w3lib", "selectolax", "numpy", "babel", "py3langid", "msgspec")
_DECODER = msgspec.json.Decoder(PageFacts)
_VERDICT_DECODER = msgspec.json.Decoder(VerdictFact)
_FILE_DECODER = msgspec.json.Decoder(FileFacts)
_LIST_DECODER = msgspec.json.Decoder(ListFacts)


def lock_digest(libraries: Iterable[str] = LIBRARIES) -> str:
    """Return a digest of the installed versions that facts depend on."""
    return hashlib.sha256(" ".join(f"{name}={_version(name)}" for name in libraries).encode()).hexdigest()


class FactsStore:
    """Facts on disk; `path` None keeps them in memory. Raises ConfigError when the file cannot be used."""

    def __init__(self, path: Path | None, pack: Pack) -> None:
        readers = " ".join(f"{name}@{reader.version}" for name, reader in sorted(platform_readers().items()))
        self._salt = f"page@{VERSION} {readers} verdict@{VERDICT_VERSION} {lock_digest()} {extraction_digest(pack)}"
        used = f"{lock_digest(files.LIBRARIES)} {extraction_digest(pack)}"
        self._file_salt = f"file@{files.VERSION} verdict@{VERDICT_VERSION} {used}"
        self._list_salt = f"list@{listing.VERSION} {used}"
        self._path = path
        with self._usable():
            self._db = sqlite3.connect(str(path) if path else ":memory:", timeout=60)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID"
            )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def get(self, capture: Capture) -> PageFacts | None:
        """Return the cached facts of a capture's body, or None. A row that cannot be read is none: it is made anew."""
        data = self._data(self._key(capture))
        try:
            return _DECODER.decode(data) if data else None
        except msgspec.DecodeError:
            return None

    def put(self, items: Iterable[tuple[Capture, PageFacts]]) -> None:
        """Keep the facts of some captures, all or none."""
        self._keep([(self._key(capture), msgspec.json.encode(facts)) for capture, facts in items])

    def get_file(self, capture: Capture) -> FileFacts | None:
        """Return the cached facts of a capture's body read as a file, or None."""
        data = self._data(self._file_key(capture))
        try:
            return _FILE_DECODER.decode(data) if data else None
        except msgspec.DecodeError:
            return None

    def put_files(self, items: Iterable[tuple[Capture, FileFacts]]) -> None:
        """Keep the facts of some files, all or none."""
        self._keep([(self._file_key(capture), msgspec.json.encode(facts)) for capture, facts in items])

    def get_list(self, capture: Capture) -> ListFacts | None:
        """Return the cached facts of a capture's body read as a feed or sitemap, or None."""
        data = self._data(self._list_key(capture))
        try:
            return _LIST_DECODER.decode(data) if data else None
        except msgspec.DecodeError:
            return None

    def put_list(self, capture: Capture, facts: ListFacts) -> None:
        """Keep the facts of a feed or sitemap."""
        self._keep([(self._list_key(capture), msgspec.json.encode(facts))])

    def get_verdict(self, capture: Capture, baseline: str) -> VerdictFact | None:
        """Return the cached verdict on a capture's body beside the baseline of that digest, or None."""
        data = self._data(self._verdict_key(capture, baseline))
        try:
            return _VERDICT_DECODER.decode(data) if data else None
        except msgspec.DecodeError:
            return None

    def put_verdict(self, capture: Capture, baseline: str, fact: VerdictFact) -> None:
        """Keep a verdict."""
        self._keep([(self._verdict_key(capture, baseline), msgspec.json.encode(fact))])

    def _data(self, key: bytes) -> bytes | None:
        with self._usable():
            row = self._db.execute("SELECT data FROM facts WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _keep(self, rows: list[tuple[bytes, bytes]]) -> None:
        with self._usable(), self._db:
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise ConfigError(
                f"{self._path}: not a usable facts cache ({error}); it may be deleted, it fills again"
            ) from error

    def _key(self, capture: Capture) -> bytes:
        used = [capture.header(name) or "" for name in USED_HEADERS]
        status = str(capture.shown_status)
        # One body of a platform may be shown for two languages, at two addresses.
        asked = capture.key.text() if reader_of(capture.key.url) else ""
        text = "\n".join([capture.sha256 or "", capture.url, status, *used, asked, self._salt])
        return hashlib.sha256(text.encode()).digest()

    def _verdict_key(self, capture: Capture, baseline: str) -> bytes:
        # The asked address counts: the home page is what it says it is.
        return hashlib.sha256(b"\n".join([self._key(capture), capture.key.url.encode(), baseline.encode()])).digest()

    def _list_key(self, capture: Capture) -> bytes:
        return hashlib.sha256(f"{capture.sha256}\n{capture.url}\n{self._list_salt}".encode()).digest()

    def _file_key(self, capture: Capture) -> bytes:
        used = [capture.header(name) or "" for name in files.USED_HEADERS]
        said = (capture.sha256 or "", capture.url, str(capture.shown_status), str(capture.truncated))
        text = "\n".join([*said, *used, self._file_salt])
        return hashlib.sha256(text.encode()).digest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
