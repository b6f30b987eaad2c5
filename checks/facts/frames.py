"""What frames a page's main text, by tag, role, id and class: menus, headers, sidebars, and above all its footer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from checks.facts.html import Element, text_of, words_of
from checks.facts.letters import count_letters

_FRAME_TAGS = frozenset({"nav", "header", "footer", "aside", "form"})
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_FRAME_WORDS = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|header|footer|sidebar|breadcrumbs?|cookies?|banner|langs?|languages?|"
    r"social|copyright|toolbar|skip-link|pagination|widget|mw-panel|catlinks|printfooter|mw-editsection|toc)"
    r"(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_FOOTER_WORDS = re.compile(r"(?:^|[-_\s])(?:footer|copyrights?|podval|colophon)(?:$|[-_\s\d])", re.IGNORECASE)
# Feet of smaller things: cards, entries, pictures.
_SMALL_FOOTER = re.compile(
    r"(?:^|\s)(?:card|modal|panel|post|entry|article|item|news|comment|dialog|table|box|widget|photo|image|img|picture|media|"
    r"video|author)[-_]+(?:\w+[-_]+)?(?:footer|copyrights?)",
    re.IGNORECASE,
)
_PARTS = (
    "nav", "menu", "head", "foot", "side", "bread", "cookie", "banner", "lang", "social", "copyright", "toolbar",
    "skip-link", "pagination", "widget", "mw-", "catlinks", "toc", "podval", "colophon",
)  # fmt: skip
"""One of them is in all that the patterns find: most names have none, and are not searched."""
_LONG_FORM = 400
_WHOLE = frozenset({"body", "html"})


Place: TypeAlias = tuple[Element, str, bool, bool]
"""The innermost block element, its id and class, whether it is of the frame, and of the footer."""


def place_of(node: Element, around: Place) -> Place:
    """Return the place that a block element makes within another."""
    _, _, frame, footer = around
    words, role = (words_of(node), node.get("role")) if node.attrib else ("", None)
    if not footer:
        named_footer, named_frame = _names(node.tag, role, words)
        footer = named_footer and _is_footer(node)
        frame = frame or footer or (named_frame and _is_frame(node))
    return node, words, frame, footer


@lru_cache(maxsize=16_384)
def _names(tag: str, role: str | None, words: str) -> tuple[bool, bool]:
    """Tell whether tag, role, id and class call an element a footer, and a frame. Sites repeat few of them."""
    if tag in _WHOLE:
        return False, False
    if tag not in _FRAME_TAGS and role not in _FRAME_ROLES and not any(map(words.lower().__contains__, _PARTS)):
        return False, False
    footer = tag == "footer" or role == "contentinfo" or _FOOTER_WORDS.search(words)
    small = tag != "footer" and role != "contentinfo" and _SMALL_FOOTER.search(words)
    frame = tag in _FRAME_TAGS or role in _FRAME_ROLES or _FRAME_WORDS.search(words)
    return bool(footer and not small), bool(frame)


def _is_footer(node: Element) -> bool:
    """Tell whether an element that is called a footer is the page's."""
    if node.tag == "footer" or node.get("role") == "contentinfo":
        return not _is_within(node, "article", "main")
    return not _is_within(node, "article", "main", "figure") and not _holds_content(node)


def _is_frame(node: Element) -> bool:
    """Tell whether an element that is called a frame is one."""
    if node.tag in ("main", "article"):
        return False
    if node.tag == "form":  # some software wraps whole pages into one
        return not _holds_content(node) and count_letters(text_of(node)) < _LONG_FORM
    if node.tag in _FRAME_TAGS or node.get("role") in _FRAME_ROLES:
        return not (node.tag == "header" and _holds_content(node))
    return not _holds_content(node)


def _holds_content(node: Element) -> bool:
    """Tell whether an element holds the page's heading or main region: then its name speaks of layout."""
    return next(node.iterdescendants("h1", "main"), None) is not None


def _is_within(node: Element, *tags: str) -> bool:
    return next(node.iterancestors(*tags), None) is not None
