"""What changes every night, packed into the night's row: zstd over MessagePack, the first byte naming the form.

A night's marks are packed in their natural order (profile, indicator, agency, group): the spans say which marks hold,
so no mark is named again, and equal values stand once. 8,400 marks take 1 to 4 KB a night.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec
import zstandard

from checks.marks import Mark
from config.errors import ConfigError

FORM = b"\x01"
Place: TypeAlias = tuple[str, datetime]
Sightings: TypeAlias = Mapping[str, Sequence[Place]]
"""Finding id -> capture and time of each piece of its evidence."""
_T = TypeVar("_T")


class Aside(NamedTuple):
    """What stands beside a mark on one night: share of known subjects seen, and the night of its oldest evidence."""

    coverage: float | None
    oldest: date | None


class _Marks(msgspec.Struct, array_like=True):
    coverages: list[float | None]
    coverage: bytes
    nights: list[int]
    oldest: bytes


class _Sightings(msgspec.Struct, array_like=True):
    places: list[tuple[str, datetime]]
    findings: dict[str, list[int]]


class Superseded(msgspec.Struct, array_like=True, frozen=True):
    """All that a run had said of a night: marks, and the findings by id with their sightings."""

    marks: tuple[Mark, ...]
    sightings: dict[str, tuple[Place, ...]]


def pack_marks(asides: Sequence[Aside]) -> bytes:
    """Return the *asides* of a night's marks, which are given in their natural order."""
    coverages, coverage = _numbered(item.coverage for item in asides)
    nights, oldest = _numbered(item.oldest.toordinal() if item.oldest else 0 for item in asides)
    return _pack(_Marks(coverages, coverage.tobytes(), nights, oldest.tobytes()))


def unpack_marks(data: bytes) -> list[Aside]:
    """Return what `pack_marks` was given. Raises ConfigError for bytes that it did not make."""
    body = _unpack(data, _Marks)
    coverage, oldest = array("I", body.coverage), array("I", body.oldest)
    nights = [date.fromordinal(number) if number else None for number in body.nights]
    return [Aside(body.coverages[one], nights[two]) for one, two in zip(coverage, oldest, strict=True)]


def pack_sightings(sightings: Sightings) -> bytes:
    """Return *sightings*; a capture that many findings cite stands once."""
    numbers: dict[Place, int] = {}
    findings = {key: [numbers.setdefault(place, len(numbers)) for place in places] for key, places in sightings.items()}
    return _pack(_Sightings(list(numbers), findings))


def unpack_sightings(data: bytes) -> dict[str, list[Place]]:
    """Return what `pack_sightings` was given. Raises ConfigError for bytes that it did not make."""
    body = _unpack(data, _Sightings)
    return {key: [body.places[number] for number in numbers] for key, numbers in body.findings.items()}


def pack_superseded(said: Superseded) -> bytes:
    """Return *said* as it is stored."""
    return _pack(said)


def unpack_superseded(data: bytes) -> Superseded:
    """Return what `pack_superseded` was given. Raises ConfigError for bytes that it did not make."""
    return _unpack(data, Superseded)


def _numbered(values: Iterable[_T]) -> tuple[list[_T], array[int]]:
    """Return the distinct *values* and, for each one given, its number among them."""
    numbers: dict[_T, int] = {}
    places = array("I", [numbers.setdefault(item, len(numbers)) for item in values])
    return list(numbers), places


def _pack(body: msgspec.Struct) -> bytes:
    return FORM + zstandard.compress(msgspec.msgpack.encode(body), 3)


def _unpack(data: bytes, kind: type[_T]) -> _T:
    if data[:1] != FORM:
        raise ConfigError(f"a packed row of the ledger has form {data[:1].hex() or 'none'}; this version reads 01")
    try:
        return msgspec.msgpack.decode(zstandard.decompress(data[1:]), type=kind)
    except (zstandard.ZstdError, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ConfigError(
            f"a packed row of the ledger is damaged: {error}; `odrc ledger verify` names the night"
        ) from error
