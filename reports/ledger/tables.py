"""The ledger's tables. Migrations under `migrations/` bring a database to this form; a test holds the two together.

Identity rows (`findings`, `marks`) are stored once; spans say on which recorded nights they held, and one that still
holds is open (`OPEN`), so that an unchanged night writes no span at all. What changes every night is packed into the
night's own row. Nights and spans belong to a layer: as published, as restated, or in shadow. JSON is kept as text, so
that SQLite and PostgreSQL store the same bytes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, LargeBinary, MetaData, SmallInteger, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

OPEN = date(9999, 12, 31)
"""`last_night` of a span that still holds on the newest recorded night of its layer."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Stored in UTC without a zone, read back as an aware UTC datetime; naive times are refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's interface
        """Return *value* as it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be recorded: {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's interface
        """Return the stored *value* as an aware time."""
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {str: String(255), datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy's interface


class SnapshotRow(Base):
    """Canonical JSON of what a run was asked: settings, pack, rules. Stored once per digest."""

    __tablename__ = "snapshots"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)


class RunRow(Base):
    """One run: what it was, for which night, with which inputs, and how far it came."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    night: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    config_digest: Mapped[str] = mapped_column(ForeignKey("snapshots.digest"))
    pack_digest: Mapped[str] = mapped_column(ForeignKey("snapshots.digest"))
    rules_digest: Mapped[str | None] = mapped_column(ForeignKey("snapshots.digest"))
    lock_digest: Mapped[str | None] = mapped_column(String(64))
    vantage: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text)
    coverage: Mapped[str] = mapped_column(Text, default="[]")
    strangers: Mapped[str] = mapped_column(Text, default="[]")


class NightRow(Base):
    """A recorded night of a layer, the run whose word counts for it, and what changes every night, packed.

    `marks` holds coverage and oldest evidence of each mark, `sightings` (newest night of a layer only) where the
    evidence was seen; see `reports.ledger.packed`.
    """

    __tablename__ = "nights"

    layer: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    marks: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sightings: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class SupersededRow(Base):
    """What a run had said of a night before another run's word took its place: packed, never shown, never lost."""

    __tablename__ = "superseded"

    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[int] = mapped_column(SmallInteger)
    night: Mapped[date] = mapped_column(index=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class FindingRow(Base):
    """A finding's identity. `body` is the finding without its sightings."""

    __tablename__ = "findings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agency: Mapped[str | None] = mapped_column(index=True)
    rule: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))
    body_digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)


class SpanColumns:
    """First and last recorded night on which an item held. A night in between that was never recorded says nothing.

    `KEY` names the columns that make the item; `run_id` is the run that opened the span.
    """

    KEY: ClassVar[tuple[str, ...]] = ("item_id",)

    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[int] = mapped_column(SmallInteger)
    first_night: Mapped[date]
    last_night: Mapped[date]
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        """Index the question that every reader asks: what holds on a night of a layer."""
        columns = ("layer", "last_night", "first_night")
        return (Index(f"ix_{cls.__tablename__}_{'_'.join(columns)}", *columns),)  # type: ignore[attr-defined]


class FindingSpanRow(SpanColumns, Base):
    """When a finding held."""

    __tablename__ = "finding_spans"

    item_id: Mapped[str] = mapped_column(ForeignKey("findings.id"), index=True)


class SightingRow(Base):
    """Where the evidence of a finding was seen on the first and the last night of its spans.

    The newest recorded night keeps its sightings packed (`NightRow.sightings`).
    """

    __tablename__ = "sightings"

    layer: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    finding_id: Mapped[str] = mapped_column(ForeignKey("findings.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True, index=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    capture: Mapped[str]
    fetched_at: Mapped[datetime]


class MarkRow(Base):
    """A mark's identity: who, what, the value and what it rests on."""

    __tablename__ = "marks"
    __table_args__ = (Index("ix_marks_agency_indicator_profile", "agency", "indicator", "profile"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agency: Mapped[str | None]
    role_group: Mapped[str | None]
    indicator: Mapped[str]
    profile: Mapped[str]
    value: Mapped[str | None] = mapped_column(String(1))
    reason: Mapped[str]
    rules: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)


class MarkSpanRow(SpanColumns, Base):
    """When a mark held."""

    __tablename__ = "mark_spans"

    item_id: Mapped[str] = mapped_column(ForeignKey("marks.id"), index=True)


class TallySpanRow(SpanColumns, Base):
    """When a mark counted what: findings by outcome and the bounds of the share. One row per change."""

    __tablename__ = "tally_spans"
    KEY = ("mark_id", "passed", "failed", "unclear", "not_applicable", "not_observed", "low", "high", "bounds")

    mark_id: Mapped[str] = mapped_column(ForeignKey("marks.id"), index=True)
    passed: Mapped[int]
    failed: Mapped[int]
    unclear: Mapped[int]
    not_applicable: Mapped[int]
    not_observed: Mapped[int]
    low: Mapped[float | None]
    high: Mapped[float | None]
    bounds: Mapped[str | None] = mapped_column(String(16))


class MarkChangeRow(Base):
    """A mark that came out otherwise than on the recorded night before, and why. `body` is the whole `MarkChange`."""

    __tablename__ = "mark_changes"
    __table_args__ = (
        Index("ix_mark_changes_layer_night", "layer", "night"),
        Index("ix_mark_changes_agency_indicator", "agency", "indicator"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    layer: Mapped[int] = mapped_column(SmallInteger)
    night: Mapped[date]
    previous: Mapped[date]
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    agency: Mapped[str | None]
    role_group: Mapped[str | None]
    indicator: Mapped[str]
    profile: Mapped[str]
    causes: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
