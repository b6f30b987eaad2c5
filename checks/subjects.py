"""The subjects that rules speak of: what each kind hands to a rule, and how a view yields them.

Page, page_pair, section and scope come per scope; dataset, distribution and service per catalogue record; file per
fetched document; table per scope and per catalogue record, wherever one stands; agency, portal, body and country hand
over the view itself, which is read lazily.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Protocol

from checks.facts.model import FileFacts, RecordFacts, TableShape
from checks.findings import Evidence, SubjectKind, SubjectRef
from checks.sections import Presence, Section, SectionReader
from checks.view import Page, ScopeView, View
from config.model import Agency, Portal
from crawler.capture import Capture, Purpose
from crawler.portals.publishers import Register, Stranger
from crawler.portals.services import capabilities_url
from crawler.records import Distribution


class Subject(Protocol):
    """Anything a rule can be asked about."""

    @property
    def ref(self) -> SubjectRef:
        """How a finding names it."""


@dataclass(frozen=True)
class PagePair:
    """Two language versions of one section."""

    section: Section
    left: Page
    right: Page

    @property
    def ref(self) -> SubjectRef:
        """Named by both addresses."""
        ids = f"{self.left.facts.url} {self.right.facts.url}"
        return SubjectRef(SubjectKind.PAGE_PAIR, ids, self.left.facts.url)


@dataclass(frozen=True)
class FileSubject:
    """A document or distribution that was asked for, with the page that links to it where that was seen.

    `beside` are the other files that the same page links to.
    """

    capture: Capture
    view: View
    page: Page | None = None
    beside: tuple[Capture, ...] = ()

    @cached_property
    def facts(self) -> FileFacts | None:
        """What its bytes are; None when it gave none, or the archived record is damaged."""
        return self.view.file(self.capture)

    @property
    def ref(self) -> SubjectRef:
        """Named by the address that was asked."""
        return SubjectRef(SubjectKind.FILE, self.capture.key.text(), self.capture.url)

    def cite(self, locator: str, excerpt: str) -> Evidence:
        """Return evidence from the file. The excerpt must hold measures only, never what stands in the file."""
        return _cite(self.capture, locator, excerpt)


@dataclass(frozen=True)
class TableSubject:
    """One table of a page, a file or a form of a data set, counted from 1.

    `beside` are the files that its page links to.
    """

    shape: TableShape
    number: int
    of: Page | FileSubject | DistributionSubject
    beside: tuple[FileSubject, ...] = ()

    @property
    def ref(self) -> SubjectRef:
        """Named by what it stands in and its place there."""
        ref = self.of.ref
        return SubjectRef(SubjectKind.TABLE, f"{ref.id}#table{self.number}", ref.url)

    def cite(self, excerpt: str) -> tuple[Evidence, ...]:
        """Return evidence of the table. The excerpt must hold measures and names of columns only."""
        cited = self.of.cite(f"text:table {self.number}", excerpt)
        return cited if isinstance(cited, tuple) else (cited,)


@dataclass(frozen=True)
class DatasetSubject:
    """A data set as a catalogue describes it; `agency` is the publisher's, None when it is not in the register."""

    record: RecordFacts
    portal: Portal
    agency: Agency | None
    view: View | None = None

    @property
    def ref(self) -> SubjectRef:
        """Named by portal and the catalogue's own id."""
        return SubjectRef(SubjectKind.DATASET, f"{self.portal.id}:{self.record.id}", self.record.url)


@dataclass(frozen=True)
class DistributionSubject:
    """One form of a data set; `capture` is the newest telling answer of its address, None when it was not asked for."""

    dataset: DatasetSubject
    distribution: Distribution
    view: View | None = None

    @cached_property
    def capture(self) -> Capture | None:
        """What the address answered."""
        return self.view.sees(self.distribution.url) if self.view else None

    @cached_property
    def facts(self) -> FileFacts | None:
        """What its bytes are; None when they were not seen."""
        return self.view.file(self.capture) if self.view and self.capture else None

    @property
    def ref(self) -> SubjectRef:
        """Named by the data set and the address."""
        ids = f"{self.dataset.ref.id} {self.distribution.url}"
        return SubjectRef(SubjectKind.DISTRIBUTION, ids, self.distribution.url)

    def cite(self, locator: str, excerpt: str) -> tuple[Evidence, ...]:
        """Return evidence from the answer, empty when there was none. Measures only, as with files."""
        return (_cite(self.capture, locator, excerpt),) if self.capture else ()


@dataclass(frozen=True)
class ServiceSubject:
    """An OGC service that a data set is offered through; `capture` is what it answered when asked what it offers."""

    dataset: DatasetSubject
    url: str
    view: View

    @cached_property
    def capture(self) -> Capture | None:
        """The newest telling answer to GetCapabilities; None when it was not asked."""
        return self.view.sees(self.url)

    @property
    def ref(self) -> SubjectRef:
        """Named by the portal and the address of its capabilities: many data sets share a service."""
        return SubjectRef(SubjectKind.SERVICE, f"{self.dataset.portal.id} {self.url}", self.url)

    def cite(self, locator: str, excerpt: str) -> tuple[Evidence, ...]:
        """Return evidence from the answer, empty when there was none. Measures only, as with files."""
        return (_cite(self.capture, locator, excerpt),) if self.capture else ()


@dataclass(frozen=True)
class AgencySubject:
    """An agency, with the whole view to look around in."""

    agency: Agency
    view: View
    kind: SubjectKind = SubjectKind.AGENCY

    @property
    def ref(self) -> SubjectRef:
        """Named by the agency's permanent id."""
        scopes = self.agency.scopes_on(self.view.night)
        return SubjectRef(self.kind, self.agency.id, scopes[0].url if scopes else None)

    @property
    def scopes(self) -> tuple[ScopeView, ...]:
        """The agency's scopes."""
        return tuple(item for item in self.view.scopes if item.agency.id == self.agency.id)


@dataclass(frozen=True)
class PortalSubject:
    """A portal, with the whole view."""

    portal: Portal
    view: View

    @property
    def ref(self) -> SubjectRef:
        """Named by the portal's id."""
        return SubjectRef(SubjectKind.PORTAL, self.portal.id, self.portal.url)


@dataclass(frozen=True)
class CountrySubject:
    """The country: every agency, scope, probe and record of the night."""

    view: View

    @property
    def ref(self) -> SubjectRef:
        """Named by the pack's id."""
        return SubjectRef(SubjectKind.COUNTRY, self.view.pack.id)


def sections(view: View, scope: ScopeView) -> Iterator[Section]:
    """Yield the sections of a scope: made once for all rules that look at them."""
    whose = (scope.agency.id, scope.scope.id)
    if whose not in view.sections:
        view.sections[whose] = SectionReader(view, scope, exhausted=scope.exhausted).sections()
    yield from view.sections[whose]


def page_pairs(view: View, scope: ScopeView) -> Iterator[PagePair]:
    """Yield every two language versions of every section."""
    for section in sections(view, scope):
        present = [item.page for item in section.versions.values() if item.presence is Presence.PRESENT and item.page]
        for left, right in combinations(present, 2):
            yield PagePair(section, left, right)


def _in_scope(capture: Capture, view: View, scope: str) -> Capture | None:
    """Return a capture as its scope asked for it, whoever asked last: a catalogue may list what a page links to."""
    if scope in capture.scopes:
        return capture
    asked = (item for item in view.keys.get(capture.key.text(), ()) if scope in item.scopes and item.sha256)
    return next((item for item in asked if item.sha256 == capture.sha256), None)


def files(view: View, scope: ScopeView) -> Iterator[FileSubject]:
    """Yield the documents of a scope that were asked for, answered or not, each with the page that links to it."""
    mine = [
        found
        for item in view.captures(Purpose.DOCUMENT, Purpose.DISTRIBUTION)
        if (found := _in_scope(item, view, scope.scope.id))
    ]
    pages = {url: page for page in scope.pages for url in (page.capture.key.url, page.facts.url)}
    together: dict[str | None, list[Capture]] = {}
    for capture in mine:
        together.setdefault(capture.found_on, []).append(capture)
    for capture in mine:
        page = pages.get(capture.found_on) if capture.found_on else None
        beside = tuple(item for item in together[capture.found_on] if item is not capture) if page else ()
        yield FileSubject(capture, view, page, beside)


def tables(view: View, scope: ScopeView) -> Iterator[TableSubject]:
    """Yield the tables of a scope's pages, then those of its files."""
    found = list(files(view, scope))
    for page in scope.pages:
        linked = tuple(item for item in found if item.capture.found_on in (page.capture.key.url, page.facts.url))
        yield from (TableSubject(item, at + 1, page, linked) for at, item in enumerate(page.facts.tables))
    for file in found:
        yield from tables_in(file)


def tables_in(holder: FileSubject | DistributionSubject) -> Iterator[TableSubject]:
    """Yield the tables of one file."""
    facts = holder.facts
    yield from (TableSubject(item, at + 1, holder) for at, item in enumerate(facts.tables if facts else ()))


IN_SCOPE: dict[SubjectKind, Callable[[View, ScopeView], Iterator[Subject]]] = {
    SubjectKind.PAGE: lambda _view, scope: iter(scope.pages),
    SubjectKind.PAGE_PAIR: page_pairs,
    SubjectKind.SECTION: sections,
    SubjectKind.SCOPE: lambda _view, scope: iter((scope,)),
    SubjectKind.FILE: files,
    SubjectKind.TABLE: tables,
}


def datasets(view: View) -> Iterator[DatasetSubject]:
    """Yield the data sets of all portals, each with the agency that published it."""
    register = Register(view.agencies())
    for portal, record in view.records():
        yield DatasetSubject(record, portal, register.agency_of(record), view)


def strangers(view: View) -> tuple[Stranger, ...]:
    """Return the publishers that match no agency: bodies not in the register, those with most data sets first."""
    return Register(view.agencies()).strangers(record for _, record in view.records())


def distributions(view: View) -> Iterator[DistributionSubject]:
    """Yield every form of every data set."""
    for dataset in datasets(view):
        for distribution in dataset.record.distributions:
            yield DistributionSubject(dataset, distribution, view)


def tables_of_catalogues(view: View) -> Iterator[TableSubject]:
    """Yield the tables of fetched data sets, without those that a scope's own files are."""
    own = {scope.scope.id for scope in view.scopes}
    for item in distributions(view):
        if item.capture and not own.intersection(item.capture.scopes):
            yield from tables_in(item)


def services(view: View) -> Iterator[ServiceSubject]:
    """Yield every OGC service once, as the first data set names it that is offered through it."""
    named: set[tuple[str | None, str]] = set()
    for item in distributions(view):
        url = capabilities_url(item.distribution)
        key = (item.dataset.agency.id if item.dataset.agency else None, url or "")
        if url and key not in named:
            named.add(key)
            yield ServiceSubject(item.dataset, url, view)


def _bodies(view: View) -> Iterator[AgencySubject]:
    named = set(view.pack.bodies.values())
    yield from (AgencySubject(item, view, SubjectKind.BODY) for item in view.agencies() if item.id in named)


ACROSS: dict[SubjectKind, Callable[[View], Iterator[Subject]]] = {
    SubjectKind.DATASET: datasets,
    SubjectKind.DISTRIBUTION: distributions,
    SubjectKind.TABLE: tables_of_catalogues,
    SubjectKind.SERVICE: services,
    SubjectKind.AGENCY: lambda view: (AgencySubject(item, view) for item in view.agencies()),
    SubjectKind.BODY: _bodies,
    SubjectKind.PORTAL: lambda view: (PortalSubject(item, view) for item in view.settings.portals),
    SubjectKind.COUNTRY: lambda view: iter((CountrySubject(view),)),
}


def owner_of(subject: Subject, *, of_portal: bool = False) -> str | None:
    """Return the id of the agency that a subject belongs to, or None: the country's, or nobody's in the register.

    With *of_portal* a data set belongs to the owner of the portal that describes it, whoever published it.
    """
    if isinstance(subject, AgencySubject):
        return subject.agency.id
    if isinstance(subject, TableSubject) and isinstance(subject.of, DistributionSubject):
        subject = subject.of
    dataset = subject.dataset if isinstance(subject, DistributionSubject | ServiceSubject) else subject
    if isinstance(dataset, PortalSubject) or (of_portal and isinstance(dataset, DatasetSubject)):
        return dataset.portal.owner
    return dataset.agency.id if isinstance(dataset, DatasetSubject) and dataset.agency else None


def _cite(capture: Capture, locator: str, excerpt: str) -> Evidence:
    return Evidence(capture.sha256, capture.url, locator, excerpt, capture.id, capture.finished)
