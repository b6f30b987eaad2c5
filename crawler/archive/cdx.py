"""CDXJ lines for replay tools, and the block-compressed form of a sorted index (ZipNum).

The search key is the "sort-friendly URI" of the Internet Archive's tools: host reversed, `www.` gone, all in lower
case, query sorted. Written from its description; the reference package is AGPL.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.archive.record import Record, split_http

_WWW = re.compile(r"^www\d*\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_BLOCK = 300  # lines per compressed block, as the field's tools make them
_KINDS = frozenset({"response", "revisit", "resource"})


def surt(url: str) -> str:
    """Return the search key of an address. One without a host is its own key."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    host = ",".join(reversed(_WWW.sub("", parts.hostname.lower()).split(".")))
    port = f":{parts.port}" if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme) else ""
    path = parts.path.lower().rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{host}{port}){path}" + (f"?{query}" if query else "")


def line(record: Record, file: str, offset: int, length: int) -> str | None:
    """Return the CDXJ line of a record, or None for one that is not replayed."""
    url, moment = record.fields.get("warc-target-uri"), record.fields.get("warc-date", "")
    if record.type not in _KINDS or not url:
        return None
    status, mime = _http(record)
    told = {
        "url": url,
        "mime": "warc/revisit" if record.type == "revisit" else mime,
        "status": status,
        "digest": record.fields.get("warc-payload-digest", "-"),
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    return f"{surt(url)} {re.sub(r'[^0-9]', '', moment)[:14]} {json.dumps(told, ensure_ascii=False)}\n"


def compressed(lines: list[str], name: str) -> tuple[bytes, bytes]:
    """Return sorted lines as gzip blocks (the file *name*), and the index of those blocks."""
    blocks: list[bytes] = []
    index = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}\n"]
    offset = 0
    for chunk in _chunks(sorted(lines)):
        block = gzip.compress("".join(chunk).encode(), mtime=0)
        place = {"offset": offset, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
        key, moment, _rest = chunk[0].split(" ", 2)
        index.append(f"{key} {moment} {json.dumps(place)}\n")
        blocks.append(block)
        offset += len(block)
    return b"".join(blocks), "".join(index).encode()


def _chunks(lines: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(lines), _BLOCK):
        yield lines[start : start + _BLOCK]


def _http(record: Record) -> tuple[str, str]:
    """Return status and media type of an HTTP message, `-` for what it does not say; a resource has no status."""
    if record.type == "resource":
        return "-", record.fields.get("content-type", "-").partition(";")[0].strip().lower()
    first, *fields = split_http(record.block)[0].split(b"\r\n")
    words = first.split(b" ", 2)
    named = (field.partition(b":") for field in fields)
    kind = next((value for name, _, value in named if name.strip().lower() == b"content-type"), b"")
    mime = kind.partition(b";")[0].strip().decode("latin-1").lower()
    return words[1].decode("latin-1") if len(words) > 1 else "-", mime or "-"
