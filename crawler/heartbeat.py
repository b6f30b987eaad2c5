"""The heartbeat: a small file in the workspace that says how far a run is, and by its age whether it still lives.

During the crawl it is written only when the crawl's own process speaks, so that one that hangs falls silent.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from crawler.clock import Clock

Stage = Literal["crawl", "judge", "done"]
State = Literal["alive", "ended", "died", "silent"]

SILENT_AFTER = timedelta(minutes=10)
_SILENT_ELSEWHERE = timedelta(hours=2)  # judging a night says nothing in between
_EVERY = timedelta(seconds=5)


class Heartbeat(msgspec.Struct, frozen=True):
    """One beat, in UTC: which run of which night is at what, in which process. `result` is how it ended."""

    at: datetime
    run: str
    night: date
    stage: Stage
    pid: int
    machine: str
    captures: int | None = None
    result: str | None = None

    def state(self, now: datetime) -> State:
        """Tell whether the run ended, goes on, died, or has been silent for longer than it should."""
        if self.stage == "done":
            return "ended"
        if self.machine == _machine() and not _lives(self.pid):
            return "died"
        patience = SILENT_AFTER if self.stage == "crawl" else _SILENT_ELSEWHERE
        return "silent" if now - self.at > patience else "alive"

    def text(self, now: datetime) -> str:
        """Return the beat and its age as a few words."""
        age = str(timedelta(seconds=max(0, int((now - self.at).total_seconds()))))
        state = self.state(now)
        doing = f"ended ({self.result or 'no result'})" if state == "ended" else f"{state} at stage {self.stage}"
        captures = "" if self.captures is None else f", {self.captures} captures"
        return f"heartbeat {age} ago: run {self.run} of night {self.night} {doing}{captures}"


class Heart:
    """Beats for one run of this process. A disk that cannot take a beat costs the beat, not the night."""

    def __init__(self, workspace: Path, run: str, night: date, clock: Clock) -> None:
        self._workspace, self._run, self._night, self._clock = workspace, run, night, clock
        self._last: datetime | None = None
        self._captures: dict[str, int] = {}

    def crawling(self, host: str | None = None, captures: int = 0) -> None:
        """Beat because the crawl spoke, every few seconds at most."""
        if host is not None:
            self._captures[host] = captures
        if self._last is None or self._clock.now() - self._last >= _EVERY:
            self.beat("crawl")

    def beat(self, stage: Stage, result: str | None = None) -> None:
        """Beat now."""
        self._last = self._clock.now()
        captures = sum(self._captures.values()) if self._captures else None
        beat = Heartbeat(self._last, self._run, self._night, stage, os.getpid(), _machine(), captures, result)
        path = _path(self._workspace)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            fresh.write_bytes(msgspec.json.encode(beat))
            fresh.replace(path)


def read(workspace: Path) -> Heartbeat | None:
    """Return the last beat, or None when there was none that can be read."""
    try:
        return msgspec.json.decode(_path(workspace).read_bytes(), type=Heartbeat)
    except (OSError, msgspec.DecodeError):
        return None


def _path(workspace: Path) -> Path:
    return workspace / "heartbeat.json"


def _machine() -> str:
    return socket.gethostname()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
