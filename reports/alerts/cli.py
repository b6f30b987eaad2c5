"""The command that tells what is new: alerts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from config.alerts import Recipient
from config.errors import ConfigError
from crawler.clock import Clock, SystemClock
from reports.alerts.deliver import Asked, deliver, overdue_of, today_of
from reports.alerts.documents import Delivery, DigestDocument
from reports.console import INCOMPLETE, Desk, Format, desk, parse_night, print_json, say, usage_errors
from reports.options import DEFAULT_CONFIG, AnyFormat, Config

Night = Annotated[str | None, typer.Option(metavar="DATE", help="Only this night; all that were not told by default.")]
Send = Annotated[bool, typer.Option("--send/--dry-run", help="Send the digests, or only show them.")]


def mount(app: typer.Typer, clock: Clock | None = None) -> None:
    """Add the command to *app*. The *clock* says which day it is."""
    now = clock or SystemClock()

    def alerts(
        config: Config = DEFAULT_CONFIG, night: Night = None, output: AnyFormat = Format.TEXT, *, send: Send = False
    ) -> None:
        """Tell operators and agencies what is new: marks that changed for good, trouble, dates. Shows it by default."""
        with desk(config) as here:
            at, day = now.now(), parse_night(night) if night else None
            overdue = None if day else overdue_of(here.loaded, at)
            asked = Asked(day, day or today_of(here.loaded, at), at, send=send, overdue=overdue)
            told = deliver(here.ledger, here.loaded, _recipients(here, send=send), asked, say)
            if output is Format.JSON:
                print_json(told)
            else:
                _tell(told)
        if any(item.delivery is Delivery.FAILED for item in told):
            raise typer.Exit(INCOMPLETE)

    app.command()(usage_errors(alerts))


def _recipients(here: Desk, *, send: bool) -> tuple[Recipient, ...]:
    """Return the recipients of the settings; where there are none, whoever looks is shown what an operator would be."""
    known = here.settings.alerts.recipients
    if known:
        return known
    if send:
        raise ConfigError("alerts.recipients: nobody to send to; accepted: a list of {id, to, language, agency}")
    return (Recipient(id="operator", to=("none://none",), language=here.words.language),)


def _tell(told: Iterable[DigestDocument]) -> None:
    for item in told:
        typer.echo(f"{item.channel} ({item.agency or 'operator'}, {item.language}): {item.delivery}")
        if item.alerts:
            typer.echo(f"\n{item.title}\n\n{item.body}")
