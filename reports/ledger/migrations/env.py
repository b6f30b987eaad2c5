"""Run by Alembic: migrates over the connection that the ledger opened."""

from __future__ import annotations

from alembic import context

from reports.analysts import tables as _journal  # noqa: F401 - its table belongs to the same database
from reports.ledger.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
