"""Puts alerts into words: one message for one recipient, in the recipient's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from checks.marks import Mark
from config.alerts import Recipient
from config.model import Settings
from reports.alerts.model import Alert, Kind, MarkMoved, Shown
from reports.analysts.effective import Basis
from reports.html.story import mark_file
from reports.messages import Catalogue

LIMIT = 40
_SIGNS = {"+": "+", "-": "−", "0": "0"}
_COUNTRY = "country"


def chosen(alerts: Iterable[Alert], recipient: Recipient) -> tuple[Alert, ...]:
    """Return what *recipient* is told: an agency hears of itself alone, and sees only evidence that is public."""
    wanted = (item for item in alerts if not (recipient.quiet and item.kind is Kind.MARK_BETTER))
    if recipient.agency is None:
        return tuple(wanted)
    return tuple(
        msgspec.structs.replace(item, shown=tuple(piece for piece in item.shown if piece.public))
        for item in wanted
        if recipient.agency in item.agencies
    )


def title(alerts: Sequence[Alert], night: date, words: Catalogue) -> str:
    """Return the subject line."""
    return words.text("alert.title", night=words.date(night), number=len(alerts))


def body(alerts: Sequence[Alert], night: date, settings: Settings, words: Catalogue) -> str:
    """Return the message: alerts by kind, the most pressing first, at most `LIMIT` of them written out."""
    blocks: list[str] = []
    kind: Kind | None = None
    for item in alerts[:LIMIT]:
        if item.kind is not kind:
            kind = item.kind
            blocks.append(words.text(f"alert.{kind}").upper())
        blocks.append("\n".join(_lines(item, night, settings, words)))
    if len(alerts) > LIMIT:
        blocks.append(words.text("alert.more", number=len(alerts) - LIMIT))
    blocks.append(words.text("alert.foot", operator=settings.operator.name, contact=settings.operator.contact))
    if not words.reviewed:
        blocks.append(words.text("ui.unreviewed"))
    return "\n\n".join(blocks) + "\n"


def _lines(item: Alert, night: date, settings: Settings, words: Catalogue) -> Iterator[str]:
    if item.moved is not None:
        yield from _mark(item, item.moved, night, settings, words)
        return
    since = words.date(item.since)
    match item.kind:
        case Kind.CALENDAR_EXPIRES:
            yield words.text("alert.line.calendar", day=since)
        case Kind.DUTY_EXPIRES:
            yield words.text("alert.line.duty", duty=item.subject, day=since)
        case Kind.DUE:
            need = words.text(f"need.{item.subject.partition(':')[0]}")
            yield need if item.day is None else f"{need}: {words.date(item.day)}"
        case Kind.INCIDENT | Kind.SAW_LESS:
            yield words.text("alert.line.host", host=item.subject, since=since)
        case Kind.NIGHT_INCOMPLETE:
            yield since
        case _:
            pass
    yield from (f"  {_one_line(line)}" for line in item.details)


def _mark(item: Alert, moved: MarkMoved, night: date, settings: Settings, words: Catalogue) -> Iterator[str]:
    agency = settings.agency(item.agencies[0]) if item.agencies else None
    who = agency.name(words.language, night) if agency else words.text("ui.country")
    group = f" ({words.label('group', moved.group)})" if moved.group else ""
    yield f"{who}{group}. {words.label('indicator', moved.indicator)}"
    before, after = _SIGNS[moved.before], _SIGNS[moved.after]
    yield "  " + words.text("alert.line.mark", before=before, after=after, since=words.date(item.since))
    if moved.reason not in set(Basis):
        yield f"  {words.label('reason', moved.reason)}"
    yield f"  {_cause(moved, words)}"
    yield from (f"  {words.text('ui.to_do')}: {line}" for line in _advice(item.shown, words))
    for piece in item.shown:
        yield from _evidence(piece)
    yield f"  odrc explain {agency.id if agency else _COUNTRY} {moved.indicator} --night {night}"
    if settings.publish.base_url:
        mark = Mark(agency.id if agency else None, moved.indicator, moved.profile, None, "", group=moved.group)
        yield f"  {settings.publish.base_url.rstrip('/')}/{words.language}/mark/{mark_file(mark)}"


def _cause(moved: MarkMoved, words: Catalogue) -> str:
    """Say what brought the change. Only what the body itself publishes is called its doing."""
    if not moved.causes:
        return words.text("alert.cause_unknown")
    causes = ", ".join(words.text(f"cause.{cause}") for cause in moved.causes)
    return words.text("trend.causes" if moved.own else "alert.not_own", causes=causes)


def _advice(shown: Iterable[Shown], words: Catalogue) -> tuple[str, ...]:
    keys = dict.fromkeys(f"advice.{piece.reason}" for piece in shown)
    return tuple(words.text(key) for key in keys if words.has(key))


def _evidence(piece: Shown) -> Iterator[str]:
    yield f"  {_one_line(piece.url)} {piece.capture}"
    if piece.excerpt:
        yield f"    «{_one_line(piece.excerpt)}»"


def _one_line(text: str) -> str:
    """Return *text* of a site on one line, so that it cannot pass for a line of ours."""
    return " ".join(text.split())
