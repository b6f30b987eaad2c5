"""What a page declares its language to be: attributes, headers and metadata, as written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.html import Document
from checks.facts.model import Declaration
from crawler.capture import Capture

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_LONGEST = 35
_XML = "{http://www.w3.org/XML/1998/namespace}lang"
_META = {
    "content-language": "content_language",
    "og:locale": "og_locale",
    "dc.language": "metadata",
    "dcterms.language": "metadata",
    "language": "metadata",
    "inlanguage": "metadata",
}


def declarations(document: Document, capture: Capture) -> tuple[Declaration, ...]:
    """Return what a page and its answer declare, in order of weight, each method once, at most 35 characters each."""
    found: dict[str, Declaration] = {}
    for method, text in _stated(document, capture):
        plain = " ".join((text or "").split())[:_LONGEST]
        if plain:
            found.setdefault(method, Declaration(method, plain))
    return tuple(found.values())


def _stated(document: Document, capture: Capture) -> Iterator[tuple[str, str | None]]:
    tree = document.tree
    yield "html_lang", tree.get("lang") or tree.get(_XML) or tree.get("xml:lang")
    yield "content_language", capture.header("content-language")
    for element in document.all("meta"):
        name = element.get("name") or element.get("property") or element.get("http-equiv") or element.get("itemprop")
        method = _META.get((name or "").strip().lower())
        if method:
            yield method, element.get("content")


def is_code(text: str, aliases: frozenset[str]) -> bool:
    """Tell whether *text* is a well-formed language tag (RFC 5646, section 2.1) whose language is no alias."""
    return bool(_TAG.fullmatch(text)) and text.split("-", maxsplit=1)[0].lower() not in aliases
