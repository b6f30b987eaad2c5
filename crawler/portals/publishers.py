"""Whose a record is: publishers as catalogues write them against `publishers` of the agencies. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import msgspec

from config.model import Agency
from crawler.records import Record, Texts

_QUOTES = re.compile(
    "[\"'`\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u300c\u300d\u2032\u2033]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


class Stranger(msgspec.Struct, frozen=True):
    """A publisher that is no agency of the register: a body to look at. `names` are those of its first record."""

    portal: str
    id: str | None
    names: Texts
    records: int


class Register:
    """The agencies by how each portal names them."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_id: dict[tuple[str, str], Agency] = {}
        self._by_name: dict[tuple[str, str], Agency] = {}
        for agency in agencies:
            for publisher in agency.publishers:
                if publisher.id is not None:
                    self._by_id.setdefault((publisher.portal, publisher.id.strip()), agency)
                if publisher.name is not None:
                    self._by_name.setdefault((publisher.portal, fold_name(publisher.name)), agency)

    def agency_of(self, record: Record) -> Agency | None:
        """Return the agency that published a record: by the portal's id of it, else by any of its names."""
        ids = (record.publisher_id, *record.publisher_aliases)
        found = (self._by_id.get((record.portal, name.strip())) for name in ids if name)
        named = (self._by_name.get((record.portal, fold_name(name))) for name in record.publisher_names.values())
        return next((agency for agency in (*found, *named) if agency), None)

    def strangers(self, records: Iterable[Record]) -> tuple[Stranger, ...]:
        """Return the publishers that match no agency, those with most records first."""
        counts: Counter[tuple[str, str]] = Counter()
        shown: dict[tuple[str, str], Record] = {}
        for record in records:
            if self.agency_of(record) is None:
                key = (record.portal, publisher_key(record))
                counts[key] += 1
                shown.setdefault(key, record)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            Stranger(key[0], shown[key].publisher_id, shown[key].publisher_names, count) for key, count in ordered
        )


def fold_name(name: str) -> str:
    """Return a name as names are compared: compatibility forms, case, quotes, dashes and spaces make no difference."""
    plain = _DASHES.sub("-", _QUOTES.sub("", unicodedata.normalize("NFKC", name)))
    return " ".join(plain.casefold().split())


def publisher_key(record: Record) -> str:
    """Return what tells publishers of one portal apart: the id, else the names; empty when none is stated."""
    return record.publisher_id or " / ".join(sorted(map(fold_name, record.publisher_names.values())))
