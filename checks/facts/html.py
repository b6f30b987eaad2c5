"""Bytes of a page to a tree, and the tree to blocks of text in document order, main text apart from its frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html
from w3lib.encoding import html_to_unicode

from checks.facts.letters import count_letters

SKIPPED = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "math"})
# What begins a new line: the elements that the HTML standard renders as blocks (section 15.3).
_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
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
_LONG_FORM = 400
_MAX_CHARACTERS = 5_000_000


@dataclass(frozen=True)
class Block:
    """A run of text of one block element. `frame` and `footer` say where it stands; `links` its letters in links."""

    text: str
    element: html.HtmlElement
    frame: bool
    footer: bool
    links: int

    @property
    def path(self) -> str:
        """An XPath to the element, as a locator."""
        return "xpath:" + str(self.element.getroottree().getpath(self.element))


def parse(body: bytes, content_type: str | None) -> html.HtmlElement:
    """Return the document tree of *body*; an empty document when there is nothing to parse. Never raises on bytes."""
    _encoding, text = html_to_unicode(content_type, body[:_MAX_CHARACTERS], default_encoding="utf-8")
    data = text.replace("\x00", "").encode("utf-8", errors="replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(data, parser=parser, ensure_head_body=True)
    except etree.ParserError:
        tree = html.document_fromstring(b"<html><head></head><body></body></html>")
    return tree


def words_of(element: html.HtmlElement) -> str:
    """Return id, class and role of an element as one text to look for words in."""
    return " ".join(filter(None, (element.get("id"), element.get("class"))))


def text_of(element: html.HtmlElement) -> str:
    """Return the visible text of an element on one line."""
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: html.HtmlElement, parts: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in SKIPPED:
        return
    stack: list[tuple[html.HtmlElement, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            parts.append(_tail(node, element))
            continue
        if isinstance(node.tag, str) and node.tag not in SKIPPED:
            parts.append(_lead(node) + (node.text or ""))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
        else:
            parts.append(_tail(node, element))


def _lead(node: html.HtmlElement) -> str:
    return " " if node.tag in _BLOCK_TAGS or node.tag == "br" else ""


def _tail(node: html.HtmlElement, top: html.HtmlElement) -> str:
    if node is top:
        return ""
    return _lead(node) + (node.tail or "")


class _Walk:
    """Collects blocks iteratively: a page may nest deeper than Python's stack."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.link_letters = 0
        self.place: tuple[html.HtmlElement, bool, bool] = (root, False, False)

    def run(self) -> list[Block]:
        stack: list[tuple[html.HtmlElement, str, bool, bool, bool]] = [(self.root, "in", False, False, False)]
        while stack:
            node, step, frame, footer, link = stack.pop()
            if step == "out":
                self._leave(node, frame=frame, footer=footer, link=link)
                continue
            if isinstance(node.tag, str) and node.tag not in SKIPPED and not is_hidden(node):
                inner = self._enter(node, frame=frame, footer=footer, link=link)
                stack.append((node, "out", frame, footer, link))
                stack.extend((child, "in", *inner) for child in reversed(node))
            else:
                self._text(node.tail, link=link)
        self._flush()
        return self.blocks

    def _enter(self, node: html.HtmlElement, *, frame: bool, footer: bool, link: bool) -> tuple[bool, bool, bool]:
        if node.tag in _BLOCK_TAGS:
            self._flush()
            footer = footer or _is_footer(node)
            frame = frame or footer or _is_frame(node)
            self.place = (node, frame, footer)
        elif node.tag == "br":
            self._text(" ", link=False)
        inside = link or node.tag == "a"
        self._text(node.text, link=inside)
        return frame, footer, inside

    def _leave(self, node: html.HtmlElement, *, frame: bool, footer: bool, link: bool) -> None:
        if node.tag in _BLOCK_TAGS:
            self._flush()
            parent = node.getparent()
            if parent is not None:
                self.place = (parent, frame, footer)
        self._text(node.tail, link=link)

    def _text(self, text: str | None, *, link: bool) -> None:
        if text:
            self.pieces.append(text)
            if link:
                self.link_letters += count_letters(text)

    def _flush(self) -> None:
        text = " ".join("".join(self.pieces).split())
        if text:
            element, frame, footer = self.place
            self.blocks.append(Block(text, element, frame, footer, self.link_letters))
        self.pieces, self.link_letters = [], 0


def blocks(tree: html.HtmlElement) -> list[Block]:
    """Return the text blocks of a page. Main is what a marked-up main region holds, else what no frame holds."""
    body = tree.find("body")
    found = _Walk(body if body is not None else tree).run()
    region = _main_region(tree)
    if region is None:
        return found
    inside = set(region.iter())
    return [
        Block(item.text, item.element, item.frame or item.element not in inside, item.footer, item.links)
        for item in found
    ]


def main_blocks(found: list[Block]) -> list[Block]:
    """Return the blocks of main text: what stands outside the frame; never nothing by heuristics alone."""
    outside = [item for item in found if not item.frame]
    return outside or [item for item in found if not item.footer]


def elements(tree: html.HtmlElement, *tags: str) -> Iterator[html.HtmlElement]:
    """Yield the elements of the given tags in document order."""
    yield from tree.iter(*tags)


def _main_region(tree: html.HtmlElement) -> html.HtmlElement | None:
    for path in ("//main", "//*[@role='main']"):
        regions = tree.xpath(path)
        if len(regions) == 1 and count_letters(text_of(regions[0])) > 0:
            region: html.HtmlElement = regions[0]
            return region
    return None


def _is_footer(node: html.HtmlElement) -> bool:
    words = words_of(node)
    if node.tag == "footer" or node.get("role") == "contentinfo":
        return not _is_within(node, "article", "main")
    named = node.tag not in ("body", "html") and _FOOTER_WORDS.search(words) and not _SMALL_FOOTER.search(words)
    return bool(named) and not _is_within(node, "article", "main", "figure") and not _holds_content(node)


def _is_frame(node: html.HtmlElement) -> bool:
    if node.tag in ("body", "html", "main", "article"):
        return False
    if node.tag == "form":  # some software wraps whole pages into one
        return not _holds_content(node) and count_letters(text_of(node)) < _LONG_FORM
    if node.tag in _FRAME_TAGS or node.get("role") in _FRAME_ROLES:
        return not (node.tag == "header" and _holds_content(node))
    return bool(_FRAME_WORDS.search(words_of(node))) and not _holds_content(node)


def _holds_content(node: html.HtmlElement) -> bool:
    """Tell whether an element holds the page's heading or main region: then its name speaks of layout."""
    return node.find(".//h1") is not None or node.find(".//main") is not None


def _is_within(node: html.HtmlElement, *tags: str) -> bool:
    return any(parent.tag in tags for parent in node.iterancestors())


def is_hidden(node: html.HtmlElement) -> bool:
    """Tell whether an element's own markup says that it is not shown."""
    if node.get("hidden") is not None:
        return True
    style = (node.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style
