"""Dates as people write them in the pack's languages, day before month, never completed by guessing.

A date without a year is no date. Numeric dates are read day first (ISO 8601 order excepted); an impossible one
(31.02.2020) is unknown, never a neighbour. Month names come from the pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.facts.model import Precision
from config.pack import Months

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_ISO = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d{2})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d.,/])(?P<day>\d{1,2})\s?([./-])\s?(?P<month>\d{1,2})\s?\2\s?(?P<year>(?:19|20)\d{2})(?![\d])"
)
_QUOTES = r"[«»\"“”']?\s?"
_EARLIEST = 1990


@dataclass(frozen=True)
class FoundDate:
    """A date in a text: ISO value of its precision, the words it was read from, and where they begin."""

    value: str
    precision: Precision
    text: str
    start: int


class DateReader:
    """Finds dates in text for one pack's month names. Deterministic and without a clock."""

    def __init__(self, months: dict[str, Months]) -> None:
        self._numbers = {
            form.lower().rstrip("."): index
            for language in months.values()
            for forms in language.forms.values()
            for index, form in enumerate(forms, start=1)
        }
        names = "|".join(sorted(map(re.escape, self._numbers), key=len, reverse=True)) or r"(?!)"
        name = rf"(?P<name>{names})\.?"
        # The unit words (жылғы, года, г.) stand between year and day in some languages: any one word may.
        patterns = (
            rf"(?<!\d){_QUOTES}(?P<day>\d{{1,2}}){_QUOTES}\s?(?:-?\w{{1,2}}\s)?\s?{name}\s?,?\s{_YEAR}(?!\d)",
            rf"(?<!\d){_YEAR}\s\w{{1,6}}\.?\s?{_QUOTES}(?P<day>\d{{1,2}}){_QUOTES}\s?{name}(?!\w)",
            rf"(?<!\w){name}\s(?P<day>\d{{1,2}}),?\s{_YEAR}(?!\d)",
            rf"(?<!\w){name}\s?,?-?(?P<day>\d{{1,2}})-{_YEAR}(?!\d)",
        )
        self._full = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        self._month = [
            re.compile(rf"(?<!\w){name}\s?,?\s{_YEAR}(?!\d)", re.IGNORECASE),
            re.compile(rf"(?<!\d){_YEAR}\s(?:\w{{1,6}}\.?\s)?{name}(?!\w)", re.IGNORECASE),
        ]

    def find(self, text: str) -> list[FoundDate]:
        """Return the dates in *text* in order, full dates before month-precise ones where they overlap."""
        taken: list[tuple[int, int]] = []
        found: list[FoundDate] = []
        for pattern in (_ISO, _NUMERIC, *self._full, *self._month):
            for hit in pattern.finditer(text):
                if any(hit.start() < end and start < hit.end() for start, end in taken):
                    continue
                taken.append(hit.span())
                value = self._value(hit)
                if value:
                    precision = Precision.DAY if len(value) == len("2026-11-23") else Precision.MONTH
                    found.append(FoundDate(value, precision, hit.group().strip(), hit.start()))
        return sorted(found, key=lambda item: item.start)

    def first(self, text: str) -> FoundDate | None:
        """Return the first date in *text*, or None."""
        return next(iter(self.find(text)), None)

    def _value(self, hit: re.Match[str]) -> str | None:
        parts = hit.groupdict()
        month = int(parts["month"]) if parts.get("month") else self._numbers[parts["name"].lower()]
        if not parts.get("day"):
            return f"{int(parts['year']):04d}-{month:02d}"
        return iso_day(int(parts["year"]), month, int(parts["day"]))


def iso_day(year: int, month: int, day: int) -> str | None:
    """Return the ISO date, or None when there is no such day or the year is before the web."""
    try:
        return date(year, month, day).isoformat() if year >= _EARLIEST else None
    except ValueError:
        return None


def iso_prefix(text: str | None) -> str | None:
    """Return the day of a machine-written time stamp (ISO 8601), or None."""
    hit = _ISO.match((text or "").strip())
    return iso_day(int(hit["year"]), int(hit["month"]), int(hit["day"])) if hit else None


def days(values: Iterator[str]) -> list[date]:
    """Return the day-precise ISO values as dates, newest first, each once."""
    return sorted({date.fromisoformat(value) for value in values if len(value) == len("2026-11-23")}, reverse=True)
