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
    places = _Places(main)
    found: list[tuple[int, tuple[Element, str, str]]] = []
    for link, href in document.links:
        address = href.strip()
        host = _host_of(address.split("/", 3)[2]) if address.startswith(_SCHEMES) else ""
        place = places.around(link) if host and host != own else None
        if place is not None:
            found.append((place, (link, host, address)))
    return [item for _, item in sorted(found, key=itemgetter(0))]


class _Places:
    """Tells the first of the blocks that an element stands in: a block's element may hold other blocks.

    What was found for an element around several links is kept.
    """

    def __init__(self, main: list[Block]) -> None:
        self._own = {block.element: number for number, block in reversed(list(enumerate(main)))}
        self._found: dict[Element | None, int | None] = {None: None}

    def around(self, element: Element) -> int | None:
        chain: list[Element] = []
        parent = element.getparent()
        while parent not in self._found and parent is not None:
            chain.append(parent)
            parent = parent.getparent()
        first = self._found[parent]
        for item in reversed(chain):
            own = self._own.get(item) if item.tag != "body" else None
            first = own if first is None else min(first, own) if own is not None else first
            self._found[item] = first
        return first


@lru_cache(maxsize=4096)
def _host_of(authority: str) -> str:
    return _host(f"//{authority}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
