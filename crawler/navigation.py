"""The navigation of a page: what a visitor can choose from on every page, and how it calls other languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from config.urls import absolute
from crawler.html import Page, base_of

MOST = 300
_FEWEST = 5  # less is a language switch or a logo, not a menu
_LONGEST_LABEL = 24
_PLACES = ("nav", "header", "footer", "[role=navigation]", "[role=menubar]")
_NAMED = ("menu", "nav", "footer", "header")
_CONTAINERS = ", ".join(
    f"{place} a[href]"
    for place in (*_PLACES, *(f'[{kind}*="{name}" i]' for kind in ("class", "id") for name in _NAMED))
)


def navigation(page: Page, url: str) -> tuple[str, ...]:
    """Return the addresses in the menus, head and foot of a page; of one without such, all its links.

    Ask before the page's text is taken.
    """
    base = base_of(page.tree, url)
    found = dict.fromkeys(_addresses(page.tree.css(_CONTAINERS), base))
    if len(found) < _FEWEST:
        found |= dict.fromkeys(_addresses(page.tree.css("a[href], area[href]"), base))
    return tuple(found)[:MOST]


def switches(page: Page, url: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses of links that call themselves a language. *labels* are names of languages, lower case."""
    base = base_of(page.tree, url)
    named = (node for node in page.tree.css("a[href]") if _label(node) in labels)
    return tuple(dict.fromkeys(_addresses(named, base)))


def _addresses(nodes: Iterator[LexborNode] | list[LexborNode], base: str) -> Iterator[str]:
    for node in nodes:
        address = absolute(base, node.attributes.get("href") or "")
        if address:
            yield address


def _label(node: LexborNode) -> str:
    text = " ".join(node.text().split()) or (node.attributes.get("title") or "").strip()
    return text.lower() if len(text) <= _LONGEST_LABEL else ""
