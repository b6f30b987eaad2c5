"""One document that nobody crawled, as rules of files and data sets see it: stand-ins for view, page and catalogue."""

from __future__ import annotations

import logging
from functools import cached_property
from html import escape
from typing import cast

import msgspec

from checks.facts.files.jail import Jail
from checks.facts.files.periodwords import Spoken
from checks.facts.files.reading import MOST_BYTES
from checks.facts.files.sniff import sniff
from checks.facts.model import FileFacts
from checks.facts.page import PageExtractor
from checks.formats import format_readers, read_file
from checks.subjects import FileSubject
from checks.view import Page, View
from config.formats import Family, Readable, formats
from config.model import Agency, Names, Portal, Scope
from config.pack import Extraction, Pack
from crawler.capture import Capture, CaptureKey
from crawler.portals import PortalAdapter, UnreadableError, ckan, portal_adapters
from crawler.portals.joined import joined
from crawler.portals.jsonread import is_markup
from crawler.records import Record, Standard

_ORDER = ("ckan", "datajson", "csw", "dcat", "egovkz")
"""Those that take only their own form before those that take much. `auto` would ask them all over again."""
_SIGNS = (b"opengis.net/cat/csw", b"isotc211.org")
_JAILS: dict[str, Jail] = {}
_log = logging.getLogger(__name__)


class Alone:
    """The one document, with what rules ask a view for."""

    def __init__(self, capture: Capture, body: bytes, pack: Pack) -> None:
        self.capture = capture
        self.pack = pack
        self.keys = {capture.key.text(): [capture]}
        self._body = body

    @cached_property
    def facts(self) -> FileFacts:
        """What the bytes are, read in a process of its own as at night: a handed-in file may be hostile."""
        return read_file(self.capture, self._body, format_readers(), _jail(self.pack.extraction).read)

    @property
    def view(self) -> View:
        """Itself, under the name that subjects have for it: it answers for the one document and knows no other."""
        return cast("View", self)

    def file(self, _capture: Capture) -> FileFacts:
        """Return the facts of the document."""
        return self.facts

    def body(self, _capture: Capture) -> bytes:
        """Return the bytes of the document."""
        return self._body

    def sees(self, _url: str) -> None:
        """Return nothing: no other address was asked."""
        return

    def subject(self) -> FileSubject:
        """Return the document as a file's subject.

        Rules on formats speak of files that a section of open data links to. Whoever hands a file in asks about it as
        data, so an empty page with the pack's verified words for open data as its title stands in for that section.
        """
        words = [
            item.p
            for group in self.pack.extraction.phrases("open_data_words").values()
            for item in group
            if item.verified
        ]
        shown = msgspec.structs.replace(self.capture, headers=(("content-type", "text/html; charset=utf-8"),))
        section = f"<title>{escape(' '.join(words))}</title>".encode()
        return FileSubject(self.capture, self.view, page_of(shown, section, self.pack))


class Catalogue(msgspec.Struct, frozen=True):
    """What an adapter read: the records, each once, and the reason why the rest could not be read, if any."""

    portal: Portal
    records: tuple[Record, ...]
    trouble: str | None = None


def _jail(extraction: Extraction) -> Jail:
    """Return the jail of a pack's words, one for each that is asked for."""
    words = Spoken.of(extraction)
    return _JAILS.setdefault(repr((extraction.personal, words)), Jail(personal=extraction.personal, words=words))


def page_of(capture: Capture, body: bytes, pack: Pack) -> Page:
    """Return a page that belongs to no agency of the settings."""
    facts = PageExtractor(pack).extract(capture, body)
    agency = Agency(id="checked", names=(Names(names={pack.languages[0].code: capture.url}),))
    return Page(capture, facts, agency, Scope.model_construct(url=capture.url))


def read_catalogue(capture: Capture, body: bytes) -> Catalogue | None:
    """Return the records of the first installed adapter that reads any; None for what is no catalogue."""
    if not _may_be(body):
        return None
    adapters = portal_adapters()
    others = sorted(adapters.keys() - {*_ORDER, "auto"})
    # JSON-LD that does not call itself data.json is read as what it says it is.
    linked = b'"@context"' in body and b"project-open-data" not in body
    for kind in ("dcat" if linked else "", *_ORDER, *others):
        found = _read(adapters[kind], kind, capture, body) if kind in adapters else None
        if found and _is_meant(found.records, kind, body):
            return found
    return None


def _may_be(body: bytes) -> bool:
    """Tell whether a document is worth the attempt: text that is neither a page nor a table."""
    if not body.strip() or len(body) > MOST_BYTES or is_markup(body):
        return False
    known = formats().get(sniff(body).type or "")
    return known is None or not (
        known.family in (Family.TABULAR, Family.IMAGE) or known.readable in (Readable.NONE, Readable.INSIDE)
    )


def _is_meant(records: tuple[Record, ...], kind: str, body: bytes) -> bool:
    """Tell a catalogue from data that happen to use its words, such as an element Record or a list called dataset."""
    if kind == "csw":
        return any(sign in body for sign in _SIGNS)
    return any(item.titles or item.standard is not Standard.DATA_JSON for item in records)


def _read(adapter: PortalAdapter, kind: str, capture: Capture, body: bytes) -> Catalogue | None:
    portal = Portal.model_construct(id="checked", kind=kind, url=capture.url)
    if kind == "ckan" and not ckan.speaks(capture.key.url):  # its adapter goes by the address, which a file has not
        key = CaptureKey("GET", f"{capture.key.url}/api/3/action/package_search")
        capture = msgspec.structs.replace(capture, key=key)
    found: list[Record] = []
    trouble = None
    try:
        found.extend(map(_placed, adapter.records(portal, capture, body)))
    except UnreadableError as error:
        trouble = error.reason
    except Exception as error:  # noqa: BLE001 - what an adapter makes of foreign bytes is no reason to end
        _log.debug("adapter %s on %s: %s", kind, capture.url, error)
        trouble = "malformed"
    records = joined(found)
    return Catalogue(portal, records, trouble) if records else None


def _placed(record: Record) -> Record:
    """Return a record without an address that only the place of the file on this machine made up."""
    if record.url is None or record.url.startswith(("http://", "https://")):
        return record
    return msgspec.structs.replace(record, url=None)
