"""What the freshness rules share: what became of a data set's bytes by night, and how far the data inside reach."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from checks.context import HistoryReader, RuleContext
from checks.facts.model import FileFacts, Member, RecordFacts
from checks.view import View
from config.formats import Readable, formats

_DEAD = frozenset({"http_error", "dns", "refused", "timeout", "tls"})
_YEAR, _MONTH = len("2026"), len("2026-11")


@dataclass(frozen=True)
class Bytes:
    """What the nights on record saw of a data set's files.

    `touched`: they were seen before and after the stated update, and none of them differs. `changed` is the newest
    night on which one differed from what it had been on the night before it on record; None when none ever did.
    """

    touched: bool = False
    changed: date | None = None


def bytes_of(record: RecordFacts, modified: date, history: HistoryReader) -> Bytes:
    """Compare the digests of the record's files by night. On the day of the update either state may be seen."""
    differs: list[bool] = []
    changes: list[date] = []
    for item in record.distributions:
        seen = [(entry.night, entry.sha256) for entry in history.entries(f"GET {item.url}") if entry.sha256]
        before = [digest for night, digest in seen if night < modified]
        after = [digest for night, digest in seen if night > modified]
        if before and after:
            differs.append(before[0] != after[0])
        pairs = pairwise(seen)
        changes += [night for (night, digest), (_, older) in pairs if digest != older]
    return Bytes(bool(differs) and not any(differs), max(changes, default=None))


def newest_period(record: RecordFacts, view: View | None) -> str | None:
    """Return the newest period inside the files that were fetched and read to their end, or None."""
    captures = (view.sees(item.url) for item in record.distributions) if view else ()
    files = (view.file(item) for item in captures if view and item)
    return max((period for facts in files if facts for period in _periods(facts)), default=None)


def _periods(facts: FileFacts) -> tuple[str, ...]:
    """Return the newest periods of a file; none of one whose newest may stand in what was not read."""
    if all(table.complete for table in facts.tables) and all(map(_is_read, facts.members)):
        return facts.periods
    return ()


def _is_read(member: Member) -> bool:
    """Tell whether a file inside an archive was read, or is a text or picture that has no tables."""
    known = formats().get(member.type or "")
    return member.periods is not None or bool(known and known.readable is Readable.NONE)


def last_day(period: str) -> date:
    """Return the last day of an ISO period: `2026-11-23`, `2026-11` or `2026`."""
    if len(period) == _YEAR:
        return date(int(period), 12, 31)
    if len(period) == _MONTH:
        year, month = int(period[:4]), int(period[5:])
        return date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(period)


def lies_behind(period: str | None, modified: date, days: int, spare: int) -> bool:
    """Tell whether data end long before their stated update: more than two periods and *spare* days.

    A period is what is declared (*days*), or what the data state where that is coarser: years tell nothing of months.
    """
    if period is None:
        return False
    coarse = {_YEAR: 366, _MONTH: 31}.get(len(period), 1)
    return last_day(period) + timedelta(days=2 * max(days, coarse) + spare) < modified


def dead_links(urls: Iterable[str], context: RuleContext) -> tuple[str, ...]:
    """Return the addresses that failed on every night on record, on as many nights as the pack asks for an outage."""
    return tuple(url for url in urls if _is_dead(context, url))


def _is_dead(context: RuleContext, url: str) -> bool:
    seen = context.history.entries(f"GET {url}")
    outage = context.pack.outage
    if len(seen) < outage.confirm_nights or any(entry.outcome not in _DEAD for entry in seen):
        return False
    return (seen[0].night - seen[-1].night).days >= outage.confirm_days
