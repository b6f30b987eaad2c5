"""Sections: the language versions of one page, found by address signs and by links that point both ways.

What a section lacks is `missing` only when it was looked for: an offered version that is gone, leads home or to
another language, or nothing offered on a scope whose links were all followed. Else it is `unseen`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from checks.facts.language import dominant
from checks.facts.versions import reader_for
from checks.findings import SubjectKind, SubjectRef
from checks.reasons import GONE, reason_of
from checks.view import Page, ScopeView, View
from config.model import Agency, Scope
from config.pack import Pack


class Presence(StrEnum):
    """Whether a language version is there."""

    PRESENT = "present"
    MISSING = "missing"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Version:
    """One language of a section: the page, or why there is none."""

    language: str
    presence: Presence
    page: Page | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Section:
    """The versions of one page by language, every language of the pack being present as a key.

    `view` is the night's, to look around in.
    """

    id: str
    agency: Agency
    scope: Scope
    shared_host: bool
    versions: dict[str, Version]
    pages: tuple[Page, ...]
    view: View

    @property
    def ref(self) -> SubjectRef:
        """The section as a finding's subject."""
        return SubjectRef(SubjectKind.SECTION, self.id, self.pages[0].facts.url)


class SectionReader:
    """Groups the pages of one scope into sections."""

    def __init__(self, view: View, scope: ScopeView, *, exhausted: bool) -> None:
        self._view = view
        self._scope = scope
        self._exhausted = exhausted
        self._reader = reader_for(view.pack)
        self._pack: Pack = view.pack
        # Asked plainly goes before asked by cookie: links between pages carry no cookie.
        self._by_url = {
            page.facts.url: page for page in sorted(scope.pages, key=lambda page: not page.capture.key.variant)
        }
        self._groups = _Groups()

    def sections(self) -> tuple[Section, ...]:
        """Return the sections in order of their ids."""
        for page in self._scope.pages:
            self._join(page)
        members: dict[str, list[Page]] = defaultdict(list)
        for page in self._scope.pages:
            members[self._groups.find(self._neutral(page.facts.url))].append(page)
        return tuple(self._section(key, pages) for key, pages in sorted(members.items()))

    def _neutral(self, url: str) -> str:
        return self._reader.neutral(url, self._scope.scope.url).url

    def _sign(self, url: str) -> str | None:
        return self._reader.neutral(url, self._scope.scope.url).language

    def _join(self, page: Page) -> None:
        """Tie pages that name each other as versions: a one-sided link may be a mere link to the home page."""
        for link in page.facts.language_links:
            other = self._by_url.get(link.url)
            if other and any(back.url == page.facts.url for back in other.facts.language_links):
                self._groups.join(self._neutral(page.facts.url), self._neutral(link.url))

    def _section(self, key: str, pages: list[Page]) -> Section:
        claimed = self._claims(pages)
        versions = {code: self._version(code, claimed.get(code), key, pages) for code in self._pack.codes()}
        scope = self._scope
        return Section(key, scope.agency, scope.scope, scope.shared_host, versions, tuple(pages), self._view)

    def _claims(self, pages: list[Page]) -> dict[str, Page]:
        """Return the page of each language: by the sign in its address, else by declared, else by detected language."""
        claimed: dict[str, Page] = {}
        unsigned: list[Page] = []
        for page in pages:
            sign = self._chosen(page) or self._sign(page.facts.url)
            if sign:
                claimed.setdefault(sign, page)
            else:
                unsigned.append(page)
        for page in unsigned:
            declared = self._pack.language(page.facts.declared_language or "")
            detected = dominant(page.facts.main)
            for code in (detected, declared):
                if code and code in self._pack.codes() and code not in claimed:
                    claimed[code] = page
                    break
        return claimed

    def _chosen(self, page: Page) -> str | None:
        """Return the language that a page was asked for by cookie or header, or None when it was asked plainly."""
        for value in self._pack.varying:
            for code, text in value.values.items():
                if any(name.partition(":")[2].lower() == value.name.lower() and text == asked
                       for name, asked in page.capture.key.variant):  # fmt: skip
                    return code
        return None

    def _version(self, code: str, page: Page | None, key: str, pages: list[Page]) -> Version:
        if page:
            return Version(code, Presence.PRESENT, page)
        offered = sorted({link.url for item in pages for link in item.facts.language_links if link.language == code})
        offered += [
            item.capture.key.url for item in self._scope.unseen if self._is_version(item.capture.key.url, code, key)
        ]
        own = {item.facts.url for item in pages}
        answers = [self._offered(url, code, key, own) for url in offered]
        gone = next((item for item in answers if item.presence is Presence.UNSEEN), None)
        return gone or next(iter(answers), None) or self._not_offered(code)

    def _is_version(self, url: str, code: str, key: str) -> bool:
        return self._sign(url) == code and self._groups.find(self._neutral(url)) == key

    def _offered(self, url: str, code: str, key: str, own: set[str]) -> Version:
        capture = self._view.sees(url)
        if url in own:  # a switch without an address of its own: a script or a cookie chooses
            return Version(code, Presence.UNSEEN, reason="language_not_seen")
        if capture is None:
            return Version(code, Presence.UNSEEN, reason="budget")
        if capture.status in GONE:
            return Version(code, Presence.MISSING, reason="version_gone")
        if not capture.answered:
            return Version(code, Presence.UNSEEN, reason=reason_of(capture))
        if capture.url != url and self._sign(capture.url) != code and not self._is_path_version(url, code, key):
            # An address that chooses a language by cookie and leads back; cookies are not kept.
            return Version(code, Presence.UNSEEN, reason="language_not_seen")
        return self._elsewhere(capture.url, code)

    def _is_path_version(self, url: str, code: str, key: str) -> bool:
        """Tell whether *url* is this section's address in *code* by path or host: queries may be mere switches."""
        return self._is_version(url, code, key) and self._sign(url.partition("?")[0]) == code

    def _elsewhere(self, url: str, code: str) -> Version:
        page = self._by_url.get(url)
        if page is None:
            unseen = next((item.reason for item in self._scope.unseen if item.capture.url == url), "not_observed")
            return Version(code, Presence.UNSEEN, reason=unseen)
        return Version(code, Presence.MISSING, reason="version_elsewhere")

    def _not_offered(self, code: str) -> Version:
        host = self._scope.scope.host
        if any(host in item.hosts and code in item.values for item in self._pack.varying):
            return Version(code, Presence.UNSEEN, reason="language_not_seen")
        if self._exhausted:
            return Version(code, Presence.MISSING, reason="version_not_offered")
        return Version(code, Presence.UNSEEN, reason="not_exhausted")


class _Groups:
    """Union-find over neutral addresses; the smallest address of a group names it."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        while (parent := self._parent.get(item, item)) != item:
            item = parent
        return item

    def join(self, left: str, right: str) -> None:
        first, second = sorted((self.find(left), self.find(right)))
        if first != second:
            self._parent[second] = first
