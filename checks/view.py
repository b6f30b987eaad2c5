"""The view of a night: per capture key the newest telling capture, not later than the night and not too old.

A failed or blocked exchange tells nothing about the page, so an older answer within `max_age` stands, with its age
shown; 404 and 410 do tell something. Everything here is read lazily and never from the network.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from checks import catalogue
from checks.baselines import Comparer
from checks.facts.extract import FactsSource, is_html
from checks.facts.listing import ListFacts
from checks.facts.model import FileFacts, HostFacts, PageFacts, ScopeFacts
from checks.findings import Evidence, SubjectKind, SubjectRef
from checks.outage import own_network
from checks.reasons import GONE, NETWORK, commonest, reason_of
from config.model import Agency, Portal, Scope, Settings
from config.pack import Pack
from config.register import with_publishers
from config.scopes import ScopeMap, ScopeOwner
from crawler.archive.layout import ArchiveError
from crawler.archive.reader import Archive
from crawler.capture import Capture, How, Purpose
from crawler.coverage import RunCoverage
from crawler.platforms import reader_of
from crawler.portals import PortalAdapter, portal_adapters
from crawler.records import Record
from crawler.redact import redact_text
from crawler.secondlook import is_look, of_series
from crawler.strata import is_certain
from crawler.varying import Variant
from crawler.verdicts import Verdict

if TYPE_CHECKING:
    from checks.sections import Section

_log = logging.getLogger(__name__)
_ABSENCE = ("menu", "sections", "sitemap")
_SEEN_ANYWAY = frozenset({"gone", "soft_404", "not_html", "redirected", "trap"})


@dataclass(frozen=True)
class Page:
    """A page that can be judged, with the capture that shows it and the scope it is judged for."""

    capture: Capture
    facts: PageFacts
    agency: Agency
    scope: Scope
    shared_host: bool = False

    @property
    def ref(self) -> SubjectRef:
        """The page as a finding's subject."""
        return SubjectRef(SubjectKind.PAGE, self.capture.key.text(), self.facts.url)

    def cite(self, locator: str, excerpt: str) -> Evidence:
        """Return evidence from this page. The excerpt must come from facts: those are redacted."""
        capture = self.capture
        return Evidence(capture.sha256, self.facts.url, locator, excerpt, capture.id, capture.finished)


@dataclass(frozen=True)
class Unseen:
    """A key of a scope that shows nothing judgeable, and why."""

    capture: Capture
    reason: str


@dataclass(frozen=True)
class ScopeView:
    """One scope's night: pages, what could not be seen, and what the crawl said of it."""

    agency: Agency
    scope: Scope
    shared_host: bool
    pages: tuple[Page, ...]
    unseen: tuple[Unseen, ...]
    facts: ScopeFacts
    host: HostFacts

    @property
    def ref(self) -> SubjectRef:
        """The scope as a finding's subject."""
        return SubjectRef(SubjectKind.SCOPE, self.scope.id, self.scope.url)

    @property
    def exhausted(self) -> bool:
        """Whether every link was asked for and everything that was asked could be seen: then absence says something."""
        asked = self.facts.exhausted.get("links", False)
        return asked and bool(self.pages) and all(item.reason in _SEEN_ANYWAY for item in self.unseen)

    @property
    def absence(self) -> bool:
        """Whether menus, section indexes and sitemaps were seen in full: what is not there is then absent."""
        asked = all(self.facts.exhausted.get(question, False) for question in _ABSENCE)
        unseen = (item for item in self.unseen if is_certain(item.capture.stratum or ""))
        return asked and bool(self.pages) and all(item.reason in _SEEN_ANYWAY for item in unseen)

    @property
    def unseen_reason(self) -> str | None:
        """Why nothing of the scope was seen; None when something was."""
        if self.pages:
            return None
        return commonest((item.reason for item in self.unseen), "not_observed")


class View:
    """A night as rules see it. `max_age` is in nights.

    `judged_on` may be another night: the same evidence is then asked what it would say on that date. What looks brought
    is left out, but for the run *look*.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts that a night is made of
        self,
        night: date,
        settings: Settings,
        pack: Pack,
        archive: Archive,
        source: FactsSource,
        max_age: int,
        judged_on: date | None = None,
        look: str | None = None,
    ) -> None:
        self.night = night
        self.judged_on = judged_on or night
        self.settings = settings
        self.pack = pack
        self._archive = archive
        self._source = source
        self._look = look
        self._since = night - timedelta(days=max_age)
        self._scopes = ScopeMap(settings, self.judged_on)
        self._comparer = Comparer(archive, source, lambda: self.keys)
        self.sections: dict[tuple[str, str], tuple[Section, ...]] = {}
        """The sections by agency and scope, as far as somebody asked for them (`checks.subjects`)."""

    @cached_property
    def coverage(self) -> tuple[RunCoverage, ...]:
        """The closing statements of the night's runs."""
        said = self._archive.coverage(self.night)
        return tuple(item for item in said if item.run == self._look or not is_look(item.run))

    @cached_property
    def keys(self) -> dict[str, list[Capture]]:
        """All captures within the age by key, newest first."""
        found: dict[str, list[Capture]] = defaultdict(list)
        for capture in of_series(self._archive.captures(until=self.night, since=self._since), self._look):
            found[capture.key.text()].append(capture)
        return {key: captures[::-1] for key, captures in found.items()}

    @cached_property
    def own_network(self) -> bool:
        """Whether control probes or so many hosts failed tonight that the fault may be ours."""
        tonight = (item for captures in self.keys.values() for item in captures if item.night == self.night)
        return own_network(tonight, self.pack.outage.own_network)

    def agencies(self) -> tuple[Agency, ...]:
        """Return the agencies that exist on the night."""
        start, end = date.min, date.max
        said = (*self.pack.discoveries, *self.settings.discoveries)
        return tuple(
            with_publishers(item, said, self.judged_on)
            for item in self.settings.agencies
            if (item.valid_from or start) <= self.judged_on <= (item.valid_to or end)
        )

    @cached_property
    def scopes(self) -> tuple[ScopeView, ...]:
        """All scopes in force, in the order of the settings."""
        shared = self._scopes.shared_hosts()
        chosen = {key: self._telling(captures) for key, captures in self.keys.items()}
        by_scope: dict[str, list[Capture]] = defaultdict(list)
        for capture in chosen.values():
            for scope_id in capture.scopes:
                by_scope[scope_id].append(capture)
        return tuple(
            self._scope(owner, by_scope[owner.scope.id], owner.scope.host in shared) for owner in self._scopes.owners
        )

    def captures(self, *purposes: Purpose) -> Iterator[Capture]:
        """Yield one capture per key of the given purposes: the newest that tells something, else the newest."""
        for captures in self.keys.values():
            if captures[0].purpose in purposes:
                yield self._telling(captures)

    def probes(self, agency: Agency) -> tuple[Capture, ...]:
        """Return the newest captures of an agency's probes."""
        asked = {redact_text(probe.url) for probe in agency.probes}
        return tuple(item for item in self.captures(Purpose.PROBE) if item.key.url in asked)

    def records(self) -> Iterator[tuple[Portal, Record]]:
        """Yield the data set descriptions of all portals whose kind has an adapter. A bad answer costs itself only."""
        yield from self._records

    @cached_property
    def _records(self) -> tuple[tuple[Portal, Record], ...]:
        adapters = portal_adapters()
        asked = list(self.captures(Purpose.PORTAL))
        return tuple(
            (portal, record)
            for portal in self.settings.portals
            if (adapter := adapters.get(portal.kind))
            for record in catalogue.records(
                catalogue.answers(portal, asked, self._archive), partial(self._read, adapter, portal)
            )
        )

    def _read(self, adapter: PortalAdapter, portal: Portal, capture: Capture) -> list[Record]:
        """Return what can be read of an answer: an adapter gives that first, and then says what is wrong."""
        found: list[Record] = []
        try:
            found.extend(adapter.records(portal, capture, self._archive.body(capture)))
        except (ValueError, ArchiveError) as error:
            _log.warning("portal %s: %s cannot be read to its end: %s", portal.id, capture.url, error)
        except Exception:  # noqa: BLE001 - a plugin's slip costs this answer, not the night
            _log.exception("portal %s: %s cannot be read to its end", portal.id, capture.url)
        return found

    def body(self, capture: Capture) -> bytes:
        """Return the archived body, for rules that need `full_bodies`. Raises ArchiveError."""
        return self._archive.body(capture)

    def file(self, capture: Capture) -> FileFacts | None:
        """Return the facts of a capture read as a file, or None when there are no bytes to read."""
        return self._source.file(capture)

    def listing(self, capture: Capture) -> ListFacts | None:
        """Return the facts of a capture read as a feed or sitemap, or None when there are no bytes to read."""
        return self._source.listing(capture) if capture.purpose is Purpose.SITEMAP else None

    def sees(self, url: str) -> Capture | None:
        """Return the telling capture of an address asked by GET, or None."""
        captures = self.keys.get(f"GET {self._scopes.key_url(url)}")
        return self._telling(captures) if captures else None

    def seen_on(self, capture: str) -> date | None:
        """Return the night of a capture within the age, by its id."""
        return self._nights.get(capture)

    @cached_property
    def _nights(self) -> dict[str, date]:
        return {item.id: item.night for captures in self.keys.values() for item in captures}

    def html(self) -> list[Capture]:
        """Return the captures whose page facts the view will ask for: fill them at once rather than one by one."""
        return [item for captures in self.keys.values() for item in captures if is_page(item)]

    def page(self, capture: Capture) -> PageFacts | None:
        """Return the facts of a page; one that only shows what its host shows for nothing is a soft 404."""
        facts = self._source.page(capture) if is_page(capture) else None
        return self._comparer.judged(capture, facts) if facts else None

    def _telling(self, captures: list[Capture]) -> Capture:
        # What a browser could not draw says less than the plain answer that made us try.
        plain = (item for item in captures if item.how is How.PLAIN)
        return next((item for item in captures if self._tells(item)), next(plain, captures[0]))

    def _tells(self, capture: Capture) -> bool:
        if capture.status in GONE:
            return True
        if capture.purpose is not Purpose.PAGE:
            return capture.answered
        facts = self.page(capture)
        return bool(facts and facts.verdict is Verdict.PAGE)

    def _scope(self, owner: ScopeOwner, captures: list[Capture], shared: bool) -> ScopeView:  # noqa: FBT001
        pages: dict[tuple[str, Variant], Page] = {}
        unseen: list[Unseen] = []
        for capture in sorted(captures, key=_by_address):
            facts = self.page(capture)
            if facts and facts.verdict is Verdict.PAGE:
                page = Page(capture, facts, owner.agency, owner.scope, shared)
                pages.setdefault((facts.url, capture.key.variant), page)
            elif capture.purpose is Purpose.PAGE:
                unseen.append(Unseen(capture, self._reason(capture, facts)))
        host = captures[0].host if captures else owner.scope.host
        return ScopeView(
            owner.agency, owner.scope, shared, tuple(pages.values()), tuple(unseen),
            self._scope_facts(owner.scope, captures), self._host_facts(host, captures),
        )  # fmt: skip

    def _reason(self, capture: Capture, facts: PageFacts | None) -> str:
        if capture.outcome in NETWORK and self.own_network and capture.night == self.night:
            return "own_network"
        if self._source.damaged.get(capture.id):  # what was taken out on purpose is not damaged
            return "archive_damaged"
        if facts is None and is_page(capture):
            return "not_observed"  # the archived record is damaged, or taken out
        return reason_of(capture, facts.verdict if facts else None)

    def _scope_facts(self, scope: Scope, captures: Iterable[Capture]) -> ScopeFacts:
        said = [item for run in self.coverage for item in run.scopes if item.scope == scope.id]
        last = said[-1] if said else None
        return ScopeFacts(
            scope.id, dict(Counter(item.outcome.value for item in captures)),
            last.exhausted if last else {}, last.known if last else 0, last.skipped if last else {},
            last.discovered if last else False, last.strata if last else (),
        )  # fmt: skip

    def _host_facts(self, host: str, captures: Iterable[Capture]) -> HostFacts:
        said = [item for run in self.coverage for item in run.hosts if item.host == host]
        outcomes = dict(Counter(item.outcome.value for item in captures))
        last = said[-1] if said else None
        return HostFacts(host, outcomes, last.robots if last else "not_asked", last.incidents if last else ())


def _by_address(capture: Capture) -> tuple[bool, str]:
    """Order captures whatever the crawl's order was; an address that answers itself goes before what leads to it."""
    return capture.key.url != capture.url, capture.key.text()


def is_page(capture: Capture) -> bool:
    """Tell whether page facts can be read from a capture: an answered page, or whatever a platform's data says."""
    if capture.purpose is not Purpose.PAGE or capture.sha256 is None:
        return False
    return reader_of(capture.key.url) is not None or (capture.answered and is_html(capture))
