"""Looks: runs outside the nightly series, at one body, indicator or address. The id of a run tells that it is one.

What a look captures is archived like everything else, under a run of its own, and no night is judged on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from crawler.capture import Capture

_MARK = "-look-"


def look_id(night: date, token: str) -> str:
    """Return the id of a look made on *night*."""
    return f"{night:%Y%m%d}{_MARK}{token}"


def is_look(run: str) -> bool:
    """Tell whether a run's id is that of a look."""
    return _MARK in run


def of_series(captures: Iterable[Capture], look: str | None = None) -> Iterable[Capture]:
    """Return the captures without those of looks, but for the one named."""
    return (item for item in captures if item.run == look or not is_look(item.run))
