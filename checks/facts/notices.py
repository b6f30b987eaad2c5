"""Legal notices: what the footer and the terms of a site say about re-use.

Only the site's own places speak for it: its footer, pages about terms, a copyright line with a year that ends the page
or stands in its frame, and what an element calls rights or licence. A photo's credit, an article's agency line or the
theme of whoever built the site do not. Open licences are recognised by their addresses and names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from checks.facts.html import Document, Element, text_of, words_of
from checks.facts.layout import Block
from checks.facts.model import Notice, NoticeKind
from checks.facts.noticewords import NoticeWords, Wording
from checks.redact import Redactor
from config.pack import Extraction

_CC = re.compile(
    r"(?:https?:)?//(?:[a-z]+\.)?creativecommons\.org/(?:licenses/(?P<terms>[a-z-]+)|publicdomain/(?P<public>zero|mark))",
    re.IGNORECASE,
)
_CC_TERMS = frozenset({"by", "sa", "nc", "nd"})
_ODC = re.compile(r"(?:https?:)?//(?:www\.)?opendatacommons\.org/licenses/(?:odbl|by|pddl)\b", re.IGNORECASE)
_PARTS = frozenset({"article", "main", "figure", "figcaption"})
_ASIDES = frozenset({"aside", "footer", "nav"})
_FRAME = re.compile(r"sidebar|widget|footer", re.IGNORECASE)
_WHOLE = frozenset({"html", "body"})
_CREDIT = re.compile(
    r"caption|credit|photo|image|picture|comment|attribution|gallery|post|entry|content", re.IGNORECASE
)
_PICTURE = re.compile(r"caption|credit|photo|foto|image|img|picture|gallery|video|media|comment", re.IGNORECASE)
_LABELLED = re.compile(r"copyright|licen[cs]e|rights|permission|legal|disclaimer", re.IGNORECASE)
_LAST_BLOCKS = 8
_LABEL_DEPTH = 3


class NoticeReader:
    """Finds notices with one pack's phrases."""

    def __init__(self, extraction: Extraction, redactor: Redactor) -> None:
        self._redactor = redactor
        self._words = NoticeWords(extraction)

    def read(self, document: Document, found: list[Block], *, terms_page: bool) -> tuple[Notice, ...]:
        """Return the notices of a page, each once. *terms_page* lets the main text speak too."""
        speaking = {block.element: block.footer for block in found if block.footer or (terms_page and not block.frame)}
        linked = list(self._licences(document, speaking))
        labels = _Labels()
        told = [
            (block, wording)
            for number, block in enumerate(found)
            for wording in self._said(block, labels, terms=terms_page, last=number >= len(found) - _LAST_BLOCKS)
            if not (wording.licence and linked)  # the link says which licence is meant, the words around it less well
        ]
        notices = {(wording.kind, wording.phrase): self._notice(block, wording) for block, wording in reversed(told)}
        for notice in linked:
            notices.setdefault((notice.kind, notice.phrase), notice)
        return tuple(sorted(notices.values(), key=lambda item: (item.kind, item.phrase)))

    def _said(self, block: Block, labels: _Labels, *, terms: bool, last: bool) -> Iterable[Wording]:
        """Return what a block says for the site: all of it where it may speak, else what is the site's by its form."""
        if block.footer:
            return self._whole(block)
        if terms and not block.frame:
            return self._words.find(block.text)
        if (block.frame or last) and self._words.is_line(block.text) and not _in_picture(block.element):
            return self._whole(block)
        if block.frame and _is_aside(block):
            return [item for item in self._words.find(block.text) if item.licence]
        return self._labelled(block, labels)

    def _whole(self, block: Block) -> Iterable[Wording]:
        """Return what the words say, and the bare sign where no phrase goes with it."""
        worded = self._words.find(block.text)
        sign = self._words.sign(block.text) if all(item.licence for item in worded) else None
        return worded if sign is None else [*worded, Wording(NoticeKind.BARE, "©", verified=True, start=sign)]

    def _labelled(self, block: Block, labels: _Labels) -> Iterable[Wording]:
        """Return the restriction that an element calls rights or licence, or that is the whole block; not in menus."""
        formula = self._words.formula(block.text)
        labelled = formula or labels.has(block)
        if not labelled or _in_picture(block.element) or any(item.tag == "nav" for item in _around(block.element)):
            return []
        if formula:
            return [formula]
        return [item for item in self._words.find(block.text) if item.kind is NoticeKind.RESTRICTED]

    def _notice(self, block: Block, found: Wording) -> Notice:
        excerpt = self._redactor.around(block.text, found.start)
        return Notice(found.kind, found.phrase, found.verified, excerpt, block.path, block.frame)

    def _licences(self, document: Document, speaking: dict[Element, bool]) -> Iterator[Notice]:
        in_head = ((element, element.get("href") or "") for element in document.all("link"))
        for element, href in (*in_head, *document.links):
            kind = licence_kind(href) if "commons" in href.lower() else None
            if kind is None:
                continue
            rels = (element.get("rel") or "").lower().split()
            rel = "license" in rels
            place = next((parent for parent in (element, *element.iterancestors()) if parent in speaking), None)
            head = element.tag == "link" and bool({"license", "copyright"} & set(rels))
            if head or place is not None or (element.tag == "a" and _speaks(element, rel=rel)):
                path = "xpath:" + str(element.getroottree().getpath(element))
                text = self._redactor.excerpt(f"{text_of(element)} {href}".strip())
                phrase = ("rel=license " if rel else "") + _bare_url(href)
                footer = place is not None and speaking[place]
                yield Notice(kind, phrase, verified=True, excerpt=text, locator=path, in_footer=footer)


def licence_kind(url: str) -> NoticeKind | None:
    """Return what a licence address allows: open (Open Definition 2.1), restricted (NC, ND), or None if unknown."""
    creative = _CC.match(url.strip())
    if creative is None or creative["public"]:
        return NoticeKind.OPEN if creative or _ODC.match(url.strip()) else None
    terms = set(creative["terms"].lower().split("-"))
    if not terms <= _CC_TERMS:
        return None
    return NoticeKind.RESTRICTED if terms & {"nc", "nd"} else NoticeKind.OPEN


def _speaks(element: Element, *, rel: bool) -> bool:
    """Tell whether a licence link is the site's: a marked one that is no credit, another in a sidebar or widget."""
    credit = _is_credit(element)
    return credit is False or (rel and credit is None)


def _is_credit(element: Element) -> bool | None:
    """Tell whether a link stands in an article or under a picture: then it may license that alone, not the site.

    False where a sidebar or widget is around it; None where nothing tells.
    """
    for item in (element, *element.iterancestors()):
        if item.tag in _WHOLE:
            return None
        if item.tag in _ASIDES or _FRAME.search(words_of(item)):
            return False
        if item.tag in _PARTS or _CREDIT.search(words_of(item)):
            return True
    return None


def _is_aside(block: Block) -> bool:
    """Tell whether a block of the frame may name the site's licence: in a sidebar, not in a comment."""
    return ("cc" in (text := block.text.lower()) or "creative" in text) and _is_credit(block.element) is False


def _in_picture(element: Element) -> bool:
    return any(
        item.tag in ("figure", "figcaption") or bool(_PICTURE.search(words_of(item))) for item in _around(element)
    )


def _around(element: Element, depth: int = _LABEL_DEPTH) -> tuple[Element, ...]:
    return (element, *islice(element.iterancestors(), depth - 1))


class _Labels:
    """Tells which blocks stand in an element that is called rights or licence. Most share their parent with others."""

    def __init__(self) -> None:
        self._parents: dict[Element | None, bool] = {None: False}

    def has(self, block: Block) -> bool:
        if block.words and _calls_rights(block.words):
            return True
        parent = block.element.getparent()
        if parent is not None and parent not in self._parents:
            self._parents[parent] = any(_calls_rights(words_of(item)) for item in _around(parent, _LABEL_DEPTH - 1))
        return self._parents[parent]


@lru_cache(maxsize=16_384)
def _calls_rights(words: str) -> bool:
    return bool(words and _LABELLED.search(words))


def _bare_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
