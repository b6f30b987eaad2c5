"""`odrc learn`: what a night found by itself, for a person to confirm or correct."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from checks.discoveries import Found, discoveries
from checks.facts.extract import FactsSource
from checks.facts.store import FactsStore
from checks.marking.confirmed import held_on
from checks.night import FACTS_FILE
from checks.view import View
from config.discoveries import Discovery, DiscoveryKind, with_line, write_learned
from config.errors import ConfigError
from config.loader import Loaded, load
from config.register import with_former_names
from crawler.archive.reader import Archive
from reports.console import Format, known, parse_night, print_json, usage_errors
from reports.options import DEFAULT_CONFIG, Config

_MAX_AGE = 14

Night = Annotated[str | None, typer.Option(metavar="DATE", help="Night to look at; the newest if left out.")]
Body = Annotated[str | None, typer.Option(metavar="ID", help="Only this agency; needed to confirm or correct.")]
Place = Annotated[str | None, typer.Option(metavar="URL", help="Only this scope.")]
Confirm = Annotated[str | None, typer.Option(metavar="KIND", help="Say that what was found of this kind is right.")]
Correct = Annotated[str | None, typer.Option(metavar="KIND=VALUE", help="Say what is right instead; `none` for none.")]
By = Annotated[str | None, typer.Option(metavar="PERSON", help="Who says so.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Why.")]


def mount(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(usage_errors(learn))


def learn(  # noqa: PLR0913, PLR0917 - one parameter an option
    config: Config = DEFAULT_CONFIG, night: Night = None, agency: Body = None, scope: Place = None,
    confirm: Confirm = None, correct: Correct = None, by: By = None, note: Note = "",
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
) -> None:  # fmt: skip
    """Show what was discovered on each scope, with its evidence; --confirm or --correct it."""
    loaded = load(config)
    body = agency and known("agency", agency, [item.id for item in loaded.settings.agencies])
    with _looking(loaded, night) as view:
        held = held_on(view.night, loaded.pack.discoveries, loaded.settings.discoveries)
        found = [item for item in discoveries(view, held) if body in (None, item.agency)]
    found = [item for item in found if scope in (None, item.scope)]
    if confirm or correct:
        said = _lines(loaded, found, view.night, _Said(body, scope, confirm, correct, by, note))
        written = _write(loaded, said)
        typer.echo(f"odrc: {len(said)} {'line' if len(said) == 1 else 'lines'} in {written}", err=True)
        return
    if output is Format.JSON:
        print_json(found)
    else:
        _tell(found)


class _Said:
    """What was asked for on the command line."""

    def __init__(
        self, agency: str | None, scope: str | None, confirm: str | None, correct: str | None, by: str | None, note: str
    ) -> None:
        if confirm and correct:
            raise ConfigError("--confirm and --correct at once; accepted: one of them")
        if agency is None or not by:
            raise ConfigError(
                f"{'--agency' if agency is None else '--by'} is missing; accepted: --agency ID --by PERSON"
            )
        name, sign, value = (correct or f"{confirm}=").partition("=")
        if correct and not (sign and value):
            raise ConfigError(
                f"--correct {correct}: no value; accepted: KIND=VALUE, such as news_list=https://.../news"
            )
        self.agency, self.scope, self.by, self.note, self.value = agency, scope, by, note, value
        self.kind = DiscoveryKind(known("kind", name, [item.value for item in DiscoveryKind]))

    def line(self, night: date, scope: str | None, value: str) -> Discovery:
        return Discovery(
            agency=self.agency, kind=self.kind, value=value, by=self.by, scope=scope, valid_from=night,
            corrected=bool(self.value), note=self.note,
        )  # fmt: skip


def _lines(loaded: Loaded, found: list[Found], night: date, said: _Said) -> list[Discovery]:
    people = [item.id for item in loaded.settings.people if item.holds(night)]
    if people:
        known("person", said.by, people)
    if said.value:
        scopes = {item.scope for item in found if item.scope and said.kind is not DiscoveryKind.PUBLISHER}
        places: list[str | None] = [said.scope] if said.scope else [*sorted(scopes)]
        return [said.line(night, place, said.value) for place in places or [None]]
    mine = [item for item in found if item.kind is said.kind and not item.corrected]
    if not mine:
        raise ConfigError(
            f"nothing of {said.kind} was found of {said.agency} on {night}; accepted: --correct KIND=VALUE"
        )
    return [said.line(night, item.scope, item.value) for item in mine]


def _write(loaded: Loaded, said: list[Discovery]) -> Path:
    """Write the lines to the file beside the settings: those of the settings file itself stay where they are."""
    held = loaded.learned
    for line in said:
        held = with_line(held, line)
    return write_learned(loaded.path.parent, held)


@contextmanager
def _looking(loaded: Loaded, wanted: str | None) -> Iterator[View]:
    settings = loaded.settings
    pack = with_former_names(loaded.pack, settings.agencies)
    with Archive(settings.workspace) as archive, closing(FactsStore(settings.workspace / FACTS_FILE, pack)) as store:
        nights = archive.series_nights()
        night = parse_night(wanted) if wanted else (nights[-1] if nights else None)
        if night is None:
            raise ConfigError("no night is in the archive yet; `odrc run` makes one")
        if night not in nights:
            raise ConfigError(f"no night {night} in the archive; accepted: one that `odrc run` made")
        yield View(night, settings, loaded.pack, archive, FactsSource(archive, store, pack), _MAX_AGE)


def _tell(found: list[Found]) -> None:
    place: tuple[str, str | None] | None = None
    for item in found:
        if (item.agency, item.scope) != place:
            place = item.agency, item.scope
            typer.echo(f"{item.agency}  {item.scope or '(catalogues)'}")
        state = f"{'corrected' if item.corrected else 'confirmed'} by {item.by}" if item.by else "unconfirmed"
        typer.echo(f"  {item.kind}: {item.value} [{state}]")
        if item.excerpt:
            typer.echo(f"    {item.excerpt}")
        if item.evidence:
            typer.echo(f"    {item.evidence.capture} sha256 {(item.evidence.sha256 or '')[:16]}")
