"""A capture in brief: what the record that brought it does not say itself, as one field of that record's own head.

WARC/1.1 (ISO 28500:2017 section 4) lets records bear further fields and makes software ignore those it does not know.
A record says its address, date, status, headers, digest and length; what `implied` reads from these is not said again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from crawler.capture import Capture, CaptureKey, ExchangeOutcome, How, Purpose, Tls

FIELD = "ODRC-Capture"
RENDERED = "urn:rendered:"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
LONGEST = 4_096  # readers of WARC files bound the heads of records (JWAT: 8,192 bytes)
_FIRST_ERROR = 400
_NAMES = tuple(field.name for field in msgspec.structs.fields(Capture))
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_Pairs = tuple[tuple[str, str], ...]


class _Beside(msgspec.Struct, frozen=True):
    """What is no field of a capture: the head of an answer whose own record has none, and how it was framed.

    `framing` are the framing fields as received, with their places: the record's are made anew.
    """

    head: str | None = None
    framing: tuple[tuple[int, str, str], ...] | None = None


_Brief = msgspec.defstruct(
    "_Brief",
    [(field.name, field.type | UnsetType, UNSET) for field in msgspec.structs.fields(Capture)],
    bases=(_Beside,),
    frozen=True,
    kw_only=True,
)
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Brief)
_WIDE = re.compile(r"[^ -~]")


def written(capture: Capture, fields: Mapping[str, str], head: bytes, length: int, told: str | None) -> str | None:
    """Return the field's value for a record of *fields* (lower case) and HTTP *head*, or None when it is too long.

    *length* is that of the body as received; *told* the head of an answer whose own record has none.
    """
    known = implied(fields, head, length)
    pairs = zip(_NAMES, msgspec.structs.astuple(capture), msgspec.structs.astuple(known), strict=True)
    said = {name: mine for name, mine, other in pairs if mine is not other and mine != other}
    if "headers" in said and _unframed(known.headers) == _unframed(capture.headers):
        del said["headers"]
        said["framing"] = [(at, *pair) for at, pair in enumerate(capture.headers) if pair[0].lower() in _FRAMING]
    data = _ENCODER.encode({**said, "head": told} if told else said)
    text = _WIDE.sub(_escaped, data.decode())
    return text if len(text) <= LONGEST else None


def read(fields: Mapping[str, str], head: bytes, length: int) -> tuple[Capture, str | None]:
    """Return the capture that a record tells of, and the head of an answer whose own record has none.

    Raises ValueError (msgspec's errors are such) for a field that cannot be read.
    """
    brief = cast("_Beside", _DECODER.decode(fields[FIELD.lower()]))
    known = implied(fields, head, length)
    said = {name: value for name in _NAMES if (value := getattr(brief, name)) is not UNSET}
    if brief.framing is not None:
        said["headers"] = _framed(known.headers, brief.framing)
    return msgspec.structs.replace(known, **said), brief.head


def implied(fields: Mapping[str, str], head: bytes, length: int) -> Capture:
    """Return the capture as far as a record tells of it by itself; what it does not tell is what is most common.

    Raises ValueError for a record without an address or a date.
    """
    address, moment = fields.get("warc-target-uri"), fields.get("warc-date")
    if not address or not moment:
        raise ValueError("a record without an address or a date tells of no capture")
    url, rendered = address.removeprefix(RENDERED), address.startswith(RENDERED)
    started, digest = datetime.fromisoformat(moment), _digest(fields)
    confirmed = fields.get("warc-profile") == NOT_MODIFIED
    status, headers = _http(head)
    return Capture(
        id=_bare(fields.get("warc-record-id", "")),
        run="",
        night=started.date(),
        key=CaptureKey("GET", url),
        url=url,
        host=urlsplit(url).netloc,
        scopes=(),
        purpose=Purpose.PAGE,
        outcome=_outcome(status, confirmed=confirmed),
        started=started,
        finished=started,
        status=304 if confirmed else status,
        headers=headers,
        ip=fields.get("warc-ip-address"),
        tls=Tls(verified=True) if url.startswith("https:") else None,
        digest_received=digest,
        sha256=digest,
        length=length,
        truncated="warc-truncated" in fields,
        how=How.RENDERED if rendered else How.PLAIN,
        refers_to=_bare(fields.get("warc-refers-to", "")) or None,
    )


def _unframed(headers: _Pairs) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0].lower() not in _FRAMING]


def _framed(headers: _Pairs, framing: tuple[tuple[int, str, str], ...]) -> _Pairs:
    made = _unframed(headers)
    for place, name, value in framing:
        made.insert(place, (name, value))
    return tuple(made)


def _outcome(status: int | None, *, confirmed: bool) -> ExchangeOutcome:
    if confirmed:
        return ExchangeOutcome.NOT_MODIFIED
    return ExchangeOutcome.HTTP_ERROR if (status or 0) >= _FIRST_ERROR else ExchangeOutcome.OK


def _digest(fields: Mapping[str, str]) -> str | None:
    own = fields.get("warc-block-digest", "") if fields.get("warc-type") == "resource" else ""  # all payload
    kind, _, value = fields.get("warc-payload-digest", own).partition(":")
    return value if kind == "sha256" else None


def _bare(name: str) -> str:
    return name.strip("<>")


def _http(head: bytes) -> tuple[int | None, tuple[tuple[str, str], ...]]:
    """Return status and fields of an HTTP message's head; nothing of what is none."""
    first, *lines = head.decode("utf-8", "surrogateescape").rstrip("\r\n").split("\r\n")
    words = first.split(" ", 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdecimal() else None
    return status, tuple(map(_pair, lines))


@lru_cache(maxsize=1_024)
def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.removeprefix(" ")


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{unit:04x}" for unit in _units(found[0]))


def _units(sign: str) -> tuple[int, ...]:
    """Return a character as UTF-16 units, which JSON's escapes are made of (RFC 8259 section 7)."""
    data = sign.encode("utf-16-be")
    return tuple(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
