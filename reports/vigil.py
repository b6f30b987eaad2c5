"""Whether nights happen as they should: which are missing, and whether a run that began is still alive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from config.loader import Loaded
from crawler import heartbeat
from crawler.disk import Room, room
from crawler.nights import due_of, missing, spans
from reports.ledger import Run

_LEVELS = {"ok": "", "warn": " (little: make room, or prune)", "fail": " (too little for a night)"}


class Vigil:
    """How the nights of an installation stand at a moment. *runs* are those of its series, in any order."""

    def __init__(self, loaded: Loaded, runs: Iterable[Run], now: datetime) -> None:
        self._now = now
        self._due, since = due_of(loaded, now)
        self.missing = missing({item.night for item in runs}, self._due, since)
        self.heartbeat = heartbeat.read(loaded.settings.workspace)
        self.disk = _room(loaded.settings.workspace)

    @property
    def alarm(self) -> bool:
        """Whether the newest night that was due is missing, or a run died or fell silent. Older gaps are only told."""
        stopped = self.heartbeat is not None and self.heartbeat.state(self._now) in ("died", "silent")
        return stopped or (self._due is not None and self._due in self.missing)

    def told(self) -> Iterator[str]:
        """Yield what there is to say, for people."""
        if self.missing:
            yield f"nights missing since the first: {spans(self.missing)}"
        if self.heartbeat:
            yield self.heartbeat.text(self._now)
        if self.disk:
            yield f"disk: {self.disk.text()}{_LEVELS[self.disk.level]}"


def _room(workspace: Path) -> Room | None:
    try:
        return room(workspace)
    except OSError:  # a ledger on a server, the workspace elsewhere
        return None
