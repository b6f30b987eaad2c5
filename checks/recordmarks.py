"""Marks of catalogue records in the history: which identifier a title had on which night, and nothing else of it."""

from __future__ import annotations

import hashlib

from crawler.portals.publishers import publisher_key
from crawler.records import Record

_DIGITS = 12


def title_of(record: Record) -> str:
    """Return a digest of the record's titles in all languages, told apart by portal and publisher; empty without any.

    Bodies give their sets the same names ("Contracts 2025"): a title speaks of the sets of its own publisher alone.
    """
    said = sorted(" ".join(text.split()).casefold() for text in record.titles.values() if text.strip())
    owned = "\x1f".join([record.portal, publisher_key(record), *said])
    return hashlib.sha256(owned.encode()).hexdigest()[:_DIGITS] if said else ""


def mark_of(record: Record) -> str:
    """Return what the history keeps of a record."""
    return f"{title_of(record)}={record.id}"


def read_mark(mark: str) -> tuple[str, str]:
    """Return the title's digest and the identifier of a mark."""
    title, _, name = mark.partition("=")
    return title, name
