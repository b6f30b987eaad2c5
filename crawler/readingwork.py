"""The reading process: parses pages for the crawl, one after another, and says what it read (`crawler.reader`).

It keeps nothing and writes nothing. A page that breaks it, or that it does not get done with, costs that page alone.
Started as `python -m crawler.readingwork`, with one end of a socket pair as stdin; it ends when the other is closed.
"""

from __future__ import annotations

import resource
import socket
import struct
import sys

import msgspec

from crawler.capture import Capture
from crawler.readings import Reading, read_page
from crawler.sight import Sight

MEMORY = 1 << 30  # bytes of address space; the densest page that is read takes an eighth of it
SIZES = struct.Struct(">II")
"""How a frame begins, both ways: the number of bytes of its head (MessagePack) and of the body that follows it."""


class Read(msgspec.Struct, frozen=True, array_like=True):
    """What came of a page: what was read, or how reading it broke."""

    reading: Reading | None = None
    error: str | None = None


_CAPTURE = msgspec.msgpack.Decoder(Capture)
_ENCODER = msgspec.msgpack.Encoder()


def framed(head: bytes, body: bytes = b"") -> bytes:
    """Return a frame."""
    return b"".join((SIZES.pack(len(head), len(body)), head, body))


def read(head: bytes, body: bytes) -> Read:
    """Read one page, given its capture (MessagePack) and body."""
    try:
        return Read(read_page(Sight(_CAPTURE.decode(head), lambda: body)))
    except Exception as error:  # noqa: BLE001 - whatever it was, it is said, and the next page is read
        return Read(error=f"{type(error).__name__}: {error}")


def serve(stream: socket.socket) -> None:
    """Read pages until the crawl has no more."""
    with stream, stream.makefile("rb") as pages:
        while len(start := pages.read(SIZES.size)) == SIZES.size:
            head, body = SIZES.unpack(start)
            stream.sendall(framed(_ENCODER.encode(read(pages.read(head), pages.read(body)))))


def main() -> int:
    """Serve the socket that is stdin."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    serve(socket.socket(fileno=sys.stdin.fileno()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
