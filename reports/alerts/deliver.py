"""Tells every recipient what is new to them, and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from config.alerts import Recipient
from config.errors import ConfigError
from config.loader import Loaded
from crawler import heartbeat
from crawler.nights import overdue
from reports.alerts.digest import body, chosen, title
from reports.alerts.documents import AlertDocument, Delivery, DigestDocument
from reports.alerts.gather import gather
from reports.alerts.model import Alert
from reports.alerts.post import Post, post
from reports.alerts.sent import Line, Sent
from reports.ledger import Ledger
from reports.messages import Catalogue, fallback_language

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is looked at: one night (None: all that are owed), and the day before which no night may lack.

    `overdue` is a night that may not lack either, though it may be today's.
    """

    night: date | None
    today: date
    at: datetime
    send: bool = False
    overdue: date | None = None


def deliver(
    ledger: Ledger, loaded: Loaded, recipients: tuple[Recipient, ...], asked: Asked, say: Say, by: Post = post
) -> tuple[DigestDocument, ...]:
    """Return the digest of every address of *recipients*; with `asked.send` they are sent. What fails is said."""
    sent, nights = Sent(loaded.settings.workspace), ledger.nights()

    @cache
    def found(wanted: tuple[date, ...]) -> tuple[Alert, ...]:
        return gather(ledger, loaded, wanted, asked.today, asked.overdue)

    told = []
    for recipient, channel, address in _channels(recipients):
        wanted = (asked.night,) if asked.night else sent.owed(channel, nights)
        old = sent.told(channel)
        alerts = tuple(item for item in chosen(found(wanted), recipient) if item.id not in old)
        document = _digest(alerts, channel, recipient, wanted[-1] if wanted else asked.today, loaded)
        if asked.send:
            document = _send(document, address, sent, asked.at, say, by)
        told.append(document)
    return tuple(told)


def after_night(ledger: Ledger, loaded: Loaded, night: date, at: datetime, say: Say, by: Post = post) -> None:
    """Send what a night that was just recorded brought. Whatever fails is said and tried again; it never raises."""
    recipients = loaded.settings.alerts.recipients
    if not recipients:
        return
    try:
        deliver(ledger, loaded, recipients, Asked(None, night, at, send=True), say, by)
    except (ConfigError, OSError) as error:
        say(f"alerts: not sent, tried again after the next night: {error}")


def today_of(loaded: Loaded, at: datetime) -> date:
    """Return the day in the pack's zone."""
    return at.astimezone(ZoneInfo(loaded.pack.zone)).date()


def overdue_of(loaded: Loaded, at: datetime) -> date | None:
    """Return the newest night that cannot begin any more, unless a run that may be it is still going on."""
    beat = heartbeat.read(loaded.settings.workspace)
    return None if beat and beat.state(at) == "alive" else overdue(loaded, at)


def _channels(recipients: tuple[Recipient, ...]) -> Iterator[tuple[Recipient, str, str]]:
    """Yield every address with a name of its own: when one fails, the others are not told twice."""
    for recipient in recipients:
        for number, address in enumerate(recipient.to, start=1):
            yield recipient, f"{recipient.id}#{number}", address


def _digest(
    alerts: tuple[Alert, ...], channel: str, recipient: Recipient, night: date, loaded: Loaded
) -> DigestDocument:
    words = Catalogue(recipient.language or fallback_language())
    return DigestDocument(
        channel=channel,
        agency=recipient.agency,
        language=words.language,
        night=night,
        delivery=Delivery.NOT_SENT if alerts else Delivery.NOTHING,
        title=title(alerts, night, words) if alerts else "",
        body=body(alerts, night, loaded.settings, words) if alerts else "",
        alerts=tuple(AlertDocument(item.id, item) for item in alerts),
    )


def _send(document: DigestDocument, address: str, sent: Sent, at: datetime, say: Say, by: Post) -> DigestDocument:
    problem = by(address, document.title, document.body) if document.alerts else None
    if problem:
        say(f"alerts: {document.channel}: {problem}; tried again next time")
    ids = tuple(item.id for item in document.alerts)
    sent.note(Line(document.channel, document.night, at, problem is None, () if problem else ids))
    if not document.alerts:
        return document
    return msgspec.structs.replace(document, delivery=Delivery.FAILED if problem else Delivery.SENT)
