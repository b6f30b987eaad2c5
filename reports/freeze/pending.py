"""Redactions of the archive that a frozen period does not know of yet: it still holds the body."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from config.errors import ConfigError
from reports.freeze.documents import TakenOut
from reports.freeze.freeze import frozen
from reports.freeze.redactions import redacted
from reports.freeze.supplement import findings, supplements


def pending(workspace: Path) -> Iterator[tuple[str, tuple[TakenOut, ...]]]:
    """Yield the frozen periods (drafts too) that hold redacted bodies, with those bodies."""
    gone = redacted(workspace)
    if not gone:
        return
    for place, _ in frozen(workspace):
        known = {one.sha256 for item in supplements(place) for one in item.taken_out}
        cited = {one.sha256 for item in findings(place) for one in (*item.evidence, *item.counter_evidence)}
        held = sorted(digest for digest in gone.keys() - known if digest in cited)
        if held:
            yield place.name, tuple(gone[digest] for digest in held)


def refuse_held(workspace: Path, name: str) -> None:
    """Raise ConfigError when a frozen period still holds bodies that the archive has redacted."""
    if held := dict(pending(workspace)).get(name):
        raise ConfigError(f"{name} holds {len(held)} bodies that were redacted; `odrc frozen redact` takes them out")
