"""Language versions: how an address names its language, and which addresses a page offers for others.

Sites put codes into paths (often not the ISO ones), queries or host names, and may give one language without any
sign. Codes, aliases and names come from the pack.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from checks.facts.html import elements, text_of
from checks.facts.model import LanguageLink
from config.pack import Pack
from config.urls import absolute, path_has_prefix

LANGUAGE_PARAMETERS = frozenset({"lang", "language", "locale", "l", "hl", "lng", "uselang", "setlang", "langid"})
_SEGMENTS = 2
_LONGEST_SWITCH = 24
_SHORTEST_FORM = 3


@dataclass(frozen=True)
class Neutral:
    """An address without its language sign, and the language that the sign names (None: no sign)."""

    url: str
    language: str | None


class VersionReader:
    """Reads language signs for one pack."""

    def __init__(self, pack: Pack) -> None:
        self._codes = {
            text.lower(): item.code for item in pack.languages for text in (item.code, *item.aliases) if text
        }
        self._labels = dict(self._codes)
        for item in pack.languages:
            self._labels.update({name.lower(): item.code for name in item.names.values()})
        self._labels = self._short_forms() | self._labels

    def _short_forms(self) -> dict[str, str]:
        """Return the beginnings of names by which switches call a language, where they mean one language only."""
        forms: dict[str, set[str]] = {}
        for name, code in self._labels.items():
            for length in range(_SHORTEST_FORM, len(name)):
                forms.setdefault(name[:length], set()).add(code)
        return {form: codes.pop() for form, codes in forms.items() if len(codes) == 1}

    def neutral(self, url: str, root: str = "") -> Neutral:
        """Return *url* without its language sign. Path segments count only below *root* and near its top."""
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        for name, value in query:
            if name.lower() in LANGUAGE_PARAMETERS and value.lower() in self._codes:
                rest = urlencode([pair for pair in query if pair != (name, value)])
                return Neutral(urlunsplit(parts._replace(query=rest)), self._codes[value.lower()])
        return self._path(url, root) or self._host(url) or Neutral(url, None)

    def _path(self, url: str, root: str) -> Neutral | None:
        parts = urlsplit(url)
        base = self._base(root) if root and path_has_prefix(parts.path, self._base(root)) else ""
        segments = parts.path[len(base) :].lstrip("/").split("/")
        for index, segment in enumerate(segments[:_SEGMENTS]):
            code = self._codes.get(segment.lower())
            if code:
                rest = "/".join(segments[:index] + segments[index + 1 :])
                return Neutral(urlunsplit(parts._replace(path=f"{base}/{rest}")), code)
        return None

    def _base(self, root: str) -> str:
        """Return the path below which segments count: that of *root*, up to its own language sign if it has one."""
        segments = urlsplit(root).path.rstrip("/").split("/")
        sign = next((index for index, segment in enumerate(segments) if segment.lower() in self._codes), None)
        return "/".join(segments[:sign])

    def _host(self, url: str) -> Neutral | None:
        parts = urlsplit(url)
        first, dot, rest = parts.netloc.partition(".")
        code = self._codes.get(first.lower())
        return Neutral(urlunsplit(parts._replace(netloc=rest)), code) if code and dot and "." in rest else None

    def links(self, tree: HtmlElement, url: str) -> tuple[LanguageLink, ...]:
        """Return the versions that a page offers: hreflang alternates first, then links labelled as a language."""
        found: dict[tuple[str, str], LanguageLink] = {}
        for element in elements(tree, "link"):
            if "alternate" in (element.get("rel") or "").lower().split() and element.get("hreflang"):
                self._add(found, element.get("hreflang"), url, element, "hreflang")
        for element in elements(tree, "a"):
            self._add(found, element.get("hreflang") or _label(element), url, element, "switch")
        return tuple(found.values())

    def _add(
        self, found: dict[tuple[str, str], LanguageLink], label: str | None, url: str, element: HtmlElement, method: str
    ) -> None:
        wanted = (label or "").strip().lower()
        code = self._labels.get(wanted) or self._codes.get(wanted.split("-")[0])
        # Few links name a language; resolving the addresses of all cost a fifth of a page's reading.
        target = absolute(url, element.get("href") or "") if code else None
        if code and target:
            found.setdefault((code, target), LanguageLink(code, target, method))


def _label(link: HtmlElement) -> str:
    """Return what a link calls itself: its text, its title, or what stands for its picture."""
    picture = link.find(".//img")
    named = (text_of(link), link.get("title"), picture.get("alt") if picture is not None else None)
    return next((text for text in named if text and len(text) <= _LONGEST_SWITCH), "")
