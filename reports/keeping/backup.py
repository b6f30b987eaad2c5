"""A backup: a folder with the ledger, the archive, the settings and all that people brought, and a manifest of it.

SQLite files are copied through SQLite's backup API (sqlite.org/backup.html), so a night may go on meanwhile; a ledger
on another database is dumped. Left out is what fills again by itself: the cache of facts, written reports, files
still being written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from checks.night import FACTS_FILE
from config.discoveries import LEARNED_FILE
from config.errors import ConfigError
from config.loader import Loaded
from crawler.archive.layout import sync_folder
from reports.console import LEDGER_FILE, ledger_place
from reports.documents import Count, Document, Sha256
from reports.keeping.dump import dump, load

MANIFEST = "manifest.json"
WORKSPACE, CONFIG = "workspace", "config"
DUMP = "ledger.jsonl.zst"
_LEFT_OUT = ("reports", FACTS_FILE)
_SIDE_FILES = ("-wal", "-shm", "-journal", ".lock", ".open", ".tmp", ".part")
_CHUNK = 1 << 20


class BackupFile(Document, frozen=True):
    """A file of a backup, by its path below the backup."""

    path: str
    bytes: Count
    sha256: Sha256


class BackupDocument(Document, frozen=True):
    """What a backup holds. `settings` is the settings file's path below the backup; `dump` tells a ledger dumped."""

    made: datetime
    settings: str
    dump: bool
    files: tuple[BackupFile, ...]


def back_up(loaded: Loaded, folder: Path, made: datetime) -> BackupDocument:
    """Write a backup of *loaded*'s installation to the new folder. Raises ConfigError when that cannot be done.

    The folder gets its name when all is in it: a backup that was cut short is none.
    """
    if folder.exists():
        raise ConfigError(f"{folder}: already there; a backup goes into a new folder")
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        document = _write(loaded, part, made)
        (part / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
        part.rename(folder)
        sync_folder(folder.parent)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise ConfigError(f"backup {folder}: cannot be written: {error}") from error
    return document


def _write(loaded: Loaded, part: Path, made: datetime) -> BackupDocument:
    workspace = loaded.settings.workspace
    place = ledger_place(loaded.settings)
    # The ledger goes first and the archive's files last, so that what one cites is in the next.
    for path in sorted(_kept(workspace), key=lambda path: (path.name != LEDGER_FILE, path.suffix != ".sqlite", path)):
        _copy(path, part / WORKSPACE / path.relative_to(workspace))
    dumped = isinstance(place, str)
    if dumped:
        dump(place, part / DUMP)
    settings = _config(loaded, part)
    files = tuple(_entry(path, part) for path in sorted(part.rglob("*")) if path.is_file())
    return BackupDocument(made, settings, dumped, files)


def _kept(workspace: Path) -> Iterator[Path]:
    for path in workspace.rglob("*"):
        relative = path.relative_to(workspace)
        if path.is_file() and relative.parts[0] not in _LEFT_OUT and not path.name.endswith(_SIDE_FILES):
            yield path


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".sqlite":
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without side files
    else:
        shutil.copyfile(path, target)
    with target.open("rb") as handle:
        os.fsync(handle.fileno())


def _config(loaded: Loaded, part: Path) -> str:
    """Copy the settings file and, where they lie beside it, what was learned and the country pack."""
    target = part / CONFIG / loaded.path.name
    target.parent.mkdir(parents=True)
    shutil.copyfile(loaded.path, target)
    learned = loaded.path.parent / LEARNED_FILE
    if learned.is_file():
        shutil.copyfile(learned, target.parent / LEARNED_FILE)
    pack = loaded.path.parent / loaded.settings.pack
    if loaded.settings.pack.startswith(".") and pack.is_dir():
        shutil.copytree(pack, target.parent / loaded.settings.pack)
    return str(target.relative_to(part))


def _entry(path: Path, part: Path) -> BackupFile:
    return BackupFile(str(path.relative_to(part)), path.stat().st_size, sha256_of(path))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def read_manifest(folder: Path) -> BackupDocument:
    """Return what the backup in *folder* holds. Raises ConfigError when it is no backup, or not whole."""
    try:
        document = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=BackupDocument)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"{folder}: no backup: {MANIFEST} cannot be read ({error})") from error
    for item in document.files:
        path = folder / item.path
        if not path.is_file():
            raise ConfigError(f"{folder}: {item.path} is missing; nothing was restored")
        if sha256_of(path) != item.sha256:
            raise ConfigError(
                f"{folder}: {item.path} is not what was backed up (SHA-256 differs); nothing was restored"
            )
    return document


def restore(folder: Path, target: Path, ledger: str | None = None) -> BackupDocument:
    """Restore a backup into the empty folder *target*: `workspace/` and `config/`; a dump into *ledger* where given.

    Every file is checked against the manifest first. Raises ConfigError for a place that is not empty.
    """
    document = read_manifest(folder)
    if target.exists() and any(target.iterdir()):
        raise ConfigError(f"{target}: not empty; a backup is restored into an empty place")
    try:
        for item in document.files:
            if item.path != DUMP:
                (target / item.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / item.path, target / item.path)
    except OSError as error:
        raise ConfigError(f"{target}: cannot be written: {error}") from error
    workspace = target / WORKSPACE
    workspace.mkdir(exist_ok=True)
    if document.dump:
        load(folder / DUMP, ledger or workspace / LEDGER_FILE)
    elif ledger is not None:
        dump(workspace / LEDGER_FILE, workspace / DUMP)
        load(workspace / DUMP, ledger)
        (workspace / DUMP).unlink()
        (workspace / LEDGER_FILE).unlink()
    return document
