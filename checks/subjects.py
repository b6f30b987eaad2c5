"""The subjects that rules speak of: what each kind hands to a rule, and how a view yields them.

Page, page_pair, section and scope come per scope; dataset and distribution per catalogue record; file per fetched
document; agency, portal, body and country hand over the view itself, which is read lazily.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from checks.facts.model import RecordFacts
from checks.findings import SubjectKind, SubjectRef
from checks.sections import Presence, Section, SectionReader
from checks.view import Page, ScopeView, View
from config.model import Agency, Portal
from crawler.capture import Capture, Purpose
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
    """A fetched document or distribution. Its facts come from `checks.formats.read_file`."""

    capture: Capture

    @property
    def ref(self) -> SubjectRef:
        """Named by the address that was asked."""
        return SubjectRef(SubjectKind.FILE, self.capture.key.text(), self.capture.url)


@dataclass(frozen=True)
class DatasetSubject:
    """A data set as a catalogue describes it; `agency` is the publisher's, None when it is not in the register."""

    record: RecordFacts
    portal: Portal
    agency: Agency | None

    @property
    def ref(self) -> SubjectRef:
        """Named by portal and the catalogue's own id."""
        return SubjectRef(SubjectKind.DATASET, f"{self.portal.id}:{self.record.id}", self.record.url)


@dataclass(frozen=True)
class DistributionSubject:
    """One form of a data set."""

    dataset: DatasetSubject
    distribution: Distribution

    @property
    def ref(self) -> SubjectRef:
        """Named by the data set and the address."""
        ids = f"{self.dataset.ref.id} {self.distribution.url}"
        return SubjectRef(SubjectKind.DISTRIBUTION, ids, self.distribution.url)


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
    """Yield the sections of a scope."""
    yield from SectionReader(view, scope, exhausted=scope.exhausted).sections()


def page_pairs(view: View, scope: ScopeView) -> Iterator[PagePair]:
    """Yield every two language versions of every section."""
    for section in sections(view, scope):
        present = [item.page for item in section.versions.values() if item.presence is Presence.PRESENT and item.page]
        for left, right in combinations(present, 2):
            yield PagePair(section, left, right)


def files(view: View, scope: ScopeView) -> Iterator[FileSubject]:
    """Yield the fetched documents of a scope."""
    for capture in view.captures(Purpose.DOCUMENT, Purpose.DISTRIBUTION):
        if scope.scope.id in capture.scopes and capture.answered:
            yield FileSubject(capture)


IN_SCOPE: dict[SubjectKind, Callable[[View, ScopeView], Iterator[Subject]]] = {
    SubjectKind.PAGE: lambda _view, scope: iter(scope.pages),
    SubjectKind.PAGE_PAIR: page_pairs,
    SubjectKind.SECTION: sections,
    SubjectKind.SCOPE: lambda _view, scope: iter((scope,)),
    SubjectKind.FILE: files,
}


def datasets(view: View) -> Iterator[DatasetSubject]:
    """Yield the data sets of all portals, each with the agency that published it."""
    for portal, record in view.records():
        yield DatasetSubject(record, portal, _publisher(view, portal, record))


def distributions(view: View) -> Iterator[DistributionSubject]:
    """Yield every form of every data set."""
    for dataset in datasets(view):
        for distribution in dataset.record.distributions:
            yield DistributionSubject(dataset, distribution)


def _bodies(view: View) -> Iterator[AgencySubject]:
    named = set(view.pack.bodies.values())
    yield from (AgencySubject(item, view, SubjectKind.BODY) for item in view.agencies() if item.id in named)


ACROSS: dict[SubjectKind, Callable[[View], Iterator[Subject]]] = {
    SubjectKind.DATASET: datasets,
    SubjectKind.DISTRIBUTION: distributions,
    SubjectKind.AGENCY: lambda view: (AgencySubject(item, view) for item in view.agencies()),
    SubjectKind.BODY: _bodies,
    SubjectKind.PORTAL: lambda view: (PortalSubject(item, view) for item in view.settings.portals),
    SubjectKind.COUNTRY: lambda view: iter((CountrySubject(view),)),
}


def owner_of(subject: Subject) -> str | None:
    """Return the id of the agency that a subject belongs to, or None: the country's, or nobody's in the register."""
    if isinstance(subject, AgencySubject):
        return subject.agency.id
    if isinstance(subject, PortalSubject):
        return subject.portal.owner
    dataset = subject.dataset if isinstance(subject, DistributionSubject) else subject
    return dataset.agency.id if isinstance(dataset, DatasetSubject) and dataset.agency else None


def _publisher(view: View, portal: Portal, record: RecordFacts) -> Agency | None:
    for agency in view.agencies():
        for publisher in agency.publishers:
            same = publisher.portal == portal.id
            if same and publisher.id is not None and publisher.id == record.publisher_id:
                return agency
            if same and publisher.name is not None and publisher.name == record.publisher_name:
                return agency
    return None
