"""The journal on each database there is."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from reports.analysts.acts import Noted, Redacted
from reports.analysts.journal import Journal
from reports.ledger import Ledger

AT = datetime(2026, 11, 24, 5, 0, 0, 123456, tzinfo=UTC)


def write(ledger: Ledger, number: int) -> None:
    for index in range(number):
        with Journal(ledger).writing() as pen:
            pen.write(AT, "p1", f"item/{index}", Noted("жазба, заметка, note"))


def test_lines_follow_from_each_other_whoever_writes(place: str) -> None:
    with Ledger(place) as ledger:
        threads = [threading.Thread(target=write, args=(ledger, 5)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with Ledger(place, create=False) as again:
        journal = Journal(again)
        assert [item.number for item in journal.entries()] == list(range(1, 16))
        assert {(item.at, item.act) for item in journal.entries()} == {(AT, Noted("жазба, заметка, note"))}
        assert journal.flaws() == ()


def test_tampering_and_redaction_are_told_apart(place: str) -> None:
    with Ledger(place) as ledger:
        write(ledger, 3)
        journal = Journal(ledger)
        with journal.writing() as pen:
            pen.empty(2)
            pen.write(AT, "p2", "journal", Redacted((2,), "why", (Noted(""),)))
        assert journal.flaws() == ()
        assert journal.entries()[1].act == Noted("")
        with ledger.writing() as session:
            session.execute(text("UPDATE journal SET body = NULL WHERE number = 1"))
        assert [item.number for item in journal.flaws()] == [1]


def test_a_number_is_given_once(place: str) -> None:
    with Ledger(place) as ledger:
        write(ledger, 1)

        def again() -> None:
            with ledger.writing() as session:
                columns = "number, at, person, item, act, body, salt, body_digest, previous, digest"
                session.execute(text(f"INSERT INTO journal SELECT {columns} FROM journal"))

        with pytest.raises(IntegrityError):
            again()
