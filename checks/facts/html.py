"""Bytes of a page to a tree, and what is asked of the tree's elements: their visible text, their names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias, cast

from lxml import etree
from w3lib.encoding import html_to_unicode

from crawler.html import shallow

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml's only name for it
SKIPPED = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "math"})
# What begins a new line: the elements that the HTML standard renders as blocks (section 15.3).
BLOCK_TAGS = frozenset(
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
_APART = BLOCK_TAGS | {"br"}
_ASKED_FOR = ("a", "form", "h1", "link", "meta", "table", "title")
_MAX_CHARACTERS = 5_000_000


def parse(body: bytes, content_type: str | None) -> Element:
    """Return the document tree of *body*, head and body always being there. Never raises on bytes."""
    _encoding, text = html_to_unicode(content_type, shallow(body[:_MAX_CHARACTERS]), default_encoding="utf-8")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
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


class Document:
    """A tree with its elements by tag. Several readers ask for them, and to find some a whole tree is gone through."""

    def __init__(self, tree: Element) -> None:
        self.tree = tree
        self._found: dict[str, list[Element]] = {tag: [] for tag in _ASKED_FOR}
        for element in tree.iter(*_ASKED_FOR):
            self._found[element.tag].append(element)

    def all(self, tag: str) -> list[Element]:
        """Return the elements of a tag in document order."""
        found = self._found.get(tag)
        return list(self.tree.iter(tag)) if found is None else found

    @cached_property
    def links(self) -> list[tuple[Element, str]]:
        """The links (`a`) that have an address, with it."""
        return [(link, address) for link in self.all("a") if (address := link.get("href"))]


def words_of(element: Element) -> str:
    """Return id and class of an element as one text to look for words in."""
    name, classes = element.get("id"), element.get("class")
    return f"{name} {classes}" if name and classes else name or classes or ""


def one_line(text: str) -> str:
    """Return *text* without white space around it, and any within it as one space."""
    if text.isprintable() and "  " not in text:  # a plain space is the only white space that is printable
        return text.strip(" ")
    return " ".join(text.split())


def text_of(element: Element) -> str:
    """Return the visible text of an element on one line."""
    if not len(element):
        return "" if element.tag in SKIPPED else one_line(element.text or "")
    parts: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in SKIPPED:
            walker.skip_subtree()
            continue
        if node.tag in _APART:
            parts.append(" ")
        text = node.text if event == "start" else None if node is element else node.tail
        if text:
            parts.append(text)
    return one_line("".join(parts))


def elements(tree: Element, *tags: str) -> Iterator[Element]:
    """Yield the elements of the given tags in document order."""
    yield from tree.iter(*tags)


def found_by(tree: Element, path: str) -> list[Element]:
    """Return the elements that an XPath of elements names, in document order."""
    return cast("list[Element]", tree.xpath(path))
