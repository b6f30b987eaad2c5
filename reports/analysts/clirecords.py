"""The commands of the office about statements, people and the journal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigError
from config.statements import statements
from crawler.clock import Clock
from reports.analysts import attachments
from reports.analysts.acts import Confidentiality, Source, SourceKind
from reports.analysts.asking import By, GivenMark, Office, Reason, day, office
from reports.analysts.documents import entry_document, statement_document
from reports.analysts.items import statement_item
from reports.analysts.telling import tell_entries, tell_people, tell_statements
from reports.console import INCOMPLETE, Format, known, print_json, say, usage_errors
from reports.options import DEFAULT_CONFIG, AnyFormat, Config, Language

Statement = Annotated[str, typer.Argument(metavar="STATEMENT", help="Id of a statement, such as SI-048.")]
Value = Annotated[GivenMark, typer.Option("--mark", help="The mark: +, -, 0 or none.")]
Attached = Annotated[Path | None, typer.Option("--attach", metavar="FILE", help="A file that goes with the source.")]
Kind = Annotated[SourceKind, typer.Option("--source", help="What it rests on.")]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="Of the letter or document, or who was asked.")]
Dated = Annotated[str, typer.Option("--dated", metavar="DATE", help="Date of the source.")]
Secrecy = Annotated[Confidentiality, typer.Option("--confidentiality", help="Who may read the source.")]


def mount(app: typer.Typer, clock: Clock | None) -> None:
    """Add the commands to *app*."""
    own = _Commands(clock)
    statement = typer.Typer(help="The statements of the assessment, and the office's own marks of them.")
    statement.command("list")(usage_errors(own.list_statements))
    statement.command("mark")(usage_errors(own.mark_statement))
    statement.command("review")(usage_errors(own.review_statement))
    people = typer.Typer(help="Who decides on marks.")
    people.command("list")(usage_errors(own.list_people))
    people.command("leave")(usage_errors(own.leave))
    journal = typer.Typer(help="The audit trail: every act of a person, in order.")
    journal.command("show")(usage_errors(own.show_journal))
    journal.command("verify")(usage_errors(own.verify_journal))
    journal.command("redact")(usage_errors(own.redact_journal))
    for name, group in (("statement", statement), ("people", people), ("journal", journal)):
        app.add_typer(group, name=name, no_args_is_help=True)


@dataclass(frozen=True)
class _Commands:
    clock: Clock | None

    def list_statements(
        self, config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT, language: Language = None,
        *, unmarked: Annotated[bool, typer.Option("--open", help="Only what waits for a person.")] = False,
    ) -> None:  # fmt: skip
        """Show the statements, what the authors gave them, and the office's own marks."""
        with office(config, self.clock, language) as here:
            state, today = here.bench.state(), here.bench.today
            found = [(item, state.adopted(statement_item(item.id), today)) for item in statements().values()]
            if unmarked:
                found = [(item, made) for item, made in found if made is None and item.observable == "no"]
            documents = [statement_document(item, made) for item, made in found]
            if output is Format.JSON:
                print_json(documents)
            else:
                tell_statements(documents, here.here.words)

    def mark_statement(  # noqa: PLR0913 - one parameter an option
        self, statement: Statement, *, mark: Value, reason: Reason, source: Kind, title: Title, dated: Dated, by: By,
        confidentiality: Secrecy = Confidentiality.RESTRICTED, attach: Attached = None, config: Config = DEFAULT_CONFIG,
    ) -> None:  # fmt: skip
        """Give an own mark to a statement, with the source it rests on."""
        with office(config, self.clock) as here:
            known("statement", statement, list(statements()))
            when = day(dated, "--dated")
            if when > here.bench.today:
                raise ConfigError(f"--dated {when} is yet to come; accepted: {here.bench.today} or an earlier day")
            kept = attachments.keep(here.bench.settings.workspace, attach) if attach else None
            rests_on = Source(source, title, when, confidentiality, kept)
            tell_entries([here.bench.state_mark(statement, mark.mark(), reason, (rests_on,), by)])

    def review_statement(
        self, statement: Statement, by: By, config: Config = DEFAULT_CONFIG,
        disagree: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is not right, in words.")] = None,
    ) -> None:  # fmt: skip
        """Say as a second person that an own mark is right, or with --disagree why not."""
        with office(config, self.clock) as here:
            item, agrees = statement_item(statement), disagree is None
            tell_entries([here.bench.review(item, here.bench.today, by, agrees=agrees, text=disagree or "")])

    def list_people(self, config: Config = DEFAULT_CONFIG) -> None:
        """Show the people, their roles, and how many items are theirs."""
        with office(config, self.clock) as here:
            tell_people(here.bench.settings.people, here.bench.state())

    def leave(
        self, gone: Annotated[str, typer.Argument(metavar="ID", help="Who leaves.")], by: By,
        to: Annotated[str, typer.Option(metavar="ID", help="Who takes over.")], config: Config = DEFAULT_CONFIG,
    ) -> None:  # fmt: skip
        """Hand everything that is somebody's to another person."""
        with office(config, self.clock) as here:
            items = here.bench.leave(gone, to, by)
        say(f"{len(items)} items of {gone} are now {to}'s")

    def show_journal(
        self, config: Config = DEFAULT_CONFIG, output: AnyFormat = Format.TEXT,
        item: Annotated[str | None, typer.Option(metavar="TEXT", help="Only items that begin so.")] = None,
    ) -> None:  # fmt: skip
        """Show who did what, and when."""
        with office(config, self.clock) as here:
            found = [entry for entry in here.bench.journal.entries() if entry.item.startswith(item or "")]
            if output is Format.JSON:
                print_json([entry_document(entry) for entry in found])
            else:
                tell_entries(found)

    def verify_journal(self, config: Config = DEFAULT_CONFIG) -> None:
        """Check that no line was changed, taken out or put in, and that every attachment is what it was."""
        with office(config, self.clock) as here:
            flaws = [f"line {flaw.number}: {flaw.problem}" for flaw in here.bench.journal.flaws()]
            entries = here.bench.journal.entries() if not flaws else ()
            lost = attachments.damaged(here.bench.settings.workspace, entries)
            flaws += [f"attachment {digest} is missing or was changed" for digest in lost]
            number, digest = here.bench.journal.head() if not flaws else (0, "")
        for flaw in flaws:
            say(f"journal: {flaw}")
        if flaws:
            raise typer.Exit(INCOMPLETE)
        typer.echo(f"{number} {digest}")

    def redact_journal(
        self, numbers: Annotated[list[int], typer.Argument(metavar="LINE...", help="Numbers of the lines.")],
        reason: Reason, by: By, config: Config = DEFAULT_CONFIG,
    ) -> None:  # fmt: skip
        """Take words, names and attachments out of lines; who did it and why stays, and so does the decision."""
        with office(config, self.clock) as here:
            orphans = _orphans(here, set(numbers))
            tell_entries([here.bench.redact(tuple(numbers), reason, by, orphans)])
            for digest in orphans:
                attachments.place(here.bench.settings.workspace, digest).unlink(missing_ok=True)


def _orphans(here: Office, numbers: set[int]) -> tuple[str, ...]:
    """Return the attachments that only the lines *numbers* cite."""
    cited = attachments.cited(here.bench.journal.entries())
    return tuple(sorted(digest for digest, lines in cited.items() if lines <= numbers))
