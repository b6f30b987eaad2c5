"""Changes of marks and their causes, as the ledger keeps them beside the night that brought them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from reports.ledger.reader import shown
from reports.ledger.runs import Layer
from reports.ledger.tables import MarkChangeRow, NightRow


class Cause(StrEnum):
    """Why a mark changed.

    `rule`: a rule, an extractor or a library came in another version. `configuration`: settings or pack were edited.
    `reorganisation`: a body began, ended or merged. `time`: a date passed; a threshold or an override began or ended.
    `coverage`: more or less was seen. `platform`: software shared by several scopes changed. `site`: what a body
    publishes changed. `analyst`: a person decided.
    """

    RULE = "rule"
    CONFIGURATION = "configuration"
    REORGANISATION = "reorganisation"
    TIME = "time"
    COVERAGE = "coverage"
    PLATFORM = "platform"
    SITE = "site"
    ANALYST = "analyst"


class Step(msgspec.Struct, frozen=True):
    """One cause's share of a change: the value and reason that the mark has once this cause is let in.

    `events` name what happened, where several marks share it (one change of a platform, one incident of a host).
    """

    cause: Cause
    value: str | None
    reason: str | None
    events: tuple[str, ...] = ()


class MarkChange(msgspec.Struct, frozen=True):
    """A mark that came out otherwise than on the recorded night before (`previous`), step by step.

    A reason None stands for a mark that was not there. `decided` tells that it is the mark that counts after people's
    decisions; else it is what the machine proposes.
    """

    night: date
    previous: date
    agency: str | None
    group: str | None
    indicator: str
    profile: str
    value: str | None
    reason: str | None
    steps: tuple[Step, ...]
    decided: bool = False

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes in the order they were let in, each once."""
        return tuple(dict.fromkeys(step.cause for step in self.steps))


def write(session: Session, layer: Layer, night: date, run_id: str, changes: Sequence[MarkChange]) -> None:
    """Make *changes* those of *night*; what was kept of it before gives way."""
    session.execute(
        delete(MarkChangeRow)
        .where(MarkChangeRow.layer == layer, MarkChangeRow.night == night)
        .execution_options(synchronize_session=False)
    )
    rows = [_row(layer, run_id, item) for item in changes]
    if rows:
        core: Any = MarkChangeRow.__table__
        session.connection().execute(insert(core), rows)


def forget_next(session: Session, layer: Layer, night: date) -> None:
    """Take away the changes of the recorded night after *night*: they were told against another word of it."""
    after = session.scalar(select(func.min(NightRow.night)).where(NightRow.layer == layer, NightRow.night > night))
    if after is not None:
        session.execute(
            delete(MarkChangeRow)
            .where(MarkChangeRow.layer == layer, MarkChangeRow.night == after)
            .execution_options(synchronize_session=False)
        )


def read(
    session: Session, layer: Layer, first: date, last: date, agency: str | None, indicator: str | None
) -> tuple[MarkChange, ...]:
    """Return the changes of the nights that show between two nights, both included, oldest first."""
    shows = shown(select(NightRow.night), layer)
    query = select(MarkChangeRow.body).where(
        MarkChangeRow.layer == layer,
        MarkChangeRow.night >= first,
        MarkChangeRow.night <= last,
        MarkChangeRow.night.in_(shows),
    )
    if agency is not None:
        query = query.where(MarkChangeRow.agency == agency)
    if indicator is not None:
        query = query.where(MarkChangeRow.indicator == indicator)
    bodies = session.scalars(query.order_by(MarkChangeRow.night, MarkChangeRow.id))
    return tuple(msgspec.json.decode(body, type=MarkChange) for body in bodies)


def _row(layer: Layer, run_id: str, change: MarkChange) -> dict[str, Any]:
    return {
        "layer": layer,
        "night": change.night,
        "previous": change.previous,
        "run_id": run_id,
        "agency": change.agency,
        "role_group": change.group,
        "indicator": change.indicator,
        "profile": change.profile,
        "causes": ",".join(change.causes),
        "body": msgspec.json.encode(change).decode(),
    }
