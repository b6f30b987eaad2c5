"""Legal notices: what the footer and the terms of a site say about re-use.

Only the frame's footer and pages about terms speak for the site: a photo's credit or an article's agency line does
not. Phrases come from the pack, each verified or not; open licences are recognised by their addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from checks.facts.html import Block, Element, elements, text_of, words_of
from checks.facts.model import Notice, NoticeKind
from checks.redact import Redactor
from config.pack import Extraction

_BARE = re.compile(r"(?:©|\(\s?[cс]\s?\)|&copy;)", re.IGNORECASE)
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
_MEANINGS = (
    ("copyright_restrictive", NoticeKind.RESTRICTED),
    ("copyright_attribution", NoticeKind.ATTRIBUTION),
    ("own_purposes", NoticeKind.ATTRIBUTION),
    ("free_use", NoticeKind.OPEN),
)


class NoticeReader:
    """Finds notices with one pack's phrases."""

    def __init__(self, extraction: Extraction, redactor: Redactor) -> None:
        self._redactor = redactor
        self._phrases = [
            (kind, phrase.p, phrase.verified, re.compile(rf"(?<!\w){re.escape(phrase.p)}", re.IGNORECASE))
            for meaning, kind in _MEANINGS
            for phrases in extraction.phrases(meaning).values()
            for phrase in phrases
            if not _BARE.fullmatch(phrase.p)
        ]

    def read(self, tree: Element, found: list[Block], *, terms_page: bool) -> tuple[Notice, ...]:
        """Return the notices of a page, each once. *terms_page* lets the main text speak too."""
        speaking = [block for block in found if block.footer or (terms_page and not block.frame)]
        notices = {
            (notice.kind, notice.phrase): notice for block in reversed(speaking) for notice in self._block(block)
        }
        for notice in self._licences(tree, {block.element: block.footer for block in speaking}):
            notices.setdefault((notice.kind, notice.phrase), notice)
        return tuple(sorted(notices.values(), key=lambda item: (item.kind, item.phrase)))

    def _block(self, block: Block) -> Iterable[Notice]:
        hits = [(kind, p, verified, pattern.search(block.text)) for kind, p, verified, pattern in self._phrases]
        worded = [self._notice(kind, p, block, hit, verified=verified) for kind, p, verified, hit in hits if hit]
        bare = _BARE.search(block.text)
        if not worded and bare and block.footer:
            worded = [self._notice(NoticeKind.BARE, "©", block, bare, verified=True)]
        return worded

    def _notice(self, kind: NoticeKind, phrase: str, block: Block, hit: re.Match[str], *, verified: bool) -> Notice:
        excerpt = self._redactor.around(block.text, hit.start())
        return Notice(kind, phrase, verified, excerpt, block.path, block.footer)

    def _licences(self, tree: Element, speaking: dict[Element, bool]) -> Iterable[Notice]:
        for element in elements(tree, "a", "link"):
            href = element.get("href") or ""
            kind = licence_kind(href)
            if kind is None:
                continue
            rel = "license" in (element.get("rel") or "").lower().split()
            place = next((parent for parent in (element, *element.iterancestors()) if parent in speaking), None)
            if element.tag == "link" or place is not None or (rel and not _is_credit(element)):
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


def _is_credit(element: Element) -> bool:
    """Tell whether a link stands in an article or under a picture: then it may license that alone, not the site."""
    for item in (element, *element.iterancestors()):
        if item.tag in _WHOLE or item.tag in _ASIDES or _FRAME.search(words_of(item)):
            return False
        if item.tag in _PARTS or _CREDIT.search(words_of(item)):
            return True
    return False


def _bare_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
