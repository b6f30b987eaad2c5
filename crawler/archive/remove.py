"""Taking bodies out: `prune` those that nobody needs any more, `redact` one that must not be kept.

What stands in a body's place says whose it was, why and by whom it was taken out; notes, digests and times of all
captures stay. Each act leaves a line in `archive/audit.jsonl`.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from crawler.archive.index import Index
from crawler.archive.layout import ArchiveError, GoneError, Layout
from crawler.archive.members import Member
from crawler.archive.note import Tombstone, apart
from crawler.archive.reader import Archive
from crawler.archive.record import assembled
from crawler.archive.rewrite import Change, rewrite
from crawler.capture import Capture
from crawler.readings import FILE as LINKS_FILE
from crawler.secondlook import is_look

KEPT_NIGHTS = 30
_WITH_BODY = frozenset({"response", "resource"})


class Removal(msgspec.Struct, frozen=True):
    """What was taken out, or would be: captures whose records held the bodies, files written anew, bytes freed."""

    captures: tuple[str, ...]
    files: int
    bytes: int


def prune(
    workspace: Path,
    keep: Iterable[str],
    *,
    at: datetime,
    by: str,
    nights: int = KEPT_NIGHTS,
    dry_run: bool = False,
) -> Removal:
    """Take out the bodies that no cited capture (*keep*), no newest answer and none of the last *nights* needs.

    The caller holds the workspace's lock. Raises ArchiveError when a capture to keep is unknown or its body cannot be
    found: then nothing is taken out.
    """
    with Archive(workspace) as archive:
        needed = _needed(archive, frozenset(keep), nights)
        spare = [item for item in archive.holders() if item.id not in needed]
    why = f"not needed after {nights} nights"
    stones = [Tombstone(item.id, item.sha256 or "", why, by, at, redacted=False) for item in spare]
    if dry_run:
        return _forecast(workspace, spare)
    return _bury(workspace, stones, "prune")


def redact(workspace: Path, digest: str, *, reason: str, by: str, at: datetime) -> Removal:
    """Take out a body for good, by the SHA-256 of the decoded body; brought again, it is not kept again.

    The caller holds the workspace's lock. Raises ArchiveError when the archive holds no such body.
    """
    with Archive(workspace) as archive:
        captures = archive.of_body(digest)
        if not captures:
            raise ArchiveError(f"no capture has a body of SHA-256 {digest}")
        holders = [item for item in captures if item.refers_to is None and archive.holds(item)]
    if not holders:
        raise ArchiveError(f"the body of SHA-256 {digest} is not in the archive any more")
    removal = _bury(workspace, [Tombstone(item.id, digest, reason, by, at) for item in holders], "redact")
    _forget_links(workspace, digest)
    return removal


def _needed(archive: Archive, keep: frozenset[str], nights: int) -> set[str]:
    """Return the captures whose records hold what has to stay: what looks brought stands for no key."""
    last = max(archive.series_nights(), default=None)
    since = last - timedelta(days=nights) if last else date.min
    newest: dict[str, Capture] = {}
    wanted: list[Capture] = []
    unknown = set(keep)
    for capture in archive.every():
        unknown.discard(capture.id)
        if capture.answered and not is_look(capture.run):
            newest[capture.key.text()] = capture
        if capture.sha256 and (capture.id in keep or capture.night > since):
            wanted.append(capture)
    if unknown:
        raise ArchiveError(f"captures to keep that the archive does not know: {', '.join(sorted(unknown)[:5])}")
    return {archive.holder(item).id for item in (*wanted, *newest.values()) if not _gone(archive, item)}


def _gone(archive: Archive, capture: Capture) -> bool:
    try:
        archive.holder(capture)
    except GoneError:
        return True
    return False


def _forecast(workspace: Path, spare: list[Capture]) -> Removal:
    with Archive(workspace) as archive:
        files = {archive.place(item)[0] for item in spare}
        freed = sum(archive.size(item) for item in spare)
    return Removal(tuple(item.id for item in spare), len(files), freed)


def _bury(workspace: Path, stones: list[Tombstone], action: str) -> Removal:
    """Write the files anew with *stones* in the place of the bodies, and an audit line first."""
    layout = Layout(workspace)
    by_file: defaultdict[str, dict[str, Tombstone]] = defaultdict(dict)
    with Archive(workspace) as archive:
        for stone in stones:
            capture = archive.capture(stone.capture)
            if capture:
                by_file[archive.place(capture)[0]][stone.capture] = stone
    _audit(layout, action, stones)
    freed = 0
    with closing(Index(layout.index)) as index:
        for name, mine in sorted(by_file.items()):
            sizes = rewrite(layout, index, name, _replacing(mine))
            freed += sizes.before - sizes.after
    return Removal(tuple(stone.capture for stone in stones), len(by_file), freed)


def _replacing(stones: dict[str, Tombstone]) -> Change:
    def change(item: Member) -> bytes | None:
        stone = stones.get(item.record.id) if item.record.type in _WITH_BODY else None
        return apart(item.record, stone) if stone else assembled(item.record)

    return change


def _audit(layout: Layout, action: str, stones: list[Tombstone]) -> None:
    """Write one line for the act, with what it was about, before anything is done."""
    if not stones:
        return
    first = stones[0]
    digests = sorted({stone.sha256 for stone in stones}) if action == "redact" else []
    told = {
        "at": first.at, "action": action, "by": first.by, "reason": first.reason, "bodies": len(stones),
        "sha256": digests, "captures": [stone.capture for stone in stones],
    }  # fmt: skip
    with layout.audit.open("ab") as file:
        file.write(msgspec.json.encode(told) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _forget_links(workspace: Path, digest: str) -> None:
    path = workspace / LINKS_FILE
    if path.exists():
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM readings WHERE sha256 = ?", (digest,))
