"""The first ledger: runs, nights, findings and marks as spans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the ledger forward."""
    _findings()
    _marks()
    _snapshots()
    _mark_nights()
    _runs()
    _sightings()
    _finding_spans()
    _mark_spans()
    _nights()


def downgrade() -> None:
    """Take it back."""
    for table in (
        "nights",
        "mark_spans",
        "finding_spans",
        "sightings",
        "runs",
        "mark_nights",
        "snapshots",
        "marks",
        "findings",
    ):
        op.drop_table(table)


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency", sa.String(length=255), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_agency", "findings", ["agency"], unique=False)


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agency", sa.String(length=255), nullable=True),
        sa.Column("role_group", sa.String(length=255), nullable=True),
        sa.Column("indicator", sa.String(length=255), nullable=False),
        sa.Column("profile", sa.String(length=255), nullable=False),
        sa.Column("value", sa.String(length=1), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_marks"),
    )
    op.create_index("ix_marks_agency_indicator_profile", "marks", ["agency", "indicator", "profile"], unique=False)


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_snapshots"),
    )


def _mark_nights() -> None:
    op.create_table(
        "mark_nights",
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("mark_id", sa.String(length=32), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("unclear", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Integer(), nullable=False),
        sa.Column("not_observed", sa.Integer(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("evidence_age", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mark_id"], ["marks.id"], name="fk_mark_nights_mark_id_marks"),
        sa.PrimaryKeyConstraint("night", "mark_id", name="pk_mark_nights"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("finished", sa.DateTime(), nullable=True),
        sa.Column("config_digest", sa.String(length=64), nullable=False),
        sa.Column("pack_digest", sa.String(length=64), nullable=False),
        sa.Column("rules_digest", sa.String(length=64), nullable=True),
        sa.Column("lock_digest", sa.String(length=64), nullable=True),
        sa.Column("vantage", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("strangers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["config_digest"], ["snapshots.digest"], name="fk_runs_config_digest_snapshots"),
        sa.ForeignKeyConstraint(["pack_digest"], ["snapshots.digest"], name="fk_runs_pack_digest_snapshots"),
        sa.ForeignKeyConstraint(["rules_digest"], ["snapshots.digest"], name="fk_runs_rules_digest_snapshots"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_night", "runs", ["night"], unique=False)


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("capture", sa.String(length=255), nullable=False),
        sa.Column("fetched_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_sightings_finding_id_findings"),
        sa.PrimaryKeyConstraint("finding_id", "night", "position", name="pk_sightings"),
    )
    op.create_index("ix_sightings_night", "sightings", ["night"], unique=False)


def _finding_spans() -> None:
    op.create_table(
        "finding_spans",
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("last_night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["findings.id"], name="fk_finding_spans_item_id_findings"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_finding_spans_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_spans"),
    )
    op.create_index(
        "ix_finding_spans_first_night_last_night", "finding_spans", ["first_night", "last_night"], unique=False
    )
    op.create_index("ix_finding_spans_item_id", "finding_spans", ["item_id"], unique=False)
    op.create_index("ix_finding_spans_last_night", "finding_spans", ["last_night"], unique=False)


def _mark_spans() -> None:
    op.create_table(
        "mark_spans",
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("last_night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["marks.id"], name="fk_mark_spans_item_id_marks"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_mark_spans_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_mark_spans"),
    )
    op.create_index("ix_mark_spans_first_night_last_night", "mark_spans", ["first_night", "last_night"], unique=False)
    op.create_index("ix_mark_spans_item_id", "mark_spans", ["item_id"], unique=False)
    op.create_index("ix_mark_spans_last_night", "mark_spans", ["last_night"], unique=False)


def _nights() -> None:
    op.create_table(
        "nights",
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_nights_run_id_runs"),
        sa.PrimaryKeyConstraint("night", name="pk_nights"),
    )
