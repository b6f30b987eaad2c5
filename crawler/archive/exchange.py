"""The WARC records of one exchange: request, then response, or a revisit where the body is kept already.

The last record of an exchange bears the capture in brief (`crawler.archive.brief`). Requests and empty blocks have no
digest: the check sum of their gzip member covers them.

Revisits follow ISO 28500:2017 (WARC 1.1) section 6.7. A revisit after a 304 has no block: replay tools show the head of
the record they find, and a 304 would show nothing; the head as received stands in the exchange's note instead.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from crawler.archive import brief, record
from crawler.archive.ids import new_id
from crawler.capture import Capture
from crawler.redact import redact_headers, redact_text

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


class Original(msgspec.Struct, frozen=True):
    """The response record that holds a body: its id, its address, its date, the digest of the body as received."""

    record: str
    url: str
    date: datetime
    digest_received: str | None


class Message(msgspec.Struct, frozen=True):
    """A request and the response to it, as they went over the wire. `body` is content-coded as received.

    `record` is the WARC-Record-ID that the response gets; `original` where its body is kept, if that is elsewhere. What
    a browser showed is `rendered`: its body is no answer of a server but a resource. `sha256` is the body's digest,
    where it is known already.
    """

    record: str
    method: str
    url: str
    sent: tuple[tuple[str, str], ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ip: str | None = None
    truncated: bool = False
    sent_body: bytes = b""
    original: Original | None = None
    rendered: bool = False
    sha256: str | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of the body as received."""
        return self.sha256 or hashlib.sha256(self.body).hexdigest()

    @property
    def not_modified(self) -> bool:
        """Whether the server said that the body it gave before still holds."""
        return self.original is not None and self.status == 304  # noqa: PLR2004 - RFC 9110 section 15.4.5


class Written(msgspec.Struct, frozen=True):
    """The records of a message, compressed; whether the response bears the capture's note."""

    request: bytes
    response: bytes
    noted: bool


Fields = list[tuple[str, str]]


def records(message: Message, started: datetime, capture: Capture | None) -> Written:
    """Return the request record and the response (or revisit) record of a message.

    *capture* is noted in the response's head, if it is to be and is short enough.
    """
    url = redact_text(message.url)
    request = b"" if message.rendered else _request(message, url, started)
    fields, head, body = _answer(message, url, started)
    block = head + body if head else body
    fields += [record.block_digest(block, message.digest if message.rendered else None)] if block else []
    note = None
    if capture:
        told = head_text(message) if message.not_modified else None
        note = brief.written(capture, {name.lower(): value for name, value in fields}, head, len(body), told)
    fields += [(brief.FIELD, note)] if note else []
    return Written(request, record.build(fields, block), note is not None)


def head_text(message: Message) -> str:
    """Return the head of a response as text, secrets taken out: status line and fields as received."""
    return record.response_head(message.status, redact_headers(message.headers)).decode("utf-8", "replace").rstrip()


def _request(message: Message, url: str, started: datetime) -> bytes:
    fields = [
        ("WARC-Type", "request"),
        ("WARC-Record-ID", f"<{new_id()}>"),
        ("WARC-Concurrent-To", f"<{message.record}>"),
        ("WARC-Target-URI", url),
        ("WARC-Date", record.stamp(started)),
        ("Content-Type", record.HTTP_REQUEST),
    ]
    block = record.request_block(message.method, url, redact_headers(message.sent)) + message.sent_body
    return record.build(fields, block)


def _answer(message: Message, url: str, started: datetime) -> tuple[Fields, bytes, bytes]:
    """Return the fields, the HTTP head and the body of the record of what came back."""
    # What a browser showed has a name of its own, so that replay shows what the server sent and not this.
    address = brief.RENDERED + url if message.rendered else url
    fields = [("WARC-Target-URI", address), ("WARC-Date", record.stamp(started))]
    fields += [("WARC-IP-Address", message.ip)] if message.ip and not message.rendered else []
    whole = b"" if message.rendered or message.not_modified else _framed_head(message)
    if message.original:
        return _again(message, message.original, fields), whole, b""
    kind = "resource" if message.rendered else "response"  # ISO 28500:2017 sections 6.3.2 and 6.3.1
    made = [("WARC-Type", kind), ("WARC-Record-ID", f"<{message.record}>"), *fields]
    made += [("WARC-Truncated", "length")] if message.truncated else []
    made.append(_content_type(message))
    made += [] if message.rendered else [record.payload_digest(message.digest)]  # a resource's block is its payload
    return made, whole, message.body


def _again(message: Message, original: Original, fields: Fields) -> Fields:
    made = [
        ("WARC-Type", "revisit"),
        ("WARC-Record-ID", f"<{message.record}>"),
        *fields,
        ("WARC-Profile", brief.NOT_MODIFIED if message.not_modified else IDENTICAL),
        ("WARC-Refers-To", f"<{original.record}>"),
        ("WARC-Refers-To-Target-URI", redact_text(original.url)),
        ("WARC-Refers-To-Date", record.stamp(original.date)),
        _content_type(message),
    ]
    return made + ([record.payload_digest(original.digest_received)] if original.digest_received else [])


def _framed_head(message: Message) -> bytes:
    return record.framed_head(message.status, redact_headers(message.headers), len(message.body))


def _content_type(message: Message) -> tuple[str, str]:
    if not message.rendered:
        return "Content-Type", record.HTTP_RESPONSE
    return "Content-Type", next((text for name, text in message.headers if name.lower() == "content-type"), "text/html")
