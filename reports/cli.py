"""The commands that tell what was found: marks, findings, explain, report, status, recheck."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import typer

from checks.findings import Outcome
from checks.marks import Mark, MarkValue
from config.errors import ConfigError
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.clock import Clock, SystemClock
from crawler.coverage import RunState
from crawler.pausing import standing as pauses_of
from crawler.pausing import told
from reports import clirecheck
from reports.alerts import cli as alerting
from reports.console import (
    INCOMPLETE,
    Desk,
    Format,
    LinesFormat,
    desk,
    parse_night,
    print_json,
    print_lines,
    say,
    usage_errors,
)
from reports.documents import finding_document, mark_document
from reports.freeze.redactions import redacted
from reports.html import write_report
from reports.keeping import cli as keeping
from reports.ledger import RunKind
from reports.options import (
    COUNTRY,
    DEFAULT_CONFIG,
    Agency,
    AnyFormat,
    AnyLines,
    Body,
    Config,
    Indicator,
    Language,
    Night,
    Profile,
)
from reports.telling import tell_chain, tell_findings, tell_status
from reports.terminal import marks_table
from reports.trends import cli as trends
from reports.views.explain import explain as chain_of
from reports.views.unseen import status as standing
from reports.vigil import Vigil

_RUNS_SHOWN = 10

OutcomeChoice = Annotated[Outcome | None, typer.Option(help="Only this outcome.")]


class FailOn(StrEnum):
    """The marks that make `odrc marks` leave with exit code 1."""

    MINUS = "minus"
    ZERO = "zero"


def mount(app: typer.Typer, clock: Clock | None = None) -> None:
    """Add the commands to *app*. The *clock* stamps what `recheck` and `shadow` record."""
    for command in (marks, findings, explain, report, status):
        app.command()(usage_errors(command))
    clirecheck.mount(app, clock)
    keeping.mount(app, clock)
    trends.mount(app)
    alerting.mount(app, clock)


def marks(  # noqa: PLR0913 - one parameter an option
    config: Config = DEFAULT_CONFIG,
    night: Night = None,
    agency: Agency = None,
    indicator: Indicator = None,
    profile: Profile = None,
    output: AnyFormat = Format.TEXT,
    language: Language = None,
    *,
    fail_on: Annotated[FailOn | None, typer.Option(help="Leave with code 1 when such a mark is among them.")] = None,
) -> None:
    """Show the marks of a night."""
    with desk(config, language) as here:
        body, asked = here.agency(agency), here.indicator(indicator)
        chosen = here.profile_id(profile) or (here.profile if output is Format.TEXT or fail_on else None)
        day, run = here.night(night)
        found = here.ledger.marks(day, agency=body, indicator=asked, profile=chosen)
        if output is Format.JSON:
            print_json([mark_document(run.id, day, item) for item in found])
        else:
            marks_table(found, here.settings, day, chosen or here.profile, here.words)
    if fail_on and _worst(found, fail_on):
        raise typer.Exit(1)


def findings(
    config: Config = DEFAULT_CONFIG,
    night: Night = None,
    agency: Agency = None,
    indicator: Indicator = None,
    outcome: OutcomeChoice = None,
    output: AnyLines = LinesFormat.TEXT,
    language: Language = None,
) -> None:
    """Show the findings of a night."""
    with desk(config, language) as here:
        body, asked = here.agency(agency), here.indicator(indicator)
        day, run = here.night(night)
        rules = None if asked is None else [item.id for item in here.ledger.rules(day) if asked in item.indicators]
        found = here.ledger.findings(day, agency=body, rules=rules, outcome=outcome)
        gone = redacted(here.settings.workspace)
        documents = [finding_document(item, run.id, day, excerpts=_excerpts(here), gone=gone) for item in found]
        if output is LinesFormat.JSONL:
            print_lines(documents)
        elif output is LinesFormat.JSON:
            print_json(documents)
        else:
            tell_findings(documents, here.words)


def explain(
    agency: Body,
    indicator: Annotated[str, typer.Argument(help="Id of an indicator.")],
    config: Config = DEFAULT_CONFIG,
    night: Night = None,
    profile: Profile = None,
    output: AnyFormat = Format.TEXT,
    language: Language = None,
) -> None:
    """Walk from a mark to the archived bytes it rests on, and check them against the archive."""
    with desk(config, language) as here:
        body = None if agency == COUNTRY and here.settings.agency(COUNTRY) is None else here.agency(agency)
        asked = here.indicator(indicator)
        day, run = here.night(night)
        told = here.ledger.assessment(day)
        chosen = here.profile_id(profile)
        found = [
            item
            for item in (told.marks if told else ())
            if (item.agency, item.indicator) == (body, asked) and chosen in (None, item.profile)
        ]
        if told is None or not found:
            raise ConfigError(f"{agency} carries no mark for {indicator} on {day}; no rule judged it that night")
        with _archive(here) as archive:
            gone, shown = redacted(here.settings.workspace), _excerpts(here)
            chains = [chain_of(run.id, item, told, archive.now, excerpts=shown, gone=gone) for item in found]
        if output is Format.JSON:
            print_json(chains)
        else:
            tell_chain(chains, here.words)


def report(
    config: Config = DEFAULT_CONFIG,
    night: Night = None,
    folder: Annotated[Path | None, typer.Option("-o", metavar="DIR", help="Where to write it.")] = None,
    output: AnyFormat = Format.TEXT,
) -> None:
    """Write the report of a night as web pages, in every language there are texts for."""
    with desk(config) as here:
        day, run = here.night(night)
        index = write_report(here.settings, here.loaded.pack, here.ledger, day, folder)
    if output is Format.JSON:
        print_json({"run": run.id, "night": day, "index": str(index)})
    else:
        typer.echo(str(index))


def status(
    config: Config = DEFAULT_CONFIG,
    night: Night = None,
    output: AnyFormat = Format.TEXT,
    language: Language = None,
) -> None:
    """Show how the newest night went and which nights are missing. Exit code 3 when it is not whole or not there."""
    with desk(config, language) as here:
        runs = here.ledger.runs(parse_night(night) if night else None)
        if not runs:
            raise ConfigError("the ledger holds no run" + (f" of {night}" if night else " yet; `odrc run` records one"))
        series = [item for item in runs if item.kind is not RunKind.LOOK]
        run = here.ledger.run_of(max(item.night for item in series)) if series else None
        now = SystemClock().now()
        vigil = Vigil(here.loaded, series, now) if night is None else None
        document = standing(
            run, runs[::-1][:_RUNS_SHOWN], *((vigil.missing, vigil.heartbeat, vigil.disk) if vigil else ())
        )
        if output is Format.JSON:
            print_json(document)
        else:
            tell_status(document, here.words)
        for line in (*(vigil.told() if vigil else ()), *told(pauses_of(here.loaded, now), here.loaded.pack.zone)):
            say(line)
    if run is None or run.state is not RunState.COMPLETE or (vigil and vigil.alarm):
        raise typer.Exit(INCOMPLETE)


def _worst(found: tuple[Mark, ...], fail_on: FailOn) -> bool:
    bad = {MarkValue.MINUS} if fail_on is FailOn.MINUS else {MarkValue.MINUS, MarkValue.ZERO}
    return any(item.value in bad for item in found)


def _excerpts(here: Desk) -> bool:
    return here.settings.publish.captures != "none"


class _archive:  # noqa: N801 - used as a context manager
    """The archive when it is at hand, else None in `now`."""

    def __init__(self, here: Desk) -> None:
        self.now: Archive | None = None
        try:
            archive = Archive(here.settings.workspace)
        except ArchiveError as error:
            say(f"not verified: {error}")
            return
        if archive.nights():
            self.now = archive
        else:
            archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.now:
            self.now.close()
