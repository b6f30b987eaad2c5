"""A tree laid out: its blocks of text in document order, main text apart from its frame."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

from lxml import etree

from checks.facts.dates import may_have_date
from checks.facts.frames import Place, place_of
from checks.facts.html import BLOCK_TAGS, SKIPPED, Element, one_line

_ATTRIBUTES = etree.XPath("//@style | //@hidden | //@role")
"""Found for all elements at once: asking each one takes longer than anything else about it."""

_BEGINNING = BLOCK_TAGS | {"br", "time"}


class Block(NamedTuple):
    """A run of text of one block element. `frame` and `footer` say where it stands; `words` are the id and class."""

    text: str
    element: Element
    words: str
    frame: bool
    footer: bool

    @property
    def path(self) -> str:
        """An XPath to the element, as a locator."""
        return "xpath:" + str(self.element.getroottree().getpath(self.element))


@dataclass(frozen=True)
class Layout:
    """A page laid out: its blocks in document order, and the visible elements that may say a date.

    Those are `<time>` and what may have a date in its own text.
    """

    tree: Element
    blocks: list[Block]
    datable: list[Element]

    @cached_property
    def main(self) -> list[Block]:
        """The blocks of main text."""
        return main_blocks(self.blocks)


class _Walk:
    """Collects blocks in one pass without recursion: a page may nest deeper than Python's stack."""

    def __init__(self, root: Element) -> None:
        self.blocks: list[Block] = []
        self.datable: set[Element] = set()
        self.mains: list[Element] = []
        self._root = root
        self._pieces: list[str] = []
        self._places: list[Place] = [(root, "", False, False)]

    def run(self, hidden: Collection[Element]) -> None:
        """Walk the tree. Much of a page's reading is spent here, on inline elements: they take no call of ours."""
        walker = etree.iterwalk(self._root, events=("start", "end"))
        skipped: Element | None = None
        for event, node in walker:
            if event == "start":
                if node.tag in SKIPPED or node in hidden:
                    skipped = node
                    walker.skip_subtree()
                    continue
                if node.tag in _BEGINNING:
                    self._begin(node)
                text = node.text
            else:
                if node.tag in BLOCK_TAGS and node is not skipped:
                    self._end()
                text = node.tail
            if text:
                if not text.isspace():
                    self._pieces.append(text)
                    if may_have_date(text):
                        self._date(node if event == "start" else node.getparent())
                elif self._pieces:
                    self._pieces.append(" ")
        self._flush()

    def _begin(self, node: Element) -> None:
        if node.tag == "br":
            self._pieces.append(" ")
        elif node.tag == "time":
            self.datable.add(node)
        else:
            if self._pieces:
                self._flush()
            self._places.append(place_of(node, self._places[-1]))
            if node.tag == "main":
                self.mains.append(node)

    def _end(self) -> None:
        if self._pieces:
            self._flush()
        self._places.pop()

    def _date(self, element: Element | None) -> None:
        if element is not None:
            self.datable.add(element)

    def _flush(self) -> None:
        """Make a block of the pieces of text since the last one."""
        text = one_line("".join(self._pieces))
        self._pieces = []
        if text:
            self.blocks.append(Block(text, *self._places[-1]))


def lay_out(tree: Element) -> Layout:
    """Return the layout of a page. Main is what a marked-up main region holds, else what no frame holds."""
    body = tree.find("body")
    hidden, marked = _attributed(tree)
    walk = _Walk(body if body is not None else tree)
    walk.run(hidden)
    region = _main_region(walk.mains, marked, walk.blocks)
    found = [_framed(item) if region and item.element not in region else item for item in walk.blocks]
    return Layout(tree, found, _in_order(tree, walk.datable))


def _attributed(tree: Element) -> tuple[set[Element], list[Element]]:
    """Return the elements whose own markup says that they are not shown, and those that it calls the main region."""
    hidden: set[Element] = set()
    marked: list[Element] = []
    for value in cast("list[etree._ElementUnicodeResult]", _ATTRIBUTES(tree)):  # noqa: SLF001 - lxml's only name
        element = value.getparent()
        if element is None:
            continue
        if value.attrname == "role":
            marked += [element] if value == "main" else []
        elif value.attrname == "hidden" or _is_hiding(value):
            hidden.add(element)
    return hidden, marked


def _is_hiding(style: str) -> bool:
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def blocks(tree: Element) -> list[Block]:
    """Return the text blocks of a page."""
    return lay_out(tree).blocks


def _framed(block: Block) -> Block:
    return block if block.frame else Block(block.text, block.element, block.words, frame=True, footer=block.footer)


def main_blocks(found: list[Block]) -> list[Block]:
    """Return the blocks of main text: what stands outside the frame; never nothing by heuristics alone."""
    outside = [item for item in found if not item.frame]
    return outside or [item for item in found if not item.footer]


def _main_region(mains: list[Element], marked: list[Element], found: list[Block]) -> frozenset[Element]:
    """Return the elements of the only marked-up main region that shows letters; empty when there is none."""
    for regions in (mains, marked):
        inside = frozenset(regions[0].iter()) if len(regions) == 1 else frozenset()
        if any(item.element in inside and any(map(str.isalpha, item.text)) for item in found):
            return inside
    return frozenset()


def _in_order(root: Element, found: set[Element]) -> list[Element]:
    """Return elements in document order."""
    return [node for node in root.iter(*{node.tag for node in found}) if node in found] if found else []
