"""Which other hosts a page's main text links to, as an answer to where its texts of law, its data or its maps stand."""

from __future__ import annotations

from urllib.parse import urlsplit

from checks.facts.html import Block, Element, text_of
from checks.facts.model import OutsideHost
from checks.redact import Redactor

_MOST = 20
_TEXT = 120
_SCHEMES = ("http://", "https://", "//")


def outside_hosts(main: list[Block], base: str, redactor: Redactor) -> tuple[OutsideHost, ...]:
    """Return the hosts other than the page's own, the first linked first; at most 20."""
    own = _host(base)
    found: dict[str, tuple[int, Element, str]] = {}
    for link in _links(main):
        address = (link.get("href") or "").strip()
        host = _host(address) if address.startswith(_SCHEMES) else ""
        if host and host != own:
            count, first, url = found.get(host, (0, link, address))
            found[host] = (count + 1, first, url)
    return tuple(
        OutsideHost(host, count, redactor.url(url), redactor.excerpt(text_of(link), _TEXT))
        for host, (count, link, url) in list(found.items())[:_MOST]
    )


def _links(main: list[Block]) -> list[Element]:
    """Return the links of the blocks, each once: a block's element may hold other blocks."""
    inside = dict.fromkeys(link for block in main if block.element.tag != "body" for link in block.element.iter("a"))
    return list(inside)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
