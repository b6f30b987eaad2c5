"""Dynamic sections are updated at least weekly.

What it asks
    Of every section that is a dated list under a name of a dynamic section (news, announcements, events, vacancies,
    tenders): which days do its entries bear, and is the newest one within the limit?

Why
    News pages die quietly: the page stays up, the frame shows today's date and the newest entry is from spring. The
    entries' own dates are the evidence; file times, copyright years and dates of the frame are not.

Outcomes
    pass: the newest entry, future ones set aside, is not older than the limit (holidays do not count as days). Where
    the pages show no dates, the section's feed counts as the list.
    fail: it is older. Marking then looks at all lists together and asks for a second night.
    unclear: entries bear months or years only, or a recent one may be among those of a month; all that is recent
    was posted before under the same title; no holiday calendar is known for the year; the list fills only when
    something happens (vacancies, tenders, documents of a platform) and is not recent; a feed has newer entries than
    the pages show; a feed alone bears dates and is not recent; a sitemap alone bears dates.
    not_observed: no dated list was found, or it could not be read.

Traps
    Day stands before month; pinned and future entries; several lists of which one is alive (the union counts); an
    empty vacancy list is not stale. A language version that lags behind the others is named in the measures. A sitemap
    that gives all pages one day, or a feed all entries one moment, shows when it was made and nothing else.

Law
    Weekly: Government Resolution 598 of 2007 as the assessment cites it (repealed 2015). Later orders are profiles
    of the pack: marking re-reads the dates found here with their limits.
"""

from __future__ import annotations

from datetime import date

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.marking.lateness import is_late
from checks.registry import rule
from checks.rules.fresh_evidence import last_day
from checks.rules.fresh_lists import Lists, first_posted, lagging, lists_of, months
from checks.rules.lines import decide
from checks.sections import Section
from config.pack import SectionLimit

LIMIT_DAYS = 7
MOST_DATES = 60
EVENT_DRIVEN = ("vacancies", "tenders", "documents")


@rule(
    id="FRESH-01", version=3, indicators=("freshness_weekly",), subject=SubjectKind.SECTION,
    needs=frozenset({FactKind.PAGE, FactKind.LIST, FactKind.HISTORY}), none_found="no_dated_list",
)  # fmt: skip
def weekly_update(section: Section, context: RuleContext) -> Result | None:
    """Judge one section; sections that are no dynamic list are none of this rule's business."""
    lists = lists_of(section, context.night)
    if lists is None or not (lists.shown or lists.listed):
        return None
    past = lists.days(context.night)
    limit = SectionLimit(max_days=int(context.params.get("max_days", LIMIT_DAYS)))
    driven = set(lists.kinds) <= set(context.params.get("event_driven", EVENT_DRIVEN))
    outcome, reason = _judge(lists, past, limit, context, driven=driven)
    evidence = tuple(item.cite_newest(past[0] if past else None) for item in lists.shown)
    against = tuple(_against(lists, limit, context)) if outcome is Outcome.FAIL or reason == "feed_is_newer" else ()
    if not lists.shown and lists.listed:
        evidence = (lists.listed.evidence,)
    return Result(outcome, reason, _measures(lists, past, limit, context.night, driven=driven), evidence, against)


def _judge(
    lists: Lists, past: list[date], limit: SectionLimit, context: RuleContext, *, driven: bool
) -> tuple[Outcome, str]:
    if not past:
        undated = "month_precise" if months(lists.shown, context.night) else "few_items"
        return Outcome.UNCLEAR, undated if lists.shown else "sitemap_alone"
    late = is_late(past[0], context.night, limit, context.pack.calendar)
    feed = lists.newest_in_feeds(context.night)
    stated = (min(last_day(month), context.night) for month in months(lists.shown, context.night))
    this_month = any(_is_recent(day, limit, context) for day in stated)
    # The first line that is true decides.
    lines = (
        (late is None, Outcome.UNCLEAR, "no_calendar"),
        (not late and not any(_is_recent(day, limit, context) for day in first_posted(lists.shown)),
         Outcome.UNCLEAR, "reposts"),
        (not late, Outcome.PASS, "fresh_in_feed" if lists.by_feed else "fresh"),
        (this_month, Outcome.UNCLEAR, "month_precise"),
        (driven, Outcome.UNCLEAR, "event_driven"),
        (lists.by_feed, Outcome.UNCLEAR, "feed_stale"),
        (feed is not None and _is_recent(feed, limit, context), Outcome.UNCLEAR, "feed_is_newer"),
    )  # fmt: skip
    return decide(lines, (Outcome.FAIL, "stale"))


def _measures(lists: Lists, past: list[date], limit: SectionLimit, night: date, *, driven: bool) -> dict[str, Measure]:
    found: dict[str, Measure] = {"keys": sorted({item.key for item in lists.shown}), "kinds": lists.kinds}
    if past:
        texts = [day.isoformat() for day in past[:MOST_DATES]]
        found |= {"newest_date": texts[0], "dates": texts, "event_driven": driven}
        found |= {"lagging": lagging(lists.shown, past[0], limit.max_days)}
    if stated := months(lists.shown, night):
        found["newest_month"] = stated[-1]
    feed = lists.newest_in_feeds(night)
    told = {
        "dates_by": lists.shown[0].method.value if lists.shown else "sitemap",
        "feed_newest": feed.isoformat() if feed else None,
        "sitemap_newest": lists.listed.day.isoformat() if lists.listed else None,
        "sitemap_template": lists.template or None,
    }
    return found | {name: value for name, value in told.items() if value is not None}


def _against(lists: Lists, limit: SectionLimit, context: RuleContext) -> list[Evidence]:
    """Return what is recent beside lists that are not: it never holds alone against what the pages show."""
    dated = [(feed, feed.days(context.night)) for feed in lists.feeds]
    found = [feed.cite_newest(past[0]) for feed, past in dated if past and _is_recent(past[0], limit, context)]
    listed = lists.listed if lists.listed and _is_recent(lists.listed.day, limit, context) else None
    return found + ([listed.evidence] if listed else [])


def _is_recent(day: date, limit: SectionLimit, context: RuleContext) -> bool:
    return day <= context.night and is_late(day, context.night, limit, context.pack.calendar) is False
