"""Runs as the ledger lists them, and the inputs that each one kept."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any

import msgspec

from checks.marks import Counts
from config.loader import NOT_OF_A_NIGHT, Loaded, digest_of
from crawler.coverage import RunCoverage, RunState
from crawler.redact import redact_text


class Layer(IntEnum):
    """A series of nights: as published at the time, as restated with later rules, or rules that do not count yet."""

    PUBLISHED = 0
    RESTATED = 1
    SHADOW = 2


class RunKind(StrEnum):
    """What a run was: the night's own, a look outside every series, a night run or judged again, rules on trial."""

    NIGHTLY = "nightly"
    LOOK = "look"
    RERUN = "rerun"
    RESTATE = "restate"
    SHADOW = "shadow"

    @property
    def layer(self) -> Layer | None:
        """The series that such a run speaks in."""
        return _LAYERS.get(self)


_LAYERS = {
    RunKind.NIGHTLY: Layer.PUBLISHED,
    RunKind.RERUN: Layer.PUBLISHED,
    RunKind.RESTATE: Layer.RESTATED,
    RunKind.SHADOW: Layer.SHADOW,
}


class Inputs(msgspec.Struct, frozen=True):
    """What a run was asked, as canonical JSON with its digests."""

    config_digest: str
    config: str
    pack_digest: str
    pack: str
    lock_digest: str | None = None


class Run(msgspec.Struct, frozen=True):
    """One run. `state` is running until it is finished; only finished runs speak for their night."""

    id: str
    night: date
    kind: RunKind
    state: RunState
    started: datetime
    finished: datetime | None
    config_digest: str
    pack_digest: str
    lock_digest: str | None
    vantage: str
    reason: str | None
    coverage: tuple[RunCoverage, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the run came to an end, whole or not."""
        return self.state is not RunState.RUNNING


class MarkSpan(msgspec.Struct, frozen=True):
    """A stretch of recorded nights on which a mark kept its value, its reason and its method (the rules' versions)."""

    first: date
    last: date
    value: str | None
    reason: str
    rules: tuple[str, ...] = ()


class TallySpan(msgspec.Struct, frozen=True):
    """A stretch of recorded nights on which a mark counted the same."""

    first: date
    last: date
    counts: Counts
    interval: tuple[float, float] | None


class Course(msgspec.Struct, frozen=True):
    """How one mark of a body went: value, reason and method, and beside them the counts (denominators)."""

    agency: str | None
    group: str | None
    indicator: str
    profile: str
    marks: tuple[MarkSpan, ...]
    tallies: tuple[TallySpan, ...]


class Cell(msgspec.Struct, frozen=True):
    """A mark as a matrix shows it."""

    profile: str
    indicator: str
    agency: str | None
    group: str | None
    value: str | None
    reason: str


def inputs_of(loaded: Loaded, lock_digest: str | None = None) -> Inputs:
    """Return the inputs of a run over *loaded* settings. What shapes no night is left out."""
    settings = _masked(loaded.settings.model_dump(mode="json", exclude=NOT_OF_A_NIGHT))
    pack = loaded.pack.model_dump(mode="json")
    return Inputs(
        config_digest=digest_of(settings),
        config=canonical(settings),
        pack_digest=digest_of(pack),
        pack=canonical(pack),
        lock_digest=lock_digest,
    )


def _masked(plain: Any) -> Any:
    """Return *plain* data with the keys inside addresses masked: a snapshot is kept for good."""
    if isinstance(plain, dict):
        return {key: _masked(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_masked(value) for value in plain]
    return redact_text(plain) if isinstance(plain, str) else plain


def canonical(plain: Any) -> str:
    """Return *plain* data as the one JSON text whose SHA-256 is its digest."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
