"""Where the archive keeps things inside a workspace, and how it complains."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

OPEN = ".open"
GZIP, ZSTD = ".warc.gz", ".warc.zst"
_KINDS = (GZIP, ZSTD, GZIP + OPEN)


class ArchiveError(Exception):
    """A record that is missing or not what the index says. The message names the file and the offset."""


class GoneError(ArchiveError):
    """A body that was taken out for good. The message says when, by whom and why."""


class RedactedError(GoneError):
    """A body that was taken out because of what it holds."""


class ArchiveDamageWarning(UserWarning):
    """A damaged stretch of a WARC file that was stepped over. The message names the file and the offset."""


def sync_folder(folder: Path) -> None:
    """Put a folder's names on disk: a file's new name is safe only then (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Layout:
    """The paths of one workspace. File names in the index are relative to `warc`, so a workspace can be moved."""

    def __init__(self, workspace: Path) -> None:
        self.root = workspace / "archive"
        self.warc = self.root / "warc"
        self.index = self.root / "index.sqlite"
        self.history = self.root / "history"
        self.audit = self.root / "audit.jsonl"
        self.lock = workspace / "crawl.lock"

    def name(self, night: date, run: str, number: int) -> str:
        """Return the relative name of a run's n-th WARC file."""
        return f"{night.isoformat()}/{run}-{number:05d}{GZIP}"

    def path(self, name: str) -> Path:
        """Return where the file of that name lies: closed, or still open."""
        closed = self.warc / name
        return closed if closed.exists() or not self.opened(name).exists() else self.opened(name)

    def opened(self, name: str) -> Path:
        """Return the path of the file of that name while it is being written."""
        return self.warc / (name + OPEN)

    def files(self) -> list[str]:
        """Return the relative names of all WARC files, closed and open, in order."""
        if not self.warc.is_dir():
            return []
        paths = (path for kind in _KINDS for path in self.warc.glob(f"*/*{kind}"))
        return sorted({str(path.relative_to(self.warc)).removesuffix(OPEN) for path in paths})

    def left_open(self) -> list[str]:
        """Return the relative names of files that a killed run left behind."""
        return [name for name in self.files() if self.opened(name).exists()]
