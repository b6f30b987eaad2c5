"""Which other hosts a page's main text links to, as an answer to where its texts of law, its data or its maps stand."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from urllib.parse import urlsplit

from checks.facts.html import Document, Element, text_of
from checks.facts.layout import Block
from checks.facts.model import OutsideHost
from checks.redact import Redactor

_MOST = 20
_TEXT = 120
_SCHEMES = ("http://", "https://", "//")


def outside_hosts(document: Document, main: list[Block], base: str, redactor: Redactor) -> tuple[OutsideHost, ...]:
    """Return the hosts other than the page's own, the first linked first; at most 20."""
    found: dict[str, tuple[int, Element, str]] = {}
    for link, host, address in _links(document, main, _host(base)):
        count, first, url = found.get(host, (0, link, address))
        found[host] = (count + 1, first, url)
    return tuple(
        OutsideHost(host, count, redactor.url(url), redactor.excerpt(text_of(link), _TEXT))
        for host, (count, link, url) in list(found.items())[:_MOST]
    )


def _links(document: Document, main: list[Block], own: str) -> list[tuple[Element, str, str]]:
    """Return the links to other hosts within the blocks, with host and address, in the order of the blocks."""
    places: dict[Element, int] = {}
    for number, block in enumerate(main):
        if block.element.tag != "body":
            places.setdefault(block.element, number)
    found: list[tuple[int, tuple[Element, str, str]]] = []
    for link, href in document.links:
        address = href.strip()
        host = _host_of(address.split("/", 3)[2]) if address.startswith(_SCHEMES) else ""
        around = [places[item] for item in link.iterancestors() if item in places] if host and host != own else None
        if around:  # a block's element may hold other blocks
            found.append((min(around), (link, host, address)))
    return [item for _, item in sorted(found, key=itemgetter(0))]


@lru_cache(maxsize=4096)
def _host_of(authority: str) -> str:
    return _host(f"//{authority}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
