"""Format readers (entry points `odrc.formats`), and what a file's facts mean to somebody who computes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec

from checks.facts.files.read import NO_FILE, read, unreadable
from checks.facts.files.sniff import agrees
from checks.facts.model import FileFacts, TableShape
from config import plugins
from config.errors import ConfigError
from config.formats import Family, Readable, formats
from config.pack import FormatClass
from crawler.capture import Capture


@runtime_checkable
class FormatReader(Protocol):
    """Knows one file type. Pure: same bytes, same facts."""

    def sniff(self, head: bytes) -> bool:
        """Tell whether a file that begins with *head* (at most 64 KiB) is of this type."""

    def read(self, capture: Capture, body: bytes) -> FileFacts:
        """Return the facts of a whole file. Raises ValueError when it does not parse."""


def format_readers() -> dict[str, FormatReader]:
    """Return the installed readers by type name. Raises ConfigError for one that is no reader."""
    found: dict[str, FormatReader] = {}
    for name, item in plugins.load("odrc.formats").items():
        reader = plugins.instance(item)
        if not isinstance(reader, FormatReader):
            raise ConfigError(f"plugin {name!r} of odrc.formats is no FormatReader; wanted: read, sniff")
        found[name] = reader
    return found


def read_file(
    capture: Capture,
    body: bytes,
    readers: dict[str, FormatReader],
    shipped: Callable[[Capture, bytes], FileFacts] = read,
) -> FileFacts:
    """Return the facts of a file: from the first plugin that knows its bytes, else from the readers shipped."""
    for name, reader in readers.items():
        if not reader.sniff(body[:65536]):
            continue
        try:
            return reader.read(capture, body)
        except ValueError:
            return msgspec.structs.replace(unreadable(capture, len(body), "malformed"), sniffed_type=name)
    return shipped(capture, body)


class DataClass(StrEnum):
    """What a file is to somebody who wants to compute with it, strictest reading first."""

    TIDY = "tidy"
    LAID_OUT = "laid_out"
    PARTLY = "partly"
    UNREADABLE = "unreadable"
    BROKEN = "broken"
    NO_DATA = "no_data"
    UNKNOWN = "unknown"
    UNSEEN = "unseen"


class Judged(msgspec.Struct, frozen=True):
    """A file's class with the reason code, and the type that decided (of an archive, the best file inside)."""

    data_class: DataClass
    reason: str
    type: str | None


_UNSEEN = frozenset({"timeout", "crashed", "truncated", "too_large", *NO_FILE})
"""Problems that leave the file itself unseen."""
_UNSURE = frozenset({"reader_error", "no_reader", "unknown_type", "encrypted"})
"""Problems that may be ours as well as the file's, or hide what is in it: never held against it."""
_FEEDS = frozenset({"rss", "atom"})
_CODES = {"empty": "empty_file", "timeout": "file_timeout"}


def judge(facts: FileFacts) -> Judged:
    """Return the class of a file, as marking's decisions name them."""
    problem, type_ = facts.problem, facts.sniffed_type
    code = _CODES.get(problem or "", problem or "unknown_type")
    if problem in _UNSEEN:
        return Judged(DataClass.UNSEEN, code, type_)
    if type_ not in formats() or (problem in _UNSURE and problem != "no_reader"):
        return Judged(DataClass.BROKEN if problem == "empty" else DataClass.UNKNOWN, code, type_)
    if facts.parses is False:
        return Judged(DataClass.BROKEN, code, type_)
    if facts.declared_extension in formats() and agrees(type_, facts.declared_extension) is None:
        return Judged(DataClass.UNKNOWN, "type_doubtful", type_)
    return _by_format(facts, type_)


def _by_format(facts: FileFacts, type_: str) -> Judged:
    found = formats()[type_]
    if found.family is Family.SERVICE or (type_ in _FEEDS and not any(table.rows for table in facts.tables)):
        return Judged(DataClass.NO_DATA, "no_rows" if type_ in _FEEDS else "service_document", type_)
    if found.readable is Readable.INSIDE:
        return _inside(facts, type_)
    if found.readable is Readable.NONE:
        return Judged(DataClass.UNREADABLE, "image_file" if found.family is Family.IMAGE else "document_only", type_)
    if found.readable is Readable.PARTLY:
        return Judged(DataClass.PARTLY, "html_table" if type_ == "html" else "proprietary_format", type_)
    if found.family is Family.TABULAR and facts.tables:
        return _by_layout(facts, type_)
    return Judged(DataClass.TIDY, "machine_readable", type_)


def _by_layout(facts: FileFacts, type_: str) -> Judged:
    """Tell a table from a page that was laid out for print in cells."""
    shown = [table for table in facts.tables if not table.hidden and table.columns]
    if not any(table.rows for table in shown):
        return Judged(DataClass.BROKEN, "no_rows", type_)
    laid_out = sum(is_print_layout(table) for table in shown)
    if laid_out * 2 >= len(shown):
        return Judged(DataClass.LAID_OUT, "print_layout", type_)
    return Judged(DataClass.TIDY, "machine_readable", type_)


def is_print_layout(table: TableShape) -> bool:
    """Tell a sheet laid out for print: joined cells, several tables, titles above, gaps and no line of names."""
    return (
        table.merged > 0 or table.blocks > 1 or table.title_rows > 1 or (not table.header and table.empty_columns > 0)
    )


def _inside(facts: FileFacts, type_: str) -> Judged:
    """Judge an archive by the best file inside; one that was not looked into stays unknown."""
    kinds = {member.type for member in facts.members if member.type and not member.encrypted}
    known = sorted(kinds & formats().keys())
    for readable, data_class, reason in _ARCHIVED:
        found = [kind for kind in known if formats()[kind].readable is readable]
        if found:
            return Judged(data_class, reason, found[0])
    if not known:
        return Judged(DataClass.UNKNOWN, "archive_unread", type_)
    return Judged(DataClass.UNREADABLE, "archive_of_documents", type_)


_ARCHIVED = (
    (Readable.FULL, DataClass.TIDY, "machine_readable"),
    (Readable.PARTLY, DataClass.PARTLY, "proprietary_format"),
    (Readable.INSIDE, DataClass.UNKNOWN, "archive_unread"),
)


_USABLE = frozenset({DataClass.TIDY, DataClass.LAID_OUT, DataClass.PARTLY, DataClass.UNREADABLE})


def met_classes(judged: Judged, classes: Iterable[FormatClass]) -> list[str]:
    """Return the pack's classes of formats that a file meets; one that does not parse, or was not seen, meets none."""
    tidy, usable = judged.data_class is DataClass.TIDY, judged.data_class in _USABLE
    return [item.id for item in classes if (tidy and item.reads(judged.type)) or (usable and item.lists(judged.type))]
