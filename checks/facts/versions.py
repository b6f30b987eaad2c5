"""Language versions: how an address names its language, and which addresses a page offers for others.

Sites put codes into paths (often not the ISO ones), queries or host names, and may give one language without any
sign. Codes, aliases and names come from the pack.
"""

from __future__ import annotations

from checks.facts.html import Document, Element, text_of
from checks.facts.model import LanguageLink
from config.pack import Pack
from config.urls import absolute
from crawler.signs import LanguageSigns, Neutral, labels, spellings

_LONGEST_SWITCH = 24


_MADE: dict[str, tuple[Pack, VersionReader]] = {}


def reader_for(pack: Pack) -> VersionReader:
    """Return the reader of a pack, the same one as long as the same pack is asked for: rules ask for every page."""
    held = _MADE.get(pack.id)
    if held is None or held[0] is not pack:
        _MADE[pack.id] = held = (pack, VersionReader(pack))
    return held[1]


class VersionReader:
    """Reads language signs for one pack."""

    def __init__(self, pack: Pack) -> None:
        self._codes = spellings(pack)
        self._signs = LanguageSigns(self._codes)
        self._labels = labels(pack)

    def neutral(self, url: str, root: str = "") -> Neutral:
        """Return *url* without its language sign. Path segments count only below *root* and near its top."""
        return self._signs.neutral(url, root)

    def links(self, document: Document, url: str) -> tuple[LanguageLink, ...]:
        """Return the versions that a page offers: hreflang alternates first, then links labelled as a language."""
        found: dict[tuple[str, str], LanguageLink] = {}
        for element in document.all("link"):
            if "alternate" in (element.get("rel") or "").lower().split() and element.get("hreflang"):
                self._add(found, element.get("hreflang"), url, element, "hreflang")
        for element in document.all("a"):
            label = element.get("hreflang") or _label(element)
            if label:
                self._add(found, label, url, element, "switch")
        return tuple(found.values())

    def _add(
        self, found: dict[tuple[str, str], LanguageLink], label: str | None, url: str, element: Element, method: str
    ) -> None:
        wanted = (label or "").strip().lower()
        code = self._labels.get(wanted) or self._codes.get(wanted.split("-")[0])
        # Few links name a language; resolving the addresses of all cost a fifth of a page's reading.
        target = absolute(url, element.get("href") or "") if code else None
        if code and target:
            found.setdefault((code, target), LanguageLink(code, target, method))


def _label(link: Element) -> str:
    """Return what a link calls itself: its text, its title, or what stands for its picture."""
    text = text_of(link)
    if text and len(text) <= _LONGEST_SWITCH:
        return text
    picture = next(link.iter("img"), None)
    named = (link.get("title"), picture.get("alt") if picture is not None else None)
    return next((text for text in named if text and len(text) <= _LONGEST_SWITCH), "")
