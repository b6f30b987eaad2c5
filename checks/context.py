"""What every rule is given beside its subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from config.pack import Pack
from crawler.archive.history import HistoryEntry
from crawler.coverage import RunCoverage, ScopeCoverage


class HistoryReader(Protocol):
    """The history log, read-only and cut at the night."""

    def entries(self, key: str) -> tuple[HistoryEntry, ...]:
        """Return what is known of a capture key, newest night first."""

    def nights(self) -> tuple[date, ...]:
        """Return the nights on record, oldest first."""


@dataclass(frozen=True)
class Coverage:
    """What the night's crawl saw of each scope."""

    runs: tuple[RunCoverage, ...] = ()
    own_network: bool = False

    def scope(self, scope_id: str) -> ScopeCoverage | None:
        """Return the statement of the latest run about a scope, or None when no run had it."""
        found = [item for run in self.runs for item in run.scopes if item.scope == scope_id]
        return found[-1] if found else None

    def exhausted(self, scope_id: str, question: str = "links") -> bool:
        """Tell whether nothing that *question* could find in the scope was left unasked."""
        found = self.scope(scope_id)
        return bool(found and found.exhausted.get(question))


@dataclass(frozen=True)
class RuleContext:
    """The night, the rule's parameters, the pack, the history and the coverage. No clock, no network, no database."""

    night: date
    params: dict[str, Any]
    pack: Pack
    history: HistoryReader
    coverage: Coverage = field(default_factory=Coverage)
