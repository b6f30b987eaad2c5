"""Static pages state their date and show no sign of age.

What it asks
    Of every page on structure, leadership, contacts or statutes: does it say when it was posted or updated, and does
    anything on it show that it is out of date?

Why
    Such pages carry no news, so nobody notices when they decay: a head who left, a body that was merged, an act that
    was repealed. The date tells a reader how far to trust them.

Outcomes
    pass: a visible date of posting or updating, and no sign of age.
    unclear: the date stands in the page's code alone, lies ahead, or is old while nothing else looks out of date; one
    sign of age; or two independent ones, which are put to an analyst (`decay_suspected`). The machine never says more.
    not_observed: no date is stated, or no such page was found.

Traps
    Age alone is no fault: a structure may stand for years. A former name in a sentence about the past, a page of
    history, an old plan beside the new one and a dead link elsewhere are no signs. Signs of one kind are one sign.
    Today's date in a header, dates of widgets and the day of an act that a sentence cites do not date the page.

Law
    Law 401-V On Access to Information, art. 16(3): information is posted with the date of posting and updating. The
    law names no period.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from checks.context import RuleContext
from checks.facts.model import AgeSign, DateFact, DateMethod, FactKind, Precision, SignKind
from checks.findings import Evidence, Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.fresh_evidence import dead_links, last_day
from checks.view import Page

OLD_DAYS = 3 * 365
PLAN_DAYS = 90
"""Days into a year in which the plan of the year before may still stand."""
_SEEN = frozenset({DateMethod.LABEL, DateMethod.TIME, DateMethod.TEXT, DateMethod.ITEM})
_ENOUGH = 2


@rule(
    id="FRESH-03", version=2, indicators=("freshness_static",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE, FactKind.HISTORY}), none_found="no_static_page",
)  # fmt: skip
def dated_and_current(page: Page, context: RuleContext) -> Result | None:
    """Judge one page; pages of other kinds are none of this rule's business."""
    static = page.facts.static
    if static is None:
        return None
    signs = list(_signs(static.signs, context))
    dead = dead_links(static.links, context) if "contacts" in static.kinds else ()
    kinds = sorted({sign.kind.value for sign in signs} | ({"dead_contact"} if dead else set()))
    stated = _newest(page.facts.dates)
    measures: dict[str, Measure] = {
        "kinds": list(static.kinds), "signs": kinds, "newest_date": stated.value if stated else None,
        "method": stated.method.value if stated else None, "dead_links": list(dead),
    }  # fmt: skip
    outcome, reason = _judge(stated, len(kinds), context)
    return Result(outcome, reason, measures, tuple(_cite(page, stated, signs, dead)))


def _signs(found: tuple[AgeSign, ...], context: RuleContext) -> Iterator[AgeSign]:
    for sign in found:
        spare = int(context.params.get("plan_days", PLAN_DAYS)) if sign.kind is SignKind.PAST_PLAN else 0
        if date.fromisoformat(sign.since) + timedelta(days=spare) <= context.night:
            yield sign


def _newest(dates: tuple[DateFact, ...]) -> DateFact | None:
    """Return the newest visible date; one in the code alone where none is visible."""
    stated = [item for item in dates if item.precision is not Precision.YEAR and item.method is not DateMethod.URL]
    return max(stated, key=lambda item: (item.method in _SEEN, item.value), default=None)


def _judge(stated: DateFact | None, signs: int, context: RuleContext) -> tuple[Outcome, str]:
    old = timedelta(days=int(context.params.get("old_days", OLD_DAYS)))
    # The first line that is true decides.
    lines = (
        (signs >= _ENOUGH, Outcome.UNCLEAR, "decay_suspected"),
        (stated is None, Outcome.NOT_OBSERVED, "no_date_stated"),
        (signs > 0, Outcome.UNCLEAR, "sign_of_age"),
        (bool(stated and stated.method not in _SEEN), Outcome.UNCLEAR, "date_in_code_only"),
        (bool(stated and _first_day(stated.value) > context.night), Outcome.UNCLEAR, "date_in_future"),
        (bool(stated and last_day(stated.value) + old < context.night), Outcome.UNCLEAR, "old_date"),
    )
    found = next(((outcome, reason) for true, outcome, reason in lines if true), None)
    return found or (Outcome.PASS, "dated_and_current")


def _first_day(value: str) -> date:
    return date.fromisoformat(value if len(value) == len("2026-11-23") else f"{value}-01")


def _cite(page: Page, stated: DateFact | None, signs: list[AgeSign], dead: tuple[str, ...]) -> Iterator[Evidence]:
    if stated:
        yield page.cite(stated.locator, stated.text)
    yield from (page.cite(sign.locator, f"{sign.kind}: {sign.excerpt}") for sign in signs)
    yield from (page.cite("text:link", url) for url in dead)
    if not stated and not signs and not dead:
        yield page.cite("css:main", page.facts.heading)
