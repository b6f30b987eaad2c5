"""The type of a file from its bytes, with confidence and reasons. Its name is asked only where bytes cannot tell.

A bare text can be a table of one column, notes in Markdown or words: there a name that the bytes do not contradict
decides, and the reasons say so.
"""

from __future__ import annotations

from checks.facts.files.encoding import decode, encoding_of
from checks.facts.files.guess import CERTAIN, FAINT, LIKELY, STRONG, WEAK, Guess, guess
from checks.facts.files.magic import OLE2, by_magic
from checks.facts.files.ole import ole_kind
from checks.facts.files.texts import text_kind
from checks.facts.files.zips import zip_kind
from config.formats import Family, formats, is_a

_HEAD = 1 << 18
_TAIL = 66_000
_GPKG = (b"GPKG", b"GP10", b"GP11")
_SEALED = frozenset({"ooxml_encrypted", "ole2"})
"""Containers that do not show what is in them: any name may be right."""
_UNSURE = frozenset({"csv", "tsv", "yaml", "md", "txt", "sql", "ini", "toml", "dot", "tex"})
_HINTS = frozenset({"csv", "tsv", "md", "yaml", "txt", "px", "sql", "css", "js", "log", "turtle", "json"})
"""Text types that a name may settle: their bytes can look like any text."""


def sniff(body: bytes) -> Guess:
    """Return the type that the bytes tell. Any bytes: never raises."""
    if not body:
        return guess(None, CERTAIN, "empty")
    if body[:2] == b"PK" and body[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08", b"00"):
        return zip_kind(body)
    if body.startswith(OLE2):
        return ole_kind(body)
    if body.startswith(b"SQLite format 3\0"):
        return _sqlite(body)
    return by_magic(body) or _text(body) or _by_end(body) or guess(None, FAINT, "bytes:unknown")


def settle(found: Guess, *named: str | None) -> Guess:
    """Return the guess in the light of what name, Content-Type and catalogue say, where bytes leave it open."""
    for hint in named:
        if hint is None or found.type is None or hint == found.type or hint not in _HINTS:
            continue
        vague = found.type == "txt" and found.confidence <= WEAK
        unsure = found.confidence <= LIKELY and found.type in _UNSURE
        if vague or (unsure and hint in ("md", "yaml", "csv", "px", "sql")):
            return Guess(hint, WEAK, (f"name:{hint}", *found.reasons))
    return found


def _sqlite(body: bytes) -> Guess:
    if body[68:72] in _GPKG:
        return guess("gpkg", CERTAIN, "sqlite:application_id")
    if b"gpkg_contents" in body[:_HEAD]:
        return guess("gpkg", STRONG, "sqlite:gpkg_contents")
    if body[68:72] == b"MPBX" or (b"tile_column" in body[:_HEAD] and b"zoom_level" in body[:_HEAD]):
        return guess("mbtiles", STRONG, "sqlite:tiles")
    return guess("sqlite", CERTAIN, "magic:sqlite")


def _by_end(body: bytes) -> Guess | None:
    """Tell the last part of a zip that was cut into parts by the directory at its end."""
    tail = body[-_TAIL:]
    whole = b"PK\x05\x06" in tail and b"PK\x01\x02" in tail
    return guess("zip", LIKELY, "zip:last_part") if whole else None


def _text(body: bytes) -> Guess | None:
    head, whole = body[:_HEAD], len(body) <= _HEAD
    found = encoding_of(head, whole=whole)
    if _binary(head):
        return None
    if found is None:  # tags in ASCII may still tell what a text of an unknown encoding is
        if head.lstrip()[:1] != b"<":
            return None
        told = text_kind(decode(head, "latin-1"), whole=whole)
        return told.because("encoding:unknown") if told.type == "html" and told.confidence >= LIKELY else None
    whole_json = body[:1] in b"{[" and len(body) <= 4 * _HEAD
    text = decode(body if whole_json else head, found.name)
    told = text_kind(text, whole=whole or whole_json)
    return told.because(f"encoding:{found.name}")


def _binary(head: bytes) -> bool:
    """Tell bytes that no text holds: control signs other than line ends, tabs, form feeds and escapes."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:1024]:
        return False
    odd = len(head) - len(head.translate(None, bytes([*range(9), 11, *range(14, 27), 28, 29, 30, 31])))
    return odd > max(4, 0.005 * len(head))


def agrees(sniffed: str | None, declared: str | None) -> bool | None:
    """Tell whether a declared type holds of a sniffed one: equal, or one a kind of the other. None: not comparable.

    Kinds of plain text other than tables (YAML, Markdown, SQL) share their signs: they never contradict each other.
    """
    if sniffed is None or declared is None or sniffed in _SEALED:
        return None
    return is_a(sniffed, declared) or is_a(declared, sniffed) or (None if _both_words(sniffed, declared) else False)


def _both_words(*kinds: str) -> bool:
    return all(is_a(kind, "txt") and formats()[kind].family in (Family.DOCUMENT, Family.STRUCTURED) for kind in kinds)
