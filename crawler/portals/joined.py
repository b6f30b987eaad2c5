"""Makes one list of records out of a harvest: details joined to what they complete, repeated ids counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from crawler.records import Contact, Licence, Record

_KEPT = frozenset({"id", "portal", "capture", "locator", "standard", "part", "details"})
_MERGED = ("titles", "descriptions", "publisher_names")


def joined(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return each record once, in the order they first came; parts fill what the record itself leaves open.

    Of several records with one id the first counts: give the newest answers first.
    """
    whole: dict[str, Record] = {}
    parts: dict[str, Record] = {}
    for record in records:
        (parts if record.part else whole).setdefault(record.id, record)
    return tuple(_complete(record, parts.get(record.id)) for record in whole.values())


def repeated(records: Iterable[Record]) -> dict[str, int]:
    """Return the ids that more than one record of a harvest bears, with how many do."""
    counts: dict[str, int] = {}
    for record in records:
        if not record.part:
            counts[record.id] = counts.get(record.id, 0) + 1
    return {name: count for name, count in counts.items() if count > 1}


def _complete(record: Record, part: Record | None) -> Record:
    if part is None:
        return record
    filled: dict[str, Any] = {"details": part.capture}
    for name in record.__struct_fields__:
        mine, theirs = getattr(record, name), getattr(part, name)
        if name in _MERGED:
            filled[name] = theirs | mine
        elif name not in _KEPT and _open(mine) and not _open(theirs):
            filled[name] = theirs
    filled["contact"] = _contact(record.contact, part.contact)
    return msgspec.structs.replace(record, **filled)


def _open(value: object) -> bool:
    return value is None or value in ((), {}, Contact(), Licence())


def _contact(mine: Contact, theirs: Contact) -> Contact:
    return Contact(
        mine.has_name or theirs.has_name,
        mine.has_mail or theirs.has_mail,
        mine.has_phone or theirs.has_phone,
        mine.organisation or theirs.organisation,
    )
