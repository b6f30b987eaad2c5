"""What needs a look: late contests first, then decisions whose ground has moved, then what nobody has decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from config.statements import statements
from reports.analysts.acts import Overridden
from reports.analysts.effective import Basis, Change, Effective
from reports.analysts.items import contest_item, period_item, statement_item
from reports.analysts.state import Decision, State

EXPIRES_SOON = timedelta(days=14)


class Need(StrEnum):
    """Why something needs a look, the most pressing first."""

    CONTEST_LATE = "contest_late"
    FROZEN_HOLDS = "frozen_holds"
    CONTEST_OPEN = "contest_open"
    VALUE_CHANGED = "value_changed"
    OVERRIDE_EXPIRED = "override_expired"
    DISPUTED = "disputed"
    OVERRIDE_EXPIRES = "override_expires"
    EVIDENCE_CHANGED = "evidence_changed"
    TO_REVIEW = "to_review"
    NEW = "new"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Task:
    """One thing to look at. `due` is a day by which; `owner` whose it is, None while it is nobody's."""

    need: Need
    item: str
    owner: str | None
    due: date | None = None
    decided_by: str | None = None


def tasks(
    marks: Iterable[Effective],
    state: State,
    night: date,
    today: date,
    person: str | None = None,
    frozen: Iterable[str] = (),
) -> tuple[Task, ...]:
    """Return what needs a look, the most pressing first; for *person* what is theirs, or nobody's and not theirs alone.

    A person's own decisions are not theirs to review. *frozen* are the frozen periods that hold what the archive has
    redacted.
    """
    late = [Task(Need.FROZEN_HOLDS, period_item(name), None) for name in frozen]
    found = [*late, *_contests(state, today), *_marks(marks, state, night), *_statements(state, today)]
    order = list(Need)
    mine = (item for item in found if person is None or _concerns(item, person))
    return tuple(sorted(mine, key=lambda item: (order.index(item.need), item.due or date.max, item.item)))


def _concerns(task: Task, person: str) -> bool:
    if task.need is Need.TO_REVIEW:
        return task.decided_by != person
    return task.owner in (None, person)


def _contests(state: State, today: date) -> Iterator[Task]:
    for contest in state.contests.values():
        if contest.decided is None:
            need = Need.CONTEST_LATE if contest.overdue(today) else Need.CONTEST_OPEN
            item = contest_item(contest.id)
            yield Task(need, item, state.owners.get(item), contest.due())


def _marks(marks: Iterable[Effective], state: State, night: date) -> Iterator[Task]:
    for one in marks:
        owner = state.owners.get(one.item)
        if one.basis in (Basis.PROPOSED, Basis.ADOPTED) and state.lapsed(one.item, night):
            yield Task(Need.OVERRIDE_EXPIRED, one.item, owner)
        elif one.waits:
            yield Task(Need.NEW, one.item, owner)
        if one.changed:
            need = Need.VALUE_CHANGED if one.changed is Change.VALUE else Need.EVIDENCE_CHANGED
            yield Task(need, one.item, owner)
        if one.decision is not None and one.basis is not Basis.ERRATUM:
            yield from _decision(one.item, one.decision, owner, night)


def _decision(item: str, decision: Decision, owner: str | None, night: date) -> Iterator[Task]:
    act = decision.act
    if isinstance(act, Overridden) and act.expires - night <= EXPIRES_SOON:
        yield Task(Need.OVERRIDE_EXPIRES, item, owner, act.expires)
    if decision.disputed_by:
        yield Task(Need.DISPUTED, item, owner)
    elif not decision.agreed_by:
        yield Task(Need.TO_REVIEW, item, owner, decided_by=decision.entry.by)


def _statements(state: State, today: date) -> Iterator[Task]:
    """Yield the statements that no crawl can witness and nobody has judged, and own marks that wait for a review."""
    for statement in statements().values():
        item = statement_item(statement.id)
        decision = state.adopted(item, today)
        if decision is not None:
            yield from _decision(item, decision, state.owners.get(item), today)
        elif statement.observable == "no" and statement.kind == "finding":
            yield Task(Need.STATEMENT, item, state.owners.get(item))
