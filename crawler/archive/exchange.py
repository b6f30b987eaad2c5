"""The WARC records of one exchange: request, then response, or a revisit where the body is kept already.

Revisits follow ISO 28500:2017 (WARC 1.1) section 6.7. A revisit after a 304 has no block: replay tools show the head of
the record they find, and a 304 would show nothing; the head as received stands in the exchange's note instead.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from crawler.archive import record
from crawler.redact import redact_headers, redact_text

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class Original(msgspec.Struct, frozen=True):
    """The response record that holds a body: its id, its address, its date, the digest of the body as received."""

    record: str
    url: str
    date: datetime
    digest_received: str | None


class Message(msgspec.Struct, frozen=True):
    """A request and the response to it, as they went over the wire. `body` is content-coded as received.

    `record` is the WARC-Record-ID that the response gets; `original` where its body is kept, if that is elsewhere. What
    a browser showed is `rendered`: its body is no answer of a server but a resource.
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

    @property
    def not_modified(self) -> bool:
        """Whether the server said that the body it gave before still holds."""
        return self.original is not None and self.status == 304  # noqa: PLR2004 - RFC 9110 section 15.4.5


def records(message: Message, started: datetime) -> tuple[bytes, bytes]:
    """Return the request record and the response (or revisit) record of a message."""
    url = redact_text(message.url)
    if message.rendered:
        return b"", _resource(message, url, started)
    shared = [("WARC-Target-URI", url), ("WARC-Date", record.stamp(started))]
    shared += [("WARC-IP-Address", message.ip)] if message.ip else []
    asked = [
        ("WARC-Type", "request"),
        ("WARC-Record-ID", f"<{record.new_id()}>"),
        ("WARC-Concurrent-To", f"<{message.record}>"),
        *shared,
        ("Content-Type", record.HTTP_REQUEST),
    ]
    request = record.request_block(message.method, url, redact_headers(message.sent)) + message.sent_body
    answered = _revisit(message, shared) if message.original else _response(message, shared)
    return record.build(asked, request), answered


def head(message: Message) -> str:
    """Return the head of a response as text, secrets taken out: status line and fields as received."""
    return record.response_head(message.status, redact_headers(message.headers)).decode("utf-8", "replace").rstrip()


def _response(message: Message, shared: list[tuple[str, str]]) -> bytes:
    fields = [("WARC-Type", "response"), ("WARC-Record-ID", f"<{message.record}>"), *shared]
    fields += [("WARC-Truncated", "length")] if message.truncated else []
    fields.append(("Content-Type", record.HTTP_RESPONSE))
    block = record.response_block(message.status, redact_headers(message.headers), message.body)
    return record.build(fields, block, payload=message.body)


def _resource(message: Message, url: str, started: datetime) -> bytes:
    """Return the record of what a browser showed (ISO 28500:2017 section 6.3.2, `resource`).

    Its address is a name of its own, so that replay shows what the server sent and not this.
    """
    shared = [("WARC-Target-URI", f"urn:rendered:{url}"), ("WARC-Date", record.stamp(started))]
    content_type = next((text for name, text in message.headers if name.lower() == "content-type"), "text/html")
    if message.original:
        return _again(message, message.original, [*shared, ("Content-Type", content_type)], b"")
    fields = [("WARC-Type", "resource"), ("WARC-Record-ID", f"<{message.record}>"), *shared]
    fields += [("WARC-Truncated", "length")] if message.truncated else []
    fields.append(("Content-Type", content_type))
    return record.build(fields, message.body, payload=message.body)


def _revisit(message: Message, shared: list[tuple[str, str]]) -> bytes:
    if message.original is None:
        raise ValueError("a revisit names the record that it refers to")
    whole = record.response_block(message.status, redact_headers(message.headers), message.body)
    block = b"" if message.not_modified else whole[: len(whole) - len(message.body)]
    return _again(message, message.original, [*shared, ("Content-Type", record.HTTP_RESPONSE)], block)


def _again(message: Message, original: Original, shared: list[tuple[str, str]], block: bytes) -> bytes:
    *others, content_type = shared
    fields = [
        ("WARC-Type", "revisit"),
        ("WARC-Record-ID", f"<{message.record}>"),
        *others,
        ("WARC-Profile", NOT_MODIFIED if message.not_modified else IDENTICAL),
        ("WARC-Refers-To", f"<{original.record}>"),
        ("WARC-Refers-To-Target-URI", redact_text(original.url)),
        ("WARC-Refers-To-Date", record.stamp(original.date)),
        content_type,
    ]
    return record.build(fields, block, payload_digest=original.digest_received)
