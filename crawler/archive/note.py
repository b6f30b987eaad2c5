"""Notes: what the archive says of its own. A capture's stands in the head of the record that brought it.

A metadata record (JSON) has it where there is no such record (a failed exchange), a head has no room, a browser's
wishes go with it, or a body was taken out; a run's statement too. Before decision 27 each capture had one.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from crawler.archive import brief, record
from crawler.archive.ids import new_id
from crawler.archive.record import JSON, Record, split_http
from crawler.capture import Capture
from crawler.coverage import RunCoverage
from crawler.render.rules import Asked


class Tombstone(msgspec.Struct, frozen=True):
    """What stands where a body was taken out for good: whose, which, why, by whom, when (UTC).

    A body that was `redacted` is not kept again when a site brings it again; one that was pruned may be.
    """

    capture: str
    sha256: str
    reason: str
    by: str
    at: datetime
    redacted: bool = True


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is noted: a capture, a run's closing statement, or what stands for a body (with the capture it was of).

    `head` is the head of an answer whose own record has none (304): status line and fields as received. `asked` is
    what a browser asked for while it drew the page.
    """

    capture: Capture | None = None
    coverage: RunCoverage | None = None
    tombstone: Tombstone | None = None
    response: str | None = None
    head: str | None = None
    asked: tuple[Asked, ...] = ()


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Note)


def encode_note(note: Note) -> bytes:
    """Return a metadata record's block."""
    return _ENCODER.encode(note)


def decode_note(found: Record) -> Note | None:
    """Return what a record notes, or None when it notes nothing of ours."""
    try:
        if brief.FIELD.lower() in found.fields:
            return _brief(found)
        if found.type == "metadata" and found.fields.get("content-type") == JSON:
            return _DECODER.decode(found.block)
    except ValueError:
        return None
    return None


def apart(found: Record, tombstone: Tombstone | None = None) -> bytes | None:
    """Return the record that takes the place of one whose body is taken out: its note and the *tombstone*.

    None when there is nothing to say.
    """
    noted = decode_note(found)
    if noted is None and tombstone is None:
        return None
    noted = msgspec.structs.replace(noted or Note(), tombstone=tombstone)
    block = encode_note(noted)
    fields = [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", f"<{new_id()}>"),
        ("WARC-Date", found.fields["warc-date"]),
        ("WARC-Refers-To", f"<{found.id}>"),
        ("Content-Type", JSON),
        record.block_digest(block),
    ]
    return record.plain(fields, block)


def _brief(found: Record) -> Note:
    head, body = (b"", found.block) if found.type == "resource" else split_http(found.block)
    capture, told = brief.read(found.fields, head, len(body))
    return Note(capture=capture, response=capture.id, head=told)
