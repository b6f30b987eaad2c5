"""The bodies that were redacted in the archive, as its audit log tells."""

from __future__ import annotations

from pathlib import Path

import msgspec

from crawler.archive.layout import Layout
from reports.freeze.documents import TakenOut

_REDACT = "redact"


class _Line(msgspec.Struct, frozen=True):
    """What is read of a line of the archive's audit log."""

    action: str
    by: str
    reason: str
    sha256: tuple[str, ...] = ()


def redacted(workspace: Path) -> dict[str, TakenOut]:
    """Return the bodies that were redacted in the archive, by digest."""
    path = Layout(workspace).audit
    lines = path.read_bytes().splitlines() if path.exists() else []
    acts = (msgspec.json.decode(line, type=_Line) for line in lines)
    return {
        digest: TakenOut(digest, act.reason, act.by) for act in acts if act.action == _REDACT for digest in act.sha256
    }
