"""Data set passports are complete, in every required language.

What it asks
    Of every data set of a catalogue: does its passport hold the core fields (title, description, publisher, contact,
    keywords, theme, dates, frequency, version, formats, licence, field list with labels), do title and description
    say something, and do the texts exist in each required language?

Why
    A table without its passport is a table of numbers: nobody knows what it counts, since when, or whom to ask. Each
    field is a measure of its own; they are never averaged into a score.

Outcomes
    pass: all core fields are filled, in all languages.
    unclear: only a policy language is missing; the catalogue does not say which language a text is in; the
    description is very short.
    fail: a core field is empty; the title is the name in the interface; the description repeats the title; a
    placeholder; a required language is missing.
    not_applicable: the record describes a service, not data.
    not_observed: only a line of a list was seen, not the passport behind it.

Traps
    A standard without a field list (DCAT, ISO) is not blamed for it, nor a publisher for a field that the portal's
    record model lacks (it is measured; its portal's owner must mend it); `und` is no language and no absence; a
    description may begin with the title.

Law
    Criterion of the assessment of 2014. The field list is a parameter of the pack; no breach of law is stated.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.metadata import passport
from checks.facts.model import FactKind, RecordFacts
from checks.findings import Measure, Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.lang_records import in_codes
from checks.rules.meta_evidence import cite, lacking, only_listed
from checks.subjects import DatasetSubject

SHORT = 4


@rule(
    id="META-01", version=2, indicators=("passport_complete",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD}),
)  # fmt: skip
def passport_complete(subject: DatasetSubject, context: RuleContext) -> Result:
    """Judge one data set."""
    record = in_codes(subject.record, context.pack)
    core = tuple(context.params.get("core", passport.CORE))
    filled = {name: state for name, state in passport.filled(record).items() if name in core}
    outcome, reason, who = _judge(record, context, [name for name, state in filled.items() if state is False])
    languages = passport.languages(record)
    measures: dict[str, Measure] = {f"has_{name}": state for name, state in filled.items()}
    measures |= {f"languages_{name}": list(found) for name, found in languages.items()}
    measures["lacking"] = sorted(name for name in lacking(record.standard) if filled.get(name) is False)
    title = next(iter(record.titles.values()), record.id)
    text = f"{title}: {', '.join(name for name, state in filled.items() if not state) or 'complete'}"
    return Result(outcome, reason, measures, cite(subject, text), responsible=who)


def _judge(record: RecordFacts, context: RuleContext, empty: list[str]) -> tuple[Outcome, str, Responsible]:
    params = context.params
    required, policy = context.pack.codes("required"), context.pack.codes("policy")
    texts = passport.Texts(record, tuple(params.get("placeholders", ())), int(params.get("short", SHORT)))
    absent = [name for name in empty if name not in lacking(record.standard)]
    owner, agency = Responsible.PORTAL_OWNER, Responsible.AGENCY
    # The first line that is true decides: what was not seen, what is wrong, what is missing, what is doubtful.
    lines = (
        (record.kind == "service", Outcome.NOT_APPLICABLE, "service_record", agency),
        (only_listed(record), Outcome.NOT_OBSERVED, "details_not_seen", agency),
        (texts.title_is_name, Outcome.FAIL, "title_is_name", agency),
        (texts.placeholder, Outcome.FAIL, "placeholder_text", agency),
        (texts.repeats, Outcome.FAIL, "description_is_title", agency),
        (bool(absent), Outcome.FAIL, "core_field_empty", agency),
        (texts.missing(required), Outcome.FAIL, "required_language_missing", agency),
        (texts.unstated, Outcome.UNCLEAR, "language_unstated", owner),
        (texts.missing(policy), Outcome.UNCLEAR, "policy_language_missing", agency),
        (texts.short, Outcome.UNCLEAR, "description_short", agency),
    )
    found = next(((item[1], item[2], item[3]) for item in lines if item[0]), None)
    return found or (Outcome.PASS, "passport_complete", agency)
