"""The commands of the office about marks: adopt, review, override, withdraw, note, assign, standing, todo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from config.errors import ConfigError
from crawler.clock import Clock
from reports.analysts import clicontests, clirecords
from reports.analysts.asking import AnyBody, AnyIndicator, By, GivenMark, Group, Indicator, Office, Reason, day, office
from reports.analysts.documents import standing_document, task_document
from reports.analysts.items import item_of
from reports.analysts.telling import tell_entries, tell_standing, tell_tasks
from reports.analysts.todo import tasks
from reports.console import Format, print_json, usage_errors
from reports.freeze.pending import pending
from reports.options import DEFAULT_CONFIG, AnyFormat, Body, Config, Language, Night, OneProfile

Value = Annotated[GivenMark, typer.Option("--mark", help="The mark: +, -, 0 or none.")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What is to be kept.")]
Until = Annotated[str, typer.Option(metavar="DATE", help="Last night on which it counts.")]
Every = Annotated[bool, typer.Option("--all", help="All marks that agency and indicator leave open.")]


def mount(app: typer.Typer, clock: Clock | None = None) -> None:
    """Add the commands to *app*. The *clock* stamps what people do."""
    own = _Commands(clock)
    for command in (own.adopt, own.review, own.override, own.withdraw, own.note, own.assign, own.standing, own.todo):
        app.command()(usage_errors(command))
    clirecords.mount(app, clock)
    clicontests.mount(app, clock)


@dataclass(frozen=True)
class _Commands:
    clock: Clock | None

    def adopt(
        self, by: By, agency: AnyBody = None, indicator: AnyIndicator = None, config: Config = DEFAULT_CONFIG,
        night: Night = None, profile: OneProfile = None, *, every: Every = False,
    ) -> None:  # fmt: skip
        """Make the machine's proposals the office's own, with the digest of the evidence they rest on."""
        if not every and (agency is None or indicator is None):
            raise ConfigError("which marks? accepted: AGENCY INDICATOR, or --all with one of them or neither")
        with office(config, self.clock) as here:
            when = here.night(night)
            found = [mark for mark in here.marks(when, agency, indicator, profile) if mark.value or not every]
            tell_entries(here.bench.adopt(found, when, by))

    def review(  # noqa: PLR0913 - one parameter an option
        self, agency: Body, indicator: Indicator, *, by: By, config: Config = DEFAULT_CONFIG, night: Night = None,
        profile: OneProfile = None, group: Group = None,
        disagree: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is not right, in words.")] = None,
    ) -> None:  # fmt: skip
        """Say as a second person that a decision is right, or with --disagree why not."""
        with office(config, self.clock) as here:
            when = here.night(night)
            item = _item(here, night, agency, indicator, profile, group)
            agrees = disagree is None
            tell_entries([here.bench.review(item, when, by, agrees=agrees, text=disagree or "")])

    def override(  # noqa: PLR0913 - one parameter an option
        self, agency: Body, indicator: Indicator, *, mark: Value, reason: Reason, until: Until, by: By,
        config: Config = DEFAULT_CONFIG, night: Night = None, profile: OneProfile = None, group: Group = None,
    ) -> None:  # fmt: skip
        """Put another mark in the place of the machine's, for a time and for a reason."""
        with office(config, self.clock) as here:
            when = here.night(night)
            proposed = here.mark(when, agency, indicator, profile, group)
            last = day(until, "--until")
            tell_entries([here.bench.override(proposed, when, mark.mark(), last, reason, by)])

    def withdraw(  # noqa: PLR0913 - one parameter an option
        self, agency: Body, indicator: Indicator, *, reason: Reason, by: By, config: Config = DEFAULT_CONFIG,
        night: Night = None, profile: OneProfile = None, group: Group = None,
    ) -> None:  # fmt: skip
        """End a decision before its time; what stood before it stands again."""
        with office(config, self.clock) as here:
            item = _item(here, night, agency, indicator, profile, group)
            tell_entries([here.bench.withdraw(item, here.night(night), reason, by)])

    def note(  # noqa: PLR0913 - one parameter an option
        self, agency: Body, indicator: Indicator, text: Text, *, by: By, config: Config = DEFAULT_CONFIG,
        night: Night = None, profile: OneProfile = None, group: Group = None,
    ) -> None:  # fmt: skip
        """Put a note beside a mark. Notes stay in the office."""
        with office(config, self.clock) as here:
            item = _item(here, night, agency, indicator, profile, group)
            tell_entries([here.bench.note(item, text, by)])

    def assign(  # noqa: PLR0913 - one parameter an option
        self, agency: Body, indicator: Indicator, *, by: By,
        to: Annotated[str, typer.Option(metavar="ID", help="Who looks after it.")],
        config: Config = DEFAULT_CONFIG, night: Night = None, profile: OneProfile = None, group: Group = None,
    ) -> None:  # fmt: skip
        """Make a mark somebody's to look after."""
        with office(config, self.clock) as here:
            item = _item(here, night, agency, indicator, profile, group)
            tell_entries([here.bench.assign(item, to, by)])

    def standing(
        self, agency: AnyBody = None, indicator: AnyIndicator = None, config: Config = DEFAULT_CONFIG,
        night: Night = None, profile: OneProfile = None, output: AnyFormat = Format.TEXT, language: Language = None,
    ) -> None:  # fmt: skip
        """Show the marks as they count: what the machine proposes, what people decided, corrections and contests."""
        with office(config, self.clock, language) as here:
            when, state = here.night(night), here.bench.state()
            wanted = {item_of(mark) for mark in here.marks(when, agency, indicator, profile)}
            found = [one for one in here.effective(when, state, profile) if item_of(one.proposed) in wanted]
            documents = [standing_document(one, state, when) for one in found]
            if output is Format.JSON:
                print_json(documents)
            else:
                tell_standing(documents, here.here.words)

    def todo(
        self, config: Config = DEFAULT_CONFIG, night: Night = None, profile: OneProfile = None,
        person: Annotated[str | None, typer.Option("--for", metavar="ID", help="What is theirs, or nobody's.")] = None,
        output: AnyFormat = Format.TEXT, language: Language = None,
    ) -> None:  # fmt: skip
        """Show what needs a look: late contests, decisions whose ground has moved, what nobody has decided."""
        with office(config, self.clock, language) as here:
            when, state = here.night(night), here.bench.state()
            held = [name for name, _ in pending(here.bench.settings.workspace)]
            found = tasks(here.effective(when, state, profile), state, when, here.bench.today, person, held)
            documents = [task_document(item) for item in found]
            if output is Format.JSON:
                print_json(documents)
            else:
                tell_tasks(documents, here.here.words)


def _item(here: Office, night: str | None, agency: str, indicator: str, profile: str | None, group: str | None) -> str:
    return item_of(here.mark(here.night(night), agency, indicator, profile, group)).key
