"""`odrc pause` and `odrc resume`: a person asks the crawl to leave a host alone, also in the middle of a night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from config.errors import ConfigError
from config.loader import Loaded
from config.scopes import ScopeMap
from crawler.frontier import site_of
from crawler.manners.notes import Entry, HostNotes, holds_for, host_named

_ACCEPTED = "a day (2026-11-30, until it begins) or a moment (2026-11-30T06:00), in the pack's zone"


class Pauses(msgspec.Struct, frozen=True):
    """The pauses in force, and the whole audit trail, oldest first."""

    paused: tuple[Entry, ...]
    trail: tuple[Entry, ...]


def pause_host(loaded: Loaded, host: str, until: str, reason: str, by: str, now: datetime) -> Entry:
    """Pause a host and return the line of the audit trail. Raises ConfigError when something is missing or past."""
    end = moment(until, loaded.pack.zone)
    if end <= now:
        raise ConfigError(f"--until {until} has passed; accepted: {_ACCEPTED}, later than now")
    return _add(loaded, Entry(now, "pause", host_named(host), end, _said("reason", reason), _said("by", by)))


def resume_host(loaded: Loaded, host: str, reason: str, by: str, now: datetime) -> Entry:
    """End the pause of a host and return the line of the audit trail. Raises ConfigError when it is not paused."""
    name = host_named(host)
    paused = standing(loaded, now).paused
    if name not in {item.host for item in paused}:
        known = ", ".join(item.host for item in paused) or "none is"
        raise ConfigError(f"{name} is not paused; paused: {known}")
    return _add(loaded, Entry(now, "resume", name, None, " ".join(reason.split()), _said("by", by)))


def standing(loaded: Loaded, now: datetime) -> Pauses:
    """Return what is paused and how that came about."""
    notes = HostNotes(loaded.settings.workspace)
    try:
        return Pauses(tuple(notes.paused(now).values()), tuple(notes.trail()))
    finally:
        notes.close()


def carry_over(loaded: Loaded, workspace: Path, now: datetime) -> None:
    """Make the pauses in force known in another workspace."""
    notes = HostNotes(workspace)
    try:
        for entry in standing(loaded, now).paused:
            notes.add(entry)
    finally:
        notes.close()


def known_host(loaded: Loaded, host: str, night: date) -> bool:
    """Tell whether a scope or portal of the installation lies on a host."""
    scopes = (owner.scope.url for owner in ScopeMap(loaded.settings, night).owners)
    portals = (portal.url for portal in loaded.settings.portals)
    return any(holds_for(host, site_of(url)) for url in (*scopes, *portals))


def moment(text: str, zone: str) -> datetime:
    """Return the UTC moment that a day (its beginning) or a local moment means. Raises ConfigError for other texts."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--until {text!r} is no time; accepted: {_ACCEPTED}") from error
    local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def told(pauses: Pauses, zone: str) -> Iterator[str]:
    """Yield lines for people, in the pack's zone."""
    if not pauses.paused:
        yield "no host is paused"
    for item in pauses.paused:
        yield f"{item.host}: paused until {_local(item.until, zone)} by {item.by}: {item.reason}"


def _local(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else ""


def _said(name: Literal["reason", "by"], text: str) -> str:
    if not text.strip():
        raise ConfigError(f"--{name} is empty; accepted: a few words that stay in the audit trail")
    return " ".join(text.split())


def _add(loaded: Loaded, entry: Entry) -> Entry:
    notes = HostNotes(loaded.settings.workspace)
    try:
        notes.add(entry)
    finally:
        notes.close()
    return entry
