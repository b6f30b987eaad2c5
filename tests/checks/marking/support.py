"""Findings and questions for tests of marking, made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from checks.findings import Evidence, Finding, Outcome, Responsible, SubjectKind, SubjectRef
from checks.marking.confirmed import Held
from checks.marking.question import Question
from config.discoveries import Discovery, DiscoveryKind
from config.pack import Calendar, IndicatorParams
from crawler.archive.history import HistoryEntry
from tests.checks.lab import NIGHT

P, F, U, NA, NO = Outcome.PASS, Outcome.FAIL, Outcome.UNCLEAR, Outcome.NOT_APPLICABLE, Outcome.NOT_OBSERVED
CALENDAR = Calendar(country="KZ", years=(2025, 2026), source="test")


class Past:
    """A history made of (key, night, dates)."""

    def __init__(self, *lines: tuple[str, date, Iterable[date]]) -> None:
        self._lines = lines

    def entries(self, key: str) -> tuple[HistoryEntry, ...]:
        found = [
            HistoryEntry(key, night, "capture", "ok", dates=tuple(day.isoformat() for day in days))
            for name, night, days in self._lines
            if name == key
        ]
        return tuple(sorted(found, key=lambda item: item.night, reverse=True))

    def nights(self) -> tuple[date, ...]:
        return tuple(sorted({night for _, night, _ in self._lines}))


def finding(outcome: Outcome, number: int = 0, **given: Any) -> Finding:
    then = datetime(2026, 11, 16, 18, tzinfo=UTC)
    evidence = Evidence("0" * 64, f"https://good.kz/{number}", "css:main", "text", f"capture-{number}", then)
    plain: dict[str, Any] = {
        "agency": "good",
        "scope": "https://good.kz/",
        "rule": "LANG-01",
        "version": 1,
        "subject": SubjectRef(SubjectKind.PAGE, f"GET https://good.kz/{number}", f"https://good.kz/{number}"),
        "outcome": outcome,
        "reason": "unreachable" if outcome is NO else "reason",
        "responsible": Responsible.AGENCY,
        "evidence": () if outcome is NO else (evidence,),
    }
    return Finding(**{**plain, **given})


def findings(outcomes: Mapping[Outcome, int] | Iterable[Outcome], **given: Any) -> tuple[Finding, ...]:
    listed = (
        [item for item, count in outcomes.items() for _ in range(count)] if isinstance(outcomes, Mapping) else outcomes
    )
    return tuple(finding(outcome, number, **given) for number, outcome in enumerate(listed))


NEWS = Discovery.model_construct(agency="good", kind=DiscoveryKind.NEWS_LIST, value="news", by="analyst")
KNOWN = Held((NEWS,))


def question(
    found: Iterable[Finding], *, exhausted: bool = True, history: Past | None = None, held: Held = KNOWN, **params: Any
) -> Question:
    plain: dict[str, Any] = {"plus": 0.9, "minus": 0.5, "minimum": 3}
    return Question(
        tuple(found), IndicatorParams(**{**plain, **params}), exhausted, NIGHT, history or Past(), CALENDAR, held
    )
