"""Redactions of the archive that a frozen period does not know of yet: it still holds the body."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.archive.layout import Layout
from reports.freeze.documents import TakenOut
from reports.freeze.freeze import frozen
from reports.freeze.supplement import findings, supplements

_REDACT = "redact"


class _Line(msgspec.Struct, frozen=True):
    """What is read of a line of the archive's audit log."""

    action: str
    by: str
    reason: str
    sha256: tuple[str, ...] = ()


def redacted(workspace: Path) -> dict[str, TakenOut]:
    """Return the bodies that were redacted in the archive, by digest."""
    path = Layout(workspace).root / "audit.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    acts = (msgspec.json.decode(line, type=_Line) for line in lines)
    return {
        digest: TakenOut(digest, act.reason, act.by) for act in acts if act.action == _REDACT for digest in act.sha256
    }


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
