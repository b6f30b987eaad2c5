"""What changed in the evidence between two nights, and whether the crawl, a shared platform or the site did it.

Findings of the same rule about the same subject are held against each other. More or less was seen: coverage, and so
is a subject that came or went while not everything of its body could be seen. The same change of the same words on
three or more scopes of one host, or of what a platform's owner must mend, is one event of the platform. The rest is
the site's doing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from checks.findings import Finding, Outcome, Responsible
from checks.marking.night import Known
from config.urls import host_of
from reports.ledger import Cause

SCOPES_OF_A_PLATFORM = 3
_DATED = ("dates", "newest_date", "modified", "feed_newest", "listed_newest")
_Key: TypeAlias = tuple[str, str | None, str | None, str, str]
Findings: TypeAlias = tuple[Finding, ...]


@dataclass(frozen=True)
class Shift:
    """The findings of one rule about one subject before and after, with the cause of the difference."""

    key: _Key
    before: Findings
    after: Findings
    cause: Cause
    event: str | None = None

    @property
    def agency(self) -> str | None:
        """Whose findings they are."""
        return self.key[1]


def shifts(before: Iterable[Finding], after: Iterable[Finding], known: tuple[Known, Known]) -> tuple[Shift, ...]:
    """Return what differs between the findings of two nights; *known* is what marking knew on each."""
    old, new = _by_subject(before), _by_subject(after)
    found = [
        Shift(key, old.get(key, ()), new.get(key, ()), _first_guess(old.get(key, ()), new.get(key, ()), known))
        for key in sorted({*old, *new}, key=str)
        if _ids(old.get(key, ())) != _ids(new.get(key, ()))
    ]
    return tuple(_named(item) for item in _with_platforms(found))


def applied(before: Iterable[Finding], made: Iterable[Shift]) -> Findings:
    """Return the findings *before*, with the shifts *made*."""
    kept = _by_subject(before)
    for item in made:
        kept[item.key] = item.after
    return tuple(finding for key in sorted(kept, key=str) for finding in kept[key])


def _by_subject(findings: Iterable[Finding]) -> dict[_Key, Findings]:
    found: dict[_Key, list[Finding]] = defaultdict(list)
    for item in findings:
        found[item.rule, item.agency, item.scope, item.subject.kind, item.subject.id].append(item)
    return {key: tuple(items) for key, items in found.items()}


def _ids(findings: Findings) -> set[str]:
    return {item.id for item in findings}


def _first_guess(before: Findings, after: Findings, known: tuple[Known, Known]) -> Cause:
    """Tell coverage from the rest: something was not seen on one of the nights."""
    if before and after and _versions(before) != _versions(after) and _bytes(before) == _bytes(after):
        return Cause.RULE  # only where last night could not be judged again
    if _unseen(before) or _unseen(after):
        return Cause.COVERAGE
    if not before:
        return Cause.SITE if _all_seen(after[0], known[0]) else Cause.COVERAGE
    if not after:
        return Cause.SITE if _all_seen(before[0], known[1]) else Cause.COVERAGE
    return Cause.SITE


def _versions(findings: Findings) -> set[int]:
    return {item.version for item in findings}


def _bytes(findings: Findings) -> set[str | None]:
    return {one.sha256 for item in findings for one in (*item.evidence, *item.counter_evidence)}


def _unseen(findings: Findings) -> bool:
    return any(item.outcome is Outcome.NOT_OBSERVED for item in findings)


def _all_seen(finding: Finding, known: Known) -> bool:
    """Tell whether all that could exist beside *finding* was seen: then what is not there does not exist."""
    portal = finding.subject.id.partition(":")[0]
    return finding.agency in known.exhausted if finding.scope else portal in known.portals


def _with_platforms(found: list[Shift]) -> list[Shift]:
    scopes: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for item in found:
        if (template := _template(item)) and item.key[2]:
            scopes[template].add(item.key[2])
    return [
        replace(item, cause=Cause.PLATFORM)
        if item.cause is Cause.SITE
        and (_of_platform(item) or len(scopes.get(_template(item) or (), ())) >= SCOPES_OF_A_PLATFORM)
        else item
        for item in found
    ]


def _of_platform(item: Shift) -> bool:
    return any(one.responsible is Responsible.PLATFORM_OWNER for one in (*item.before, *item.after))


def _template(item: Shift) -> tuple[object, ...] | None:
    """Return what a change of a template has in common wherever it shows: host, rule, answers, places and words.

    None for what is no such change: a subject that came or went, an answer that stayed, dates that moved.
    """
    if item.cause is not Cause.SITE or not item.before or not item.after or item.key[2] is None:
        return None
    answers = (_answers(item.before), _answers(item.after))
    if answers[0] == answers[1] or _dates(item.before) != _dates(item.after):
        return None
    return (host_of(item.key[2]), item.key[0], *answers, _words(item.before), _words(item.after))


def _answers(findings: Findings) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((item.outcome.value, item.reason) for item in findings))


def _dates(findings: Findings) -> list[object]:
    return [[item.measures.get(name) for name in _DATED] for item in findings]


def _words(findings: Findings) -> frozenset[tuple[str, str]]:
    cited = (one for item in findings for one in (*item.evidence, *item.counter_evidence))
    return frozenset((one.locator, one.excerpt) for one in cited)


def _named(item: Shift) -> Shift:
    """Return *item* with the name of its event where several marks may share it."""
    host = host_of(item.key[2]) if item.key[2] else None
    if host is None or item.cause is Cause.SITE:
        return item
    if item.cause is Cause.PLATFORM:
        before, after = (",".join(f"{one}.{two}" for one, two in _answers(side)) for side in (item.before, item.after))
        return replace(item, event=f"platform {host} {item.key[0]} {before} -> {after}")
    reasons = sorted({one.reason for one in (*item.before, *item.after) if one.outcome is Outcome.NOT_OBSERVED})
    return replace(item, event=f"coverage {host} {','.join(reasons) or 'reach'}")


def events_of(made: Iterable[Shift]) -> Mapping[str | None, tuple[str, ...]]:
    """Return the events of shifts by agency."""
    found: dict[str | None, set[str]] = defaultdict(set)
    for item in made:
        if item.event:
            found[item.agency].add(item.event)
            found[None].add(item.event)
    return {agency: tuple(sorted(events)) for agency, events in found.items()}
