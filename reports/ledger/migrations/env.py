"""Run by Alembic: migrates over the connection that the ledger opened."""

from __future__ import annotations

from alembic import context

from reports.ledger.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
