"""What commands print: one document on stdout, words for people in their language, errors on stderr."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import msgspec
import typer
from babel import negotiate_locale
from babel.core import default_locale

from config.errors import ConfigError
from config.indicators import indicators
from config.loader import Loaded, load
from config.model import Settings
from crawler.coverage import RunState
from reports.html.story import main_profile
from reports.ledger import Ledger, Run
from reports.messages import Catalogue, fallback_language, languages

LEDGER_FILE = "ledger.sqlite"
USAGE, INCOMPLETE = 2, 3

P = ParamSpec("P")
R = TypeVar("R")


class Format(StrEnum):
    """How a command tells."""

    TEXT = "text"
    JSON = "json"


class LinesFormat(StrEnum):
    """The same, for lists that may be long."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Desk:
    """What every command works on: the settings, the open ledger, and the words of the reader's language."""

    loaded: Loaded
    ledger: Ledger
    words: Catalogue

    @property
    def settings(self) -> Settings:
        """The settings of the installation."""
        return self.loaded.settings

    @property
    def profile(self) -> str:
        """The profile that feeds the document."""
        return main_profile(self.settings, self.loaded.pack)

    def night(self, wanted: str | None) -> tuple[date, Run]:
        """Return the night that was asked for (the newest if none was) and the run whose word counts."""
        nights = self.ledger.nights()
        if not nights:
            raise ConfigError("the ledger holds no finished night yet; `odrc run` records one")
        night = nights[-1] if wanted is None else parse_night(wanted)
        run = self.ledger.run_of(night)
        if run is None:
            nearest = min(nights, key=lambda item: (abs(item - night), item))
            raise ConfigError(f"no finished record of night {night}; the nearest is {nearest}")
        if run.state is RunState.INCOMPLETE:
            say(f"night {night} is incomplete{f': {run.reason}' if run.reason else ''}")
        return night, run

    def agency(self, wanted: str | None) -> str | None:
        """Return an agency's id, once it is known to exist."""
        return wanted and known("agency", wanted, [item.id for item in self.settings.agencies])

    def indicator(self, wanted: str | None) -> str | None:
        """Return an indicator's id, once it is known to exist."""
        return wanted and known("indicator", wanted, list(indicators()))

    def profile_id(self, wanted: str | None) -> str | None:
        """Return a profile's id, once it is known to exist."""
        return wanted and known("profile", wanted, [item.id for item in self.loaded.pack.profiles])


@contextmanager
def desk(config: Path, language: str | None = None) -> Iterator[Desk]:
    """Open the settings file *config* and its ledger."""
    words = Catalogue(language or reader_language())
    loaded = load(config)
    with Ledger(ledger_place(loaded.settings), create=False) as ledger:
        yield Desk(loaded, ledger, words)


def ledger_place(settings: Settings) -> Path | str:
    """Return where the ledger of an installation lies: a file of its workspace, or the address of a database."""
    return settings.ledger or settings.workspace / LEDGER_FILE


def reader_language() -> str:
    """Return the reader's language by the environment where there is a catalogue for it, else the fallback."""
    preferred = default_locale("LC_MESSAGES") or ""
    return negotiate_locale([preferred, preferred.split("_")[0]], languages()) or fallback_language()


def parse_night(text: str, option: str = "--night") -> date:
    """Return a night from its ISO date, given with *option*."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text}: not a date; accepted: a date such as 2026-11-23") from None


def known(what: str, wanted: str, accepted: Sequence[str]) -> str:
    """Return *wanted* when it is among *accepted*; else tell the nearest."""
    if wanted in accepted:
        return wanted
    near = difflib.get_close_matches(wanted, accepted, n=3, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    hint = f"{meant}accepted: {', '.join(sorted(accepted)) or 'none yet'}"
    raise ConfigError(f"no {what} {wanted!r}; {hint}")


def usage_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end with exit code 2 and one message when settings or arguments cannot be used."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            fail(str(error))

    return told


def fail(message: str) -> NoReturn:
    """Say what is wrong and leave with the code for usage and configuration."""
    say(message)
    raise typer.Exit(USAGE)


def say(message: str) -> None:
    """Say something beside the document: on stderr."""
    typer.echo(f"odrc: {message}", err=True)


def print_json(document: Any) -> None:
    """Print one JSON document."""
    typer.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())


def print_lines(documents: Iterable[Any]) -> None:
    """Print one JSON document a line."""
    for item in documents:
        typer.echo(msgspec.json.encode(item).decode())
