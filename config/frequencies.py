"""The names of update frequencies, typed: codes of vocabularies and words of catalogues."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).with_name("vendor") / "frequencies"


class Frequency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often data are updated: a period in days, or the kind of answer that names none."""

    id: str
    names: tuple[str, ...]
    days: int | None = None
    kind: Literal["period", "as_needed", "one_off", "unknown"] = "period"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    frequencies: tuple[Frequency, ...]


@cache
def frequencies() -> tuple[Frequency, ...]:
    """Return all known frequencies, the shortest period first."""
    return msgspec.yaml.decode((FOLDER / "frequencies.yaml").read_bytes(), type=_File).frequencies
