"""The portal works as a catalogue: its sets can be listed, and what it lists opens.

What it asks
    Of every portal: could the catalogue be read, are its sets data that somebody keeps, and do the forms in which
    they are offered open?

Why
    A catalogue is as good as the data behind it. One set of three hundred that opens is no working portal.

Outcomes
    pass: sets are listed, most of those that were tried open, and most are kept.
    unclear: only test sets or copies of one another; some sets are archived or gone; none was tried.
    fail: most of the sets that were tried are gone on several nights, or most are archived.
    not_observed: the catalogue gave no records.

Traps
    A link counts as gone only when it answered 404 or 410 on several nights over days; nights with a timeout, a
    refusal, a fault or a block are not counted. An answer that is an error page with status 200 has not opened. The
    sample is spread over publishers; `opened` and `tried` are told for each of them.

Law
    Criterion of the assessment of 2014; no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules import meta_opening as opening
from checks.rules.meta_evidence import captures_by_id, cite_capture
from checks.subjects import PortalSubject

HALF = 0.5
MOST_CITED = 3


@rule(
    id="META-06", version=2, indicators=("portal_catalogue",), subject=SubjectKind.PORTAL,
    needs=frozenset({FactKind.RECORD, FactKind.FILE, FactKind.HISTORY}),
)  # fmt: skip
def portal_catalogue(subject: PortalSubject, context: RuleContext) -> Result:
    """Judge one portal."""
    sets = opening.sets_of(subject)
    if not sets:
        return Result(Outcome.NOT_OBSERVED, "no_records", responsible=Responsible.PORTAL_OWNER)
    tried = opening.tried(subject, context)
    idle = sum(opening.archived(item, context.params) for item in sets)
    outcome, reason = _judge(len(sets), idle, opening.real(sets, context.params), tried)
    measures: dict[str, Measure] = {
        "sets": len(sets), "archived": idle, "real": opening.real(sets, context.params),
        "tried": tried.by_publisher(), "opened": tried.by_publisher(opening.State.OPENED), "gone": tried.count("gone"),
    }  # fmt: skip
    known = captures_by_id(subject.view)
    lists = dict.fromkeys(item.capture for item in sets if item.capture in known)
    evidence = tuple(
        cite_capture(known[name], "text:record", f"{len(sets)} data sets listed", subject.view)
        for name in list(lists)[:MOST_CITED]
    )
    return Result(outcome, reason, measures, evidence, responsible=Responsible.PORTAL_OWNER)


def _judge(sets: int, idle: int, real: int, tried: opening.Tried) -> tuple[Outcome, str]:
    gone, opened = tried.count("gone"), tried.count("opened")
    decided = gone + opened
    lines = (
        (decided > 0 and gone > HALF * decided, Outcome.FAIL, "sets_do_not_open"),
        (idle > HALF * sets, Outcome.FAIL, "sets_mostly_archived"),
        (real == 0, Outcome.UNCLEAR, "only_test_sets"),
        (opened == 0, Outcome.UNCLEAR, "no_set_tried"),
        (gone > 0 or idle > 0, Outcome.UNCLEAR, "some_sets_gone"),
    )
    found = next(((item[1], item[2]) for item in lines if item[0]), None)
    return found or (Outcome.PASS, "catalogue_works")
