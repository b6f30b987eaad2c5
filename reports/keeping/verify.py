"""Does a ledger hold together? Spans, references, digests, packed rows, the journal, and the captures that it cites."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checks.marks import Mark
from config.errors import ConfigError
from config.loader import digest_of
from crawler.archive.layout import ArchiveError, GoneError
from crawler.archive.reader import Archive
from crawler.capture import Capture
from reports.analysts.attachments import damaged
from reports.analysts.journal import Journal
from reports.documents import Count, Document
from reports.ledger import Layer, Ledger
from reports.ledger.packed import unpack_marks, unpack_sightings, unpack_superseded
from reports.ledger.rows import mark_id, read_finding
from reports.ledger.spans import SpanTable, covers
from reports.ledger.tables import (
    OPEN,
    Base,
    FindingRow,
    FindingSpanRow,
    MarkRow,
    MarkSpanRow,
    NightRow,
    SightingRow,
    SnapshotRow,
    SupersededRow,
    TallySpanRow,
)

_SPANS: tuple[SpanTable, ...] = (FindingSpanRow, MarkSpanRow, TallySpanRow)
_SOME_DAY = datetime(1970, 1, 1, tzinfo=UTC)


class FlawDocument(Document, frozen=True):
    """Something that does not hold together: where, and what is wrong."""

    place: str
    problem: str


class LedgerCheckDocument(Document, frozen=True):
    """What was looked at, and what is wrong. `gone` counts cited bodies that were pruned or redacted, as recorded."""

    nights: Count
    findings: Count
    captures: Count
    gone: Count
    flaws: tuple[FlawDocument, ...]


def verify(ledger: Ledger, workspace: Path) -> LedgerCheckDocument:
    """Look at everything the ledger holds, and at the archive in *workspace*."""
    checks: tuple[Callable[[Session], Iterator[FlawDocument]], ...] = (
        _spans, _references, _snapshots, _findings, _marks, _nights, _superseded,
    )  # fmt: skip
    with ledger.reading() as session:
        flaws = [flaw for check in checks for flaw in check(session)]
        nights = session.scalar(select(func.count()).select_from(NightRow)) or 0
        findings = session.scalar(select(func.count()).select_from(FindingRow)) or 0
        cited = _cited(session)
    journal = Journal(ledger)
    flaws += [FlawDocument(f"journal line {flaw.number}", flaw.problem) for flaw in journal.flaws()]
    missing = damaged(workspace, journal.entries())
    flaws += [FlawDocument(f"attachment {digest}", "missing, or not what it was") for digest in missing]
    gone, unseen = _captures(workspace, cited)
    return LedgerCheckDocument(nights, findings, len(cited), gone, (*flaws, *unseen))


def _spans(session: Session) -> Iterator[FlawDocument]:
    """Spans of one item neither overlap nor touch, and begin and end on recorded nights."""
    for table in _SPANS:
        nights: dict[int, list[date]] = defaultdict(list)
        for layer, night in session.execute(select(NightRow.layer, NightRow.night).order_by(NightRow.night)):
            nights[layer].append(night)
        key = [getattr(table, name) for name in table.KEY]
        columns = (table.layer, table.first_night, table.last_night, *key)
        held: dict[tuple[object, ...], list[tuple[date, date]]] = defaultdict(list)
        for layer, first, last, *item in session.execute(select(*columns)):
            place = f"{table.__tablename__} {Layer(layer).name.lower()} {item[0]} {first}"
            held[(layer, *item)].append((first, last))
            if first > last:
                yield FlawDocument(place, f"ends on {last}, before it begins")
            if first not in nights[layer] or last not in {*nights[layer], OPEN}:
                yield FlawDocument(place, "begins or ends on a night that was never recorded")
        for (of, *item), spans in held.items():
            for left, right in pairwise(sorted(spans)):
                if right[0] <= left[1]:
                    place = f"{table.__tablename__} layer {of} {item[0]}"
                    yield FlawDocument(place, f"spans from {left[0]} and {right[0]} overlap")


def _references(session: Session) -> Iterator[FlawDocument]:
    """Look for rows that refer to nothing, and marks without the findings they rest on."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            child, parent = key.parent, key.column
            orphans = select(child).where(child.is_not(None), child.not_in(select(parent))).distinct().limit(10)
            for value in session.scalars(orphans):
                yield FlawDocument(f"{table.name}.{child.name}", f"{value} is not in {parent.table.name}")
    known = set(session.scalars(select(FindingRow.id)))
    for identity, evidence in session.execute(select(MarkRow.id, MarkRow.evidence)):
        for missing in set(json.loads(evidence)) - known:
            yield FlawDocument(f"mark {identity}", f"rests on finding {missing}, which is not there")


def _snapshots(session: Session) -> Iterator[FlawDocument]:
    for row in session.scalars(select(SnapshotRow)):
        try:
            found = digest_of(json.loads(row.body))
        except ValueError:
            found = ""
        if found != row.digest:
            yield FlawDocument(f"snapshot {row.digest}", "its text does not have this digest")


def _findings(session: Session) -> Iterator[FlawDocument]:
    for row in session.execute(select(FindingRow.id, FindingRow.body, FindingRow.body_digest)):
        if hashlib.sha256(row.body.encode()).hexdigest() != row.body_digest:
            yield FlawDocument(f"finding {row.id}", "its text does not have the recorded digest")
            continue
        cited = json.loads(row.body)
        places = len(cited["evidence"]) + len(cited["counter_evidence"])
        if read_finding(row.body, dict.fromkeys(range(places), ("", _SOME_DAY))).id != row.id:
            yield FlawDocument(f"finding {row.id}", "its text is of another finding")


def _marks(session: Session) -> Iterator[FlawDocument]:
    for row in session.scalars(select(MarkRow)):
        mark = msgspec.convert(
            {
                "agency": row.agency, "group": row.role_group, "indicator": row.indicator, "profile": row.profile,
                "value": row.value, "reason": row.reason, "rules": json.loads(row.rules),
                "evidence": json.loads(row.evidence),
            },
            Mark,
        )  # fmt: skip
        if mark_id(mark) != row.id:
            yield FlawDocument(f"mark {row.id}", "was changed: it does not have the recorded identity")


def _nights(session: Session) -> Iterator[FlawDocument]:
    """Look whether what is packed into a night can be read, and fits what holds on it."""
    query = select(NightRow.layer, NightRow.night, NightRow.marks, NightRow.sightings)
    for layer, night, marks, seen in session.execute(query.order_by(NightRow.layer, NightRow.night)):
        place = f"night {night} {Layer(layer).name.lower()}"
        held = [_held(session, table, Layer(layer), night) for table in (MarkSpanRow, TallySpanRow)]
        try:
            packed = len(unpack_marks(marks))
            sighted = set(unpack_sightings(seen)) if seen else None
        except ConfigError as error:
            yield FlawDocument(place, str(error))
            continue
        if not packed == held[0] == held[1]:
            yield FlawDocument(place, f"{held[0]} marks, {held[1]} counts and {packed} packed rows do not fit together")
        found = set(session.scalars(select(FindingSpanRow.item_id).where(covers(FindingSpanRow, Layer(layer), night))))
        if sighted is not None and sighted != found:
            yield FlawDocument(place, "its packed sightings are not those of its findings")


def _held(session: Session, table: SpanTable, layer: Layer, night: date) -> int:
    return session.scalar(select(func.count()).select_from(table).where(covers(table, layer, night))) or 0


def _superseded(session: Session) -> Iterator[FlawDocument]:
    known = set(session.scalars(select(FindingRow.id)))
    for row in session.scalars(select(SupersededRow)):
        place = f"superseded {row.night} by run {row.run_id}"
        try:
            said = unpack_superseded(row.body)
        except ConfigError as error:
            yield FlawDocument(place, str(error))
            continue
        if missing := said.sightings.keys() - known:
            yield FlawDocument(place, f"findings that are not there: {', '.join(sorted(missing)[:5])}")


def _cited(session: Session) -> dict[str, set[str]]:
    """Return the captures that sightings cite, each with the digests it is cited for."""
    digests = {
        key: [item["sha256"] for item in (*body["evidence"], *body["counter_evidence"])]
        for key, text in session.execute(select(FindingRow.id, FindingRow.body))
        for body in [json.loads(text)]
    }
    found: dict[str, set[str]] = defaultdict(set)
    for key, position, capture in session.execute(
        select(SightingRow.finding_id, SightingRow.position, SightingRow.capture)
    ):
        found[capture].update(digest for digest in digests[key][position : position + 1] if digest)
    for packed in session.scalars(select(NightRow.sightings).where(NightRow.sightings.is_not(None))):
        for key, places in unpack_sightings(packed or b"").items():
            for position, (capture, _) in enumerate(places):
                found[capture].update(digest for digest in digests[key][position : position + 1] if digest)
    return found


def _captures(workspace: Path, cited: dict[str, set[str]]) -> tuple[int, list[FlawDocument]]:
    """Return how many cited bodies are gone as recorded, and what is missing without a word."""
    gone, flaws = 0, []
    try:
        with Archive(workspace) as archive:
            for identity, digests in sorted(cited.items()):
                capture = archive.capture(identity)
                taken = [digest for digest in digests if archive.tombstone(digest)]
                gone += bool(taken)
                if capture is None and not (digests and len(taken) == len(digests)):
                    flaws.append(FlawDocument(f"capture {identity}", "is cited and not in the archive"))
                elif capture is not None and not digests <= {capture.sha256, *taken}:
                    flaws.append(FlawDocument(f"capture {identity}", "has another digest than the one that is cited"))
                elif capture is not None and capture.sha256 and not taken and (why := _bodiless(archive, capture)):
                    flaws.append(FlawDocument(f"capture {identity}", why))
    except ArchiveError as error:
        flaws.append(FlawDocument("archive", str(error)))
    return gone, flaws


def _bodiless(archive: Archive, capture: Capture) -> str | None:
    """Return why the archive holds no body of *capture* when nothing says that it was taken out."""
    try:
        archive.holder(capture)
    except GoneError:
        return None
    except ArchiveError as error:
        return str(error)
    return None
