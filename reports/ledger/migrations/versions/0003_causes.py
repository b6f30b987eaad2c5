"""Changes of marks from one recorded night to the next, with their causes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the ledger forward."""
    op.create_table(
        "mark_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.SmallInteger(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("previous", sa.Date(), nullable=False),
        sa.Column("run_id", sa.String(length=255), nullable=False),
        sa.Column("agency", sa.String(length=255), nullable=True),
        sa.Column("role_group", sa.String(length=255), nullable=True),
        sa.Column("indicator", sa.String(length=255), nullable=False),
        sa.Column("profile", sa.String(length=255), nullable=False),
        sa.Column("causes", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_mark_changes_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_mark_changes"),
    )
    op.create_index("ix_mark_changes_layer_night", "mark_changes", ["layer", "night"])
    op.create_index("ix_mark_changes_agency_indicator", "mark_changes", ["agency", "indicator"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("mark_changes")
