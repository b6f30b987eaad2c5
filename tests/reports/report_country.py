"""A small hand-made country for the tests of reports: two agencies, one shared portal, one night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from checks.assessment import Assessment, RuleInfo
from checks.findings import Evidence, Finding, Outcome, Responsible, SubjectKind, SubjectRef
from checks.marks import Counts, Mark, MarkValue
from config.model import Settings
from config.pack import Extraction, IndicatorParams, Language, Pack, Profile, RuleLine
from crawler.coverage import HostCoverage, RunCoverage, RunState, ScopeCoverage
from reports.html import Story
from reports.ledger import Inputs, Ledger, Run, RunKind

PACK = Pack(
    id="xx",
    names={"en": "Exampleland", "ru": "Примерия", "kk": "Мысалстан"},
    zone="UTC",
    languages=(Language(code="kk", obligation="required", basis="law", verified=True),),
    profiles=(
        Profile(
            id="assessment_2014",
            names={"en": "Assessment of 2014", "ru": "Оценка 2014 года", "kk": "2014 жылғы бағалау"},
            basis="assessment",
            source="a report",
            defaults=IndicatorParams(plus=0.8, minus=0.5),
        ),
        Profile(id="order_124_2025", names={"en": "Order 124"}, basis="order", source="an order"),
    ),
    rules=(RuleLine(id="LANG-01"), RuleLine(id="FRESH-01")),
    extraction=Extraction(words={}, months={}),
)
FINANCE = {"en": "Ministry of Finance", "ru": "Министерство финансов", "kk": "Қаржы министрлігі"}


def settings(workspace: Path = Path("workspace"), **changes: Any) -> Settings:
    """Return the settings of an installation that crawls two agencies."""
    values: dict[str, Any] = {
        "pack": "xx",
        "workspace": workspace,
        "operator": {"name": "Tester", "contact": "tester@example.org", "about_url": "https://crawl.example/"},
        "agencies": (
            {"id": "finance", "names": FINANCE, "sites": ("https://finance.example/",)},
            {"id": "health", "names": {"ru": "Министерство здравоохранения"}, "sites": ("https://health.example/",)},
            {"id": "gone", "names": {"en": "Ministry of the Past"}, "valid_to": date(2020, 1, 1)},
        ),
    }
    return Settings.model_validate({**values, **changes})


NIGHT = date(2026, 11, 23)
STARTED = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
INPUTS = Inputs(config_digest="c" * 64, config="{}", pack_digest="d" * 64, pack="{}")
HOSTILE = '"><script>alert(1)</script> javascript:alert(2)'


def evidence(number: int = 1, **changes: Any) -> Evidence:
    """Return evidence about one page."""
    values: dict[str, Any] = {
        "sha256": f"{number:064x}",
        "url": f"https://finance.example/en/news/{number}",
        "locator": "css:main > p",
        "excerpt": "Бюджет на 2026 год опубликован.",
        "capture": f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "fetched_at": STARTED + timedelta(minutes=number),
    }
    return Evidence(**{**values, **changes})


def finding(number: int = 1, **changes: Any) -> Finding:
    """Return a finding about one page of the ministry of finance."""
    values: dict[str, Any] = {
        "agency": "finance",
        "scope": "https://finance.example/",
        "rule": "LANG-01",
        "version": 1,
        "subject": SubjectRef(SubjectKind.PAGE, f"page-{number}", f"https://finance.example/en/news/{number}"),
        "outcome": Outcome.FAIL,
        "reason": "wrong_language",
        "measures": {"letters": 120 + number, "languages": {"ru": 120}},
        "evidence": (evidence(number),),
    }
    return Finding(**{**values, **changes})


def findings() -> tuple[Finding, ...]:
    """Return the night's findings: every outcome, every owner, one hostile page."""
    shared = finding(4, responsible=Responsible.PLATFORM_OWNER, reason="required_language_missing")
    hostile = finding(
        5,
        subject=SubjectRef(SubjectKind.PAGE, HOSTILE, "javascript:alert(3)"),
        evidence=(evidence(5, excerpt=HOSTILE, url="javascript:alert(4)", locator=HOSTILE),),
    )
    return (
        finding(1),
        finding(2, outcome=Outcome.PASS, reason="three_languages", counter_evidence=(evidence(12),)),
        finding(3, outcome=Outcome.UNCLEAR, reason="too_little_text"),
        shared,
        hostile,
        finding(6, outcome=Outcome.NOT_OBSERVED, reason="timeout", evidence=()),
        finding(
            7, agency="health", scope="https://health.example/", rule="FRESH-01", outcome=Outcome.PASS, reason="fresh"
        ),
    )


def mark(agency: str | None, indicator: str, value: MarkValue | None, reason: str, **changes: Any) -> Mark:
    """Return a mark of the assessment's profile."""
    return Mark(agency=agency, indicator=indicator, profile="assessment_2014", value=value, reason=reason, **changes)


def marks() -> tuple[Mark, ...]:
    """Return the night's marks: each value, no mark, and the country's row."""
    ids = [item.id for item in findings()]
    shares = Counts(passed=1, failed=3, unclear=1, not_observed=1)
    return (
        mark(
            "finance", "lang_coverage", MarkValue.MINUS, "share_low", counts=shares, interval=(0.2, 0.4),
            coverage=0.8333, evidence_age=0, rules=("LANG-01@1",), evidence=tuple(ids[:5]),
        ),
        mark("finance", "freshness_weekly", None, "timeout", rules=("FRESH-01@1",)),
        mark(
            "health", "lang_coverage", MarkValue.ZERO, "mixed",
            counts=Counts(passed=4, failed=4), interval=(0.5, 0.5),
        ),
        mark(
            "health", "freshness_weekly", MarkValue.PLUS, "weekly", counts=Counts(passed=1),
            evidence_age=2, rules=("FRESH-01@1",), evidence=(ids[6],),
        ),
        mark("finance", "open_licence", None, "no_rule"),
        mark(None, "lang_coverage", MarkValue.MINUS, "country_minus", counts=Counts(failed=1, unclear=1)),
        mark(None, "lang_coverage", None, "country_too_few", group="central", counts=Counts(not_observed=2)),
        mark(None, "freshness_weekly", None, "country_too_few", counts=Counts(passed=1, not_observed=1)),
    )  # fmt: skip


RULES = (
    RuleInfo("FRESH-01", 1, ("freshness_weekly",), "section", ("page",), "Dynamic sections carry recent dates"),
    RuleInfo(
        "LANG-01", 1, ("lang_coverage", "lang_quality"), "page", ("page",), "Pages come in every required language"
    ),
)


def coverage(night: date = NIGHT, state: RunState = RunState.COMPLETE) -> RunCoverage:
    """Return what a crawl of the two sites saw."""
    return RunCoverage(
        run="run-1",
        night=night,
        vantage="default",
        state=state,
        started=STARTED,
        finished=STARTED + timedelta(hours=2),
        scopes=(
            ScopeCoverage(
                "https://finance.example/", known=10, fetched=6, failed={"timeout": 1}, skipped={"budget": 2}, pending=1
            ),
            ScopeCoverage("https://health.example/", known=4, fetched=4, exhausted={"links": True}),
        ),
        hosts=(
            HostCoverage("finance.example", requests=8, robots="ok", incidents=("429 for 20 minutes",)),
            HostCoverage("health.example", requests=5, robots="ok"),
        ),
        out_of_scope=7,
    )


def assessment(night: date = NIGHT, **changes: Any) -> Assessment:
    """Return the whole night."""
    values: dict[str, Any] = {
        "night": night,
        "findings": findings(),
        "marks": marks(),
        "rules": RULES,
        "coverage": (coverage(night),),
    }
    return Assessment(**{**values, **changes})


def record(ledger: Ledger, told: Assessment, number: int = 1, state: RunState = RunState.COMPLETE) -> Run:
    """Put *told* into the ledger as a whole run."""
    run = ledger.begin_run(f"run-{number}", told.night, RunKind.NIGHTLY, STARTED + timedelta(hours=number), INPUTS)
    ledger.record(run.id, told)
    return ledger.finish_run(run.id, state, STARTED + timedelta(hours=number + 1))


def filled(folder: Path) -> Path:
    """Return the path of a ledger in *folder* that holds the night."""
    place = folder / "ledger.sqlite"
    with Ledger(place) as ledger:
        record(ledger, assessment())
    return place


def story(**changes: Any) -> Story:
    """Return the night as a report tells it."""
    run = Run("run-1", NIGHT, RunKind.NIGHTLY, RunState.COMPLETE, STARTED, STARTED + timedelta(hours=2),
              "c" * 64, "d" * 64, None, "default", None, (coverage(),))  # fmt: skip
    values: dict[str, Any] = {
        "settings": settings(),
        "pack": PACK,
        "assessment": assessment(),
        "run": run,
        "runs": (run,),
    }
    return Story(**{**values, **changes})
