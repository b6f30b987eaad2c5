"""What the office's commands share: options, the workplace, and the marks that a command speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checks.marks import Mark, MarkValue
from config.errors import ConfigError
from crawler.clock import Clock, SystemClock
from reports.analysts.bench import Bench
from reports.analysts.effective import Effective, all_effective
from reports.analysts.state import State
from reports.console import Desk, desk
from reports.options import COUNTRY

By = Annotated[str, typer.Option(envvar="ODRC_PERSON", metavar="ID", help="Who does it: an id under `people`.")]
AnyBody = Annotated[
    str | None, typer.Argument(metavar="AGENCY", help=f"Id of an agency, or `{COUNTRY}`; all if left out.")
]
Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help="Id of an indicator.")]
AnyIndicator = Annotated[str | None, typer.Argument(metavar="INDICATOR", help="Id of an indicator; all if left out.")]
Group = Annotated[str | None, typer.Option(metavar="ROLE", help="Role group of the country's mark.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in words.")]


class GivenMark(StrEnum):
    """A mark as it is typed."""

    PLUS = "+"
    MINUS = "-"
    ZERO = "0"
    NONE = "none"

    def mark(self) -> MarkValue | None:
        """Return the mark; None for no mark."""
        return None if self is GivenMark.NONE else MarkValue(self.value)


@dataclass(frozen=True)
class Office:
    """An open workplace: what every command works on, and who asks."""

    here: Desk
    bench: Bench

    def night(self, wanted: str | None) -> date:
        """Return the recorded night that was asked for, the newest if none was."""
        return self.here.night(wanted)[0]

    def marks(self, night: date, agency: str | None, indicator: str | None, profile: str | None) -> tuple[Mark, ...]:
        """Return the machine's marks of *night*, all that are asked for: at least one, or a ConfigError says so."""
        country = agency == COUNTRY and self.here.settings.agency(COUNTRY) is None
        body = None if country else self.here.agency(agency)
        chosen = self.here.profile_id(profile) or self.here.profile
        found = self.here.ledger.marks(night, agency=body, indicator=self.here.indicator(indicator), profile=chosen)
        kept = tuple(mark for mark in found if not country or mark.agency is None)
        if not kept:
            raise ConfigError(f"{agency or 'nobody'} carries no mark for {indicator or 'any indicator'} on {night}")
        return kept

    def mark(self, night: date, agency: str, indicator: str, profile: str | None, group: str | None = None) -> Mark:
        """Return one mark of the machine."""
        found = [item for item in self.marks(night, agency, indicator, profile) if item.group == group]
        if not found:
            raise ConfigError(f"{agency} carries no mark of group {group} for {indicator} on {night}")
        return found[0]

    def effective(self, night: date, state: State, profile: str | None = None) -> tuple[Effective, ...]:
        """Return all marks of a profile as they count on *night*."""
        chosen = self.here.profile_id(profile) or self.here.profile
        found = self.here.ledger.marks(night, profile=chosen)
        return all_effective(found, state, night, self.here.settings, self.here.loaded.pack)

    def one_effective(self, night: date, state: State, mark: Mark) -> Effective:
        """Return one mark as it counts on *night*."""
        wanted = (mark.agency, mark.group, mark.indicator)
        every = self.effective(night, state, mark.profile)
        return next(one for one in every if _asked(one.proposed) == wanted)


def _asked(mark: Mark) -> tuple[str | None, str | None, str]:
    return (mark.agency, mark.group, mark.indicator)


@contextmanager
def office(config: Path, clock: Clock | None, language: str | None = None) -> Iterator[Office]:
    """Open the workplace of the settings file *config*."""
    with desk(config, language) as here:
        yield Office(here, Bench(here.settings, here.loaded.pack, here.ledger, clock or SystemClock()))


def day(text: str, option: str) -> date:
    """Return the date that an option names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text}: not a date; accepted: a date such as 2026-11-23") from None
