"""The documents of the office: what counts, what needs a look, contests, statements, the journal.

None of them holds who objected or how to reach them, nor the titles of sources that are not public. Notes are in the
journal alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import msgspec

from config.statements import Statement
from reports.analysts.acts import Confidentiality, Overridden, Source, SourceKind, Stated
from reports.analysts.effective import Effective
from reports.analysts.items import read_mark_item
from reports.analysts.journal import Entry
from reports.analysts.state import Contest, ContestState, Decision, Erratum, State
from reports.analysts.todo import Need, Task
from reports.documents import Document, FindingId, RuleVersion, Sha256

Value: TypeAlias = Literal["+", "-", "0"] | None
_SIGNS: dict[str, Value] = {"+": "+", "-": "-", "0": "0"}


class DecisionDocument(Document, frozen=True):
    """What a person decided: in which line of the journal, from which night on, on the ground of which evidence."""

    number: int
    by: str
    at: datetime
    night: date
    expires: date | None
    value: Value
    seen: Sha256 | None
    reviewed_by: str | None
    disputed_by: str | None


class ErratumDocument(Document, frozen=True):
    """A dated correction: on these nights the mark said `said`; `mark` stands there now."""

    contest: str
    on: date
    first: date
    last: date
    said: Value
    mark: Value
    text: str


class StandingDocument(Document, frozen=True):
    """A mark as it counts on a night. `proposed` is what the machine says; `basis` whose word counts.

    `changed` tells that the evidence of the decision is another now, or speaks for another value.
    """

    night: date
    agency: str | None
    group: str | None
    indicator: str
    profile: str
    mark: Value
    basis: Literal["proposed", "adopted", "override", "erratum"]
    reason: str | None
    text: str | None
    reviewed: bool
    changed: Literal["evidence", "value"] | None
    proposed: Value
    proposed_reason: str
    rules: tuple[RuleVersion, ...]
    evidence: tuple[FindingId, ...]
    decision: DecisionDocument | None
    errata: tuple[ErratumDocument, ...]
    contests: dict[str, str]


class TaskDocument(Document, frozen=True):
    """Something that needs a look: why, what, whose, until when."""

    need: Need
    item: str
    owner: str | None
    due: date | None
    decided_by: str | None


class ContestDocument(Document, frozen=True):
    """An objection, its time limits (working days) and how it ended.

    `calendar_known` false: the pack's calendar does not know all those days, so that holidays may be missing.
    """

    id: str
    state: ContestState
    agency: str
    indicator: str
    profile: str
    first: date
    last: date
    said: Value
    text: str
    received: date
    acknowledge_by: date
    decide_by: date
    calendar_known: bool
    acknowledged: date | None
    decided: date | None
    decided_by: str | None
    reason: str | None
    affected: tuple[date, date] | None
    mark: Value
    overdue: bool


class SourceDocument(Document, frozen=True):
    """A source of an own mark. Title and attachment are shown only where they are public."""

    kind: SourceKind
    dated: date
    confidentiality: Confidentiality
    title: str | None
    attachment: Sha256 | None


class StatementDocument(Document, frozen=True):
    """A statement of the assessment: what its authors gave, and the office's own mark."""

    id: str
    dimension: str
    text: str
    observable: Literal["yes", "partly", "no"]
    indicators: tuple[str, ...]
    authors: Value
    mark: Value
    reason: str | None
    sources: tuple[SourceDocument, ...]
    decision: DecisionDocument | None


class EntryDocument(Document, frozen=True):
    """A line of the journal. `act` is what it says; after a redaction what was kept of it."""

    number: int
    at: datetime
    by: str
    item: str
    kind: str
    act: dict[str, Any] | None
    digest: Sha256


def standing_document(one: Effective, state: State, night: date) -> StandingDocument:
    """Return a mark as it counts on *night*, with everything that was said about it."""
    mark, item = one.proposed, one.item
    return StandingDocument(
        night=night,
        agency=mark.agency,
        group=mark.group,
        indicator=mark.indicator,
        profile=mark.profile,
        mark=sign(one.value),
        basis=one.basis.value,
        reason=one.reason,
        text=one.text,
        reviewed=one.reviewed,
        changed=one.changed.value if one.changed else None,
        proposed=sign(mark.value),
        proposed_reason=mark.reason,
        rules=mark.rules,
        evidence=mark.evidence,
        decision=decision_document(one.decision),
        errata=tuple(erratum_document(found) for found in state.errata if found.mark == item),
        contests={found.id: found.state for found in state.contests.values() if found.opened.mark == item},
    )


def decision_document(decision: Decision | None) -> DecisionDocument | None:
    """Return *decision* as a document."""
    if decision is None:
        return None
    act = decision.act
    return DecisionDocument(
        number=decision.number,
        by=decision.entry.by,
        at=decision.entry.at,
        night=act.night,
        expires=act.expires if isinstance(act, Overridden) else None,
        value=sign(act.value),
        seen=None if isinstance(act, Stated) else act.seen.digest,
        reviewed_by=decision.agreed_by,
        disputed_by=decision.disputed_by,
    )


def erratum_document(found: Erratum) -> ErratumDocument:
    """Return a correction as a document."""
    said, now = sign(found.said), sign(found.value)
    return ErratumDocument(found.contest, found.on, found.first, found.last, said, now, found.text)


def task_document(task: Task) -> TaskDocument:
    """Return *task* as a document."""
    return TaskDocument(task.need, task.item, task.owner, task.due, task.decided_by)


def contest_document(contest: Contest, today: date) -> ContestDocument:
    """Return *contest* as anybody may read it: without who objected."""
    opened, item = contest.opened, read_mark_item(contest.opened.mark)
    decided = contest.decided[1] if contest.decided else None
    return ContestDocument(
        id=contest.id,
        state=contest.state,
        agency=(item and item.agency) or "",
        indicator=item.indicator if item else "",
        profile=item.profile if item else "",
        first=opened.first,
        last=opened.last,
        said=sign(opened.said),
        text=opened.text,
        received=opened.received,
        acknowledge_by=opened.acknowledge_by,
        decide_by=opened.decide_by,
        calendar_known=opened.calendar_known,
        acknowledged=contest.acknowledged[1].on if contest.acknowledged else None,
        decided=decided.on if decided else None,
        decided_by=contest.decided[0].by if contest.decided else None,
        reason=decided.text if decided else None,
        affected=(decided.first, decided.last) if decided else None,
        mark=sign(decided.value) if decided else None,
        overdue=contest.overdue(today),
    )


def statement_document(statement: Statement, decision: Decision | None) -> StatementDocument:
    """Return *statement* with the office's own mark, if somebody gave one."""
    act = decision.act if decision and isinstance(decision.act, Stated) else None
    return StatementDocument(
        id=statement.id,
        dimension=statement.dimension,
        text=statement.text,
        observable=statement.observable,
        indicators=statement.indicators,
        authors=statement.mark,
        mark=sign(act.value) if act else None,
        reason=act.text if act else None,
        sources=tuple(_source(one) for one in act.sources) if act else (),
        decision=decision_document(decision),
    )


def entry_document(entry: Entry) -> EntryDocument:
    """Return a line of the journal, without who objected in a contest."""
    act = None if entry.act is None else msgspec.to_builtins(entry.act)
    for name in ("objector", "contact", "act"):
        (act or {}).pop(name, None)
    if act is not None and isinstance(entry.act, Stated):
        act["sources"] = msgspec.to_builtins([_source(one) for one in entry.act.sources])
    return EntryDocument(entry.number, entry.at, entry.by, entry.item, entry.kind, act, entry.digest)


def _source(source: Source) -> SourceDocument:
    public = source.confidentiality is Confidentiality.PUBLIC
    attached = source.attachment.sha256 if public and source.attachment else None
    return SourceDocument(source.kind, source.dated, source.confidentiality, source.title if public else None, attached)


def sign(value: str | None) -> Value:
    """Return a mark as documents write it."""
    return None if value is None else _SIGNS[value]
