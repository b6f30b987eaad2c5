"""The commands that judge the past again: recheck with today's rules, shadow with the rules on trial."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from multiprocessing import get_context
from typing import Annotated

import typer

from checks.assessment import Assessment
from config.errors import ConfigError
from crawler.archive.layout import ArchiveError
from crawler.clock import Clock, SystemClock
from reports import restating
from reports.console import INCOMPLETE, Desk, Format, desk, parse_night, print_json, say, usage_errors
from reports.ledger import Layer
from reports.options import DEFAULT_CONFIG, AnyFormat, Config
from reports.recheck import Comparison, RecheckDocument, compare, document, require_archived, with_record
from reports.telling import tell_comparison, tell_range

Night = Annotated[str | None, typer.Option(metavar="DATE", help="One night; the newest if nothing is said.")]
First = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First night of a range.")]
Last = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last night of the range; else the newest.")]
Rules = Annotated[list[str] | None, typer.Option(metavar="IDS", help="Only these rules, such as LANG-01,FRESH-01.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Compare only; record nothing.")]
Processes = Annotated[int, typer.Option(min=0, help="Worker processes; 0 works in this one.")]


def mount(app: typer.Typer, clock: Clock | None = None) -> None:
    """Add the commands to *app*. The *clock* stamps what they record."""

    @app.command()
    @usage_errors
    def recheck(  # noqa: PLR0913 - one parameter an option
        config: Config = DEFAULT_CONFIG,
        night: Night = None,
        first: First = None,
        last: Last = None,
        rules: Rules = None,
        processes: Processes = 2,
        output: AnyFormat = Format.TEXT,
        *,
        dry_run: DryRun = False,
    ) -> None:
        """Judge nights again on the archive, with today's rules. What was published stays; both stand side by side."""
        with desk(config) as here:
            nights = _nights(here, night, first, last)
            stamp = None if dry_run else clock or SystemClock()
            judged = _Again(here, nights, restating.chosen(rules or ()), Layer.RESTATED, stamp)
            _tell(judged.run(processes), output, single=first is None and last is None)
        judged.leave()

    @app.command()
    @usage_errors
    def shadow(
        config: Config = DEFAULT_CONFIG,
        night: Night = None,
        first: First = None,
        last: Last = None,
        processes: Processes = 2,
        output: AnyFormat = Format.TEXT,
        *,
        dry_run: DryRun = False,
    ) -> None:
        """Judge nights with the rules on trial (`rules.shadow`) and report what would differ if they counted."""
        with desk(config) as here:
            nights = _nights(here, night, first, last)
            stamp = None if dry_run else clock or SystemClock()
            judged = _Again(here, nights, restating.on_trial(here.loaded, nights), Layer.SHADOW, stamp)
            _tell(judged.run(processes), output, single=False)
        judged.leave()


class _Again:
    """Nights that are judged again, and what came of it."""

    def __init__(
        self, here: Desk, nights: Sequence[date], rules: tuple[str, ...] | None, layer: Layer, clock: Clock | None
    ) -> None:
        self._here = here
        self._nights = nights
        self._rules = rules
        self._layer = layer
        self._clock = clock
        self._damaged: set[str] = set()

    def run(self, processes: int) -> RecheckDocument:
        """Judge, record unless it is a dry run, and return how each night differs from what was published."""
        trial = self._layer is Layer.SHADOW
        try:
            with _pool(processes if len(self._nights) > 1 else 0) as pool:
                again = restating.again(
                    self._here.ledger, self._here.loaded, self._nights, self._rules, trial=trial, pool=pool
                )
                return document([self._night(said, now) for said, now in again], trial=trial)
        except ArchiveError as error:
            raise ConfigError(f"the archive cannot be judged again: {error}") from error

    def _night(self, said: Assessment | None, now: Assessment) -> Comparison:
        ledger = self._here.ledger
        published = ledger.run_of(now.night)
        found = compare(said, now, published.id if published else None)
        self._damaged.update(now.damaged)
        if self._clock is None or published is None:
            return found
        kept = restating.record(ledger, self._here.loaded, now, self._layer, self._clock, published.vantage)
        return with_record(found, kept)

    def leave(self) -> None:
        """Say what the archive could not show; exit code 3 then."""
        for damage in sorted(self._damaged):
            say(f"archive: {damage}")
        if self._damaged:
            raise typer.Exit(INCOMPLETE)


def _nights(here: Desk, night: str | None, first: str | None, last: str | None) -> tuple[date, ...]:
    if first is None and last is None:
        day, _ = here.night(night)
        require_archived(here.settings.workspace, day)
        return (day,)
    if night is not None:
        raise ConfigError("--night names one night, --from and --to a range; give one of the two")
    recorded = here.ledger.nights()
    if not recorded:
        raise ConfigError("the ledger holds no finished night yet; `odrc run` records one")
    begins = parse_night(first, "--from") if first else recorded[0]
    ends = parse_night(last, "--to") if last else recorded[-1]
    return restating.nights_between(here.ledger, here.loaded, begins, ends)


def _tell(told: RecheckDocument, output: Format, *, single: bool) -> None:
    if output is Format.JSON:
        print_json(told.nights[0] if single else told)
    elif single:
        tell_comparison(told.nights[0])
    else:
        tell_range(told)


def _pool(processes: int) -> AbstractContextManager[Executor | None]:
    """Return a pool of processes, or nothing for 0. Spawned, not forked: this process holds database connections."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes else nullcontext()
