"""Cadence: dated lists against the limit of their kind, over all lists of an agency together.

Where a profile has one limit, the newest entry of any list counts (the union). Where it has limits by kind of section
(news, others), each kind stands for itself and the strictest answer is the mark. Lists that fill when something
happens (vacancies, tenders) are never late by themselves. Where pages state no dates, a section's feed is its list; a
feed that is newer than the pages gives `0`, and no `-` rests on feeds alone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from checks.findings import Finding, Outcome
from checks.marking.lateness import gaps, is_late
from checks.marking.question import OBSERVED, Decision, Question
from checks.marks import MarkValue
from config.pack import SectionLimit

_WEEK = SectionLimit(max_days=7)
_QUARTER = 90
_STRICTEST_FIRST = (MarkValue.MINUS, None, MarkValue.ZERO, MarkValue.PLUS)


def cadence(question: Question) -> Decision:
    """`+` when the newest entry is recent and no gap is seen; `-` when late on enough nights.

    `0` with gaps, when one language lags behind, when all that is recent was posted before, or when only months stand.
    """
    seen = [item for item in question.of(*OBSERVED) if not item.measures.get("event_driven")]
    if not _union(seen):
        months = [item for item in seen if item.reason == "month_precise"]
        if months:  # a month can be read both ways
            return Decision(MarkValue.ZERO, "month_precise", deciding=months)
        return Decision(None, "few_items", deciding=question.of(*OBSERVED))
    answers = [_one_limit(question, lists, limit) for limit, lists in _by_limit(question, seen) if _union(lists)]
    return min(answers, key=lambda answer: _STRICTEST_FIRST.index(answer.value))


def _by_limit(question: Question, seen: list[Finding]) -> list[tuple[SectionLimit, list[Finding]]]:
    params = question.params
    general = SectionLimit(max_days=params.max_days, working_days=params.working_days) if params.max_days else _WEEK
    if not params.sections:
        return [(general, seen)]
    kinds = sorted({kind for item in seen for kind in _texts(item, "kinds")})
    return [
        (params.sections.get(kind, general), [item for item in seen if kind in _texts(item, "kinds")]) for kind in kinds
    ]


def _one_limit(question: Question, lists: list[Finding], limit: SectionLimit) -> Decision:
    found = _union(lists)
    late = is_late(found[0], question.night, limit, question.calendar)
    if late is None:
        return Decision(None, "no_calendar", deciding=lists)
    if late:
        return _late(question, lists, limit)
    window = question.params.window_days or _QUARTER
    if gaps(found, question.night, window, limit, question.calendar):
        return Decision(MarkValue.ZERO, "gaps", deciding=lists)
    if any(item.reason == "reposts" for item in lists) and not any(item.outcome is Outcome.PASS for item in lists):
        return Decision(MarkValue.ZERO, "reposts", deciding=lists)
    if any(_texts(item, "lagging") for item in lists):
        return Decision(MarkValue.ZERO, "language_lags", deciding=lists)
    return Decision(MarkValue.PLUS, "weekly", deciding=lists)


def _is_newer_in_feed(finding: Finding, limit: SectionLimit, question: Question) -> bool:
    """Tell whether a feed beside a list of pages has an entry within the limit."""
    newest = finding.measures.get("feed_newest")
    day = date.fromisoformat(newest) if isinstance(newest, str) else None
    return day is not None and is_late(day, question.night, limit, question.calendar) is False


def _late(question: Question, lists: list[Finding], limit: SectionLimit) -> Decision:
    """Give `-` only after enough late nights, and never beside a list that could not be read or by feeds alone."""
    if any(_is_newer_in_feed(item, limit, question) for item in lists):
        return Decision(MarkValue.ZERO, "dual", deciding=lists)
    if all(item.measures.get("dates_by") == "feed" for item in lists if _texts(item, "dates")):
        return Decision(None, "feed_alone", deciding=lists)
    # A spell of lateness begins with its newest entry: nights before it belong to another one.
    spell = {night for night in _late_nights(question, lists, limit) if night > _union(lists)[0]}
    nights = _seen_tonight(question, lists) + len(spell)
    if any(_may_be_recent(item, limit, question) for item in question.of(Outcome.UNCLEAR)):
        return Decision(None, "stale_unconfirmed", deciding=lists)
    if question.of(Outcome.NOT_OBSERVED) or nights < question.params.confirm_nights:
        return Decision(None, "stale_unconfirmed", deciding=lists)
    return Decision(MarkValue.MINUS, "stale", deciding=lists)


def _seen_tonight(question: Question, lists: list[Finding]) -> bool:
    """Tell whether tonight is a night of its own: not where a list was not read and yesterday's answer stands in."""
    entries = (entry for item in lists for key in _texts(item, "keys") for entry in question.history.entries(key))
    return not any(entry.night == question.night and not entry.dates for entry in entries)


def _may_be_recent(finding: Finding, limit: SectionLimit, question: Question) -> bool:
    """Tell whether a list that names months alone may have an entry within the limit."""
    month = finding.measures.get("newest_month")
    if not isinstance(month, str):
        return False
    year, number = int(month[:4]), int(month[5:7])
    end = date(year, number, monthrange(year, number)[1])
    return is_late(min(end, question.night), question.night, limit, question.calendar) is False


def _late_nights(question: Question, lists: list[Finding], limit: SectionLimit) -> set[date]:
    """Return earlier nights on which every one of the lists was read and all together were late."""
    keys = {key for item in lists for key in _texts(item, "keys")}
    by_night: dict[date, dict[str, list[date]]] = {}
    for key in keys:
        for entry in question.history.entries(key):
            if entry.night < question.night and entry.dates:
                by_night.setdefault(entry.night, {})[key] = [date.fromisoformat(text) for text in entry.dates]
    whole = {night: read for night, read in by_night.items() if set(read) == keys}
    return {night for night, read in whole.items() if _was_late(read, night, limit, question)}


def _was_late(read: dict[str, list[date]], night: date, limit: SectionLimit, question: Question) -> bool:
    past = [day for days in read.values() for day in days if day <= night]
    return bool(past) and is_late(max(past), night, limit, question.calendar) is True


def _union(findings: Sequence[Finding]) -> list[date]:
    return sorted({date.fromisoformat(text) for item in findings for text in _texts(item, "dates")}, reverse=True)


def _texts(finding: Finding, name: str) -> list[str]:
    value = finding.measures.get(name)
    return value if isinstance(value, list) else []
