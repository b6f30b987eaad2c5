"""Dates as people write them in the pack's languages, day before month, never completed by guessing.

A date without a year is no date. Numeric dates are read day first (ISO 8601 order excepted); an impossible one
(31.02.2020) is unknown, never a neighbour. Month names come from the pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from checks.facts.model import Precision
from config.pack import Months

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_YEARLIKE = re.compile(r"(?:19|20)\d{2}")
"""What every date has: most texts with a digit have none, and are not looked at further."""
_ISO = re.compile(r"(?<![\d./-])(?P<year>(?:19|20)\d{2})([-/.])(?P<month>\d{2})\2(?P<day>\d{2})(?!\d|[./-]\d)")
_NUMERIC = re.compile(
    r"(?<![\d.,/])(?<!\d-)(?<!\bv)(?P<day>\d{1,2})\s?([./-])\s?(?P<month>\d{1,2})\s?\2\s?(?P<year>(?:19|20)\d{2})"
    r"(?!\d|[./]\d)"
)
_OPEN, _CLOSE = r"(?:[«\"“”']\s?)?", r"(?:\s?[»\"“”'])?"
_SHORT = 3
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
        forms = [
            (form.lower(), index)
            for language in months.values()
            for forms in language.forms.values()
            for index, form in enumerate(forms, start=1)
        ]
        self._numbers = {_fold(form.rstrip(".")): index for form, index in forms}
        # Between day and year any form is a month. Alone, a clipped one is a word (wind, snow) unless its dot is there.
        name = _one_of(form.rstrip(".") for form, _ in forms) + r"\.?"
        dotted = {form for form, _ in forms if form.endswith(".")}
        whole = {form for form, _ in forms} - dotted
        alone = rf"(?:{_one_of(whole)}\.?|{_one_of((form.rstrip('.') for form in dotted), 'clipped')}\.)"
        # After the year only words that nothing else begins with, in any case of the language.
        long = _one_of(form for form in whole if len(form) > _SHORT) + r"\w{0,6}"
        # The unit words (жылғы, года, г.) stand between year and day in some languages: any one word may.
        patterns = (
            rf"(?<!\d){_OPEN}(?P<day>\d{{1,2}}){_CLOSE}\s?(?:-|-?\w{{1,2}}\s)?\s?(?:{name}|{_again(long)})\s?,?\s{_YEAR}(?!\d)",
            rf"(?<!\d){_YEAR}\s\w{{1,6}}\.?\s?{_OPEN}(?P<day>\d{{1,2}}){_CLOSE}\s?(?:{long}|{_again(name)})(?!\w)",
            rf"(?<!\w){alone}\s(?P<day>\d{{1,2}}),?\s{_YEAR}(?!\d)",
            rf"(?<!\w){name}\s(?P<day>\d{{1,2}}),\s{_YEAR}(?!\d)",
            rf"(?<!\w){alone}\s?,?-?(?P<day>\d{{1,2}})-{_YEAR}(?!\d)",
        )
        self._full = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
        self._month = [
            re.compile(rf"(?<!\w){alone}\s?,?\s{_YEAR}(?!\d)", re.IGNORECASE),
            re.compile(rf"(?<!\d){_YEAR}\s(?:\w{{1,6}}\.?\s)?{long}(?!\w)", re.IGNORECASE),
        ]

    def find(self, text: str) -> list[FoundDate]:
        """Return the dates in *text* in order, full dates before month-precise ones where they overlap."""
        if not _YEARLIKE.search(text):
            return []
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
                    found.append(FoundDate(value, precision, hit.group(), hit.start()))
        return sorted(found, key=lambda item: item.start)

    def first(self, text: str) -> FoundDate | None:
        """Return the first date in *text*, or None."""
        return next(iter(self.find(text)), None)

    def _value(self, hit: re.Match[str]) -> str | None:
        parts = hit.groupdict()
        name = parts.get("name") or parts.get("clipped") or parts.get("again")
        month = self._numbers[_fold(name)] if name else int(parts["month"])
        if not parts.get("day"):
            return f"{int(parts['year']):04d}-{month:02d}"
        return iso_day(int(parts["year"]), month, int(parts["day"]))


def _fold(text: str) -> str:
    """Return *text* as patterns that ignore case compare it: the dotless i and the dotted capital are an i."""
    return text.upper().lower().replace("\u0307", "")


def _one_of(forms: Iterable[str], group: str = "name") -> str:
    """Return a pattern for any of *forms*, the longest first."""
    escaped = sorted(set(map(re.escape, forms)), key=lambda form: (-len(form), form))
    return rf"(?P<{group}>{'|'.join(escaped) or '(?!)'})"


def _again(pattern: str) -> str:
    """Return *pattern* under another group name: a pattern may hold a name once."""
    return pattern.replace("(?P<name>", "(?P<again>")


def may_have_date(text: str) -> bool:
    """Tell whether *text* may have a date, at the least cost: no date is without its year."""
    return ("0" in text and "20" in text) or ("9" in text and "19" in text)  # one sign is found sooner than two


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
