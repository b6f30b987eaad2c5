"""What the META rules share: the bytes behind a catalogue record, how they are cited, and which model lacks what.

No rule of its own. A record names the WARC record it was read from; the view finds that capture again.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from checks.findings import Evidence
from checks.redact import Redactor
from checks.subjects import DatasetSubject
from checks.view import View
from crawler.capture import Capture
from crawler.records import Contact, Record, Standard

_INDEX: WeakKeyDictionary[View, dict[str, Capture]] = WeakKeyDictionary()
_LACKING: dict[Standard, frozenset[str]] = {
    Standard.OWN: frozenset({"licence"}),
    Standard.CKAN: frozenset({"frequency"}),
    Standard.DATA_JSON: frozenset({"version"}),
    Standard.SCHEMA_ORG: frozenset({"frequency"}),
    Standard.DUBLIN_CORE: frozenset({"frequency", "version", "contact"}),
}


def lacking(standard: Standard) -> frozenset[str]:
    """Return the passport fields that a record model has no place for: its portal's owner must mend that."""
    return _LACKING.get(standard, frozenset())


def only_listed(record: Record) -> bool:
    """Tell whether a list was seen and the passport behind it was not.

    So it is when nothing but name and address is known; or when a portal of its own kind, whose lists leave out
    contact and columns, gave no details.
    """
    said = (
        record.descriptions, record.keywords, record.themes, record.distributions, record.fields, record.modified,
        record.issued, record.metadata_modified, record.frequency, record.publisher_names, record.contact.organisation,
    )  # fmt: skip
    bare = record.standard is Standard.OWN and record.fields is None and record.contact == Contact()
    return record.details is None and (bare or not any(said))


def captures_by_id(view: View) -> dict[str, Capture]:
    """Return the captures of a view by the id that records cite."""
    if view not in _INDEX:
        _INDEX[view] = {item.id: item for captures in view.keys.values() for item in captures}
    return _INDEX[view]


def capture_of(subject: DatasetSubject) -> tuple[View, Capture] | None:
    """Return the view and the capture that a data set's record was read from, when both are at hand."""
    view: View | None = getattr(subject, "view", None)
    capture = captures_by_id(view).get(subject.record.capture) if view else None
    return (view, capture) if view and capture else None


def cite(subject: DatasetSubject, excerpt: str) -> tuple[Evidence, ...]:
    """Return evidence from the record's own bytes and from those of its details; none when they are not at hand."""
    view: View | None = getattr(subject, "view", None)
    if view is None:
        return ()
    record, known = subject.record, captures_by_id(view)
    places = ((record.capture, record.locator or "text:record"), (record.details, "text:record"))
    return tuple(cite_capture(known[name], place, excerpt, view) for name, place in places if name in known)


def cite_capture(capture: Capture, locator: str, excerpt: str, view: View) -> Evidence:
    """Return evidence from a capture. The excerpt loses phones, mails and personal numbers here."""
    told = Redactor(view.pack.extraction.personal)
    return Evidence(
        capture.sha256, told.url(capture.url), locator, told.excerpt(excerpt), capture.id, capture.finished
    )  # fmt: skip
