"""The journal: every act of a person, one after another, each line bound to the one before it by its digest.

Lines are only added. A redaction empties the body of a line and is itself a line; nothing else ever changes one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ConfigError
from reports.analysts.acts import AnyAct, Redacted
from reports.analysts.tables import JournalRow
from reports.ledger import Ledger

FIRST = "0" * 64
JOURNAL = "journal"
_DECODER: msgspec.json.Decoder[AnyAct] = msgspec.json.Decoder(AnyAct)


class Entry(msgspec.Struct, frozen=True):
    """A line of the journal. Where the body was redacted, `act` is what the redaction kept of it."""

    number: int
    at: datetime
    by: str
    item: str
    kind: str
    act: AnyAct | None
    digest: str


class Flaw(msgspec.Struct, frozen=True):
    """A line that is not as it was written."""

    number: int
    problem: str


class Pen:
    """Adds lines within one transaction. `entries` is all that stands before, and what was added meanwhile."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.entries = _entries(_rows(session))

    def write(self, at: datetime, by: str, item: str, act: AnyAct) -> Entry:
        """Add one line and return it."""
        previous = self.entries[-1] if self.entries else None
        body, salt = msgspec.json.encode(act).decode(), secrets.token_hex(16)
        row = JournalRow(
            number=previous.number + 1 if previous else 1,
            at=at.astimezone(UTC),
            by=by,
            item=item,
            act=act.__struct_config__.tag,
            body=body,
            salt=salt,
            body_digest=_body_digest(salt, body),
            previous=previous.digest if previous else FIRST,
        )
        row.digest = _digest(row)
        self._session.add(row)
        self._session.flush()
        entry = Entry(row.number, row.at, row.by, row.item, row.act, act, row.digest)
        self.entries.append(entry)
        return entry

    def empty(self, number: int) -> None:
        """Take the body of a line out. The caller writes the line that says so."""
        row = self._session.get(JournalRow, number)
        if row is None or row.body is None:
            raise ConfigError(f"the journal has no line {number}" + (" with a body" if row else ""))
        row.body, row.salt = None, None
        self._session.flush()


class Journal:
    """The journal of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def entries(self) -> tuple[Entry, ...]:
        """Return all lines, oldest first."""
        with self._ledger.reading() as session:
            return tuple(_entries(_rows(session)))

    def head(self) -> tuple[int, str]:
        """Return number and digest of the newest line; 0 and zeros when there is none."""
        entries = self.entries()
        return (entries[-1].number, entries[-1].digest) if entries else (0, FIRST)

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Open the journal for adding lines; other writers wait. An error leaves it as it was."""
        with self._ledger.writing() as session:
            yield Pen(session)

    def flaws(self) -> tuple[Flaw, ...]:
        """Return what does not fit together: changed, missing or inserted lines, bodies that nobody redacted."""
        with self._ledger.reading() as session:
            return tuple(_flaws(_rows(session)))


def _rows(session: Session) -> Sequence[JournalRow]:
    return session.scalars(select(JournalRow).order_by(JournalRow.number)).all()


def _entries(rows: Sequence[JournalRow]) -> list[Entry]:
    acts = {row.number: _DECODER.decode(row.body) for row in rows if row.body is not None}
    for act in [one for one in acts.values() if isinstance(one, Redacted)]:
        acts.update(zip(act.of, act.kept, strict=True))
    return [Entry(row.number, row.at, row.by, row.item, row.act, acts.get(row.number), row.digest) for row in rows]


def _body_digest(salt: str, body: str) -> str:
    return hashlib.sha256(f"{salt}{body}".encode()).hexdigest()


def _digest(row: JournalRow) -> str:
    parts = [row.previous, row.number, row.at, row.by, row.item, row.act, row.body_digest]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _flaws(rows: Sequence[JournalRow]) -> Iterator[Flaw]:
    previous, number, emptied = FIRST, 0, _redacted(rows)
    for row in rows:
        if row.number != number + 1:
            yield Flaw(number + 1, f"lines {number + 1} to {row.number - 1} are missing")
        if row.previous != previous:
            yield Flaw(row.number, "does not follow from the line before")
        if row.digest != _digest(row):
            yield Flaw(row.number, "was changed")
        if row.body is None and row.number not in emptied:
            yield Flaw(row.number, "its body is gone, and no line says who took it out")
        elif row.body is not None and row.body_digest != _body_digest(row.salt or "", row.body):
            yield Flaw(row.number, "its body was changed")
        previous, number = row.digest, row.number


def _redacted(rows: Sequence[JournalRow]) -> set[int]:
    found: set[int] = set()
    for row in rows:
        try:
            act = None if row.body is None else _DECODER.decode(row.body)
        except msgspec.DecodeError:
            continue  # told as a changed body
        if isinstance(act, Redacted):
            found.update(act.of)
    return found
