"""WARC 1.1 records as bytes: building them, and taking them apart again."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from crawler.archive.codecs import gzipped
from crawler.capture import Capture
from crawler.coverage import RunCoverage
from crawler.render.rules import Asked

HTTP_REQUEST = "application/http; msgtype=request"
HTTP_RESPONSE = "application/http; msgtype=response"
JSON = "application/json"
_DROPPED = frozenset({"transfer-encoding", "content-length"})

Headers = Iterable[tuple[str, str]]


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
    """What a metadata record of ours holds: a capture, a run's closing statement, or what stands for a body.

    `head` is the head of an answer whose own record has none (304): status line and fields as received. `asked` is
    what a browser asked for while it drew the page.
    """

    capture: Capture | None = None
    coverage: RunCoverage | None = None
    tombstone: Tombstone | None = None
    response: str | None = None
    head: str | None = None
    asked: tuple[Asked, ...] = ()


class Record(msgspec.Struct, frozen=True):
    """A record taken apart: its head as it stands, its named fields (lower case) and its block."""

    head: bytes
    fields: dict[str, str]
    block: bytes

    @property
    def type(self) -> str:
        """The record's WARC-Type."""
        return self.fields.get("warc-type", "")

    @property
    def id(self) -> str:
        """The record's WARC-Record-ID without the angle brackets."""
        return self.fields.get("warc-record-id", "").strip("<>")


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Note)


def new_id() -> str:
    """Return a fresh WARC-Record-ID, without the angle brackets that surround it in the file."""
    return f"urn:uuid:{uuid.uuid4()}"


def stamp(moment: datetime) -> str:
    """Return a WARC-Date: UTC with microseconds, as WARC 1.1 allows."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def build(fields: Headers, block: bytes, *, payload: bytes | None = None, payload_digest: str | None = None) -> bytes:
    """Return one record as one gzip member, with block (and payload) digests.

    *payload_digest* (hex SHA-256) is that of a payload which is kept elsewhere.
    """
    return gzipped(plain(fields, block, payload=payload, payload_digest=payload_digest))


def plain(fields: Headers, block: bytes, *, payload: bytes | None = None, payload_digest: str | None = None) -> bytes:
    """Return one record, not compressed, with block (and payload) digests."""
    digest = hashlib.sha256(payload).hexdigest() if payload is not None else payload_digest
    lines = [f"{name}: {_line(value)}" for name, value in fields]
    lines.append(f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}")
    if digest is not None:
        lines.append(f"WARC-Payload-Digest: sha256:{digest}")
    lines.append(f"Content-Length: {len(block)}")
    return "\r\n".join(("WARC/1.1", *lines)).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def parse(data: bytes) -> Record:
    """Take a decompressed member apart. Raises ValueError when it is no WARC record."""
    head, separator, rest = data.partition(b"\r\n\r\n")
    version, *lines = head.split(b"\r\n")
    if not separator or not version.startswith(b"WARC/"):
        raise ValueError("not a WARC record")
    pairs = (line.decode("utf-8", "replace").partition(":") for line in lines)
    fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(fields.get("content-length", "0"))
    if len(rest) < length:
        raise ValueError(f"block cut short: {len(rest)} of {length} bytes")
    return Record(head, fields, rest[:length])


def assembled(record: Record) -> bytes:
    """Return a record as it stands in a file, not compressed."""
    return record.head + b"\r\n\r\n" + record.block + b"\r\n\r\n"


def request_block(method: str, url: str, headers: Headers) -> bytes:
    """Return a request's head as it was sent (HTTP/1.1); a body comes behind it."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _head(f"{method} {target} HTTP/1.1", (("Host", parts.netloc), *headers))


def response_block(status: int, headers: Headers, body: bytes) -> bytes:
    """Return a response: the header block rebuilt, the body as it was received.

    The framing fields are made anew, because what they said was undone on receipt.
    """
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    return response_head(status, (*kept, ("Content-Length", str(len(body))))) + body


def response_head(status: int, headers: Headers) -> bytes:
    """Return a response's status line and fields, up to the empty line."""
    return _head(f"HTTP/1.1 {status} {_phrase(status)}".rstrip(), headers)


def split_http(block: bytes) -> tuple[bytes, bytes]:
    """Return head and body of an HTTP message."""
    head, _, body = block.partition(b"\r\n\r\n")
    return head, body


def encode_note(note: Note) -> bytes:
    """Return a metadata record's block."""
    return _ENCODER.encode(note)


def decode_note(record: Record) -> Note | None:
    """Return what a metadata record of ours holds, or None for anybody else's."""
    if record.type != "metadata" or record.fields.get("content-type") != JSON:
        return None
    try:
        return _DECODER.decode(record.block)
    except msgspec.DecodeError:
        return None


def info_block(fields: dict[str, Any]) -> bytes:
    """Return the block of a warcinfo record."""
    return "".join(f"{name}: {_line(str(value))}\r\n" for name, value in fields.items()).encode()


def _head(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {_line(value)}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def _line(value: str) -> str:
    return " ".join(value.splitlines())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
