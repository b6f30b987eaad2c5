"""A person or unit that answers for the data set is named, with a way to reach it.

What it asks
    Of every data set of a catalogue: does its passport name a person or post, and give a phone or mail?

Why
    Questions about data need somebody who answers. The assessment counts open data as managed only where
    responsibility is named.

Outcomes
    pass: a person, post or unit is named, with phone or mail.
    unclear: a body only, or a name without a way to reach it, or a way without a name.
    fail: nothing of the kind, or the record model has no place for it (then the portal's owner must mend it).
    not_applicable: the record describes a service.
    not_observed: only a line of a list was seen, not the passport behind it.

Traps
    Presence only: names, phones and mails are personal and are neither stored nor shown. Whether anybody answers is
    not tested. The publisher is a body, not a contact.

Law
    Criterion of the assessment of 2014; no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.meta_evidence import cite, lacking, only_listed
from checks.subjects import DatasetSubject
from crawler.records import Record


@rule(
    id="META-04", version=1, indicators=("responsible_named",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def responsible_named(subject: DatasetSubject, _context: RuleContext) -> Result:
    """Judge one data set."""
    record = subject.record
    contact = record.contact
    outcome, reason = _judge(record)
    has = {
        "has_name": contact.has_name, "has_mail": contact.has_mail, "has_phone": contact.has_phone,
        "has_organisation": bool(contact.organisation),
    }  # fmt: skip
    said = ", ".join(name.removeprefix("has_") for name, there in has.items() if there) or "nothing"
    cannot = outcome is Outcome.FAIL and "contact" in lacking(record.standard)
    who = Responsible.PORTAL_OWNER if cannot else Responsible.AGENCY
    return Result(outcome, reason, {**has}, cite(subject, f"contact: {said}"), responsible=who)


def _judge(record: Record) -> tuple[Outcome, str]:
    contact = record.contact
    reachable = contact.has_mail or contact.has_phone
    lines = (
        (record.kind == "service", Outcome.NOT_APPLICABLE, "service_record"),
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen"),
        (contact.has_name and reachable, Outcome.PASS, "responsible_named"),
        (reachable, Outcome.UNCLEAR, "contact_without_name"),
        (contact.has_name, Outcome.UNCLEAR, "name_without_contact"),
        (bool(contact.organisation), Outcome.UNCLEAR, "body_named_only"),
    )
    return next(((item[1], item[2]) for item in lines if item[0]), (Outcome.FAIL, "nobody_named"))
