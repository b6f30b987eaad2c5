"""What is kept about hosts in the workspace: who paused which, and who rests this night.

One small SQLite file, written by `odrc pause` and the crawl, read by the crawl while it runs. Pauses are only ever
added to: the table is its own audit trail.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from config.errors import ConfigError
from config.urls import site_host
from crawler.manners.addresses import ascii_name
from crawler.manners.cooloff import CoolOff

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pauses (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, host TEXT NOT NULL,
    until TEXT, reason TEXT NOT NULL, author TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS cool_offs (
    night TEXT NOT NULL, host TEXT NOT NULL, rests INTEGER NOT NULL, until TEXT NOT NULL, closed INTEGER NOT NULL,
    PRIMARY KEY (night, host)
) WITHOUT ROWID;
"""
_PATIENCE = 10.0  # seconds to wait for another process that writes


class Entry(msgspec.Struct, frozen=True):
    """One line of the audit trail. Times are UTC; a resumption has no end."""

    at: datetime
    action: Literal["pause", "resume"]
    host: str
    until: datetime | None
    reason: str
    by: str

    def text(self) -> str:
        """Return what a capture's detail says of a pause."""
        return f"paused until {self.until:%Y-%m-%d %H:%M} UTC by {self.by}: {self.reason}"


class HostNotes:
    """The notes of one workspace. Raises ConfigError when the file cannot be used."""

    def __init__(self, workspace: Path, night: date | None = None) -> None:
        self._night = night.isoformat() if night else ""
        path = workspace / "hosts.sqlite"
        try:
            workspace.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(f"{path} cannot be used: {error}") from error

    def add(self, entry: Entry) -> None:
        """Add a line to the audit trail."""
        row = (entry.at, entry.action, entry.host, entry.until, entry.reason, entry.by)
        texts = [item.isoformat() if isinstance(item, datetime) else item for item in row]
        self._db.execute(
            "INSERT INTO pauses (at, action, host, until, reason, author) VALUES (?, ?, ?, ?, ?, ?)", texts
        )

    def trail(self) -> Iterator[Entry]:
        """Yield the audit trail, oldest first."""
        rows = self._db.execute("SELECT at, action, host, until, reason, author FROM pauses ORDER BY id")
        for at, action, host, until, reason, by in rows:
            end = datetime.fromisoformat(until) if until else None
            yield Entry(datetime.fromisoformat(at), action, host, end, reason, by)

    def paused(self, now: datetime) -> dict[str, Entry]:
        """Return the pauses in force, by host."""
        last = {entry.host: entry for entry in self.trail()}
        return {host: entry for host, entry in last.items() if entry.until and now < entry.until}

    def cool_offs(self) -> dict[str, CoolOff]:
        """Return the night's rests, by host."""
        rows = self._db.execute("SELECT host, rests, until, closed FROM cool_offs WHERE night = ?", (self._night,))
        return {row[0]: CoolOff(row[1], datetime.fromisoformat(row[2]), bool(row[3])) for row in rows}

    def keep(self, site: str, state: CoolOff) -> None:
        """Remember a host's rests this night."""
        row = (self._night, site, state.rests, state.until.isoformat(), state.closed)
        self._db.execute("INSERT OR REPLACE INTO cool_offs VALUES (?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def host_named(text: str) -> str:
    """Return the host that a name or an address means, as the crawl paces it: no `www.`, ASCII, a port if there is one.

    Raises ConfigError when there is none in it.
    """
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        name, port = parts.hostname, parts.port
    except ValueError:
        name, port = None, None
    if not name or any(sign.isspace() for sign in name):
        raise ConfigError(f"{text!r} names no host; accepted: a host such as www.gov.kz, or an address on it")
    name = f"[{name}]" if ":" in name else site_host(ascii_name(name.rstrip(".")))
    return name if port in (None, 80, 443) else f"{name}:{port}"


def holds_for(host: str, site: str) -> bool:
    """Tell whether what was said of a host holds for a paced site: without a port, it holds for all its ports."""
    bare = site.rpartition(":")[0] if site.rpartition(":")[2].isdigit() and not site.endswith("]") else site
    return host in (site, bare)
