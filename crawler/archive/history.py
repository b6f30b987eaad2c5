"""The history: one line per capture key and night, beside the archive and never pruned.

The crawl leaves digests; the checks add what they read from the bytes. Rules and marking see it cut at their night.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from crawler.archive.layout import ArchiveError, Layout


class HistoryEntry(msgspec.Struct, frozen=True):
    """What one night knew of one key: outcome, digests (body, main text), ids and dates that were read, verdict.

    `dates` are the days of a page's list entries, or the newest of a feed or sitemap without a template's.

    `unchanged_days` is how long the body had been as it was, by its own Last-Modified. `status` is the HTTP status of
    the answer; None where none came, and in lines that were written before it was kept.
    """

    key: str
    night: date
    capture: str
    outcome: str
    sha256: str | None = None
    main_text: str | None = None
    ids: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    verdict: str | None = None
    unchanged_days: int | None = None
    status: int | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(HistoryEntry)


def write_night(workspace: Path, night: date, entries: Iterable[HistoryEntry]) -> Path:
    """Put a night's file in place, whole or not at all; writing the same entries again changes nothing."""
    folder = Layout(workspace).history
    folder.mkdir(parents=True, exist_ok=True)
    lines = [_ENCODER.encode(_checked(entry, night)) for entry in sorted(entries, key=lambda entry: entry.key)]
    path = folder / f"{night.isoformat()}.jsonl"
    draft = path.with_suffix(".jsonl.new")
    with draft.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


class History:
    """The history of a workspace as it stood on the night *until*: read-only, nothing later is ever seen."""

    def __init__(self, workspace: Path, until: date) -> None:
        self._folder = Layout(workspace).history
        self._until = until
        self._by_key: dict[str, list[HistoryEntry]] | None = None

    def nights(self) -> tuple[date, ...]:
        """Return the nights on record, oldest first."""
        found = sorted(date.fromisoformat(path.stem) for path in self._folder.glob("*.jsonl"))
        return tuple(night for night in found if night <= self._until)

    def of(self, night: date) -> Iterator[HistoryEntry]:
        """Yield a night's entries in order of their keys. Raises ArchiveError for a line that cannot be read."""
        yield from _read(self._folder / f"{night.isoformat()}.jsonl")

    def entries(self, key: str) -> tuple[HistoryEntry, ...]:
        """Return what is known of the key, newest night first."""
        if self._by_key is None:
            self._by_key = self._load()
        return tuple(self._by_key.get(key, ()))

    def _load(self) -> dict[str, list[HistoryEntry]]:
        found: defaultdict[str, list[HistoryEntry]] = defaultdict(list)
        for night in reversed(self.nights()):
            for entry in _read(self._folder / f"{night.isoformat()}.jsonl"):
                found[entry.key].append(entry)
        return dict(found)


def _read(path: Path) -> Iterator[HistoryEntry]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield _DECODER.decode(line)
            except msgspec.DecodeError as error:
                raise ArchiveError(f"{path.name} line {number}: {error}") from error


def _checked(entry: HistoryEntry, night: date) -> HistoryEntry:
    if entry.night != night:
        raise ValueError(f"{entry.key}: an entry of {entry.night} in the file of {night}")
    return entry
