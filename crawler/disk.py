"""The disk under a workspace: for how many nights its room lasts, and whether a failure means that it is full.

SQLite, the system and a quota each say that in their own way.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path
from statistics import median
from typing import Literal

import msgspec

from crawler.archive.layout import Layout

_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CODES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})


_LOW, _NONE = 5_000_000_000, 500_000_000  # bytes
_FEW = 14  # nights: time to make room
_LOOKED_BACK = 14  # nights


class Room(msgspec.Struct, frozen=True, omit_defaults=True):
    """Bytes that are free, and bytes that a night takes: the median of the newest nights' WARC files, None before any.

    `nights` is for how many nights that lasts.
    """

    free: int
    per_night: int | None = None
    nights: int | None = None

    @property
    def level(self) -> Literal["ok", "warn", "fail"]:
        """Whether there is room: enough, little, or none to begin with."""
        if self.free < _NONE or self.nights == 0:
            return "fail"
        return "warn" if self.free < _LOW or (self.nights is not None and self.nights < _FEW) else "ok"

    def text(self) -> str:
        """Return it in words."""
        told = f"{self.free / 1e9:.1f} GB free"
        if self.per_night is None:
            return told
        return f"{told}; {self.per_night / 1e6:.1f} MB a night, room for {self.nights} nights"


def room(workspace: Path) -> Room:
    """Return how much room there is. Raises OSError when the workspace is not there."""
    free = shutil.disk_usage(workspace).free
    folders = sorted(path for path in Layout(workspace).warc.glob("*") if path.is_dir())[-_LOOKED_BACK:]
    usual = int(median([_size(folder) for folder in folders])) if folders else 0
    return Room(free, usual, free // usual) if usual else Room(free)


def _size(folder: Path) -> int:
    return sum(item.stat().st_size for item in folder.iterdir())


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, is a disk with no room left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _ERRNOS:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _CODES:
            return True
        error = error.__cause__ or error.__context__
    return False
