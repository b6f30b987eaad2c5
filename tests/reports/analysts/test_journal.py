from __future__ import annotations

import itertools
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from office_desk import Hands
from sqlalchemy import text

from config.errors import ConfigError
from reports.analysts import attachments
from reports.analysts.acts import Confidentiality, Noted, Source, SourceKind, Stated
from reports.analysts.bench import Bench
from reports.analysts.journal import FIRST, Journal
from reports.analysts.state import state_of
from reports.ledger import Ledger

AT = datetime(2026, 11, 24, 5, 0, 0, 123456, tzinfo=UTC)


def written(ledger: Ledger, number: int) -> Journal:
    journal = Journal(ledger)
    for index in range(number):
        with journal.writing() as pen:
            pen.write(AT, "p1", f"item/{index}", Noted(f"note {index}"))
    return journal


def test_lines_follow_from_each_other(office: Bench) -> None:
    journal = written(office.ledger, 3)
    entries = journal.entries()
    assert [(item.number, item.by, item.at, item.act) for item in entries] == [
        (number, "p1", AT, Noted(f"note {number - 1}")) for number in (1, 2, 3)
    ]
    assert journal.head() == (3, entries[-1].digest)
    assert journal.flaws() == ()
    assert len({item.digest for item in entries} | {FIRST}) == 4


@pytest.mark.parametrize(
    ("statement", "line", "problem"),
    [
        ('UPDATE journal SET body = \'{"act":"noted","text":"x"}\' WHERE number = 2', 2, "its body was changed"),
        ("UPDATE journal SET body = 'no JSON' WHERE number = 2", 2, "its body was changed"),
        ("UPDATE journal SET person = 'p2' WHERE number = 2", 2, "was changed"),
        ("UPDATE journal SET at = '2020-01-01 00:00:00' WHERE number = 2", 2, "was changed"),
        ("UPDATE journal SET body = NULL WHERE number = 2", 2, "its body is gone, and no line says who took it out"),
        ("DELETE FROM journal WHERE number = 2", 2, "lines 2 to 2 are missing"),
        ("UPDATE journal SET previous = digest WHERE number = 3", 3, "does not follow from the line before"),
    ],
)
def test_what_was_tampered_with_shows(office: Bench, statement: str, line: int, problem: str) -> None:
    journal = written(office.ledger, 3)
    with office.ledger.writing() as session:
        session.execute(text(statement))
    assert (line, problem) in [(flaw.number, flaw.problem) for flaw in journal.flaws()]


def test_an_error_leaves_the_journal_as_it_was(office: Bench) -> None:
    journal = written(office.ledger, 1)

    def fail() -> None:
        with journal.writing() as pen:
            pen.write(AT, "p1", "item/2", Noted("second"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert journal.head()[0] == 1


def test_writers_wait_for_each_other(office: Bench) -> None:
    threads = [threading.Thread(target=written, args=(office.ledger, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal = Journal(office.ledger)
    assert [item.number for item in journal.entries()] == list(range(1, 21))
    assert journal.flaws() == ()


def test_a_redaction_takes_the_words_and_keeps_the_decision(office: Bench, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("from a person", encoding="utf-8")
    kept = attachments.keep(office.settings.workspace, file)
    source = Source(SourceKind.LETTER, "Letter of a person", date(2026, 10, 1), Confidentiality.CONFIDENTIAL, kept)
    entry = office.state_mark("SI-048", None, "said by a person", (source,), "p1")
    assert office.journal.flaws() == ()
    assert attachments.damaged(office.settings.workspace, office.journal.entries()) == ()

    office.redact((entry.number,), "asked for by the person", "p4", (kept.sha256,))
    attachments.place(office.settings.workspace, kept.sha256).unlink()
    entries = office.journal.entries()
    act = entries[0].act
    assert isinstance(act, Stated)
    assert (act.text, act.sources[0].title, act.sources[0].attachment) == ("", "", None)
    assert act.sources[0].dated == date(2026, 10, 1)
    assert office.journal.flaws() == ()
    assert attachments.damaged(office.settings.workspace, entries) == ()
    assert state_of(entries).adopted("statement/SI-048", office.today) is not None
    with office.ledger.reading() as session:
        rows = [str(row) for row in session.execute(text("SELECT * FROM journal"))]
    assert "said by a person" not in "".join(rows)


@pytest.mark.parametrize("numbers", [(2,), (9,), (1, 1)])
def test_only_a_whole_line_that_tells_of_no_redaction_can_be_redacted(office: Bench, numbers: tuple[int, ...]) -> None:
    written(office.ledger, 1)
    if numbers != (1, 1):
        office.redact((1,), "why", "p4")
    with pytest.raises(ConfigError):
        office.redact(numbers, "why", "p4")
    assert office.journal.flaws() == ()


def test_attachments_are_whole_and_cited_by_digest(office: Bench, tmp_path: Path) -> None:
    workspace = office.settings.workspace
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF")
    first, again = attachments.keep(workspace, file), attachments.keep(workspace, file)
    assert first == again
    assert first.size == 4
    place = attachments.place(workspace, first.sha256)
    assert [path.name for path in place.parent.iterdir()] == [first.sha256]
    source = Source(SourceKind.LETTER, "a", date(2026, 1, 1), Confidentiality.PUBLIC, first)
    office.state_mark("SI-048", None, "so", (source,), "p1")
    place.write_bytes(b"other")
    assert attachments.damaged(workspace, office.journal.entries()) == (first.sha256,)
    with pytest.raises(ConfigError, match="cannot be attached: No such file"):
        attachments.keep(workspace, tmp_path / "none")


def test_times_come_from_the_clock(office: Bench) -> None:
    assert isinstance(office.clock, Hands)
    days = [date(2026, 11, 24), date(2026, 11, 23)]  # a clock that was set back changes no order
    for day in days:
        office.clock.to(day)
        office.note("mark/finance//lang_coverage/assessment_2014", "seen", "p1")
    entries = office.journal.entries()
    assert [item.at.date() for item in entries] == days
    assert all(a.number < b.number for a, b in itertools.pairwise(entries))
    assert office.journal.flaws() == ()
