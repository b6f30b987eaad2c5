"""Whether a failure means that the disk is full: SQLite, the system and a quota each say so in their own way."""

from __future__ import annotations

import errno
import sqlite3

_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CODES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, is a disk with no room left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _ERRNOS:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _CODES:
            return True
        error = error.__cause__ or error.__context__
    return False
