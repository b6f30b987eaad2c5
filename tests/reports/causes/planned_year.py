"""A country on paper whose every change is planned: what happens on which night, and therefore the cause of each change.

Six bodies, four of them on one host. Three questions: the share of pages in enough languages (LANG-01), whether the
footer links a feedback form (KEY-01, a template of the shared host), and dated news (FRESH-01). A night judged is a
pure function of settings, pack, rule version, the night's evidence and the date, as in the real thing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checks.assessment import Assessment
from checks.facts.model import FactKind
from checks.findings import Evidence, Finding, Outcome, SubjectKind, SubjectRef
from checks.marking.lateness import is_late
from checks.marking.night import Known, Marker
from checks.night import Judged
from checks.registry import Rule
from config.loader import digest_of
from config.model import Settings
from config.pack import Calendar, IndicatorParams, Pack, Profile, SectionLimit
from reports.causes import Asked
from reports.causes.bodies import in_force

SHARED = ("ash", "birch", "cedar", "elm")
OWN = ("fir", "larch")
PROFILE = "assessment_2014"
LANG, KEY, FRESH = "lang_coverage", "feedback_channel", "freshness_weekly"
PAGES = 10
RULES = {"LANG-01": LANG, "KEY-01": KEY, "FRESH-01": FRESH}
_SEEN = datetime(2026, 1, 1, tzinfo=UTC)


class NoHistory:
    """A history without entries."""

    def entries(self, key: str) -> tuple[Any, ...]:
        return ()

    def nights(self) -> tuple[date, ...]:
        return ()


@dataclass
class Site:
    """What a body shows: languages of each page, whether the footer has the form, days with news, or why it is unseen."""

    languages: list[int]
    footer: bool = True
    news: list[date] = field(default_factory=list)
    unseen: str | None = None
    revision: int = 0


def site_of(agency: str) -> str:
    host = "gov.example" if agency in SHARED else f"{agency}.example"
    return f"https://{host}/{agency}/"


@dataclass
class Country:
    """The country tonight, and the evidence of all nights so far."""

    settings: Settings
    pack: Pack
    version: int = 1
    lock: str = "lock-1"
    sites: dict[str, Site] = field(default_factory=dict)
    nights: dict[date, dict[str, Site]] = field(default_factory=dict)

    def record(self, night: date) -> Judged:
        self.nights[night] = copy.deepcopy(self.sites)
        judged = self.judge(self.settings, self.pack, night, night)
        assert judged is not None
        return judged

    @property
    def asked(self) -> Asked:
        digests = (digest_of(self.settings.model_dump(mode="json")), digest_of(self.pack.model_dump(mode="json")))
        return Asked(self.settings, self.pack, digests, self.lock)

    def judge(self, settings: Settings, pack: Pack, evidence: date, judged_on: date) -> Judged | None:
        if evidence not in self.nights:
            return None
        shown = self.nights[evidence]
        agencies = in_force(settings, judged_on)
        findings = tuple(
            finding for agency in agencies for finding in self._findings(agency.id, shown.get(agency.id), judged_on)
        )
        seen = {item.id for item in agencies if item.id in shown and shown[item.id].unseen is None}
        known = Known(dict.fromkeys(seen, 1.0), frozenset(seen), {"capture": evidence})
        marker = Marker(pack, tuple(map(self._rule, RULES)), agencies, NoHistory(), known, judged_on)
        infos = tuple(rule.info for rule in marker.rules)
        return Judged(Assessment(evidence, findings, marker.marks(findings), infos, ()), marker)

    def _rule(self, name: str) -> Rule:
        version = self.version if name == "LANG-01" else 1
        needs = frozenset({FactKind.PAGE})
        return Rule(name, version, (RULES[name],), SubjectKind.PAGE, needs, "none", lambda *_: None, f"{name}.")

    def _findings(self, agency: str, site: Site | None, night: date) -> list[Finding]:
        def made(rule: str, subject: str, outcome: Outcome, reason: str, **more: Any) -> Finding:
            version = self.version if rule == "LANG-01" else 1
            kind = SubjectKind.PAGE if subject != "scope" else SubjectKind.SCOPE
            ref = SubjectRef(kind, f"{site_of(agency)}{subject}", site_of(agency) + subject)
            return Finding(agency, site_of(agency), rule, version, ref, outcome, reason, **more)

        if site is None or site.unseen:
            reason = site.unseen if site and site.unseen else "not_observed"
            return [made(rule, "scope", Outcome.NOT_OBSERVED, reason) for rule in RULES]
        pages = [
            made("LANG-01", f"page-{number}", *self._languages(count), measures={"languages": count},
                 evidence=(cite(f"{agency}-{number}-{count}-{site.revision}", "css:main", f"text of {agency} {number}"),))
            for number, count in enumerate(site.languages)
        ]  # fmt: skip
        words = "Feedback form" if site.footer else "Contacts"
        footer = made(
            "KEY-01", "footer", Outcome.PASS if site.footer else Outcome.FAIL, "form" if site.footer else "no_form",
            evidence=(cite(f"{agency}-footer-{site.footer}", "css:footer", words),),
        )  # fmt: skip
        past = sorted((day for day in site.news if day <= night), reverse=True)
        limit = SectionLimit(max_days=7)
        fresh = bool(past) and not is_late(past[0], night, limit, CALENDAR)
        news = made(
            "FRESH-01", "news", Outcome.PASS if fresh else Outcome.FAIL, "fresh" if fresh else "stale",
            measures={"dates": [day.isoformat() for day in past[:40]], "keys": [f"GET {site_of(agency)}news"]},
            evidence=(cite(f"{agency}-news-{len(site.news)}", "css:time", past[0].isoformat() if past else ""),),
        )  # fmt: skip
        return [*pages, footer, news]

    def _languages(self, count: int) -> tuple[Outcome, str]:
        """Version 1 asks for two languages, version 2 for three."""
        return (Outcome.PASS, "enough") if count > self.version else (Outcome.FAIL, "too_few_languages")


CALENDAR = Calendar(country="KZ", years=tuple(range(2025, 2029)), source="planned")


def cite(key: str, locator: str, excerpt: str) -> Evidence:
    """Return evidence whose bytes are named by *key*."""
    return Evidence(digest_of(key), "https://gov.example/", locator, excerpt, "capture", _SEEN)


def settings_of(agencies: tuple[Mapping[str, Any], ...]) -> Settings:
    """Return settings that assess *agencies*."""
    return Settings.model_validate(
        {
            "pack": "xx",
            "workspace": "workspace",
            "operator": {"name": "Tester", "contact": "t@example.org", "about_url": "https://crawl.example/"},
            "agencies": agencies,
        }
    )


def agency(name: str, **more: Any) -> dict[str, Any]:
    """Return a body's entry in the settings."""
    return {"id": name, "names": {"en": name.title()}, "sites": (site_of(name),), **more}


def pack_of(base: Pack, plus: float = 0.9, minus: float = 0.5) -> Pack:
    """Return a pack with one profile and these thresholds of the share."""
    params = {
        LANG: IndicatorParams(plus=plus, minus=minus),
        FRESH: IndicatorParams(max_days=7, window_days=20, minimum=1),
    }
    profile = Profile(id=PROFILE, names={"en": "A"}, basis="assessment", source="a report", indicators=params)
    return base.model_copy(update={"profiles": (profile,), "calendar": CALENDAR})


Plan = Callable[[Country, date], dict[tuple[str, str], set[str]]]
"""Does what is planned for a night; returns the causes it will have, by body and indicator (`*`: every body)."""


def nights(first: date, count: int) -> list[date]:
    """Return *count* nights from *first* on."""
    return [first + timedelta(days=number) for number in range(count)]
