"""Declared update frequencies and modification days of catalogue records, as written, to periods and days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache

from checks.facts.dates import DateReader, iso_prefix
from checks.facts.model import Precision
from config.frequencies import Frequency, frequencies

_INTERVAL = re.compile(
    r"R?\d{0,3}/?P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,3}(?:\.\d+)?)D)?(?:T.{1,12})?"
)
_DAYS = {"years": 366, "months": 31, "weeks": 7, "days": 1}
_EPOCH = re.compile(r"\d{12,13}")
_LONGEST = 120
_MILLI = 1000


def read_frequency(text: str | None) -> Frequency | None:
    """Return the frequency that *text* (a code, an address ending in one, an ISO 8601 interval, words) stands for."""
    plain = " ".join((text or "")[:_LONGEST].split()).strip(" .;")
    if not plain:
        return None
    code = re.split(r"[/#:]", plain)[-1] if "://" in plain or plain.lower().startswith("freq:") else plain
    return _names().get(code.lower()) or _names().get(code.lower().replace("-", "_")) or _interval(plain)


def _interval(text: str) -> Frequency | None:
    hit = _INTERVAL.fullmatch(text.upper())
    if hit is None or not ("P" in text.upper() and any(hit.groupdict().values())):
        return Frequency("hourly", (), 1) if hit and "T" in text.upper() else None
    days = sum(float(value) * _DAYS[unit] for unit, value in hit.groupdict().items() if value)
    return Frequency(text.upper(), (), max(1, round(days)))


@cache
def _names() -> dict[str, Frequency]:
    return {name.lower(): item for item in frequencies() for name in (item.id, *item.names)}


def read_day(text: str | None, dates: DateReader) -> date | None:
    """Return the day of a record's date: ISO, day before month, a written month, or milliseconds; else None."""
    plain = (text or "").strip()[:_LONGEST]
    if _EPOCH.fullmatch(plain):
        return datetime.fromtimestamp(int(plain) / _MILLI, UTC).date()
    stamp = iso_prefix(plain)
    found = None if stamp else dates.first(plain)
    if found and found.precision is Precision.DAY:
        stamp = found.value
    return date.fromisoformat(stamp) if stamp else None
