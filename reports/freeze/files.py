"""The files of a bundle: written whole or not at all, read from a folder or from a ZIP file."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from config.errors import ConfigError
from reports.freeze.documents import FileLine

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
CAPTURES, EXCERPTS, FINDINGS, CITED = "captures.wacz", "excerpts.jsonl", "findings.jsonl", "captures.jsonl"
SUPPLEMENTS = "supplements"
SUPPLEMENT = "supplement.json"
SUPPLEMENT_SIGNATURE = "supplement.sig"
_PART = ".part"
_UNDER_WAY = re.compile(r"\.\d{3}\.[0-9a-f]{8}\.part")  # a supplement, as `whole` names it
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Files(Protocol):
    """The files of a bundle by their names."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, in order."""

    def twice(self) -> tuple[str, ...]:
        """Return the names that stand for more than one file: readers would differ in which they take."""

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading; it can be searched. Raises KeyError when there is none."""


class Folder:
    """A bundle as a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, in order; a supplement still being written does not count."""
        found = (item.relative_to(self.path) for item in self.path.rglob("*") if item.is_file())
        return tuple(sorted(item.as_posix() for item in found if not _under_way(item.parts)))

    def twice(self) -> tuple[str, ...]:
        """Return nothing: a folder has each name once."""
        return ()

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        try:
            return (self.path / name).open("rb")
        except FileNotFoundError:
            raise KeyError(name) from None


class Zip:
    """A bundle as a ZIP file."""

    def __init__(self, path: Path) -> None:
        try:
            self._packed = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise ConfigError(f"{path}: no bundle: {error}; accepted: a folder or a ZIP file") from None

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, in order."""
        return tuple(sorted({name for name in self._packed.namelist() if not name.endswith("/")}))

    def twice(self) -> tuple[str, ...]:
        """Return the names that stand for more than one file."""
        counts = Counter(self._packed.namelist())
        return tuple(sorted(name for name, count in counts.items() if count > 1))

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        found = self._packed.open(name)
        return found if found.seekable() else io.BytesIO(found.read())


def bundle(path: Path) -> Files:
    """Return the files of the bundle at *path*."""
    if not path.exists():
        raise ConfigError(f"{path}: there is nothing; accepted: a folder or a ZIP file")
    return Folder(path) if path.is_dir() else Zip(path)


def read(files: Files, name: str) -> bytes:
    """Return the bytes of a file. Raises KeyError when there is none."""
    with files.open(name) as file:
        return file.read()


def digest(files: Files, name: str) -> str | None:
    """Return the SHA-256 of a file; None when a ZIP file does not give it back whole."""
    try:
        with files.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except zipfile.BadZipFile:
        return None


def line_of(folder: Path, name: str) -> FileLine:
    """Return a file of *folder* as a manifest lists it."""
    with (folder / name).open("rb") as file:
        return FileLine(name, hashlib.file_digest(file, "sha256").hexdigest(), (folder / name).stat().st_size)


def write_lines(path: Path, documents: Iterable[Any]) -> None:
    """Write one JSON document a line."""
    with path.open("wb") as file:
        for item in documents:
            file.write(msgspec.json.encode(item, order="deterministic") + b"\n")


def write_document(path: Path, document: Any) -> bytes:
    """Write one JSON document for people's eyes too, and return its bytes."""
    data = msgspec.json.format(msgspec.json.encode(document, order="deterministic"), indent=2) + b"\n"
    path.write_bytes(data)
    return data


@contextmanager
def whole(place: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes *place* in one step at the end; killed before, nothing is at *place*."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for left in place.parent.glob(f".{place.name}.*{_PART}"):
        shutil.rmtree(left)  # a process that was killed; the caller holds the lock
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}{_PART}")
    beside.mkdir()
    try:
        yield beside
        for path in sorted(beside.rglob("*")):
            _sync(path)
        _sync(beside)
        beside.rename(place)
        _sync(place.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def pack(folder: Path, target: Path) -> None:
    """Write a bundle as one ZIP file. The same bundle gives the same bytes."""
    beside = target.with_name(target.name + _PART)
    files = Folder(folder)
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as packed:
        for name in files.names():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            with files.open(name) as source, packed.open(entry, "w", force_zip64=True) as into:
                shutil.copyfileobj(source, into)
    beside.replace(target)


def _under_way(parts: tuple[str, ...]) -> bool:
    return len(parts) > 2 and parts[0] == SUPPLEMENTS and bool(_UNDER_WAY.fullmatch(parts[1]))  # noqa: PLR2004


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
