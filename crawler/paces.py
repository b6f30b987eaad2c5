"""The paces of all keys of a workspace: the history folded into one row per key, so that a night need not read it all.

The file may be deleted at any time: it is folded anew from the history, which is never pruned.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

from config.errors import ConfigError
from crawler.archive.history import History
from crawler.revisit import LONGEST, Pace, due, step

FILE = "paces.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS paces (key TEXT PRIMARY KEY, night TEXT NOT NULL, digest TEXT, seconds INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folded (night TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Paces:
    """Tells which keys are due on a night. Use `close` when done.

    Raises ConfigError when the file cannot be used, ArchiveError when a line of the history cannot be read.
    """

    def __init__(self, workspace: Path, night: date) -> None:
        self._night = night
        try:
            self._db = sqlite3.connect(workspace / FILE)
            self._db.executescript(_SCHEMA)
            self._fold(workspace)
        except sqlite3.Error as error:
            raise ConfigError(f"{workspace / FILE}: not usable ({error}); it may be deleted, it fills again") from error

    def pace(self, key: str) -> Pace | None:
        """Return the pace of a capture key (its text), or None when no earlier night looked at it."""
        row = self._db.execute("SELECT night, digest, seconds FROM paces WHERE key = ?", (key,)).fetchone()
        return Pace(date.fromisoformat(row[0]), row[1], timedelta(seconds=row[2])) if row else None

    def due(self, key: str, longest: timedelta = LONGEST) -> bool:
        """Tell whether a key is to be asked on the night."""
        return due(self.pace(key), self._night, longest)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _fold(self, workspace: Path) -> None:
        """Take in the nights before this one that are not folded yet, each in one transaction."""
        done = {row[0] for row in self._db.execute("SELECT night FROM folded")}
        history = History(workspace, self._night - timedelta(days=1))
        for night in history.nights():
            if night.isoformat() in done:
                continue
            with self._db:
                for entry in history.of(night):
                    pace = step(self.pace(entry.key), entry)
                    row = (entry.key, pace.night.isoformat(), pace.digest, int(pace.wait.total_seconds()))
                    self._db.execute("INSERT OR REPLACE INTO paces VALUES (?, ?, ?, ?)", row)
                self._db.execute("INSERT INTO folded VALUES (?)", (night.isoformat(),))
