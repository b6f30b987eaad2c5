"""A map or data service says what it offers, in which reference systems, and where its metadata are.

What it asks
    Of every OGC service that a catalogue names: does its capabilities document list what can be asked for, with titles,
    reference systems by code, and links to metadata records?

Why
    A service is only of use to those who can find out what it holds; a layer without a title or with a system named in
    words cannot be used by a program.

Outcomes
    pass: something is offered, all of it titled, with reference systems that machines resolve.
    unclear: nothing is offered; titles are missing; systems are named in words only.
    fail: never: what a service lacks is told by the records of its data sets.
    not_applicable: the service is no map or data service (a catalogue service, say).
    not_observed: the service was not asked, did not answer, or answered with something else.

Traps
    Only what it offers is asked (GetCapabilities), never data. An exception report is no capabilities document. A layer
    without a name groups others and cannot be asked for. Inherited reference systems are counted once.

Law
    Criterion of the assessment of 2014 (identifiers of coordinated spatial data); no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.metadata import services
from checks.facts.metadata.services import ServiceFacts
from checks.facts.model import FactKind
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.reasons import reason_of
from checks.registry import rule
from checks.subjects import ServiceSubject
from crawler.archive.layout import ArchiveError
from crawler.safexml import UnreadableError


@rule(
    id="META-08", version=1, indicators=("spatial_identifiers",), subject=SubjectKind.SERVICE,
    needs=frozenset({FactKind.RECORD, FactKind.BODY}),
)  # fmt: skip
def service_described(subject: ServiceSubject, _context: RuleContext) -> Result:
    """Judge one service."""
    capture = subject.capture
    if capture is None or not capture.answered:
        return Result(Outcome.NOT_OBSERVED, reason_of(capture) if capture else "service_not_asked")
    try:
        facts = services.read(subject.view.body(capture))
    except (ArchiveError, UnreadableError):
        facts = None
    if facts is None:
        return Result(Outcome.NOT_OBSERVED, "no_capabilities")
    outcome, reason = _judge(facts)
    measures: dict[str, Measure] = {
        "kind": facts.kind, "version": facts.version, "offers": facts.offers, "untitled": facts.untitled,
        "described": facts.described, "systems": list(facts.systems), "systems_in_words": facts.unresolvable,
        "contact": facts.contact, "access_limits": facts.access_limits,
    }  # fmt: skip
    text = f"{facts.kind} {facts.version}: {facts.offers} offers, {len(facts.systems)} reference systems"
    return Result(outcome, reason, measures, subject.cite("xpath:/*", text))


def _judge(facts: ServiceFacts) -> tuple[Outcome, str]:
    lines = (
        (facts.kind == "CSW", Outcome.NOT_APPLICABLE, "catalogue_service"),
        (facts.offers == 0, Outcome.UNCLEAR, "service_offers_nothing"),
        (not facts.systems, Outcome.UNCLEAR, "reference_system_in_words"),
        (facts.untitled > 0, Outcome.UNCLEAR, "layers_untitled"),
    )
    found = next(((item[1], item[2]) for item in lines if item[0]), None)
    return found or (Outcome.PASS, "service_described")
