"""What `odrc alerts` prints: the types are the reference of docs/schemas."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from reports.alerts.model import Alert
from reports.documents import Document


class Delivery(StrEnum):
    """What became of a digest. `nothing`: there was nothing new to tell, and nothing was sent."""

    SENT = "sent"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    NOTHING = "nothing"


class AlertDocument(Document, frozen=True):
    """An alert with the identity by which it is told once."""

    id: str
    alert: Alert


class DigestDocument(Document, frozen=True):
    """What one recipient is told at one address. `channel` is the recipient's id and the place of the address."""

    channel: str
    agency: str | None
    language: str
    night: date
    delivery: Delivery
    title: str
    body: str
    alerts: tuple[AlertDocument, ...]
