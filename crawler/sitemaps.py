"""Reads lists of addresses: sitemaps (sitemaps.org 0.9; index, gzip, plain text), feeds (RSS, Atom), robots.txt lines.

What a list is shows in its bytes; declared types lie. Everything is bounded: bytes after unpacking, entries, and XML is
read without entities, DTDs or network.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

import msgspec
from lxml import etree

from crawler.html import is_html
from crawler.safexml import local

MOST_BYTES = 52_428_800  # sitemaps.org: 50 MB unpacked
MOST_ENTRIES = 50_000
_LINE = re.compile(rb"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)")
_GZIP = b"\x1f\x8b"
_ROOTS = {"urlset": "sitemap", "sitemapindex": "index", "rss": "feed", "feed": "feed", "RDF": "feed"}
_ENTRIES = {"sitemap": ("url",), "index": ("sitemap",), "feed": ("item", "entry")}
_WHOLE = frozenset(name for names in _ENTRIES.values() for name in names)


class Listed(msgspec.Struct, frozen=True):
    """What a list names, as it stands there: addresses of pages, and further lists. `reason`: why it ended early."""

    pages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    reason: str | None = None


def sitemap_lines(robots: bytes) -> tuple[str, ...]:
    """Return the addresses in the Sitemap lines of a robots.txt; they belong to no group."""
    return tuple(dict.fromkeys(line.decode("utf-8", "replace") for line in _LINE.findall(robots)))


def read_list(body: bytes) -> Listed:
    """Return what a sitemap or feed names. What was read before something went wrong is kept."""
    data = _unpacked(body) if body.startswith(_GZIP) else body
    if data is None:
        return Listed(reason="not_gzip")
    if len(data) > MOST_BYTES:
        return Listed(reason="too_large")
    if is_html(data, None):
        return Listed(reason="not_a_list")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return _xml(data.lstrip()) if start == b"<" else _plain(data)


def whole_entries(body: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Yield kind of list (sitemap, index, feed) and element of each entry of an XML list; what is none has no entries.

    An element is good until the next one is asked for. What was read before something went wrong is yielded.
    """
    data = _unpacked(body) if body.startswith(_GZIP) else body
    if data is None or len(data) > MOST_BYTES or is_html(data, None):
        return
    whole = (item for item in _elements(data.lstrip()) if local(item[1]) in _ENTRIES[item[0]])
    try:
        yield from islice(whole, MOST_ENTRIES)
    except (_NoListError, etree.XMLSyntaxError, ValueError, LookupError):
        return


def _unpacked(body: bytes) -> bytes | None:
    """Return the unpacked bytes, at most one more than are read; None for bytes that are no gzip."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        return unpacker.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        return None


def _plain(data: bytes) -> Listed:
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines()]
    found = [line for line in lines if line.lower().startswith(("http://", "https://"))]
    if not found:
        return Listed(reason="not_a_list")
    return Listed(tuple(found[:MOST_ENTRIES]), reason="too_many" if len(found) > MOST_ENTRIES else None)


def _xml(data: bytes) -> Listed:
    pages: dict[str, None] = {}
    lists: dict[str, None] = {}
    reason = None
    try:
        for kind, address in _entries(data):
            (lists if kind == "index" else pages)[address] = None
            if len(pages) + len(lists) > MOST_ENTRIES:
                reason = "too_many"
                break
    except _NoListError as error:
        reason = str(error)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        reason = "broken_xml"
    return Listed(tuple(pages)[:MOST_ENTRIES], tuple(lists)[:MOST_ENTRIES], reason)


class _NoListError(Exception):
    """The document is something else, or dangerous."""


def _entries(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield kind of list and address for each entry."""
    for kind, element in _elements(data):
        address = _address(kind, local(element), element)
        if address:
            yield kind, address


def _elements(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Yield the kind of a list and each element below its root as it ends, letting go of whole entries."""
    if re.search(rb"<!ENTITY", data[:65_536], re.IGNORECASE):
        raise _NoListError("entities")
    events = etree.iterparse(
        BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    kind = ""
    for event, element in events:
        name = local(element)
        if not kind:
            kind = _ROOTS.get(name, "")
            if not kind:
                raise _NoListError("not_a_list")
        elif event == "end":
            yield kind, element
            if name in _WHOLE:
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]


def _address(kind: str, name: str, element: etree._Element) -> str | None:
    """Return the address that an element of a list names, or None."""
    parent = element.getparent()
    within = local(parent) if parent is not None else ""
    text = (element.text or "").strip()
    if kind != "feed":
        named = {"loc": text if within in ("url", "sitemap") else "", "link": element.get("href") or ""}
        return named.get(name) or None  # xhtml:link names language versions
    if name != "link" or within not in ("item", "entry"):
        return None
    return text or (element.get("href") if element.get("rel", "alternate") == "alternate" else None) or None
