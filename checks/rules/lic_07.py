"""What a catalogue licenses openly, the terms of the same body's site do not take back.

What it asks
    Of every agency with data sets under an open licence: do the footers and terms of its sites, a portal it owns
    included, restrict re-use, ask to register, or allow own purposes only?

Why
    Two answers to one question are none: a careful re-user keeps to the stricter one, and the open licence is lost.

Outcomes
    unclear: open sets on one side, a restriction or a condition on the other; both are cited.
    Nothing is said of agencies without open sets, or whose terms take nothing back: other rules speak of those.

Traps
    A bare copyright sign is no restriction. Terms of a shared platform are its owner's; a photo's licence says nothing
    of data. Which of the two answers holds is the body's to say, so this is never a fail.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.licences import read_licence
from checks.facts.model import FactKind, NoticeKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.lic_evidence import of_kind, owner_of, told_by
from checks.rules.meta_evidence import cite
from checks.subjects import AgencySubject, datasets
from config.licences import OpenStatus

MOST_CITED = 3


@rule(
    id="LIC-07", version=1, indicators=("open_licence",), subject=SubjectKind.AGENCY,
    needs=frozenset({FactKind.PAGE, FactKind.RECORD}),
)  # fmt: skip
def terms_keep_the_licence(subject: AgencySubject, _context: RuleContext) -> Result | None:
    """Judge one agency; one whose terms take nothing back is spoken of by the other rules."""
    told = told_by(page for scope in subject.scopes for page in scope.pages)
    against = [*of_kind(told, NoticeKind.RESTRICTED), *of_kind(told, NoticeKind.ATTRIBUTION)]
    mine = [item for item in datasets(subject.view) if item.agency and item.agency.id == subject.agency.id]
    opened = [item for item in mine if read_licence(item.record.licence).status is OpenStatus.APPROVED]
    if not opened or not against:
        return None
    measures: dict[str, Measure] = {"open_sets": len(opened), "phrases": [item.phrase for _, item in against]}
    cited = tuple(page.cite(item.locator, item.excerpt) for page, item in against[:MOST_CITED])
    catalogue = cite(opened[0], read_licence(opened[0].record.licence).basis)
    who = owner_of(against, shared=any(scope.shared_host for scope in subject.scopes))
    return Result(Outcome.UNCLEAR, "licence_against_terms", measures, (*cited, *catalogue), responsible=who)
