"""The hours between which requests may be made."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.model import Window


def seconds_left(window: Window | None, now: datetime, zone: str) -> float | None:
    """Return the seconds until the window closes: None when there is no window, zero or less when it is closed now."""
    if window is None:
        return None
    local = now.astimezone(ZoneInfo(zone))
    start = local.replace(hour=window.start.hour, minute=window.start.minute, second=0, microsecond=0)
    end = local.replace(hour=window.end.hour, minute=window.end.minute, second=0, microsecond=0)
    if end <= start:  # spans midnight
        if local >= start:
            end += timedelta(days=1)
        else:
            start -= timedelta(days=1)
    return (end - local).total_seconds() if start <= local < end else 0.0
