"""OGC Catalogue Service for the Web 2.0.2 (OGC 07-006r1): GetRecords by GET, ISO 19139 first, else Dublin Core."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

import msgspec
from lxml import etree

from config.model import Portal
from crawler.capture import Capture, Purpose
from crawler.portals import dublincore, iso, values
from crawler.portals.base import Ask, UnreadableError
from crawler.portals.jsonread import is_markup
from crawler.portals.values import local_name
from crawler.records import Record

ROWS = 50
_GMD = "http://www.isotc211.org/2005/gmd"
_CSW = "http://www.opengis.net/cat/csw/2.0.2"
_ISO = ("MD_Metadata", "MI_Metadata")
_DUBLIN = ("Record", "SummaryRecord", "BriefRecord")
_SERVER_ERROR = 500
# 07-006r1 table 29; the first is asked for first, the second when a server refuses it.
_FORMS = (("gmd:MD_Metadata", _GMD), ("csw:Record", _CSW))


class Page(msgspec.Struct, frozen=True):
    """What a GetRecords answer holds: records as elements, the numbers it states, and what was wrong with it."""

    elements: tuple[etree._Element, ...] = ()
    matched: int | None = None
    returned: int | None = None
    next_start: int | None = None
    trouble: str | None = None


class Csw:
    """The adapter of kind `csw`. `Portal.url` is the service's endpoint."""

    def first_requests(self, portal: Portal) -> Iterator[Ask]:
        """Ask for the first page of ISO records."""
        yield _ask(portal.url, 0, 1)

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        """Ask for the page behind this one; for Dublin Core when ISO records are refused."""
        del portal
        query = values.query_of(capture.key.url)
        start = values.whole(query.get("startposition")) or 1
        page = read(body) if capture.answered or body else Page(trouble="no_answer")
        form = 1 if query.get("outputschema") == _CSW else 0
        if page.trouble in ("service_exception", "foreign_records") and form == 0 and start == 1:
            yield _ask(capture.key.url, 1, 1)
            return
        ahead = _next_start(page, start, broken=capture.answered or (capture.status or 0) >= _SERVER_ERROR)
        if ahead:
            yield Ask(values.with_query(capture.key.url, startPosition=ahead), Purpose.PORTAL)

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        """Return the records of a page."""
        page = read(body)
        for number, element in enumerate(page.elements, start=1):
            yield element_record(element, (portal.id, capture.id, f"/*/*/*[{number}]"), capture.url)
        if page.trouble:
            raise UnreadableError(page.trouble)

    def total(self, portal: Portal, capture: Capture, body: bytes) -> int | None:
        """Return `numberOfRecordsMatched`."""
        del portal, capture
        return read(body).matched


ADAPTER = Csw()


def speaks(url: str) -> bool:
    """Tell whether an address is a GetRecords request."""
    return values.query_of(url).get("request", "").lower() == "getrecords"


def element_record(element: etree._Element, place: tuple[str, str, str], base: str) -> Record:
    """Return the record that an element describes, whichever of the two forms it is in."""
    if local_name(element) in _ISO:
        return iso.record(element, place, base)
    return dublincore.record(element, place, base)


@lru_cache(maxsize=2)  # an answer is asked for its records, its total and its next page one after the other
def read(body: bytes) -> Page:
    """Read an answer. Of one that breaks off, the records that came whole are kept."""
    if not body.strip():
        return Page(trouble="empty")
    if is_markup(body):
        return Page(trouble="html")
    reading = _Reading()
    try:
        # No entity is expanded, nothing is loaded, and libxml2's limits on depth and size stay on.
        events = etree.iterparse(
            BytesIO(body), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False,
        )  # fmt: skip
        for event, element in events:
            reading.take(event, element)
    except (etree.XMLSyntaxError, ValueError, RecursionError):
        reading.trouble = reading.trouble or ("cut_off" if reading.elements else "not_xml")
    return reading.page()


class _Reading:
    def __init__(self) -> None:
        self.elements: list[etree._Element] = []
        self.trouble: str | None = None
        self._numbers: dict[str, int | None] = {}
        self._root: str | None = None
        self._inside = False

    def take(self, event: str, element: etree._Element) -> None:
        """Take in one event of the parser."""
        name = local_name(element)
        if event == "start":
            self._begin(name, element)
        elif name in (*_ISO, *_DUBLIN) and not any(_is_record(above) for above in element.iterancestors()):
            self.elements.append(element)

    def page(self) -> Page:
        """Return what was read."""
        if not self.trouble and self._root is not None and not self._inside and not self.elements:
            self.trouble = "no_results"
        if not self.trouble and not self.elements and self._numbers.get("numberOfRecordsReturned"):
            self.trouble = "foreign_records"
        stated = self._numbers.get
        return Page(
            tuple(self.elements), stated("numberOfRecordsMatched"), stated("numberOfRecordsReturned"),
            stated("nextRecord"), self.trouble,
        )  # fmt: skip

    def _begin(self, name: str, element: etree._Element) -> None:
        if self._root is None:
            self._root = name
            if name in ("ExceptionReport", "ServiceExceptionReport"):  # OWS Common 06-121r3 section 8
                self.trouble = "service_exception"
        if name == "SearchResults":
            self._inside = True
            self._numbers = {str(key): values.whole(str(value)) for key, value in element.attrib.items()}


def _is_record(element: etree._Element) -> bool:
    return local_name(element) in (*_ISO, *_DUBLIN)


def _next_start(page: Page, start: int, *, broken: bool) -> int | None:
    """Return where the next page begins, or None at the end. What a server says of it counts only if it leads on."""
    if page.trouble and not page.elements:
        return start + ROWS if broken and start > 1 and page.trouble != "service_exception" else None
    if page.trouble:
        return start + ROWS
    count = page.returned or len(page.elements)
    if not count or page.next_start == 0 or (page.matched is not None and start + count > page.matched):
        return None
    return page.next_start if page.next_start and page.next_start > start else start + count


def _ask(endpoint: str, form: int, start: int) -> Ask:
    type_names, schema = _FORMS[form]
    host = urlsplit(endpoint)
    url = values.with_query(
        host.geturl(), service="CSW", version="2.0.2", request="GetRecords", typeNames=type_names, resultType="results",
        elementSetName="full", outputSchema=schema, startPosition=start, maxRecords=ROWS,
    )  # fmt: skip
    return Ask(url, Purpose.PORTAL)
