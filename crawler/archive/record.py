"""WARC 1.1 records as bytes: building them, and taking them apart again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec

from crawler.archive.codecs import gzipped

HTTP_REQUEST = "application/http; msgtype=request"
HTTP_RESPONSE = "application/http; msgtype=response"
JSON = "application/json"
_UNDONE = frozenset({"transfer-encoding"})

Headers = Iterable[tuple[str, str]]


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


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """Return a WARC-Date: UTC with microseconds, as WARC 1.1 allows."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def build(fields: Headers, block: bytes) -> bytes:
    """Return one record as one gzip member."""
    return gzipped(plain(fields, block))


def plain(fields: Headers, block: bytes) -> bytes:
    """Return one record, not compressed."""
    lines = [f"{name}: {_line(value)}" for name, value in fields]
    lines.append(f"Content-Length: {len(block)}")
    return "\r\n".join(("WARC/1.1", *lines)).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def block_digest(block: bytes, sha256: str | None = None) -> tuple[str, str]:
    """Return the field with a block's digest (hex *sha256*, where it is known already)."""
    return "WARC-Block-Digest", f"sha256:{sha256 or hashlib.sha256(block).hexdigest()}"


def payload_digest(sha256: str) -> tuple[str, str]:
    """Return the field with a payload's digest (hex SHA-256)."""
    return "WARC-Payload-Digest", f"sha256:{sha256}"


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


def framed_head(status: int, headers: Headers, length: int) -> bytes:
    """Return the head of a response whose body has *length* bytes: rebuilt, in the order received.

    The framing fields are made anew, because what they said was undone on receipt.
    """
    made: list[tuple[str, str]] = []
    stated = False
    for name, value in headers:
        lowered = name.lower()
        if lowered != "content-length" and lowered not in _UNDONE:
            made.append((name, value))
        elif lowered not in _UNDONE and not stated:
            made.append((name, str(length)))
            stated = True
    return response_head(status, made if stated else (*made, ("Content-Length", str(length))))


def response_head(status: int, headers: Headers) -> bytes:
    """Return a response's status line and fields, up to the empty line."""
    return _head(f"HTTP/1.1 {status} {_phrase(status)}".rstrip(), headers)


def split_http(block: bytes) -> tuple[bytes, bytes]:
    """Return head and body of an HTTP message."""
    head, _, body = block.partition(b"\r\n\r\n")
    return head, body


def info_block(fields: dict[str, Any]) -> bytes:
    """Return the block of a warcinfo record."""
    return "".join(f"{name}: {_line(str(value))}\r\n" for name, value in fields.items()).encode()


def _head(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {_line(value)}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def _line(value: str) -> str:
    return value if value.isprintable() else " ".join(value.splitlines())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
