"""News and announcements appear in every language, and at about the same time.

What it asks
    Of every section whose versions hold dated lists: does each required language list about as many entries as the
    fullest one in the same three months, and how far behind is its newest?

Why
    A section that was translated once and is fed in one language only looks complete and is not. Entries are paired by
    their pages' links to each other, their addresses, ids, pictures, numbers and days, so that what lacks a counterpart
    is named; titles themselves cannot be paired across languages by machine.

Outcomes
    pass: every required language has at least half as many entries as the fullest, the newest not far behind.
    fail: a required language has less than that, of at least five entries.
    unclear: fewer than five entries to compare; a shorter list may go on on its next page, or bears entries whose
    day cannot be read; the newest of a language is far behind, or its entries come long after those they are paired
    with; a policy language lacks entries.
    not_applicable: no version, or only one, holds a dated list.
    not_observed: a version in a required language was not seen.

Traps
    One entry more a day here and there; lists of different length on one page (the window ends where the fullest
    list ends); entries in the future. Days of lag are counted between versions, never against today. An entry whose
    counterpart may be any of several is counted and not named.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from datetime import date

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_evidence import cite_versions, unseen
from checks.rules.lang_items import LAG, MOST_NAMED, Counterparts, comparable, counterparts, listed, unsure
from checks.rules.lines import decide
from checks.sections import Section

SHARE, LEAST, WINDOW = 0.5, 5, 90
"""Share of the fullest list, entries to compare, days of the window."""


@rule(
    id="LANG-05", version=2, indicators=("lang_coverage",), subject=SubjectKind.SECTION,
    needs=frozenset({FactKind.PAGE}), none_found="no_dated_lists",
)  # fmt: skip
def entries_in_each_language(section: Section, context: RuleContext) -> Result | None:
    """Judge one section; one without dated lists says nothing."""
    lists = listed(section, context.night, int(context.params.get("window", WINDOW)))
    days = {code: [entry.day for entry in found] for code, found in comparable(lists).items()}
    if not any(days.values()):
        return None
    others = counterparts(section, lists)
    outcome, reason = _judge(section, context, days, others, unsure(section, lists))
    evidence = (*cite_versions(section), *_named(others))
    return Result(outcome, reason, _measures(days, others), evidence)


def _judge(
    section: Section,
    context: RuleContext,
    days: dict[str, list[date]],
    others: tuple[Counterparts, ...],
    unsure: set[str],
) -> tuple[Outcome, str]:
    required, policy = context.pack.codes("required"), context.pack.codes("policy")
    fullest = max(map(len, days.values()))
    pairs = {item.language: len(item.pairs) for item in others}
    # An entry that has its counterpart is not missing, on whatever day that was posted.
    held = {code: max(len(found), pairs.get(code, 0)) for code, found in days.items()}
    few = {code for code, number in held.items() if number < float(context.params.get("share", SHARE)) * fullest}
    late = {code for code, lag in _lags(days).items() if lag > LAG}
    late |= {item.late for item in others if item.late}
    hidden = unseen(section.versions[code] for code in required)
    lines = (
        (bool(hidden), Outcome.NOT_OBSERVED, hidden),
        (sum(1 for item in section.versions.values() if item.page) < 2, Outcome.NOT_APPLICABLE, "one_language"),  # noqa: PLR2004 - a pair
        (bool((few - unsure) & set(required)) and fullest >= LEAST, Outcome.FAIL, "entries_missing"),
        (fullest < LEAST or bool(few & set(required)), Outcome.UNCLEAR, "few_entries"),
        (bool(late & set(required)), Outcome.UNCLEAR, "versions_lag"),
        (bool(few & set(policy)), Outcome.UNCLEAR, "policy_language_missing"),
    )
    return decide(lines, (Outcome.PASS, "entries_in_each_language"))


def _lags(days: dict[str, list[date]]) -> dict[str, int]:
    """Return by how many days the newest entry of each language lies behind the newest of all."""
    newest = max(max(found) for found in days.values() if found)
    return {code: (newest - max(found)).days for code, found in days.items() if found}


def _measures(days: dict[str, list[date]], others: tuple[Counterparts, ...]) -> dict[str, Measure]:
    methods = sorted({pair.method for item in others for pair in item.pairs})
    return {
        "entries": {code: len(found) for code, found in days.items()},
        "lag_days": _lags(days),
        "paired": {item.language: len(item.pairs) for item in others},
        "paired_by": methods,
        "pair_lag_days": {item.language: item.lag for item in others if item.lag is not None},
        "missing": {item.language: len(item.missing) for item in others},
        "missing_entries": [
            f"{item.language} {entry.day} {entry.item.url or ''}".strip()
            for item in others
            for entry in item.missing[:MOST_NAMED]
        ],
    }


def _named(others: tuple[Counterparts, ...]) -> tuple[Evidence, ...]:
    return tuple(entry.cite_as_missing(item.language) for item in others for entry in item.missing[:MOST_NAMED])
