"""Marks of catalogue records in the history: which identifier a title had on which night, and nothing else of it."""

from __future__ import annotations

import hashlib

from crawler.records import Record

_DIGITS = 12


def title_of(record: Record) -> str:
    """Return a digest of the record's titles in all languages; empty when it has none."""
    said = sorted(" ".join(text.split()).casefold() for text in record.titles.values() if text.strip())
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:_DIGITS] if said else ""


def mark_of(record: Record) -> str:
    """Return what the history keeps of a record."""
    return f"{title_of(record)}={record.id}"


def read_mark(mark: str) -> tuple[str, str]:
    """Return the title's digest and the identifier of a mark."""
    title, _, name = mark.partition("=")
    return title, name
