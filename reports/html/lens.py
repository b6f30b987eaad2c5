"""How things look in one language: names, words, numbers, and which addresses may become links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from checks.findings import Finding, Outcome
from checks.marks import Mark, MarkValue
from config.indicators import indicators
from crawler.coverage import ScopeCoverage
from crawler.portals.publishers import Stranger
from reports.html.story import Story
from reports.messages import Catalogue, fallback_language

_KINDS = {MarkValue.PLUS: "plus", MarkValue.MINUS: "minus", MarkValue.ZERO: "zero"}
GLYPHS = {"plus": "+", "minus": "−", "zero": "0", "none": "·"}
_ORDER = (Outcome.FAIL, Outcome.UNCLEAR, Outcome.PASS, Outcome.NOT_OBSERVED, Outcome.NOT_APPLICABLE)


class Lens:
    """A story seen through one language. Templates ask it for every word they show."""

    def __init__(self, story: Story, language: str) -> None:
        self.story = story
        self.words = Catalogue(language)
        self.language = language
        self.rules_language = fallback_language()
        self._agencies = {item.id: item for item in story.settings.agencies}

    def t(self, key: str, **values: Any) -> str:
        """Return a text."""
        return self.words.text(key, **values)

    def count(self, key: str, count: int) -> str:
        """Return a text that counts something."""
        return self.words.text(key, count=count)

    def agency(self, agency: str | None) -> tuple[str, str | None]:
        """Return an agency's name and its language where that is not the page's."""
        if agency is None:
            return self.country, None
        known = self._agencies.get(agency)
        if known is None:
            return agency, ""
        name = known.name(self.language, self.story.night)
        told = next((item for item in known.names if item.holds(self.story.night)), known.names[-1])
        if name == told.names.get(self.words.language):
            return name, None
        return name, next(language for language, text in told.names.items() if text == name)

    @property
    def country(self) -> str:
        """The country's name."""
        names = self.story.pack.names
        return names.get(self.words.language) or next(iter(names.values()))

    def profile(self, profile: str) -> str:
        """Return a profile's name."""
        known = self.story.pack.profile(profile)
        names = known.names if known else {}
        return names.get(self.words.language) or next(iter(names.values()), profile)

    def indicator(self, indicator: str) -> str:
        """Return an indicator's title."""
        return self.t(f"indicator.{indicator}") if indicator in indicators() else indicator

    def label(self, family: str, code: str) -> str:
        """Return the word for a code."""
        return self.words.label(family, code)

    def advice(self, reason: str) -> str | None:
        """Return what to do about *reason*, if anything is known."""
        key = f"advice.{reason}"
        return self.t(key) if key in self.words.messages else None

    def day(self, day: date) -> str:
        """Return a day written out."""
        return self.words.date(day)

    def moment(self, moment: datetime | None) -> str:
        """Return a moment, or that there is none."""
        return self.words.moment(moment) if moment else self.t("ui.unknown")

    def percent(self, share: float) -> str:
        """Return a share as a percentage."""
        return self.words.percent(share)

    def country_counts(self, mark: Mark) -> str:
        """Return a country mark as counts: on how many bodies it rests, and how many were not seen."""
        counts = mark.counts
        unseen = counts.not_observed
        by_sign = {MarkValue.PLUS: counts.passed, MarkValue.MINUS: counts.failed}
        if mark.value in by_sign:
            sign = glyph(mark)
            return self.t(
                "ui.counts_line", sign=sign, count=by_sign[mark.value], observed=counts.observed, unseen=unseen
            )
        return self.t(
            "ui.counts_mixed",
            plus=counts.passed, minus=counts.failed, zero=counts.unclear, observed=counts.observed, unseen=unseen,
        )  # fmt: skip

    def stranger(self, item: Stranger) -> str:
        """Return the name of a publisher in the reader's language, else any name, else its id."""
        names = item.names
        return names.get(self.words.language) or next(iter(names.values()), None) or item.id or self.t("ui.nameless")

    def thresholds(self, mark: Mark) -> tuple[float, ...]:
        """Return the thresholds that a share is read against, as shares."""
        profile = self.story.pack.profile(mark.profile)
        if profile is None:
            return ()
        params = profile.params(mark.indicator)
        return tuple(item for item in (params.minus, params.plus) if item is not None)

    def tally(self, family: str, counts: Mapping[str, int]) -> str:
        """Return counted codes as one line, the most frequent first."""
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(f"{self.label(family, code)}: {self.words.number(count)}" for code, count in ordered if count)


def kind(mark: Mark | None) -> str:
    """Return the class of a mark: plus, minus, zero or none."""
    return _KINDS.get(mark.value, "none") if mark and mark.value else "none"


def glyph(mark: Mark | None) -> str:
    """Return the sign of a mark."""
    return GLYPHS[kind(mark)]


def glyph_of(kind_: str) -> str:
    """Return the sign of a class of marks."""
    return GLYPHS[kind_]


def by_weight(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return findings, those that count against first."""
    return tuple(sorted(findings, key=lambda item: (_ORDER.index(item.outcome), item.rule, item.subject.id, item.id)))


def web_address(url: str | None) -> str | None:
    """Return *url* when a reader may safely follow it, else None: what sites name is never trusted as a link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def measure(value: Any) -> str:
    """Return a measure as text."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return "–" if value is None else str(value)


def seen_share(scope: ScopeCoverage) -> float | None:
    """Return the share of known addresses that were fetched."""
    return scope.fetched / scope.known if scope.known else None
