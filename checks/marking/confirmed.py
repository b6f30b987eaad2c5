"""What people confirmed of the machine's discoveries: a `-` from staleness or absence rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from checks.findings import Finding
from checks.reasons import RESTS_ON
from config.discoveries import Discovery, DiscoveryKind


@dataclass(frozen=True)
class Held:
    """The lines that hold on a night."""

    lines: tuple[Discovery, ...] = ()

    def of(self, agency: str | None, scope: str | None, kind: DiscoveryKind) -> tuple[Discovery, ...]:
        """Return what people said of a kind on a scope, or on all scopes of its agency."""
        return tuple(
            item for item in self.lines if item.agency == agency and item.kind is kind and item.scope in (None, scope)
        )

    def confirms(self, finding: Finding) -> bool:
        """Tell whether the discovery was confirmed that a finding's absence rests on; True when it rests on none.

        What a catalogue's record lacks is seen in the record: it belongs to no scope, and nothing was looked for.
        """
        kind = RESTS_ON.get(finding.reason) if finding.scope else None
        return kind is None or bool(self.of(finding.agency, finding.scope, kind))

    def names_list(self, finding: Finding) -> bool:
        """Tell whether a person named this dated list: others may only look like lists of news."""
        keys = finding.measures.get("keys")
        addresses = {address for key in keys for address in key.split(" ")} if isinstance(keys, list) else set()
        lists = self.of(finding.agency, finding.scope, DiscoveryKind.NEWS_LIST)
        return any(item.value in addresses for item in lists)


NOTHING_HELD = Held()


def held_on(night: date, *sources: Iterable[Discovery]) -> Held:
    """Return the lines of pack and settings that hold on *night*."""
    return Held(tuple(item for lines in sources for item in lines if item.holds(night)))
