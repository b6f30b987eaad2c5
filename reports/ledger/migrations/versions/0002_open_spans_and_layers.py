"""Layers, open spans, counts as spans, and one packed row a night in place of a row per mark and night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from reports.ledger.packed import Aside, pack_marks, unpack_marks, unpack_sightings

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = date(9999, 12, 31)
COUNTS = ("passed", "failed", "unclear", "not_applicable", "not_observed", "low", "high")
SPANS = ("finding_spans", "mark_spans")
BATCH = 5_000


def upgrade() -> None:
    """Bring the ledger forward."""
    nights = _nights()
    for name in SPANS:
        op.drop_index(f"ix_{name}_first_night_last_night", name)
        op.drop_index(f"ix_{name}_last_night", name)
        op.add_column(name, sa.Column("layer", sa.SmallInteger(), nullable=False, server_default="0"))
        op.create_index(f"ix_{name}_layer_last_night_first_night", name, ["layer", "last_night", "first_night"])
        _move_end(name, nights[-1:], OPEN)
    _tally_spans()
    _fill_tallies(nights)
    packed = {night: pack_marks([Aside(row.coverage, _oldest(row)) for row in _beside(night)]) for night in nights}
    _nights_with_layers(packed)
    op.drop_table("mark_nights")
    _superseded()


def downgrade() -> None:
    """Take it back. The older form knows one series: what was restated, ran in shadow or was superseded goes."""
    bind = op.get_bind()
    nights = sorted(bind.execute(sa.text("SELECT night FROM nights WHERE layer = 0").columns(night=sa.Date)).scalars())
    _mark_nights()
    for night in nights:
        _spread(night)
    op.drop_table("superseded")
    op.drop_table("tally_spans")
    for name in SPANS:
        bind.execute(sa.text(f"DELETE FROM {name} WHERE layer <> 0"))  # noqa: S608 - names of this file
        if nights:
            _move_end(name, [OPEN], nights[-1])
        op.drop_index(f"ix_{name}_layer_last_night_first_night", name)
        with op.batch_alter_table(name) as table:
            table.drop_column("layer")
        op.create_index(f"ix_{name}_first_night_last_night", name, ["first_night", "last_night"])
        op.create_index(f"ix_{name}_last_night", name, ["last_night"])
    _nights_without_layers()


def _nights() -> list[date]:
    rows = op.get_bind().execute(sa.text("SELECT night FROM nights ORDER BY night").columns(night=sa.Date))
    return list(rows.scalars())


def _move_end(name: str, ends: list[date], to: date) -> None:
    spans = sa.table(name, sa.column("last_night", sa.Date))
    for end in ends:
        op.execute(spans.update().where(spans.c.last_night == end).values(last_night=to))


def _tally_spans() -> None:
    op.create_table(
        "tally_spans",
        sa.Column("mark_id", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS[:5]),
        *(sa.Column(name, sa.Double(), nullable=True) for name in COUNTS[5:]),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.SmallInteger(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("last_night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["mark_id"], ["marks.id"], name="fk_tally_spans_mark_id_marks"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_tally_spans_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_tally_spans"),
    )
    columns = ["layer", "last_night", "first_night"]
    op.create_index("ix_tally_spans_layer_last_night_first_night", "tally_spans", columns)
    op.create_index("ix_tally_spans_mark_id", "tally_spans", ["mark_id"])


def _mark_nights_table() -> sa.TableClause:
    return sa.table(
        "mark_nights",
        sa.column("night", sa.Date),
        sa.column("mark_id", sa.String),
        *(sa.column(name, sa.Integer) for name in COUNTS[:5]),
        *(sa.column(name, sa.Double) for name in COUNTS[5:]),
        sa.column("coverage", sa.Double),
        sa.column("evidence_age", sa.Integer),
    )


def _fill_tallies(nights: list[date]) -> None:
    """Join nights in a row on which a mark counted the same into spans."""
    number = {night: place for place, night in enumerate(nights)}
    recorded = op.get_bind().execute(sa.text("SELECT night, run_id FROM nights").columns(night=sa.Date))
    runs = {row.night: row.run_id for row in recorded}
    source = _mark_nights_table()
    columns = [source.c[name] for name in COUNTS]
    query = sa.select(source.c.mark_id, source.c.night, *columns).order_by(source.c.mark_id, source.c.night)
    spans = sa.table("tally_spans", *(sa.column(name) for name in ("mark_id", *COUNTS, "layer", "run_id")),
                     sa.column("first_night", sa.Date), sa.column("last_night", sa.Date))  # fmt: skip
    rows = [
        {"mark_id": mark, **dict(zip(COUNTS, told, strict=True)), "layer": 0, "run_id": runs[nights[first]],
         "first_night": nights[first], "last_night": OPEN if last == len(nights) - 1 else nights[last]}
        for mark, first, last, told in _joined(op.get_bind().execute(query), number)
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        op.bulk_insert(spans, rows[start : start + BATCH])


def _joined(rows: Any, number: dict[date, int]) -> Iterator[tuple[str, int, int, tuple[Any, ...]]]:
    steps = ((mark, number[night], tuple(told)) for mark, night, *told in rows)
    numbered = ((mark, place, told, place - step) for mark, group in groupby(steps, key=lambda item: item[0])
                for step, (_, place, told) in enumerate(group))  # fmt: skip
    # Nights in a row keep the same distance between their number among all nights and among the mark's own.
    for (mark, told, _), group in groupby(numbered, key=lambda item: (item[0], item[2], item[3])):
        places = [place for _, place, _, _ in group]
        yield mark, places[0], places[-1], told


def _beside(night: date) -> list[Any]:
    """Return the rows of a night's marks in their natural order."""
    query = sa.text(
        "SELECT n.night, n.coverage, n.evidence_age, m.profile, m.indicator, m.agency, m.role_group"
        " FROM mark_nights n JOIN marks m ON m.id = n.mark_id WHERE n.night = :night"
    ).bindparams(sa.bindparam("night", type_=sa.Date)).columns(night=sa.Date)  # fmt: skip
    return sorted(op.get_bind().execute(query, {"night": night}), key=_order)


def _order(row: Any) -> tuple[str, ...]:
    return (row.profile, row.indicator, row.agency or "", row.role_group or "")


def _oldest(row: Any) -> date | None:
    return None if row.evidence_age is None else row.night - timedelta(days=row.evidence_age)


def _nights_with_layers(packed: dict[date, bytes]) -> None:
    runs = op.get_bind().execute(sa.text("SELECT night, run_id FROM nights").columns(night=sa.Date)).all()
    op.drop_table("nights")
    table = op.create_table(
        "nights",
        sa.Column("layer", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("sightings", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_nights_run_id_runs"),
        sa.PrimaryKeyConstraint("layer", "night", name="pk_nights"),
    )
    rows = [{"layer": 0, "night": row.night, "run_id": row.run_id, "marks": packed[row.night], "sightings": None}
            for row in runs]  # fmt: skip
    op.bulk_insert(table, rows)


def _superseded() -> None:
    op.create_table(
        "superseded",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.SmallInteger(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_superseded_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_superseded"),
    )
    op.create_index("ix_superseded_night", "superseded", ["night"])


def _mark_nights() -> None:
    op.create_table(
        "mark_nights",
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("mark_id", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS[:5]),
        *(sa.Column(name, sa.Double(), nullable=True) for name in COUNTS[5:]),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("evidence_age", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mark_id"], ["marks.id"], name="fk_mark_nights_mark_id_marks"),
        sa.PrimaryKeyConstraint("night", "mark_id", name="pk_mark_nights"),
    )


def _spread(night: date) -> None:
    """Write a packed night as the rows it was before, and its newest sightings as rows."""
    bind, when = op.get_bind(), sa.bindparam("night", type_=sa.Date)
    row = bind.execute(
        sa.text("SELECT marks, sightings FROM nights WHERE layer = 0 AND night = :night").bindparams(when),
        {"night": night},
    ).one()
    query = sa.text(
        "SELECT t.*, m.profile, m.indicator, m.agency, m.role_group FROM tally_spans t JOIN marks m ON m.id = t.mark_id"
        " WHERE t.layer = 0 AND t.first_night <= :night AND t.last_night >= :night"
    ).bindparams(when)
    held = sorted(bind.execute(query, {"night": night}), key=_order)
    rows = [
        {"night": night, "mark_id": item.mark_id, **{name: getattr(item, name) for name in COUNTS},
         "coverage": aside.coverage, "evidence_age": (night - aside.oldest).days if aside.oldest else None}
        for item, aside in zip(held, unpack_marks(row.marks), strict=True)
    ]  # fmt: skip
    op.bulk_insert(_mark_nights_table(), rows)
    _spread_sightings(night, row.sightings)


def _spread_sightings(night: date, body: bytes | None) -> None:
    table = sa.table("sightings", sa.column("finding_id"), sa.column("night", sa.Date), sa.column("position"),
                     sa.column("capture"), sa.column("fetched_at", sa.DateTime))  # fmt: skip
    seen = unpack_sightings(body) if body else {}
    if seen:
        again = table.delete().where(table.c.night == night, table.c.finding_id == sa.bindparam("key"))
        op.get_bind().execute(again, [{"key": key} for key in seen])
    rows = [
        {"finding_id": key, "night": night, "position": place, "capture": capture,
         "fetched_at": fetched.replace(tzinfo=None)}
        for key, places in seen.items() for place, (capture, fetched) in enumerate(places)
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        op.bulk_insert(table, rows[start : start + BATCH])


def _nights_without_layers() -> None:
    query = sa.text("SELECT night, run_id FROM nights WHERE layer = 0").columns(night=sa.Date)
    rows = [{"night": row.night, "run_id": row.run_id} for row in op.get_bind().execute(query)]
    op.drop_table("nights")
    table = op.create_table(
        "nights",
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_nights_run_id_runs"),
        sa.PrimaryKeyConstraint("night", name="pk_nights"),
    )
    op.bulk_insert(table, rows)
