"""Bytes of a page to a tree, and the tree to blocks of text in document order, main text apart from its frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias, cast

from lxml import etree
from w3lib.encoding import html_to_unicode

from checks.facts.letters import count_letters
from crawler.html import shallow

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's only name for it
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
_WHOLE = frozenset({"body", "html"})
_MAX_CHARACTERS = 5_000_000


_DIGIT = re.compile(r"\d")


class Block(NamedTuple):
    """A run of text of one block element. `frame` and `footer` say where it stands."""

    text: str
    element: Element
    frame: bool
    footer: bool

    @property
    def path(self) -> str:
        """An XPath to the element, as a locator."""
        return "xpath:" + str(self.element.getroottree().getpath(self.element))


@dataclass(frozen=True)
class Layout:
    """A page laid out: its blocks in document order, and the visible elements that may say a date.

    Those are `<time>` and what has a digit in its own text.

    `alive` holds every element: lxml makes an object each time it comes to an element that nobody holds.
    """

    tree: Element
    blocks: list[Block]
    datable: list[Element]
    alive: tuple[Element, ...]

    @cached_property
    def main(self) -> list[Block]:
        """The blocks of main text."""
        return main_blocks(self.blocks)


def parse(body: bytes, content_type: str | None) -> Element:
    """Return the document tree of *body*, head and body always being there. Never raises on bytes."""
    _encoding, text = html_to_unicode(content_type, shallow(body[:_MAX_CHARACTERS]), default_encoding="utf-8")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = text.replace("\x00", "").encode("utf-8", errors="replace")
    try:
        found: Element | None = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        found = None
    tree = found if found is not None else etree.Element("html")
    if tree.find("head") is None:
        tree.insert(0, etree.Element("head"))
    if tree.find("body") is None:
        etree.SubElement(tree, "body")
    return tree


def words_of(element: Element) -> str:
    """Return id and class of an element as one text to look for words in."""
    return _joined(element.get("id"), element.get("class"))


def _joined(name: str | None, classes: str | None) -> str:
    return f"{name} {classes}" if name and classes else name or classes or ""


def text_of(element: Element) -> str:
    """Return the visible text of an element on one line."""
    if not len(element):
        return "" if element.tag in SKIPPED else " ".join((element.text or "").split())
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: Element, parts: list[str]) -> None:
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag
        lead = " " if tag in _BLOCK_TAGS or tag == "br" else ""
        if not leaving and tag not in SKIPPED:
            parts += (lead, node.text or "")
            stack.append((node, True))
            children = list(node)
            children.reverse()
            stack.extend([(child, False) for child in children])
        elif node is not element:
            parts += (lead, node.tail or "")


class _Walk:
    """Collects blocks in one pass without recursion: a page may nest deeper than Python's stack."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self.datable: set[Element] = set()
        self.pieces: list[str] = []
        self.places: list[_Where] = [_Where(root)]

    def run(self) -> None:
        """Walk the tree. Most of a page's reading is spent here, on inline elements: they take no call but one."""
        walker = etree.iterwalk(self.root, events=("start", "end"))
        skipped: Element | None = None
        for event, node in walker:
            tag = node.tag
            if event == "end":
                if node is not skipped and tag in _BLOCK_TAGS:
                    self._flush()
                    self.places.pop()
                if node.tail:
                    self._say(node.tail, node.getparent())
            elif tag in SKIPPED or is_hidden(node):
                skipped = node
                walker.skip_subtree()
            else:
                if tag in _BLOCK_TAGS:
                    self._flush()
                    self.places.append(_place(node, self.places[-1]))
                elif tag == "br":
                    self.pieces.append(" ")
                elif tag == "time":
                    self.datable.add(node)
                if node.text:
                    self._say(node.text, node)
        self._flush()

    def _say(self, text: str, element: Element | None) -> None:
        """Keep a text that stands directly in *element*; white space only where something stands before it."""
        if text.isspace():
            if self.pieces:
                self.pieces.append(" ")
            return
        self.pieces.append(text)
        if element is not None and _DIGIT.search(text):
            self.datable.add(element)

    def _flush(self) -> None:
        if self.pieces:
            text = " ".join("".join(self.pieces).split())
            self.pieces = []
            if text:
                where = self.places[-1]
                self.blocks.append(Block(text, where.element, where.frame, where.footer))


class _Where(NamedTuple):
    """The innermost block element, and what it stands in."""

    element: Element
    frame: bool = False
    footer: bool = False


def _place(node: Element, around: _Where) -> _Where:
    if around.footer:
        return _Where(node, frame=True, footer=True)
    named_footer, named_frame = _names(node.tag, node.get("role"), node.get("id"), node.get("class"))
    footer = named_footer and _is_footer(node)
    return _Where(node, around.frame or footer or (named_frame and _is_frame(node)), footer)


def lay_out(tree: Element) -> Layout:
    """Return the layout of a page. Main is what a marked-up main region holds, else what no frame holds."""
    alive = tuple(tree.iter())
    body = tree.find("body")
    walk = _Walk(body if body is not None else tree)
    walk.run()
    region = _main_region(tree, walk.blocks)
    found = [item if item.frame or item.element in region else item._replace(frame=True) for item in walk.blocks]
    datable = [node for node in alive if node in walk.datable]
    return Layout(tree, found if region else walk.blocks, datable, alive)


def blocks(tree: Element) -> list[Block]:
    """Return the text blocks of a page."""
    return lay_out(tree).blocks


def main_blocks(found: list[Block]) -> list[Block]:
    """Return the blocks of main text: what stands outside the frame; never nothing by heuristics alone."""
    outside = [item for item in found if not item.frame]
    return outside or [item for item in found if not item.footer]


def elements(tree: Element, *tags: str) -> Iterator[Element]:
    """Yield the elements of the given tags in document order."""
    yield from tree.iter(*tags)


def found_by(tree: Element, path: str) -> list[Element]:
    """Return the elements that an XPath of elements names, in document order."""
    return cast("list[Element]", tree.xpath(path))


def _main_region(tree: Element, found: list[Block]) -> frozenset[Element]:
    """Return the elements of the only marked-up main region that shows letters; empty when there is none."""
    for path in ("//main", "//*[@role='main']"):
        regions = found_by(tree, path)
        inside = frozenset(regions[0].iter()) if len(regions) == 1 else frozenset()
        if any(item.element in inside and count_letters(item.text) for item in found):
            return inside
    return frozenset()


@lru_cache(maxsize=16_384)
def _names(tag: str, role: str | None, name: str | None, classes: str | None) -> tuple[bool, bool]:
    """Tell whether tag, role, id and class call an element a footer, and a frame. Sites repeat few of them."""
    if tag in _WHOLE:
        return False, False
    words = _joined(name, classes)
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
    return node.find(".//h1") is not None or node.find(".//main") is not None


def _is_within(node: Element, *tags: str) -> bool:
    return any(parent.tag in tags for parent in node.iterancestors())


def is_hidden(node: Element) -> bool:
    """Tell whether an element's own markup says that it is not shown."""
    if node.get("hidden") is not None:
        return True
    style = node.get("style")
    if not style:
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style
