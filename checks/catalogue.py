"""Which answers of a portal count on a night, and the one list of records that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from config.model import Portal
from config.urls import under
from crawler.archive.reader import Archive
from crawler.capture import Capture
from crawler.coverage import RunCoverage
from crawler.portals.joined import joined
from crawler.records import Record
from crawler.redact import redact_text
from crawler.secondlook import is_look


def answers(portal: Portal, captures: Iterable[Capture], archive: Archive) -> list[Capture]:
    """Return the portal's answers that count, newest night first, each night in the order it was asked.

    Once a harvest has read the whole catalogue, what an older one saw beside it is gone from there.
    """
    name = redact_text(portal.url)
    mine = [item for item in captures if item.answered and _of(item, name)]
    nights = sorted({item.night for item in mine}, reverse=True)
    whole = next((night for night in nights if _whole(portal, archive, night)), date.min)
    return sorted(
        (item for item in mine if item.night >= whole),
        key=lambda item: (-item.night.toordinal(), item.started, item.id),
    )


def records(found: Iterable[Capture], read: Callable[[Capture], Iterable[Record]]) -> Iterator[Record]:
    """Yield each record once, details joined to what they complete."""
    yield from joined(record for capture in found for record in read(capture))


def _of(capture: Capture, name: str) -> bool:
    return name in capture.scopes if capture.scopes else under(capture.key.url, name)


def read_whole(portal: Portal, runs: Iterable[RunCoverage]) -> bool:
    """Tell whether one of a night's *runs* read the whole catalogue: what it did not list is not there."""
    name = redact_text(portal.url)
    said = (scope for run in runs for scope in run.scopes if scope.scope == name)
    return any(scope.exhausted.get("data", False) for scope in said)


def _whole(portal: Portal, archive: Archive, night: date) -> bool:
    return read_whole(portal, (item for item in archive.coverage(night) if not is_look(item.run)))
