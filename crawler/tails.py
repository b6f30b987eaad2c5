"""The ends of files too large to be kept whole: containers say there what they hold.

A ZIP's directory, a Parquet file's footer and a PDF's trailer stand at the end. Where only the first bytes were taken,
the last are asked for with a Range of their own (RFC 9110 section 14): an exchange like any other, with purpose `tail`
and a key whose variant names the range. Servers lie about ranges; an answer that is not exactly the end is not used.
"""

from __future__ import annotations

import re

import msgspec

from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.books import Visit
from crawler.capture import Capture, CaptureKey, Purpose
from crawler.redact import MASK

TAIL_BYTES = 262_144
_PURPOSES = frozenset({Purpose.DOCUMENT, Purpose.DISTRIBUTION})
_CONTAINERS = (b"PK\x03\x04", b"PAR1", b"%PDF-")
_DIGITS = 18  # of a length; Python refuses numbers of thousands
_RANGE = re.compile(rf"^bytes (\d{{1,{_DIGITS}}})-(\d{{1,{_DIGITS}}})/(\d{{1,{_DIGITS}}})$", re.ASCII)
_OK, _PARTIAL = 200, 206


def wanted(capture: Capture, body: bytes) -> Visit | None:
    """Return the question for the end of a file that begins with *body*, or None where it would say nothing."""
    cut = capture.purpose in _PURPOSES and capture.truncated and capture.status == _OK
    if not cut or not body.startswith(_CONTAINERS) or MASK in capture.url or not _length(capture):
        return None
    if capture.header("content-encoding") or (capture.header("accept-ranges") or "").lower() == "none":
        return None
    return Visit(capture.url, _key(capture), Purpose.TAIL, found_on=capture.key.url)


def joined(archive: Archive, capture: Capture, body: bytes) -> tuple[bytes, str | None]:
    """Return the beginning of a cut file with its end behind it, and the end's digest; without one the body alone.

    What was between is left out: readers that go by the end find their way, offsets into the middle lead nowhere.
    """
    for tail in archive.of_key(_key(capture).text(), capture.night):
        if tail.run == capture.run and is_end(tail, capture):
            try:
                return body + archive.body(tail), tail.sha256
            except ArchiveError:
                continue
    return body, None


def is_end(tail: Capture, head: Capture) -> bool:
    """Tell whether an answer is the end of the file that *head* is the beginning of, by all that both say."""
    stated = _RANGE.match(tail.header("content-range") or "")
    if tail.status != _PARTIAL or tail.truncated or stated is None:
        return False
    first, last, total = map(int, stated.groups())
    tags = {tag for tag in (head.header("etag"), tail.header("etag")) if tag}
    exact = last == total - 1 and last - first + 1 == tail.length
    return exact and total == _length(head) and len(tags) < 2 and first >= (head.length or 0)  # noqa: PLR2004 - one tag


def _key(capture: Capture) -> CaptureKey:
    asked = (("header:accept-encoding", "identity"), ("header:range", f"bytes=-{TAIL_BYTES}"))
    return msgspec.structs.replace(capture.key, url=capture.url, variant=asked)


def _length(capture: Capture) -> int | None:
    """Return the length that a file is said to have, where that is more than was taken of it."""
    stated = capture.header("content-length") or ""
    length = int(stated) if re.fullmatch(rf"[0-9]{{1,{_DIGITS}}}", stated) else 0
    return length if length > (capture.length or 0) else None
