"""Sightings belong to a layer: what one layer says of a night does not show in another.

Rows that are there are those of the published layer. Another layer that holds the same finding gets a copy, so that
what it showed it shows still.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO sightings (layer, finding_id, night, position, capture, fetched_at)
SELECT DISTINCT f.layer, s.finding_id, s.night, s.position, s.capture, s.fetched_at
FROM sightings s JOIN finding_spans f ON f.item_id = s.finding_id WHERE s.layer = 0 AND f.layer <> 0
"""
_ONE_OF_EACH = """
DELETE FROM sightings WHERE EXISTS (SELECT 1 FROM sightings o WHERE o.finding_id = sightings.finding_id
AND o.night = sightings.night AND o.position = sightings.position AND o.layer < sightings.layer)
"""


def upgrade() -> None:
    """Bring the ledger forward."""
    with op.batch_alter_table("sightings") as table:
        table.add_column(sa.Column("layer", sa.SmallInteger(), nullable=False, server_default="0"))
        table.drop_constraint("pk_sightings", type_="primary")
        table.create_primary_key("pk_sightings", ["layer", "finding_id", "night", "position"])
    with op.batch_alter_table("sightings") as table:
        table.alter_column("layer", server_default=None)
    op.execute(_COPY)


def downgrade() -> None:
    """Take it back. Where layers say different things of a night, the published one's word stays."""
    op.execute(_ONE_OF_EACH)
    with op.batch_alter_table("sightings") as table:
        table.drop_constraint("pk_sightings", type_="primary")
        table.create_primary_key("pk_sightings", ["finding_id", "night", "position"])
        table.drop_column("layer")
