"""The commands that keep what was recorded: backup, restore, ledger verify, ledger changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.loader import load
from crawler.clock import Clock, SystemClock
from reports.console import Format, desk, parse_night, print_json, usage_errors
from reports.keeping.backup import back_up, restore
from reports.keeping.verify import LedgerCheckDocument, verify
from reports.ledger import Layer, MarkChange
from reports.options import DEFAULT_CONFIG, AnyFormat, Config

FOUND = 1
_FLAWS_SHOWN = 50
Folder = Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of the backup.")]


def mount(app: typer.Typer, clock: Clock | None = None) -> None:
    """Add the commands to *app*. The *clock* dates a backup."""

    @app.command()
    @usage_errors
    def backup(folder: Folder, config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT) -> None:
        """Copy ledger, archive, settings and attachments into a new folder, with a manifest. A night may go on."""
        document = back_up(load(config), folder, (clock or SystemClock()).now())
        if output is Format.JSON:
            print_json(document)
        else:
            size = sum(item.bytes for item in document.files)
            typer.echo(f"{folder}: {len(document.files)} files, {size} bytes")

    app.command("restore")(usage_errors(restore_backup))
    group = typer.Typer(help="The ledger itself: check it, list changes of marks.")
    group.command("verify")(usage_errors(verify_ledger))
    group.command("changes")(usage_errors(list_changes))
    app.add_typer(group, name="ledger", no_args_is_help=True)


def restore_backup(
    folder: Folder,
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="An empty place for workspace and settings.")],
    ledger: Annotated[
        str | None, typer.Option(metavar="URL", help="An empty database for the ledger, such as PostgreSQL's.")
    ] = None,
) -> None:
    """Restore a backup into an empty place; every file is checked against the manifest first."""
    document = restore(folder, into, ledger)
    typer.echo(
        f"{into}: {len(document.files)} files of {document.made:%Y-%m-%d %H:%M} UTC, settings {document.settings}"
    )


def verify_ledger(config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT) -> None:
    """Check spans, references, digests, the journal and the captures that are cited. Exit code 1 for a flaw."""
    with desk(config) as here:
        document = verify(here.ledger, here.settings.workspace)
    if output is Format.JSON:
        print_json(document)
    else:
        _tell(document)
    if document.flaws:
        raise typer.Exit(FOUND)


def list_changes(
    config: Config = DEFAULT_CONFIG,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First night; else the newest.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last night; else the newest.")] = None,
    agency: Annotated[str | None, typer.Option(metavar="ID", help="Only this agency.")] = None,
    indicator: Annotated[str | None, typer.Option(metavar="ID", help="Only this indicator.")] = None,
    output: AnyFormat = Format.TEXT,
) -> None:
    """List the marks that changed, with the causes of each."""
    with desk(config) as here:
        body, asked = here.agency(agency), here.indicator(indicator)
        newest, _ = here.night(last)
        begins = parse_night(first, "--from") if first else newest
        changes = here.ledger.changes(begins, newest, agency=body, indicator=asked, layer=Layer.PUBLISHED)
    if output is Format.JSON:
        print_json(changes)
    else:
        for change in changes:
            _tell_change(change)


def _tell(document: LedgerCheckDocument) -> None:
    typer.echo(
        f"{document.nights} nights, {document.findings} findings, {document.captures} captures cited,"
        f" {document.gone} of them pruned or redacted as recorded"
    )
    for flaw in document.flaws[:_FLAWS_SHOWN]:
        typer.echo(f"  {flaw.place}: {flaw.problem}")
    if len(document.flaws) > _FLAWS_SHOWN:
        typer.echo(f"  and {len(document.flaws) - _FLAWS_SHOWN} more; --format json tells all")
    typer.echo("whole" if not document.flaws else f"{len(document.flaws)} flaws")


def _tell_change(change: MarkChange) -> None:
    body = change.agency or "country"
    group = f" ({change.group})" if change.group else ""
    counts = ", as it counts" if change.decided else ""
    typer.echo(f"{change.night} {body}{group} {change.indicator} {change.profile}{counts}: {', '.join(change.causes)}")
    for step in change.steps:
        events = f"  [{'; '.join(step.events)}]" if step.events else ""
        typer.echo(f"    {step.cause}: {step.value or 'none'} ({step.reason or 'no mark'}){events}")
