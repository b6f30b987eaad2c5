"""The marks of a night: every indicator that a rule serves, every agency, every profile, and the country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from checks.context import HistoryReader
from checks.findings import Finding, Outcome, Responsible, SubjectKind
from checks.marking.confirmed import NOTHING_HELD, Held
from checks.marking.country import country_marks
from checks.marking.frame import Frame
from checks.marking.question import Decision, Question
from checks.marking.summaries import decide
from checks.marks import Mark
from checks.registry import Rule
from config.indicators import Indicator, Level, indicators
from config.model import Agency
from config.pack import Pack, Profile

MOST_EVIDENCE = 100
_RECORDS = frozenset({SubjectKind.DATASET, SubjectKind.DISTRIBUTION})
_NAMED = frozenset({SubjectKind.SCOPE, SubjectKind.AGENCY, SubjectKind.PORTAL, SubjectKind.BODY, SubjectKind.COUNTRY})
_OF_PAGES = frozenset({SubjectKind.PAGE, SubjectKind.PAGE_PAIR, SubjectKind.SECTION})


@dataclass(frozen=True)
class Known:
    """What marking knows beside findings: per agency the share of known addresses seen and whether all were asked.

    `portals` are the ids of those whose catalogue was read to its end, `frames` say per agency how its pages were
    chosen, `absence` holds the agencies whose menus, section indexes and sitemaps were seen in full.
    """

    coverage: dict[str, float]
    exhausted: frozenset[str]
    capture_nights: dict[str, date]
    portals: frozenset[str] = frozenset()
    frames: Mapping[str, Frame] = field(default_factory=dict)
    absence: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Marker:
    """Makes marks. Pure: the same findings, pack, history and night give the same marks."""

    pack: Pack
    rules: tuple[Rule, ...]
    agencies: tuple[Agency, ...]
    history: HistoryReader
    known: Known
    night: date
    discoveries: Held = NOTHING_HELD

    def marks(self, findings: Iterable[Finding]) -> tuple[Mark, ...]:
        """Return all marks: agencies in the order of the settings, then the country's."""
        by_indicator = self._by_indicator(findings)
        made = [mark for profile in self.pack.profiles for mark in self._profile(profile, by_indicator)]
        per_agency = [mark for mark in made if indicators()[mark.indicator].level is Level.AGENCY]
        return (*made, *country_marks(per_agency, self.agencies, self.pack.country))

    def _by_indicator(self, findings: Iterable[Finding]) -> dict[str, dict[str | None, list[Finding]]]:
        served = {rule.id: rule.indicators for rule in self.rules}
        found: dict[str, dict[str | None, list[Finding]]] = {
            indicator: defaultdict(list) for rule in self.rules for indicator in rule.indicators
        }
        for finding in findings:
            for indicator in served[finding.rule]:
                found[indicator][finding.agency].append(finding)
        return found

    def _profile(self, profile: Profile, by_indicator: dict[str, dict[str | None, list[Finding]]]) -> Iterator[Mark]:
        for name, by_agency in sorted(by_indicator.items()):
            indicator = indicators()[name]
            for agency in self._speaks_of(indicator, by_agency):
                yield self._mark(indicator, profile, agency, by_agency.get(agency, []))

    def _speaks_of(self, indicator: Indicator, by_agency: dict[str | None, list[Finding]]) -> list[str | None]:
        """Every agency gets a mark of an agency indicator, seen or not; of other levels only those it is asked of."""
        if indicator.level is Level.AGENCY:
            return [agency.id for agency in self.agencies]
        asked = (agency for agency, found in by_agency.items() if any(_applies(item) for item in found))
        return sorted(asked, key=lambda agency: agency or "")

    def _mark(self, indicator: Indicator, profile: Profile, agency: str | None, findings: list[Finding]) -> Mark:
        exhausted = self._exhausted(agency, findings)
        mends = frozenset({Responsible.AGENCY} if indicator.level is Level.AGENCY else Responsible)
        question = Question(
            tuple(findings),
            profile.params(indicator.id),
            exhausted,
            self.night,
            self.history,
            self.pack.calendar,
            self.discoveries,
            mends,
            self._frame(agency, findings),
            agency in self.known.absence,
        )
        decision = decide(indicator.sum, question)
        return Mark(
            agency, indicator.id, profile.id, decision.value, decision.reason, question.counts(),
            interval=decision.interval, coverage=self.known.coverage.get(agency or ""), bounds=decision.bounds,
            evidence_age=self._age(decision), rules=self._rules(indicator),
            evidence=tuple(sorted(item.id for item in decision.deciding)[:MOST_EVIDENCE]),
        )  # fmt: skip

    def _frame(self, agency: str | None, findings: list[Finding]) -> Frame | None:
        """Return how the pages were chosen that findings speak of; None for those of anything but pages."""
        kinds = {item.subject.kind for item in findings}
        return None if kinds - _OF_PAGES else self.known.frames.get(agency or "")

    def _exhausted(self, agency: str | None, findings: list[Finding]) -> bool:
        """Tell whether no further subject of the question can exist: then shares are exact.

        Pages, sections and files are exhausted with the agency's scopes, data sets with their portal's catalogue;
        scopes, agencies, portals and the country are all known from the settings.
        """
        kinds = {item.subject.kind for item in findings}
        portals = {item.subject.id.partition(":")[0] for item in findings if item.subject.kind in _RECORDS}
        sites = bool(kinds - _RECORDS - _NAMED) or not kinds
        return portals <= self.known.portals and (not sites or agency in self.known.exhausted)

    def _rules(self, indicator: Indicator) -> tuple[str, ...]:
        return tuple(f"{rule.id}@{rule.version}" for rule in self.rules if indicator.id in rule.indicators)

    def _age(self, decision: Decision) -> int | None:
        """Return the age of the oldest cited capture in nights."""
        cited = {item.capture for finding in decision.deciding for item in finding.evidence}
        nights = [self.known.capture_nights[capture] for capture in cited if capture in self.known.capture_nights]
        return (self.night - min(nights)).days if nights else None


def _applies(finding: Finding) -> bool:
    return finding.outcome is not Outcome.NOT_APPLICABLE
