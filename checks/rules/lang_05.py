"""News and announcements appear in every language, and at about the same time.

What it asks
    Of every section whose versions hold dated lists: does each required language list about as many entries as the
    fullest one in the same three months, and how far behind is its newest?

Why
    A section that was translated once and is fed in one language only looks complete and is not. Titles cannot be
    paired across languages by machine; their number and their days can.

Outcomes
    pass: every required language has at least half as many entries as the fullest, the newest not far behind.
    fail: a required language has less than that, of at least five entries.
    unclear: fewer than five entries to compare; the newest of a language is far behind; a policy language lacks
    entries.
    not_applicable: no version, or only one, holds a dated list.
    not_observed: a version in a required language was not seen.

Traps
    One entry more a day here and there; lists of different length on one page (the window ends where the fullest
    list ends); entries in the future. Days of lag are counted between versions, never against today.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from datetime import date

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_evidence import cite_versions, listed_days, unseen
from checks.rules.lines import decide
from checks.sections import Section

SHARE, LEAST, LAG, WINDOW = 0.5, 5, 14, 90
"""Share of the fullest list, entries to compare, days of lag, days of the window."""


@rule(
    id="LANG-05", version=1, indicators=("lang_coverage",), subject=SubjectKind.SECTION,
    needs=frozenset({FactKind.PAGE}), none_found="no_dated_lists",
)  # fmt: skip
def entries_in_each_language(section: Section, context: RuleContext) -> Result | None:
    """Judge one section; one without dated lists says nothing."""
    days = listed_days(section, context.night, int(context.params.get("window", WINDOW)))
    if not any(days.values()):
        return None
    counts = {code: len(found) for code, found in days.items()}
    lags = {
        code: (max(map(max, filter(None, days.values()))) - max(found)).days for code, found in days.items() if found
    }
    outcome, reason = _judge(section, context, days)
    measures: dict[str, Measure] = {"entries": counts, "lag_days": lags}
    return Result(outcome, reason, measures, cite_versions(section))


def _judge(section: Section, context: RuleContext, days: dict[str, list[date]]) -> tuple[Outcome, str]:
    required, policy = context.pack.codes("required"), context.pack.codes("policy")
    fullest = max(map(len, days.values()))
    newest = max(max(found) for found in days.values() if found)
    few = {code for code, found in days.items() if len(found) < float(context.params.get("share", SHARE)) * fullest}
    late = {code for code, found in days.items() if found and (newest - max(found)).days > LAG}
    hidden = unseen(section.versions[code] for code in required)
    lines = (
        (bool(hidden), Outcome.NOT_OBSERVED, hidden),
        (sum(1 for item in section.versions.values() if item.page) < 2, Outcome.NOT_APPLICABLE, "one_language"),  # noqa: PLR2004 - a pair
        (bool(few & set(required)) and fullest >= LEAST, Outcome.FAIL, "entries_missing"),
        (fullest < LEAST, Outcome.UNCLEAR, "few_entries"),
        (bool(late & set(required)), Outcome.UNCLEAR, "versions_lag"),
        (bool(few & set(policy)), Outcome.UNCLEAR, "policy_language_missing"),
    )
    return decide(lines, (Outcome.PASS, "entries_in_each_language"))
