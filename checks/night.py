"""One night judged from the archive: view, facts, history, findings, marks. No network and no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import date

from checks.assessment import Assessment
from checks.catalogue import read_whole
from checks.engine import Engine
from checks.facts.extract import FactsSource
from checks.facts.listing import ListFacts
from checks.facts.model import PageFacts, Precision
from checks.facts.store import FactsStore
from checks.marking.confirmed import held_on
from checks.marking.frame import frames
from checks.marking.night import Known, Marker
from checks.recordmarks import mark_of
from checks.registry import Rule, enabled_rules, trial_rules
from checks.subjects import strangers
from checks.view import View
from config.model import Settings
from config.pack import Pack
from config.register import with_former_names
from crawler.archive.history import History, HistoryEntry, write_night
from crawler.archive.reader import Archive
from crawler.conditional import unchanged_days
from crawler.heap import seldom_collected

FACTS_FILE = "facts.sqlite"
MOST_DAYS = 60
"""Days of a feed or sitemap that a line of the history keeps."""


@dataclass(frozen=True)
class Judged:
    """A night judged: what was said, and the marker that can say it again of other findings."""

    assessment: Assessment
    marker: Marker


@dataclass(frozen=True)
class Terms:
    """How else a night may be judged: as if on the night `judged_on`, or with the rules on `trial` in place of others.

    With `only` just these rules (by id) are asked; marks then speak of their findings alone, and
    `checks.marking.merged` puts them beside others. `look` is the run of a second look whose captures count too.
    """

    judged_on: date | None = None
    trial: bool = False
    only: Collection[str] | None = None
    look: str | None = None


AS_IT_IS = Terms()


def assess(
    settings: Settings, pack: Pack, night: date, *, write_history: bool = True, executor: Executor | None = None
) -> Assessment:
    """Judge *night* from the workspace's archive: see `judge`."""
    return judge(settings, pack, night, write_history=write_history, executor=executor).assessment


@seldom_collected()
def judge(
    settings: Settings,
    pack: Pack,
    night: date,
    terms: Terms = AS_IT_IS,
    *,
    write_history: bool = True,
    executor: Executor | None = None,
) -> Judged:
    """Judge *night* from the workspace's archive.

    With *write_history* the night's line of the history log is (re)written from the facts; the result is the same
    for every call on the same archive. Raises ConfigError for unknown rules, ArchiveError for an unreadable index.
    """
    rules = with_trial(settings, pack, night) if terms.trial else enabled_rules(settings, pack, night)
    read = with_former_names(pack, settings.agencies)
    with Archive(settings.workspace) as archive, closing(FactsStore(settings.workspace / FACTS_FILE, read)) as store:
        source = FactsSource(archive, store, read, executor)
        views = _Views(settings, pack, night, archive, source, terms)
        widest = views.of(max((views.max_age(rule) for rule in rules), default=0))
        source.fill(widest.html())
        if write_history:
            write_night(settings.workspace, night, _history(widest))
        history = History(settings.workspace, night)
        engine = Engine(settings, history)
        findings = tuple(
            item
            for rule in rules
            if terms.only is None or rule.id in terms.only
            for item in engine.findings(rule, views.of(views.max_age(rule)))
        )
        when = terms.judged_on or night
        held = held_on(when, pack.discoveries, settings.discoveries)
        marker = Marker(pack, rules, widest.agencies(), history, _known(widest), when, held)
        assessment = Assessment(
            night,
            findings,
            marker.marks(findings),
            tuple(rule.info for rule in rules),
            widest.coverage,
            source.damage,
            strangers(widest),
        )
        return Judged(assessment, marker)


def with_trial(settings: Settings, pack: Pack, night: date) -> tuple[Rule, ...]:
    """Return the rules that count on *night*, those on trial standing in for them."""
    rules = {item.id: item for item in enabled_rules(settings, pack, night)}
    rules |= {item.id: item for item in trial_rules(settings, pack, night)}
    return tuple(rules[name] for name in sorted(rules))


class _Views:
    """One view per greatest evidence age that rules accept."""

    def __init__(
        self,
        settings: Settings,
        pack: Pack,
        night: date,
        archive: Archive,
        source: FactsSource,
        terms: Terms,
    ) -> None:
        self._pack = pack
        self._terms = terms
        self._parts = (night, settings, pack, archive, source)
        self._views: dict[int, View] = {}

    def of(self, max_age: int) -> View:
        if max_age not in self._views:
            self._views[max_age] = View(*self._parts, max_age, self._terms.judged_on, self._terms.look)
        return self._views[max_age]

    def max_age(self, rule: Rule) -> int:
        ages = (profile.params(name).max_age for profile in self._pack.profiles for name in rule.indicators)
        return max(ages, default=max(profile.defaults.max_age for profile in self._pack.profiles))


def _history(view: View) -> Iterator[HistoryEntry]:
    """Yield what the night itself brought: later nights read it, so it holds nothing of earlier ones."""
    marks: defaultdict[str, list[str]] = defaultdict(list)
    for _, record in view.records():
        marks[record.capture].append(mark_of(record))
    for key, captures in view.keys.items():
        capture = next((item for item in captures if item.night == view.night), None)
        if capture is None:
            continue
        facts, listing = view.page(capture), view.listing(capture)
        yield HistoryEntry(
            key,
            view.night,
            capture.id,
            capture.outcome.value,
            capture.sha256,
            main_text=facts.main_digest if facts else None,
            ids=tuple(sorted(marks[capture.id])),
            dates=_item_days(facts) if facts else _listed_days(listing) if listing else (),
            verdict=facts.verdict.value if facts else None,
            unchanged_days=unchanged_days(capture),
            status=capture.status,
        )


def _item_days(facts: PageFacts) -> tuple[str, ...]:
    return tuple(sorted({item.date.value for item in facts.items if item.date.precision is Precision.DAY}))


def _listed_days(listing: ListFacts) -> tuple[str, ...]:
    """Return the newest days of a feed or sitemap, oldest first: later nights ask whether it was late or moved."""
    return tuple(sorted(listing.days[:MOST_DAYS]))


def _known(view: View) -> Known:
    seen: dict[str, int] = {}
    known: dict[str, int] = {}
    open_scopes: set[str] = set()
    for scope in view.scopes:
        agency = scope.agency.id
        seen[agency] = seen.get(agency, 0) + len(scope.pages)
        known[agency] = known.get(agency, 0) + max(scope.facts.known, len(scope.pages) + len(scope.unseen))
        if not scope.exhausted:
            open_scopes.add(agency)
    coverage = {agency: seen[agency] / known[agency] if known[agency] else 0.0 for agency in known}
    nights = {item.id: item.night for captures in view.keys.values() for item in captures}
    portals = frozenset(portal.id for portal in view.settings.portals if read_whole(portal, view.coverage))
    absent = frozenset(known) - {scope.agency.id for scope in view.scopes if not (scope.absence or scope.exhausted)}
    return Known(coverage, frozenset(known) - open_scopes, nights, portals, frames(view.scopes), absent)
