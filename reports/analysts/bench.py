"""What people do with marks and statements: each act is checked against the state and written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from checks.marks import Mark, MarkValue
from config.errors import ConfigError
from config.model import Settings
from config.pack import Pack
from config.statements import statements
from crawler.clock import Clock
from reports.analysts.acts import (
    Adopted,
    AnyAct,
    Assigned,
    Left,
    Noted,
    Overridden,
    Redacted,
    Reviewed,
    Source,
    Stated,
    Withdrawn,
    without_words,
)
from reports.analysts.items import item_of, person_item, seen, statement_item
from reports.analysts.journal import JOURNAL, Entry, Journal, Pen
from reports.analysts.people import ANYBODY, DECIDES, LEADS, acting
from reports.analysts.state import Decision, State, state_of
from reports.ledger import Ledger


@dataclass(frozen=True)
class Bench:
    """The workplace: whose settings and pack, which ledger, what time it is."""

    settings: Settings
    pack: Pack
    ledger: Ledger
    clock: Clock

    @property
    def journal(self) -> Journal:
        """The journal of the ledger."""
        return Journal(self.ledger)

    @property
    def today(self) -> date:
        """The day it is in the pack's zone."""
        return self.clock.now().astimezone(ZoneInfo(self.pack.zone)).date()

    def state(self) -> State:
        """Return the state of everything now."""
        return state_of(self.journal.entries())

    @contextmanager
    def acting(self, by: str, roles: tuple[str, ...]) -> Iterator[tuple[Pen, State]]:
        """Open the journal for *by*, once their role allows it."""
        with self.journal.writing() as pen:
            state = state_of(pen.entries)
            acting(self.settings, state, by, self.today, roles)
            yield pen, state

    def write(self, pen: Pen, by: str, item: str, act: AnyAct) -> Entry:
        """Write one line, now."""
        return pen.write(self.clock.now(), by, item, act)

    def adopt(self, marks: Iterable[Mark], night: date, by: str) -> tuple[Entry, ...]:
        """Adopt the machine's *marks* of *night*. One that is adopted already on the same evidence is left as it is."""
        with self.acting(by, DECIDES) as (pen, state):
            return tuple(
                self.write(pen, by, item_of(mark).key, Adopted(night, mark.value, mark.reason, seen(mark)))
                for mark in marks
                if not _same(state.adopted(item_of(mark).key, night), mark)
            )

    def override(self, mark: Mark, night: date, value: MarkValue | None, until: date, text: str, by: str) -> Entry:
        """Put *value* in the place of the machine's, from *night* up to *until*, for a reason in words."""
        _worded(text, "an override")
        if until < max(night, self.today):
            raise ConfigError(f"the override would end on {until}; accepted: {max(night, self.today)} or a later day")
        with self.acting(by, DECIDES) as (pen, _):
            return self.write(pen, by, item_of(mark).key, Overridden(night, until, value, text, seen(mark)))

    def withdraw(self, item: str, night: date, text: str, by: str) -> Entry:
        """End the override (or own mark) of *item* from *night* on; what stood before it stands again."""
        _worded(text, "a withdrawal")
        with self.acting(by, DECIDES) as (pen, state):
            decision = state.override(item, night) or state.adopted(item, night)
            if decision is None:
                raise ConfigError(f"nothing is decided about {item} on {night}")
            return self.write(pen, by, item, Withdrawn(decision.number, night, text))

    def state_mark(
        self, statement: str, value: MarkValue | None, text: str, sources: tuple[Source, ...], by: str
    ) -> Entry:
        """Give an own mark to a statement that only a person can judge. It needs a reason and a source."""
        _worded(text, "an own mark")
        if statement not in statements():
            raise ConfigError(f"no statement {statement!r}; `odrc statement list` shows them")
        if not sources:
            raise ConfigError(f"{statement}: an own mark needs a source; accepted: interview, letter or document")
        with self.acting(by, DECIDES) as (pen, _):
            return self.write(pen, by, statement_item(statement), Stated(self.today, value, text, sources))

    def review(self, item: str, night: date, by: str, *, agrees: bool, text: str = "") -> Entry:
        """Say whether the decision about *item* in force on *night* is right. Its author cannot review it."""
        if not agrees:
            _worded(text, "a review that does not agree")
        with self.acting(by, ANYBODY) as (pen, state):
            decision = state.override(item, night) or state.adopted(item, night)
            if decision is None:
                raise ConfigError(f"nothing is decided about {item} on {night}; there is nothing to review")
            if decision.entry.by == by:
                raise ConfigError(f"{by} decided this; accepted: a review by a second person")
            return self.write(pen, by, item, Reviewed(decision.number, agrees, text))

    def note(self, item: str, text: str, by: str) -> Entry:
        """Put a note beside *item*."""
        _worded(text, "a note")
        with self.acting(by, ANYBODY) as (pen, _):
            return self.write(pen, by, item, Noted(text))

    def assign(self, item: str, to: str, by: str) -> Entry:
        """Make *item* somebody's to look after."""
        with self.acting(by, DECIDES) as (pen, state):
            acting(self.settings, state, to, self.today, ANYBODY)
            return self.write(pen, by, item, Assigned(to))

    def leave(self, gone: str, to: str, by: str) -> tuple[str, ...]:
        """Hand all that is *gone*'s to another person and return the items; what they decided stays theirs."""
        with self.acting(by, LEADS) as (pen, state):
            acting(self.settings, state, to, self.today, DECIDES)
            if gone == to or gone in state.left or gone not in {item.id for item in self.settings.people}:
                raise ConfigError(f"{gone} cannot hand over to {to}; accepted: somebody who leaves, and somebody else")
            items = tuple(sorted(item for item, owner in state.owners.items() if owner == gone))
            self.write(pen, by, person_item(gone), Left(to, items))
            return items

    def redact(self, numbers: tuple[int, ...], text: str, by: str, attachments: tuple[str, ...] = ()) -> Entry:
        """Take the bodies of lines out of the journal, which keeps their digests and says who did it and why."""
        _worded(text, "a redaction")
        with self.acting(by, LEADS) as (pen, _):
            acts = {entry.number: entry.act for entry in pen.entries}
            kept = []
            for number in numbers:
                act = acts.get(number)
                if act is None or isinstance(act, Redacted):
                    raise ConfigError(f"line {number} cannot be redacted: it tells of a redaction, or is not there")
                pen.empty(number)
                kept.append(without_words(act))
            return self.write(pen, by, JOURNAL, Redacted(numbers, text, tuple(kept), attachments))


def _same(decision: Decision | None, mark: Mark) -> bool:
    return decision is not None and isinstance(decision.act, Adopted) and decision.act.seen == seen(mark)


def _worded(text: str, what: str) -> None:
    if not text.strip():
        raise ConfigError(f"{what} needs a reason in words")
