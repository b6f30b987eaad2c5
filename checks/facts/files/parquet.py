"""Parquet by its footer: rows, columns, newest periods and where geography is, without decoding a single value.

The footer is a Thrift structure in the compact protocol (Apache Parquet format, `FileMetaData`: 2 schema, 3 number of
rows, 4 row groups, 5 key-value metadata). Only what is asked for is kept; nesting and sizes are bounded.
"""

from __future__ import annotations

from struct import error, unpack_from
from typing import Any

import msgspec

from checks.facts.files.geometry import Geography
from checks.facts.files.parquetdates import newest_periods
from checks.facts.files.reading import ReadError, Reading, UnreadError
from checks.facts.model import TableShape

_MAGIC = b"PAR1"
_SEALED = b"PARE"
_MOST_FOOTER = 16 << 20
_DEEPEST = 12
_MOST_VALUES = 2_000_000
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_INTEGERS = frozenset({4, 5, 6})
_SCHEMA, _ROWS, _GROUPS, _KEYS = 2, 3, 4, 5
_CHILDREN = 5
"""Field of a schema element that holds its number of children: a leaf has none."""


def read_parquet(body: bytes) -> Reading:
    """Return rows, columns and geography of a Parquet file. Raises ReadError, or UnreadError for a sealed footer."""
    if body[-4:] == _SEALED:
        raise UnreadError("encrypted")
    if len(body) < 12 or body[-4:] != _MAGIC:  # noqa: PLR2004 - two signs and a length
        raise ReadError("cut_off")
    length = unpack_from("<I", body, len(body) - 8)[0]
    if length > min(len(body) - 12, _MOST_FOOTER):
        raise ReadError("malformed")
    try:
        footer = _Compact(body[len(body) - 8 - length : len(body) - 8]).struct()
        elements = footer[_SCHEMA]
        leaves = [item for item in elements[1:] if not item.get(_CHILDREN)]
        rows = int(footer[_ROWS])
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, error) as failure:
        raise ReadError("malformed") from failure
    geography = _geography(footer.get(_KEYS) or [])
    periods = newest_periods(leaves, footer.get(_GROUPS), rows)
    return Reading(
        tables=(TableShape(rows, len(leaves), header=True, periods=periods),), features=rows if geography else None,
        geometry=geography.kinds if geography else (), extent=geography.extent if geography else None,
        reference_system=geography.reference if geography else None,
    )  # fmt: skip


class _Stated(msgspec.Struct, frozen=True):
    kinds: tuple[str, ...]
    extent: tuple[float, float, float, float] | None
    reference: str | None


def _geography(pairs: list[dict[int, Any]]) -> _Stated | None:
    """Return what the key `geo` of GeoParquet states of its primary column."""
    value = next((item.get(2) for item in pairs if item.get(1) == b"geo"), None)
    try:
        told = msgspec.json.decode(value) if value else {}
        column = told["columns"][told["primary_column"]] if told else None
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
    if not isinstance(column, dict):
        return None
    kinds = tuple(sorted(str(item)[:40] for item in column.get("geometry_types") or ()))
    return _Stated(kinds, Geography.box(column.get("bbox")), _reference(column.get("crs", "OGC:CRS84")))


def _reference(crs: Any) -> str | None:
    """Return authority and code of a PROJJSON system; left out, it is longitude and latitude on WGS 84."""
    if isinstance(crs, dict) and isinstance(crs.get("id"), dict):
        return f"{crs['id'].get('authority')}:{crs['id'].get('code')}"[:100]
    return crs[:100] if isinstance(crs, str) else None


class _Compact:
    """A reader of Thrift's compact protocol. Raises ValueError for nesting or numbers of values beyond all reason."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._values = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Return the fields of a structure by their numbers."""
        if depth > _DEEPEST:
            raise ValueError(depth)
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            kind = head & 15
            fields[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise ValueError(self._values)
        if kind in _INTEGERS:
            return self._zigzag()
        if kind == _BINARY:
            return self._take(self._number())
        if kind in (_LIST, _SET):
            return self._list(depth)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind == _MAP:
            return self._map(depth)
        return self._take({_DOUBLE: 8, _BYTE: 1, _TRUE: 1, _FALSE: 1}[kind])

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        size = self._number() if head >> 4 == 15 else head >> 4  # noqa: PLR2004 - four bits full: the size follows
        return [self._value(head & 15, depth + 1) for _item in range(self._sane(size))]

    def _map(self, depth: int) -> list[tuple[Any, Any]]:
        size = self._sane(self._number())
        kinds = self._byte() if size else 0
        return [(self._value(kinds >> 4, depth + 1), self._value(kinds & 15, depth + 1)) for _item in range(size)]

    def _sane(self, size: int) -> int:
        if size > len(self._data) - self._at:  # every value takes a byte at least
            raise ValueError(size)
        return size

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, length: int) -> bytes:
        start = self._at
        self._at = start + self._sane(length)
        return self._data[start : self._at]

    def _number(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the last byte has its high bit clear
                return value
            shift += 7
            if shift > 63:  # noqa: PLR2004 - 64 bits
                raise ValueError(shift)

    def _zigzag(self) -> int:
        value = self._number()
        return (value >> 1) ^ -(value & 1)
