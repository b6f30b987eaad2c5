"""The account of one host during a run, and what is told of it while the run goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

Standing = Literal["asked", "resting", "paused", "closed"]


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a host is, and whether it is asked, rests or is paused (until when, UTC), or was left for the night."""

    host: str
    requests: int
    captures: int
    failed: int
    standing: Standing = "asked"
    until: datetime | None = None


@dataclass
class HostBook:
    """What happened at a host."""

    requests: int = 0
    captures: int = 0
    failed: int = 0
    robots: str = "not_asked"
    incidents: Counter[str] = field(default_factory=Counter)

    def progress(self, host: str, standing: Standing = "asked", until: datetime | None = None) -> Progress:
        """Return how far the host is."""
        return Progress(host, self.requests, self.captures, self.failed, standing, until)


class Pulse:
    """Remembers what was told, so that only news is told again."""

    def __init__(self) -> None:
        self._told: dict[str, Progress] = {}

    def news(self, progress: Progress) -> bool:
        """Tell whether a host stands otherwise than when it was last told."""
        if self._told.get(progress.host) == progress:
            return False
        self._told[progress.host] = progress
        return True
