"""Remembers what was sent to whom: one JSON line for each digest in `alerts.jsonl` of the workspace.

A line is written and synced after the service took the digest. A crash between the two sends that one digest again, no
other. A line says neither addresses nor texts.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from config.errors import ConfigError

FILE = "alerts.jsonl"
CATCH_UP = 30


class Line(msgspec.Struct, frozen=True):
    """What became of one digest: the newest night it told, the alerts in it. `sent` False: nobody took it."""

    recipient: str
    night: date
    at: datetime
    sent: bool
    alerts: tuple[str, ...] = ()


class Sent:
    """The lines of one workspace. Raises ConfigError for a line that is neither whole nor the last one."""

    def __init__(self, workspace: Path) -> None:
        self.path = workspace / FILE
        self.lines: list[Line] = _read(self.path)

    def told(self, recipient: str) -> frozenset[str]:
        """Return the ids of the alerts that *recipient* has been sent."""
        mine = (item for item in self.lines if item.recipient == recipient and item.sent)
        return frozenset(name for item in mine for name in item.alerts)

    def owed(self, recipient: str, nights: Sequence[date]) -> tuple[date, ...]:
        """Return the recorded *nights* to tell: all after the last digest, or from the first failed one on.

        The newest night is always among them, and at most `CATCH_UP` nights more.
        """
        mine = [item for item in self.lines if item.recipient == recipient]
        sent = max((item.night for item in mine if item.sent), default=None)
        failed = min((item.night for item in mine), default=None)
        newest = nights[-1:]
        if sent is not None:
            after = [night for night in nights if night > sent]
        else:
            after = [night for night in nights if failed is not None and night >= failed]
        return tuple(sorted({*after[-CATCH_UP:], *newest}))

    def note(self, line: Line) -> None:
        """Write *line* down for good, unless it says nothing new: nothing was sent and the night is told already."""
        same = (line.recipient, line.night, line.sent)
        if not line.alerts and any((item.recipient, item.night, item.sent) == same for item in self.lines):
            return
        with self.path.open("a+b") as file:
            file.truncate(_whole(file))
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.lines.append(line)


def _whole(file: BinaryIO) -> int:
    """Return the length of *file* up to its last line end, in bytes."""
    file.seek(0)
    return file.read().rfind(b"\n") + 1


def _read(path: Path) -> list[Line]:
    if not path.exists():
        return []
    rows = path.read_bytes().split(b"\n")
    found = []
    # What comes after the last line end was torn by a crash: what it told will be told again.
    for number, row in enumerate(rows[:-1], start=1):
        try:
            found.append(msgspec.json.decode(row, type=Line))
        except msgspec.DecodeError as error:
            raise ConfigError(
                f"{path}:{number}: not a line of sent alerts ({error}); accepted: as odrc wrote it"
            ) from None
    return found
