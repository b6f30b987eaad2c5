"""When two figures can be held against each other: same method, like denominators, same body."""

from __future__ import annotations

from collections.abc import Iterator

from reports.trends.documents import Moved

_FEW, _SHARE = 2, 0.2


def method(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Moved]:
    """Yield a note when the rules, or their versions, are not the same."""
    if set(before) != set(after):
        yield Moved("method", ", ".join(sorted(set(before) - set(after))), ", ".join(sorted(set(after) - set(before))))


def denominator(before: int, after: int) -> Iterator[Moved]:
    """Yield a note when the number of observed subjects moved by more than a fifth, and by more than two."""
    if abs(before - after) > max(_FEW, _SHARE * max(before, after)):
        yield Moved("denominator", str(before), str(after))


def lineage(before: str | None, after: str | None) -> Iterator[Moved]:
    """Yield a note when another body stands on the other side."""
    if before != after:
        yield Moved("lineage", before or "", after or "")
