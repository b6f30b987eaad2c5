"""Goes over the whole archive: whether every record is readable and every digest right, and the index agrees."""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.archive.layout import ArchiveDamageWarning, ArchiveError, GoneError, Layout
from crawler.archive.members import Damage, members
from crawler.archive.reader import Archive
from crawler.archive.record import Record, split_http
from crawler.archive.recovery import notes
from crawler.capture import Capture

_WITH_PAYLOAD = frozenset({"response", "resource"})


class Problem(msgspec.Struct, frozen=True):
    """Something that is not as it should be: in which file (or the index), at which offset, and what."""

    file: str
    offset: int | None
    what: str


class Verification(msgspec.Struct, frozen=True):
    """What was gone over, and what was found wrong."""

    files: int
    records: int
    captures: int
    bodies: int
    gone: int
    problems: tuple[Problem, ...]


def verify(workspace: Path) -> Verification:
    """Read everything there is. Raises ArchiveError when the index cannot be opened at all."""
    layout = Layout(workspace)
    problems: list[Problem] = []
    records = 0
    for name in layout.files():
        for found in _records(layout, name):
            records += found is None
            problems += [found] if found else []
    with Archive(workspace) as archive:
        problems += _index(layout, archive)
        captures, bodies, gone = 0, 0, 0
        for capture in archive.every():
            captures += 1
            state = _body(archive, capture)
            bodies += state == "ok"
            gone += state == "gone"
            problems += [state] if isinstance(state, Problem) else []
    return Verification(len(layout.files()), records, captures, bodies, gone, tuple(problems))


def _records(layout: Layout, name: str) -> Iterator[Problem | None]:
    """Yield for each record of a file what is wrong with it, or None."""
    if layout.opened(name).exists():
        yield Problem(name, None, "still open: a crawl is writing it, or was killed; the next crawl closes it")
    for item in members(layout.path(name)):
        if isinstance(item, Damage):
            yield Problem(name, item.offset, item.reason)
        else:
            wrong = _digests(item.record)
            yield Problem(name, item.offset, wrong) if wrong else None


def _digests(record: Record) -> str | None:
    stated = [("block", record.fields.get("warc-block-digest"), record.block)]
    if record.type in _WITH_PAYLOAD:
        payload = record.block if record.type == "resource" else split_http(record.block)[1]
        stated.append(("payload", record.fields.get("warc-payload-digest"), payload))
    wrong = [name for name, digest, data in stated if digest and not _is(digest, data)]
    return f"{' and '.join(wrong)} digest of {record.id} is not right" if wrong else None


def _is(stated: str, data: bytes) -> bool:
    name, _, value = stated.partition(":")
    try:
        digest = hashlib.new(name.replace("-", ""), data).digest()
    except ValueError:
        return True  # an algorithm that is not known here says nothing
    return value in (digest.hex(), base64.b32encode(digest).decode())


def _index(layout: Layout, archive: Archive) -> Iterator[Problem]:
    """Yield where the index and the files say different things."""
    listed = archive.places()
    for name in layout.files():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ArchiveDamageWarning)  # damage was told record by record
            read = list(notes(layout, name))
        for found, place in read:
            if isinstance(found, Capture) and listed.pop(found.id, None) != (name, place.offset):
                yield Problem(name, place.offset, f"the index does not lead to {found.id}; rebuild the index")
    for capture, (file, offset) in listed.items():
        yield Problem(file, offset, f"the index has {capture}, the file does not; rebuild the index")


def _body(archive: Archive, capture: Capture) -> str | Problem:
    """Return how the body of a capture stands: `none`, `ok`, `gone` (redacted or pruned) or what is wrong."""
    if capture.sha256 is None:
        return "none"
    try:
        archive.body(capture)
    except GoneError:
        return "gone"
    except ArchiveError as error:
        return Problem("index.sqlite", None, str(error))
    return "ok"
