"""Which nights should have been and were not. Pure: the present moment is given.

A night is the local date at its start, in the pack's zone. Gaps between recorded nights are always known; that the
newest is missing is known only where it is known when nights begin: `schedule.at` of the settings, or a scheduler that
was started in this workspace (`odrc schedule` leaves a note).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from config.loader import Loaded

LATE = timedelta(hours=6)  # a machine that slept through the hour begins a night later than this no more
_GRACE = timedelta(minutes=5)  # until a run that was started is on record
_DAY = timedelta(days=1)


class Note(msgspec.Struct, frozen=True):
    """What `odrc schedule` leaves in the workspace: local time of its nights, and the first that it answers for."""

    at: time
    since: date


def missing(recorded: Iterable[date], due: date | None = None, since: date | None = None) -> tuple[date, ...]:
    """Return the nights from the first on, up to the newest recorded one and the last *due*, that are not recorded.

    The first is the first recorded or *since*, whichever is earlier. Without either nothing is known to be missing.
    """
    there = set(recorded)
    ends = [night for night in (*there, due) if night]
    starts = [night for night in (*there, since) if night]
    if not ends or not starts:
        return ()
    return tuple(night for night in _days(min(starts), max(ends)) if night not in there)


def last_due(at: time, zone: str, now: datetime) -> date:
    """Return the newest night whose beginning has passed, with a little time for it to be put on record."""
    local = (now - _GRACE).astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= at else local.date() - _DAY


def given_up(at: time) -> time:
    """Return the local time at which a night that has not begun will not be any more, and is on record if it has."""
    return (datetime.combine(date.min, at) + LATE + 2 * _GRACE).time()


def overdue(loaded: Loaded, now: datetime) -> date | None:
    """Return the newest night that cannot begin any more; None where nothing says when nights begin."""
    return due_of(loaded, now - LATE)[0]


def due_of(loaded: Loaded, now: datetime) -> tuple[date | None, date | None]:
    """Return the newest night that is due and the first that a scheduler answers for; None where nothing says so."""
    note = read_note(loaded.settings.workspace)
    asked = loaded.settings.schedule
    at = asked.at if asked else note.at if note else None
    due = None if at is None else last_due(at, loaded.pack.zone, now)
    since = note.since if note and due and note.since <= due else None
    return due, since


def read_note(workspace: Path) -> Note | None:
    """Return the note of a scheduler, or None when there is none that can be read."""
    try:
        return msgspec.json.decode(_path(workspace).read_bytes(), type=Note)
    except (OSError, msgspec.DecodeError):
        return None


def write_note(workspace: Path, note: Note) -> None:
    """Leave a scheduler's note. Raises OSError."""
    workspace.mkdir(parents=True, exist_ok=True)
    _path(workspace).write_bytes(msgspec.json.encode(note))


def spans(nights: Iterable[date]) -> str:
    """Return nights as text, those in a row as one: `2026-11-03, 2026-11-07 to 2026-11-09`."""
    rows: list[tuple[date, date]] = []
    for night in sorted(nights):
        if rows and night - rows[-1][1] == _DAY:
            rows[-1] = (rows[-1][0], night)
        else:
            rows.append((night, night))
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in rows)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _path(workspace: Path) -> Path:
    return workspace / "schedule.json"
