"""The commands of the office about contests: an agency's objection to a mark."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigError
from crawler.archive.layout import ArchiveError
from crawler.clock import Clock
from reports.analysts.acts import ContestOutcome
from reports.analysts.asking import By, GivenMark, Indicator, Reason, day, office
from reports.analysts.cases import write_case
from reports.analysts.contests import Objection, acknowledge, contest_of, decide, open_contest
from reports.analysts.documents import contest_document
from reports.analysts.telling import tell_contests, tell_entries
from reports.console import Format, print_json, say, usage_errors
from reports.options import DEFAULT_CONFIG, AnyFormat, Config, Language, OneProfile

Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="Id of the agency.")]
Contest = Annotated[str, typer.Argument(metavar="CONTEST", help="Id of a contest, such as 2026-001.")]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help="What the agency says.")]
First = Annotated[str | None, typer.Option("--first", metavar="DATE", help="First night it is about.")]
Last = Annotated[str | None, typer.Option("--last", metavar="DATE", help="Last night it is about; the newest.")]
Who = Annotated[str, typer.Option("--objector", help="Who wrote for the agency; stays in the office.")]
Contact = Annotated[str, typer.Option("--contact", help="How to reach them; stays in the office.")]
Received = Annotated[str | None, typer.Option("--received", metavar="DATE", help="When it arrived; today if left out.")]
Decision = Annotated[ContestOutcome, typer.Option("--outcome", help="How it ends.")]
Value = Annotated[GivenMark | None, typer.Option("--mark", help="With `corrected`: the mark that stands now.")]

Folder = Annotated[Path, typer.Option("-o", metavar="DIR", help="Where its folder is made; here if left out.")]
Findings = Annotated[list[str] | None, typer.Option("--finding", metavar="ID", help="A wrong finding.")]


def mount(app: typer.Typer, clock: Clock | None) -> None:
    """Add the commands to *app*."""
    own = _Commands(clock)
    group = typer.Typer(help="Agencies' objections to marks.")
    group.command("open")(usage_errors(own.open))
    group.command("acknowledge")(usage_errors(own.acknowledge))
    group.command("decide")(usage_errors(own.decide))
    group.command("list")(usage_errors(own.list))
    group.command("show")(usage_errors(own.show))
    group.command("export")(usage_errors(own.export))
    app.add_typer(group, name="contest", no_args_is_help=True)


@dataclass(frozen=True)
class _Commands:
    clock: Clock | None

    def open(  # noqa: PLR0913 - one parameter an option
        self, agency: Agency, indicator: Indicator, *, text: Text, by: By, first: First = None, last: Last = None,
        objector: Who = "", contact: Contact = "", received: Received = None, profile: OneProfile = None,
        config: Config = DEFAULT_CONFIG,
    ) -> None:  # fmt: skip
        """List an objection of an agency to its mark. Time limits run from the day it was received."""
        with office(config, self.clock) as here:
            newest = here.night(last)
            until = day(last, "--last") if last else newest
            since = day(first, "--first") if first else until
            mark = here.mark(newest, agency, indicator, profile)
            one = here.one_effective(newest, here.bench.state(), mark)
            came = day(received, "--received") if received else None
            objection = Objection(since, until, text, came, objector, contact)
            typer.echo(open_contest(here.bench, one, objection, by))

    def acknowledge(
        self, contest: Contest, by: By, config: Config = DEFAULT_CONFIG,
        text: Annotated[str, typer.Option("--text", help="What the agency was told.")] = "",
    ) -> None:  # fmt: skip
        """Record that the agency was told that its objection arrived."""
        with office(config, self.clock) as here:
            tell_entries([acknowledge(here.bench, contest, by, text)])

    def decide(  # noqa: PLR0913 - one parameter an option
        self, contest: Contest, *, outcome: Decision, reason: Reason, by: By, mark: Value = None, first: First = None,
        last: Last = None, config: Config = DEFAULT_CONFIG,
    ) -> None:  # fmt: skip
        """Decide an objection: `upheld` leaves no mark on the nights, `corrected` another one, `rejected` the same."""
        with office(config, self.clock) as here:
            opened = contest_of(here.bench.state(), contest).opened
            nights = (day(first, "--first") if first else opened.first, day(last, "--last") if last else opened.last)
            value = mark.mark() if mark else None
            tell_entries([decide(here.bench, contest, outcome, reason, by, value=value, nights=nights)])

    def list(self, config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT, language: Language = None) -> None:
        """Show all contests: state, time limits, decisions. Who objected is not shown."""
        with office(config, self.clock, language) as here:
            today = here.bench.today
            documents = [contest_document(item, today) for item in here.bench.state().contests.values()]
            if output is Format.JSON:
                print_json(documents)
            else:
                tell_contests(documents, here.here.words)

    def show(self, contest: Contest, config: Config = DEFAULT_CONFIG, language: Language = None) -> None:
        """Show one contest to the office, with who objected and how to reach them."""
        with office(config, self.clock, language) as here:
            found = contest_of(here.bench.state(), contest)
            tell_contests([contest_document(found, here.bench.today)], here.here.words)
            say(f"objector: {found.opened.objector or '-'}; contact: {found.opened.contact or '-'}")

    def export(
        self, contest: Contest, config: Config = DEFAULT_CONFIG, folder: Folder = Path(), finding: Findings = None
    ) -> None:
        """Write an upheld or corrected contest as a test case: these captures, and what rules must not say of them."""
        with office(config, self.clock) as here:
            try:
                place = write_case(here.bench, contest, folder, tuple(finding or ()))
            except ArchiveError as error:
                raise ConfigError(f"the archive cannot be read: {error}") from error
        typer.echo(str(place))
