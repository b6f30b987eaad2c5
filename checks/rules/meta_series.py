"""What a statistical data set is made of: columns by its passport, dimensions by SDMX, forms. No rule of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.facts.metadata import sdmx
from checks.facts.metadata.sdmx import SdmxFacts
from checks.subjects import DatasetSubject
from config.formats import Readable, by_label, formats, is_a
from crawler.archive.layout import ArchiveError
from crawler.records import Record
from crawler.safexml import UnreadableError

_BETWEEN = re.compile(r"[\W_]+")
_STEM = 4


@dataclass(frozen=True)
class Series:
    """None: nothing at hand tells. `forms` are the formats that it is offered in."""

    forms: tuple[str, ...]
    as_data: bool | None
    by_area: bool | None
    has_period: bool | None
    has_unit: bool | None


def of(subject: DatasetSubject, params: Mapping[str, Any]) -> Series:
    """Return what the passport and the files of a data set say of its series."""
    record, told = subject.record, list(_structures(subject))
    forms = tuple(sorted({found for item in record.distributions if (found := by_label(item.format))}))
    named = _columns(record)
    known = bool(named or told)
    return Series(
        forms,
        any(formats()[name].readable in (Readable.FULL, Readable.INSIDE) for name in forms) if forms else None,
        _said(named, params.get("area", ())) or any(item.by_area for item in told) if known else None,
        _said(named, params.get("period", ())) or any(item.has_period for item in told) if known else None,
        _said(named, params.get("unit", ())) or any(item.has_unit for item in told) if known else None,
    )


def _columns(record: Record) -> list[str]:
    """Return the words that name the columns."""
    names = (" ".join((item.name, *item.labels.values())).casefold() for item in record.fields or ())
    return [word for name in names for word in _BETWEEN.split(name) if word]


def _said(columns: list[str], words: Any) -> bool:
    """Tell whether a column is named by one of the words; longer ones may be inflected."""
    wanted = tuple(str(word).casefold() for word in words)
    stems = tuple(word for word in wanted if len(word) >= _STEM)
    return any(name in wanted or name.startswith(stems) for name in columns)


def _structures(subject: DatasetSubject) -> Iterator[SdmxFacts]:
    """Yield the SDMX structures and messages among the data set's files that were fetched."""
    view = subject.view
    for item in subject.record.distributions if view else ():
        capture = view.sees(item.url) if view else None
        facts = view.file(capture) if view and capture else None
        if view is None or capture is None or facts is None or not is_a(facts.sniffed_type or "", "sdmx"):
            continue
        try:
            found = sdmx.read(view.body(capture))
        except (ArchiveError, UnreadableError):
            continue
        if found:
            yield found
