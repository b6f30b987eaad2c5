"""The country's mark of an agency indicator, per role group: shown as counts, never as a sum of pluses and minuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from checks.marks import Counts, Mark, MarkValue
from config.model import Agency
from config.pack import CountryThresholds


def country_marks(marks: Iterable[Mark], agencies: Iterable[Agency], thresholds: CountryThresholds) -> list[Mark]:
    """Return, per indicator and profile, the mark over all agencies (group None) and over each role group."""
    roles = {agency.id: agency.roles for agency in agencies}
    groups: dict[tuple[str, str, str | None], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.agency in roles:
            for group in (None, *roles[mark.agency]):
                groups[mark.indicator, mark.profile, group].append(mark)
    return [_mark(key, groups[key], thresholds) for key in sorted(groups, key=lambda key: (*key[:2], key[2] or ""))]


def _mark(key: tuple[str, str, str | None], marks: list[Mark], thresholds: CountryThresholds) -> Mark:
    indicator, profile, group = key
    number = {value: sum(mark.value is value for mark in marks) for value in MarkValue}
    exempt = sum(mark.reason == "not_applicable" for mark in marks)
    observed = sum(number.values())
    applicable = len(marks) - exempt
    counts = Counts(
        number[MarkValue.PLUS], number[MarkValue.MINUS], number[MarkValue.ZERO], exempt, applicable - observed
    )
    value, reason = _decide(counts, applicable, thresholds)
    coverage = observed / applicable if applicable else None
    rules = tuple(sorted({rule for mark in marks for rule in mark.rules}))
    return Mark(None, indicator, profile, value, reason, counts, coverage=coverage, rules=rules, group=group)


def _decide(counts: Counts, applicable: int, thresholds: CountryThresholds) -> tuple[MarkValue | None, str]:
    if not applicable:
        return None, "not_applicable"
    if counts.observed < thresholds.observed * applicable or not counts.observed:
        return None, "country_too_few"
    if counts.passed >= thresholds.plus * counts.observed:
        return MarkValue.PLUS, "country_plus"
    if counts.failed >= thresholds.minus * counts.observed:
        return MarkValue.MINUS, "country_minus"
    return MarkValue.ZERO, "country_mixed"
