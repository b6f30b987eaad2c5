"""What an agency has to mend: failing findings, by who can mend them and by reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.findings import Finding, Outcome, Responsible


@dataclass(frozen=True)
class Fix:
    """One thing to mend, in all places where it was found."""

    rule: str
    version: int
    reason: str
    findings: tuple[Finding, ...]


def fixes(findings: Iterable[Finding], agency: str) -> dict[Responsible, tuple[Fix, ...]]:
    """Return what failed at *agency*, the most frequent first, by who can mend it; nothing for who has nothing."""
    groups: dict[tuple[Responsible, str, int, str], list[Finding]] = {}
    for item in findings:
        if item.agency == agency and item.outcome is Outcome.FAIL:
            groups.setdefault((item.responsible, item.rule, item.version, item.reason), []).append(item)
    told: dict[Responsible, tuple[Fix, ...]] = {}
    for owner in Responsible:
        mine = [Fix(*key[1:], tuple(items)) for key, items in groups.items() if key[0] is owner]
        if mine:
            told[owner] = tuple(sorted(mine, key=lambda fix: (-len(fix.findings), fix.rule, fix.reason)))
    return told
