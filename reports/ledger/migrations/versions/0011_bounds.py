"""What the bounds of a share are: exact, those of a random sample, or of what was seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the ledger forward. Of nights recorded before it is not known."""
    with op.batch_alter_table("tally_spans") as table:
        table.add_column(sa.Column("bounds", sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("tally_spans") as table:
        table.drop_column("bounds")
