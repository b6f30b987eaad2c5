"""Finds out by itself what a catalogue runs: asks a few well-known addresses in turn and goes on with what answers."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.model import Portal
from config.urls import absolute
from crawler.capture import Capture, Purpose
from crawler.portals import ckan, csw, datajson, dcat, egovkz, values
from crawler.portals.base import Ask, PortalAdapter, UnreadableError
from crawler.records import Record

_CSW_PATHS = ("/csw", "/catalogue/csw", "/geonetwork/srv/eng/csw")
_FEED = "/catalog.ttl"


class Auto:
    """The adapter of kind `auto`. `Portal.url` is the catalogue's own address, or any that its software answers at."""

    def first_requests(self, portal: Portal) -> Iterator[Ask]:
        """Ask for the first well-known address."""
        yield _candidates(portal)[0]

    def next_requests(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Ask]:
        """Go on as the software that was recognised, or with the next well-known address."""
        adapter = _recognised(portal, capture, body)
        if adapter is None and (place := _place(portal, capture)) is not None:
            yield from _candidates(portal)[place + 1 : place + 2]
            return
        if adapter is egovkz.ADAPTER:
            yield from egovkz.ADAPTER.first_requests(portal)
        yield from (adapter or _speaker(capture)[0]).next_requests(portal, capture, body)

    def records(self, portal: Portal, capture: Capture, body: bytes) -> Iterator[Record]:
        """Return the records, read as the software that was recognised."""
        adapter = _recognised(portal, capture, body)
        if adapter is None and _place(portal, capture) is not None:
            raise UnreadableError("not_recognised")
        yield from (adapter or _speaker(capture)[0]).records(portal, capture, body)

    def total(self, portal: Portal, capture: Capture, body: bytes) -> int | None:
        """Return the number that the recognised software states."""
        speaker = _recognised(portal, capture, body) or _speaker(capture)[0]
        counting = (ckan.ADAPTER, csw.ADAPTER, dcat.ADAPTER, egovkz.ADAPTER)
        return next((item.total(portal, capture, body) for item in counting if item is speaker), None)

    def refuses(self, portal: Portal, url: str) -> bool:
        """Tell whether an address gives rows, should the portal run that software."""
        return egovkz.ADAPTER.refuses(portal, url)


ADAPTER = Auto()


def _candidates(portal: Portal) -> list[Ask]:
    """Return the addresses in the order in which they are asked; one that names a service or file comes first."""
    site = ckan.site_of(portal.url)
    if urlsplit(portal.url).path.lower().rstrip("/").endswith("/csw"):
        return [*csw.ADAPTER.first_requests(portal), *dcat.ADAPTER.first_requests(portal)]
    lists = [ask for ask in egovkz.ADAPTER.first_requests(portal) if "page" in values.query_of(ask.url)]
    services = [_at(portal, site + path) for path in _CSW_PATHS]
    return [
        *dcat.ADAPTER.first_requests(portal),
        *ckan.ADAPTER.first_requests(portal),
        *lists,
        *datajson.ADAPTER.first_requests(_at(portal, site)),
        *(ask for service in services for ask in csw.ADAPTER.first_requests(service)),
        Ask(site + _FEED, Purpose.PORTAL, variant=dcat.ACCEPT),
    ]


def _at(portal: Portal, url: str) -> Portal:
    return portal.model_copy(update={"url": url})


def _place(portal: Portal, capture: Capture) -> int | None:
    """Return which of the well-known addresses a capture answers, or None."""
    asked = [absolute(ask.url, "") for ask in _candidates(portal)]
    return asked.index(capture.key.url) if capture.key.url in asked else None


def _speaker(capture: Capture) -> list[PortalAdapter]:
    """Return the adapters whose kind of address this is: one, or those that a plain file may belong to."""
    url = capture.key.url
    ways: tuple[tuple[PortalAdapter, bool], ...] = (
        (csw.ADAPTER, csw.speaks(url)),
        (ckan.ADAPTER, ckan.speaks(url)),
        (egovkz.ADAPTER, egovkz.speaks(url)),
    )
    return [adapter for adapter, speaks in ways if speaks] or [dcat.ADAPTER, datajson.ADAPTER]


def _recognised(portal: Portal, capture: Capture, body: bytes) -> PortalAdapter | None:
    """Return the adapter that can read the answer, or None."""
    if not capture.answered:
        return None
    return next((item for item in _speaker(capture) if _reads(item, portal, capture, body)), None)


def _reads(adapter: PortalAdapter, portal: Portal, capture: Capture, body: bytes) -> bool:
    try:
        next(iter(adapter.records(portal, capture, body)), None)
    except UnreadableError as error:
        # A service that answers with an exception of its own standard is what it seems to be.
        return adapter is csw.ADAPTER and error.reason in ("service_exception", "foreign_records")
    return True
