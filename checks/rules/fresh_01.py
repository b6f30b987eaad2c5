"""Dynamic sections are updated at least weekly.

What it asks
    Of every section that is a dated list under a name of a dynamic section (news, announcements, events, vacancies,
    tenders): which days do its entries bear, and is the newest one within the limit?

Why
    News pages die quietly: the page stays up, the frame shows today's date and the newest entry is from spring. The
    entries' own dates are the evidence; file times, copyright years and dates of the frame are not.

Outcomes
    pass: the newest entry, future ones set aside, is not older than the limit (holidays do not count as days).
    fail: it is older. Marking then looks at all lists together and asks for a second night.
    unclear: entries bear months or years only; no holiday calendar is known for the year; the list fills only when
    something happens (vacancies, tenders, documents of a platform) and is not recent.
    not_observed: no dated list was found, or it could not be read.

Traps
    Day stands before month; pinned and future entries; several lists of which one is alive (the union counts); an
    empty vacancy list is not stale.

Law
    Weekly: Government Resolution 598 of 2007 as the assessment cites it (repealed 2015). Later orders are profiles
    of the pack: marking re-reads the dates found here with their limits.
"""

from __future__ import annotations

from datetime import date

from checks.context import RuleContext
from checks.facts.dates import days
from checks.facts.model import FactKind
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.marking.lateness import is_late
from checks.registry import rule
from checks.sections import Section
from checks.view import Page
from config.pack import SectionLimit

LIMIT_DAYS = 7
MOST_DATES = 60
EVENT_DRIVEN = ("vacancies", "tenders", "documents")


@rule(
    id="FRESH-01", version=1, indicators=("freshness_weekly",), subject=SubjectKind.SECTION,
    needs=frozenset({FactKind.PAGE, FactKind.HISTORY}), none_found="no_dated_list",
)  # fmt: skip
def weekly_update(section: Section, context: RuleContext) -> Result | None:
    """Judge one section; sections that are no dynamic list are none of this rule's business."""
    lists = [page for page in section.pages if page.facts.items and page.facts.section_kinds]
    if not lists:
        return None
    past = [day for day in _days(lists) if day <= context.night]
    kinds = sorted({kind for page in lists for kind in page.facts.section_kinds})
    measures: dict[str, Measure] = {"keys": sorted({page.capture.key.text() for page in lists}), "kinds": kinds}
    evidence = tuple(_cite(page, past[0] if past else None) for page in lists)
    if not past:
        return Result(Outcome.UNCLEAR, "few_items", measures, evidence)
    texts = [day.isoformat() for day in past[:MOST_DATES]]
    driven = set(kinds) <= set(context.params.get("event_driven", EVENT_DRIVEN))
    measures |= {"newest_date": texts[0], "dates": texts, "event_driven": driven}
    limit = SectionLimit(max_days=int(context.params.get("max_days", LIMIT_DAYS)))
    outcome, reason = _ANSWERS[is_late(past[0], context.night, limit, context.pack.calendar)]
    if driven and outcome is Outcome.FAIL:
        return Result(Outcome.UNCLEAR, "event_driven", measures, evidence)
    return Result(outcome, reason, measures, evidence)


def _days(lists: list[Page]) -> list[date]:
    return days(item.date.value for page in lists for item in page.facts.items)


_ANSWERS: dict[bool | None, tuple[Outcome, str]] = {
    True: (Outcome.FAIL, "stale"),
    False: (Outcome.PASS, "fresh"),
    None: (Outcome.UNCLEAR, "no_calendar"),
}


def _cite(page: Page, newest: date | None) -> Evidence:
    """Cite the entry that bears the newest day, else the first of the list."""
    wanted = newest.isoformat() if newest else None
    items = page.facts.items
    item = next((entry for entry in items if entry.date.value == wanted), items[0])
    return page.cite(item.date.locator, f"{item.date.text}: {item.title}")
