"""Writes exchanges as WARC 1.1 records, one gzip member each.

Stock warcio costs 36 to 45 % of the crawl's processor time (its zlib level is hard-coded); records made here and
compressed by igzip cost 7 %. They are read and verified with warcio all the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import BinaryIO

import msgspec

from crawler.archive import record
from crawler.archive.exchange import Message, head_text, records
from crawler.archive.ids import new_id
from crawler.archive.layout import GZIP, Layout, sync_folder
from crawler.archive.note import Note, encode_note
from crawler.capture import Capture
from crawler.clock import Clock
from crawler.coverage import RunCoverage
from crawler.redact import redact_headers, redact_text
from crawler.render.rules import Asked

MAX_FILE = 1_000_000_000


class Place(msgspec.Struct, frozen=True):
    """Where records landed: the file's relative name, the offset of the note, each response's offset by record id.

    Revisit records are responses here: they are what the exchange brought. It lies in one piece, from `start`, the
    offset of its first record, to `end`, behind the record with the note.
    """

    file: str
    offset: int
    responses: dict[str, int]
    start: int
    end: int


class WarcWriter:
    """The WARC files of one run. A file carries `.open` until it is closed; a killed run's files are recovered.

    `closed` is called with name and size of each file that has got its final name. A new one is begun after `largest`
    bytes.
    """

    def __init__(
        self, workspace: Path, night: date, run: str, clock: Clock, software: str = "odrc", largest: int = MAX_FILE
    ) -> None:
        self._layout = Layout(workspace)
        self._largest = largest
        self.closed: Callable[[str, int], None] = _nobody
        self._night, self._run, self._clock, self._software = night, run, clock, software
        self._file: BinaryIO | None = None
        self._name = ""
        self._size = 0

    def write(self, capture: Capture, messages: tuple[Message, ...] = (), asked: tuple[Asked, ...] = ()) -> Place:
        """Append an exchange in one piece: its messages, redirect hops first. The last record notes the capture."""
        self._ensure_open()
        start = offset = last = self._size
        pieces: list[bytes] = []
        responses: dict[str, int] = {}
        noted = False
        for message in messages:
            final = message.record == capture.id and not asked
            made = records(message, capture.started, capture if final else None)
            last = responses[message.record] = offset + len(made.request)
            pieces += [made.request, made.response]
            offset = last + len(made.response)
            noted = noted or made.noted
        if not noted:
            last = offset
            pieces.append(self._capture(capture, messages, asked))
        self._append(b"".join(pieces))
        return Place(self._name, last, responses, start, self._size)

    def write_coverage(self, coverage: RunCoverage) -> Place:
        """Append a run's closing statement."""
        self._ensure_open()
        offset = self._size
        block = encode_note(Note(coverage=coverage))
        fields = [*self._fields("metadata", new_id()), ("Content-Type", record.JSON), record.block_digest(block)]
        self._append(record.build(fields, block))
        return Place(self._name, offset, {}, offset, self._size)

    def close(self) -> None:
        """Put the file on disk for good and give it its final name."""
        if self._file is None:
            return
        file, self._file = self._file, None
        file.flush()
        os.fsync(file.fileno())
        file.close()
        path = self._layout.warc / self._name
        self._layout.opened(self._name).rename(path)
        sync_folder(path.parent)
        self.closed(self._name, self._size)

    def _ensure_open(self) -> None:
        if self._file is not None and self._size >= self._largest:
            self.close()
        if self._file is None:
            self._open()

    def _open(self) -> None:
        # A number that cold storage has is taken too.
        number, taken = 1, {name.partition(".warc")[0] for name in self._layout.files()}
        while self._layout.name(self._night, self._run, number).removesuffix(GZIP) in taken:
            number += 1
        self._name = self._layout.name(self._night, self._run, number)
        path = self._layout.opened(self._name)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: what write() returned from has left this process, and survives its being killed.
        self._file = path.open("xb", buffering=0)
        self._size = 0
        self._append(self._warcinfo())

    def _append(self, data: bytes) -> None:
        if self._file is None:
            raise ValueError("the WARC file is closed")
        view, written = memoryview(data), 0
        try:
            while written < len(data):
                written += self._file.write(view[written:]) or 0
        except OSError:
            # Leave whole records only, as far as the disk still lets us.
            self._file.truncate(self._size)
            self._file.seek(self._size)
            raise
        self._size += len(data)

    def _fields(self, kind: str, record_id: str) -> list[tuple[str, str]]:
        now = record.stamp(self._clock.now())
        return [("WARC-Type", kind), ("WARC-Record-ID", f"<{record_id}>"), ("WARC-Date", now)]

    def _warcinfo(self) -> bytes:
        block = record.info_block(
            {
                "software": self._software,
                "format": "WARC File Format 1.1",
                "description": "bodies exact as received, header blocks rebuilt, secrets redacted",
                "isPartOf": f"{self._night.isoformat()}/{self._run}",
            }
        )
        fields = self._fields("warcinfo", new_id())
        fields += [("WARC-Filename", Path(self._name).name), ("Content-Type", "application/warc-fields")]
        fields.append(record.block_digest(block))
        return record.build(fields, block)

    @staticmethod
    def _capture(capture: Capture, messages: tuple[Message, ...], asked: tuple[Asked, ...]) -> bytes:
        last = next((message for message in messages if message.record == capture.id), None)
        final = last.record if last else None
        told = head_text(last) if last and last.not_modified else None
        block = encode_note(Note(capture=capture, response=final, head=told, asked=asked))
        # No WARC-Target-URI: the field is optional here, and indexers would take the note for the page itself.
        fields = [
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", f"<{new_id() if final else capture.id}>"),
            ("WARC-Date", record.stamp(capture.started)),
            ("Content-Type", record.JSON),
        ]
        fields += [("WARC-Concurrent-To", f"<{final}>")] if final else []
        return record.build([*fields, record.block_digest(block)], block)


def _nobody(_name: str, _size: int) -> None:
    """Tell nobody."""


def redacted(capture: Capture) -> Capture:
    """Return the capture as it may be written down."""
    asked = redact_text(capture.key.url)
    return msgspec.structs.replace(
        capture,
        key=capture.key if asked == capture.key.url else msgspec.structs.replace(capture.key, url=asked),
        url=redact_text(capture.url),
        scopes=tuple(map(redact_text, capture.scopes)),
        headers=redact_headers(capture.headers),
        redirects=tuple(
            msgspec.structs.replace(hop, url=redact_text(hop.url), location=redact_text(hop.location))
            for hop in capture.redirects
        ),
        found_on=redact_text(capture.found_on) if capture.found_on else None,
        detail=redact_text(capture.detail) if capture.detail else None,
    )
