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
    unclear: entries bear months or years only; all that is recent was posted before under the same title; no holiday
    calendar is known for the year; the list fills only when something happens (vacancies, tenders, documents of a
    platform) and is not recent.
    not_observed: no dated list was found, or it could not be read.

Traps
    Day stands before month; pinned and future entries; several lists of which one is alive (the union counts); an
    empty vacancy list is not stale. A language version that lags behind the others is named in the measures.

Law
    Weekly: Government Resolution 598 of 2007 as the assessment cites it (repealed 2015). Later orders are profiles
    of the pack: marking re-reads the dates found here with their limits.
"""

from __future__ import annotations

from datetime import date

from checks.context import RuleContext
from checks.facts.dates import days
from checks.facts.model import FactKind, Precision
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.marking.lateness import is_late
from checks.registry import rule
from checks.sections import Section
from checks.view import Page
from config.pack import SectionLimit

LIMIT_DAYS = 7
MOST_DATES = 60
TITLE_LETTERS = 40
"""Signs from which on an equal title is the same news: short ones come again (announcement, bulletin)."""
EVENT_DRIVEN = ("vacancies", "tenders", "documents")


@rule(
    id="FRESH-01", version=2, indicators=("freshness_weekly",), subject=SubjectKind.SECTION,
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
        months = _months(lists, context.night)
        measures |= {"newest_month": months[-1]} if months else {}
        return Result(Outcome.UNCLEAR, "month_precise" if months else "few_items", measures, evidence)
    texts = [day.isoformat() for day in past[:MOST_DATES]]
    driven = set(kinds) <= set(context.params.get("event_driven", EVENT_DRIVEN))
    limit = SectionLimit(max_days=int(context.params.get("max_days", LIMIT_DAYS)))
    measures |= {"newest_date": texts[0], "dates": texts, "event_driven": driven}
    measures |= {"lagging": _lagging(lists, past[0], limit)}
    outcome, reason = _ANSWERS[is_late(past[0], context.night, limit, context.pack.calendar)]
    if outcome is Outcome.PASS and not any(_is_recent(day, limit, context) for day in _first_posted(lists)):
        return Result(Outcome.UNCLEAR, "reposts", measures, evidence)
    if driven and outcome is Outcome.FAIL:
        return Result(Outcome.UNCLEAR, "event_driven", measures, evidence)
    return Result(outcome, reason, measures, evidence)


def _days(lists: list[Page]) -> list[date]:
    return days(item.date.value for page in lists for item in page.facts.items)


def _months(lists: list[Page], night: date) -> list[str]:
    """Return the months that entries bear which state no day, none of them ahead."""
    dates = (item.date for page in lists for item in page.facts.items)
    return sorted(
        {item.value for item in dates if item.precision is Precision.MONTH and item.value <= night.isoformat()}
    )


def _lagging(lists: list[Page], newest: date, limit: SectionLimit) -> list[str]:
    """Return the keys of language versions whose newest entry lies more than the limit behind the section's."""
    behind = ((page, [day for day in _days([page]) if day <= newest]) for page in lists)
    return sorted(
        page.capture.key.text()
        for page, found in behind
        if found and (newest - found[0]).days > limit.max_days
    )  # fmt: skip


def _first_posted(lists: list[Page]) -> list[date]:
    """Return the days of entries, each long title on the first day it bears: posted again, it is nothing new."""
    first: dict[str, date] = {}
    for number, item in enumerate(item for page in lists for item in page.facts.items):
        if item.date.precision is Precision.DAY:
            title = " ".join(item.title.casefold().split())
            key = title if len(title) >= TITLE_LETTERS else f"{number}"
            day = date.fromisoformat(item.date.value)
            first[key] = min(day, first.get(key, day))
    return sorted(first.values(), reverse=True)


def _is_recent(day: date, limit: SectionLimit, context: RuleContext) -> bool:
    return day <= context.night and is_late(day, context.night, limit, context.pack.calendar) is False


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
