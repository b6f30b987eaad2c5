"""What a run saw and what it could not see: written into the archive when the run ends, or when it is cut short."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec


class RunState(StrEnum):
    """How far a run came."""

    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


class Stratum(msgspec.Struct, frozen=True):
    """A part of a scope's pages: one section in one language, or what is asked for certain.

    Selection was random within the part when `random` is True, else every page was to be asked. `known` and `fetched`
    are numbers of addresses; one that was not due, because its last answer still stands, counts as fetched.
    """

    name: str
    random: bool
    known: int = 0
    fetched: int = 0


class Cut(msgspec.Struct, frozen=True):
    """A trap that was cut off: what kind of one, how its addresses look, how many were not asked for."""

    kind: str
    pattern: str
    count: int


class ScopeCoverage(msgspec.Struct, frozen=True):
    """One scope's night. known = fetched + sum(failed) + sum(skipped) + pending, always.

    `failed` counts exchanges by outcome, `skipped` known addresses that were not asked for, by reason
    (budget, host_budget, deadline, policy, trap, exclude). `exhausted` says per question whether nothing that it could
    find was left unasked: `menu` (navigation of the start pages in every language they offer), `sections` (menu and
    index pages), `sitemap`, `data` (sections and documents), `links` (all). `discovered` is True when link discovery
    finished: `strata` then hold all pages there are. `traps` say what was cut off as endless. `records` is how many
    data set descriptions a portal's answers held; None for a site.
    """

    scope: str
    known: int = 0
    fetched: int = 0
    failed: dict[str, int] = msgspec.field(default_factory=dict)
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    pending: int = 0
    exhausted: dict[str, bool] = msgspec.field(default_factory=dict)
    discovered: bool = False
    strata: tuple[Stratum, ...] = ()
    traps: tuple[Cut, ...] = ()
    records: int | None = None

    def balanced(self) -> bool:
        """Tell whether the totals add up."""
        return self.known == self.fetched + sum(self.failed.values()) + sum(self.skipped.values()) + self.pending


class HostCoverage(msgspec.Struct, frozen=True):
    """One host's night: requests made, what robots.txt answered, incidents (one incident is one cause).

    `sitemaps` are `named` by robots.txt, `found` where sites usually keep them, `none` at either, or `not_asked`.
    """

    host: str
    requests: int = 0
    robots: str = "not_asked"
    incidents: tuple[str, ...] = ()
    sitemaps: str = "not_asked"


class RunCoverage(msgspec.Struct, frozen=True):
    """The closing statement of one crawl run. `out_of_scope` counts links that led outside every scope."""

    run: str
    night: date
    vantage: str
    state: RunState
    started: datetime
    finished: datetime | None
    scopes: tuple[ScopeCoverage, ...] = ()
    hosts: tuple[HostCoverage, ...] = ()
    out_of_scope: int = 0
    reason: str | None = None
