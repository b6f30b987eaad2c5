"""Which bodies a body's marks go back to: predecessors by the settings, oldest first."""

from __future__ import annotations

from collections.abc import Sequence

from config.model import Agency


def line_of(agency: str, agencies: Sequence[Agency]) -> tuple[str, ...]:
    """Return the ids of the bodies whose time leads to *agency*, itself last. A circle is walked once."""
    known = {item.id: item for item in agencies}
    found: list[str] = []

    def walk(name: str) -> None:
        if name in found:
            return
        found.append(name)
        before = known[name].predecessors if name in known else ()
        told = [item.id for item in agencies if name in item.successors]
        for earlier in dict.fromkeys((*before, *told)):
            walk(earlier)

    walk(agency)
    return tuple(reversed(found))


def heir_of(agency: str | None, agencies: Sequence[Agency], present: frozenset[str | None]) -> str | None:
    """Return the body that carries on what *agency* was: itself while it is there, else its only successor that is."""
    if agency is None or agency in present:
        return agency
    heirs = [item.id for item in agencies if agency in line_of(item.id, agencies) and item.id in present]
    return heirs[0] if len(heirs) == 1 else None
