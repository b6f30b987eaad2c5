"""The journal's table. Migrations under `reports/ledger/migrations` bring a database to this form."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from reports.ledger.tables import Base


class JournalRow(Base):
    """One act of a person. `body` is empty after a recorded redaction; the digests stay.

    `digest` covers `previous`, the plain columns and `body_digest`, so that a changed, missing or inserted line shows.
    `body_digest` covers `salt` and the body: without the salt nobody can guess what a redacted body said.
    """

    __tablename__ = "journal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("person", String(64))
    item: Mapped[str] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(32))
    body: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    body_digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
