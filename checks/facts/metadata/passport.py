"""What a catalogue record says of its data set, field by field and language by language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from crawler.records import UNDETERMINED, Record

CORE = (
    "title", "description", "publisher", "contact", "keywords", "theme", "created", "modified", "frequency", "version",
    "fields", "formats", "licence",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_MACHINE_NAME = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)+|[a-z]+\d+\w*")


def filled(record: Record) -> dict[str, bool | None]:
    """Return whether each field holds something; None where the record model has no place for it."""
    contact = record.contact
    return {
        "title": bool(_said(record.titles)),
        "description": bool(_said(record.descriptions)),
        "publisher": bool(_said(record.publisher_names) or record.publisher_id),
        "contact": contact.has_name or contact.has_mail or contact.has_phone or bool(contact.organisation),
        "keywords": bool(record.keywords),
        "theme": bool(record.themes),
        "created": bool(record.issued),
        "modified": bool(record.modified or record.metadata_modified),
        "frequency": bool(record.frequency),
        "version": bool(record.version),
        "fields": None if record.fields is None else bool(record.fields) and all(item.type for item in record.fields),
        "formats": any(item.format or item.media_type for item in record.distributions),
        "licence": record.licence.stated() or any(item.licence for item in record.distributions),
        "temporal": record.temporal is not None,
        "spatial": record.extent is not None or bool(record.places),
    }


def languages(record: Record) -> dict[str, tuple[str, ...]]:
    """Return the languages in which each text of the passport exists."""
    found = {"title": _said(record.titles), "description": _said(record.descriptions)}
    labels = [set(_said(item.labels)) for item in record.fields or ()]
    if labels:
        found["labels"] = dict.fromkeys(sorted(set.intersection(*labels)), "")
    return {name: tuple(sorted(texts)) for name, texts in found.items()}


@dataclass(frozen=True)
class Texts:
    """Title, description and labels of a record. `placeholders` are words of the pack that say nothing."""

    record: Record
    placeholders: tuple[str, ...] = ()
    short_words: int = 4

    @property
    def title_is_name(self) -> bool:
        """Whether every title is the name under which machines ask for the data set."""
        names = {_plain(self.record.id), _plain((self.record.url or "").rstrip("/").rsplit("/", 1)[-1])} - {""}
        titles = list(_said(self.record.titles).values())
        return bool(titles) and all(_is_name(title) and _plain(title) in names for title in titles)

    @property
    def placeholder(self) -> bool:
        """Whether a title or description stands there only to fill the field: no word, or a word that means none."""
        texts = (*_said(self.record.titles).values(), *_said(self.record.descriptions).values())
        empty = {_plain(item) for item in self.placeholders}
        return any(not _LETTER.search(text) or _plain(text) in empty or len(set(_plain(text))) == 1 for text in texts)

    @property
    def repeats(self) -> bool:
        """Whether every description is its title again."""
        told = _said(self.record.descriptions)
        titles = {_plain(text) for text in _said(self.record.titles).values()}
        return bool(told) and all(_plain(text) in titles for text in told.values())

    @property
    def short(self) -> bool:
        """Whether a description has fewer words than a sentence."""
        return any(len(_WORD.findall(text)) < self.short_words for text in _said(self.record.descriptions).values())

    @property
    def unstated(self) -> bool:
        """Whether the catalogue leaves open which language a text is in."""
        return any(UNDETERMINED in found for found in self._languages.values())

    def missing(self, codes: tuple[str, ...]) -> bool:
        """Tell whether a text that is there in stated languages lacks one of *codes*."""
        stated = [found for found in self._languages.values() if UNDETERMINED not in found]
        return any(code not in found for found in stated for code in codes)

    @cached_property
    def _languages(self) -> dict[str, tuple[str, ...]]:
        return languages(self.record)


def _said(texts: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text and text.strip()}


def _is_name(text: str) -> bool:
    return bool(_MACHINE_NAME.fullmatch(text.strip()))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
