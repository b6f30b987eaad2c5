"""What a frozen period holds, read from ledger and journal: marks as they count, findings, statements, objections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from checks.findings import Finding
from config.errors import ConfigError
from config.office import FrozenPeriod
from config.statements import statements
from reports.analysts.acts import Stated
from reports.analysts.bench import Bench
from reports.analysts.documents import (
    ContestDocument,
    StatementDocument,
    contest_document,
    sign,
    standing_document,
    statement_document,
)
from reports.analysts.effective import Effective, all_effective
from reports.analysts.items import MarkItem, item_of, statement_item
from reports.analysts.state import State
from reports.documents import RunDocument, run_document
from reports.freeze.documents import FrozenMarkDocument, StretchDocument
from reports.ledger import Run


@dataclass(frozen=True)
class Gathered:
    """Everything of a period, ready to be written. `run` speaks for `night`, the newest recorded one."""

    period: FrozenPeriod
    profile: str
    night: date
    run: Run
    runs: tuple[RunDocument, ...]
    incomplete: tuple[date, ...]
    marks: tuple[FrozenMarkDocument, ...]
    findings: tuple[Finding, ...]
    statements: tuple[StatementDocument, ...]
    contests: tuple[ContestDocument, ...]
    rules: tuple[str, ...]
    journal: tuple[int, str]

    @property
    def waiting(self) -> int:
        """How many marks carry a value that nobody has made the office's own."""
        return sum(item.annex for item in self.marks)


def gather(bench: Bench, period: FrozenPeriod) -> Gathered:
    """Return what *period* holds now. Raises ConfigError when no night of it was recorded."""
    nights = [night for night in bench.ledger.nights() if period.first <= night <= period.last]
    if not nights or period.profile is None:
        raise ConfigError(f"no night from {period.first} to {period.last} was recorded; there is nothing to freeze")
    night, state = nights[-1], bench.state()
    runs = [run for item in nights if (run := bench.ledger.run_of(item)) is not None]
    proposed = bench.ledger.marks(night, profile=period.profile)
    counting = all_effective(proposed, state, night, bench.settings, bench.pack)
    return Gathered(
        period=period,
        profile=period.profile,
        night=night,
        run=runs[-1],
        runs=tuple(run_document(run) for run in runs),
        incomplete=tuple(run.night for run in runs if run.state != "complete"),
        marks=_marks(bench, period, counting, state, night),
        findings=_findings(bench, counting, night),
        statements=_statements(state, period.last),
        contests=_contests(bench, period, state),
        rules=tuple(sorted(f"{rule.id}@{rule.version}" for rule in bench.ledger.rules(night))),
        journal=bench.journal.head(),
    )


def _marks(
    bench: Bench, period: FrozenPeriod, counting: Iterable[Effective], state: State, night: date
) -> tuple[FrozenMarkDocument, ...]:
    found = list(counting)
    courses = _courses(bench, period, {one.proposed.agency for one in found})
    return tuple(
        FrozenMarkDocument(standing_document(one, state, night), one.waits, courses.get(item_of(one.proposed), ()))
        for one in found
    )


def _courses(
    bench: Bench, period: FrozenPeriod, bodies: set[str | None]
) -> dict[MarkItem, tuple[StretchDocument, ...]]:
    found = {}
    for body in bodies:
        for course in bench.ledger.courses(body, period.first, period.last):
            item = MarkItem(course.indicator, course.profile, course.agency, course.group)
            found[item] = tuple(
                StretchDocument(
                    max(one.first, period.first), min(one.last, period.last), sign(one.value), one.reason, one.rules
                )
                for one in course.marks
            )
    return found


def _findings(bench: Bench, counting: Iterable[Effective], night: date) -> tuple[Finding, ...]:
    """Return the night's findings, and those of earlier nights that decisions in force had before them.

    What is told to owner and operator alone stays out: no mark rests on it.
    """
    found = {item.id: item for item in public_findings(bench, night)}
    wanted: dict[date, set[str]] = {}
    for one in counting:
        act = one.decision.act if one.decision else None
        if act is not None and not isinstance(act, Stated):
            wanted.setdefault(act.night, set()).update(set(act.seen.findings) - found.keys())
    for earlier, ids in wanted.items():
        if ids:
            found |= {item.id: item for item in public_findings(bench, earlier) if item.id in ids}
    return tuple(found.values())


def public_findings(bench: Bench, night: date) -> tuple[Finding, ...]:
    """Return the findings of a night that may be published."""
    told = bench.ledger.assessment(night)
    return told.public().findings if told else ()


def _statements(state: State, last: date) -> tuple[StatementDocument, ...]:
    decided = ((item, state.adopted(statement_item(item.id), last)) for item in statements().values())
    return tuple(statement_document(item, made) for item, made in decided if made is not None)


def _contests(bench: Bench, period: FrozenPeriod, state: State) -> tuple[ContestDocument, ...]:
    about = (
        one for one in state.contests.values() if one.opened.first <= period.last and one.opened.last >= period.first
    )
    return tuple(contest_document(one, bench.today) for one in about)
