"""Exports a decided contest as a test case: the rules are not to give those answers on those captures again."""

from __future__ import annotations

from pathlib import Path

import msgspec

from checks.contested import CAPTURES, CASE, Answer, Case, Cited, replay
from checks.findings import Finding, Outcome
from checks.marks import MarkValue
from config.errors import ConfigError
from crawler.archive.wacz import export
from reports.analysts.acts import ContestDecided, ContestOutcome
from reports.analysts.bench import Bench
from reports.analysts.contests import contest_of
from reports.analysts.documents import sign
from reports.analysts.items import MarkItem, read_mark_item
from reports.analysts.state import Contest

_SPOKE_FOR = {MarkValue.MINUS: Outcome.FAIL, MarkValue.PLUS: Outcome.PASS, MarkValue.ZERO: Outcome.UNCLEAR}


def write_case(bench: Bench, contest: str, folder: Path, findings: tuple[str, ...] = ()) -> Path:
    """Write the case of an upheld or corrected *contest* into a new folder under *folder* and return it.

    The wrong answers are *findings* (ids), or those the mark rested on that spoke for what it said.
    """
    found = contest_of(bench.state(), contest)
    item = read_mark_item(found.opened.mark)
    decided = found.decided[1] if found.decided else None
    if decided is None or decided.outcome is ContestOutcome.REJECTED or item is None:
        raise ConfigError(f"contest {contest} is {found.state}; accepted: one that is upheld or corrected")
    wrong = _wrong(bench, found, findings)
    place = folder / contest
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        raise ConfigError(f"{place} exists already; accepted: another folder with -o") from None
    ids = [one.capture for finding in wrong for one in (*finding.evidence, *finding.counter_evidence)]
    exported = export(bench.settings.workspace, ids, place / CAPTURES, patterns=bench.pack.extraction.personal)
    case = _case(bench, found, item, decided, tuple(_answer(finding) for finding in wrong))
    replayed = not exported.left_out and len(replay(case, place / CAPTURES, bench.pack)) == len(case.wrong)
    data = msgspec.json.encode(msgspec.structs.replace(case, replayed=replayed))
    (place / CASE).write_bytes(msgspec.json.format(data, indent=2) + b"\n")
    return place


def _wrong(bench: Bench, found: Contest, findings: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return the findings that were wrong, as the last contested night saw them."""
    seen, said = found.opened.seen, found.opened.said
    wanted = set(findings or seen.findings)
    told = bench.ledger.assessment(found.opened.last)
    known = {item.id: item for item in (told.public().findings if told else ()) if item.id in wanted}
    if findings and (unknown := sorted(wanted - known.keys())):
        raise ConfigError(f"no finding {', '.join(unknown)} on {found.opened.last}")
    outcome = _SPOKE_FOR.get(said) if said else None
    chosen = tuple(item for item in known.values() if findings or item.outcome is outcome)
    if not chosen:
        raise ConfigError(f"contest {found.id}: no finding spoke for the mark; accepted: --finding ID")
    return chosen


def _answer(finding: Finding) -> Answer:
    cited = {one.capture: one for one in (*finding.evidence, *finding.counter_evidence)}
    captures = tuple(Cited(one.capture, one.url, one.sha256) for one in cited.values())
    return Answer(finding.id, finding.rule, finding.version, finding.subject, finding.outcome, finding.reason, captures)


def _case(bench: Bench, found: Contest, item: MarkItem, decided: ContestDecided, wrong: tuple[Answer, ...]) -> Case:
    agency = bench.settings.agency(item.agency or "")
    if agency is None:
        raise ConfigError(f"agency {item.agency} is not in the settings any more; its entry goes into the case")
    return Case(
        format=1,
        contest=found.id,
        decided=decided.on,
        text=decided.text,
        pack=bench.pack.id,
        night=found.opened.last,
        agency=agency.model_dump(mode="json", exclude_defaults=True, include={"id", "names", "roles", "sites"}),
        indicator=item.indicator,
        profile=item.profile,
        said=sign(found.opened.said),
        mark=sign(decided.value),
        wrong=wrong,
        replayed=False,
    )
