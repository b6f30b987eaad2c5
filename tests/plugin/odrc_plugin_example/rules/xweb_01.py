"""An agency's data sets are on a portal.

What it asks
    Of every agency whose pages were seen: does a portal hold a data set that it published?

Why
    A rule of an agency may look at pages and at records together.

Outcomes
    pass: at least one data set is there.
    not_applicable: there is none. Absence is no fail here: the portal may not have been harvested.
    not_observed: no page of the agency was seen.

Traps
    A data set of a publisher that is not in the register belongs to nobody.

Law
    None; an example.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Outcome, Result, SubjectKind
from checks.registry import rule
from checks.subjects import AgencySubject


@rule(
    id="XWEB-01", version=1, indicators=("opendata_agency_page",), subject=SubjectKind.AGENCY,
    needs=frozenset({FactKind.PAGE, FactKind.RECORD}),
)  # fmt: skip
def on_a_portal(subject: AgencySubject, _context: RuleContext) -> Result:
    """Judge one agency."""
    pages = [page for scope in subject.scopes for page in scope.pages]
    if not pages:
        return Result(Outcome.NOT_OBSERVED, "not_observed")
    publishers = {item.id for item in subject.agency.publishers}
    sets = [record.id for _, record in subject.view.records() if record.publisher_id in publishers]
    outcome = Outcome.PASS if sets else Outcome.NOT_APPLICABLE
    evidence = (pages[0].cite("css:title", pages[0].facts.title),)
    return Result(outcome, "exists" if sets else "not_applicable", {"sets": sets}, evidence)
