"""Reads what a crawl needs from an HTML page, in one parse: links, canonical, alternates, refresh, visible text.

selectolax parses 3,800 pages a second where parsel does 740; LinkExtractor alone would cost more than the fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_to_unicode

from config.urls import absolute
from config.yamltext import parse_yaml
from crawler.capture import Purpose

_REFRESH = re.compile(r"^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?(?!url\s*=)([^\s'\"][^'\"]*)", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
# Comments are taken atomically: a page of many comments must not be tried in every way they can be split.
_SNIFFED = re.compile(rb"^\s*+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_NO_PAGE = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"Rar!")
PAGE_BYTES = 3_000_000  # of a page are read: a dense tree takes forty times that, and two may be at hand
_LARGE = 200_000
_DEEPEST = 3_000
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNCLOSED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th option".split()
)
_SNIFF_BYTES = 2048
_LONGEST = 2000
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_PATH_SESSION = re.compile(r"(?i);(?:j|php)?session_?id=[^/?#]*")
_REMEMBERED = 65_536


class Link(msgspec.Struct, frozen=True):
    """An address named by a page. `skip` says why it is not asked for, if so; `nofollow` was the page's own wish."""

    url: str
    purpose: Purpose = Purpose.PAGE
    nofollow: bool = False
    skip: str | None = None


class Links(msgspec.Struct, frozen=True):
    """What a page names: links in order, each once; other versions of itself; feeds; where it sends a browser."""

    links: tuple[Link, ...] = ()
    canonical: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    refresh: str | None = None
    charset: str = "utf-8"
    feeds: tuple[str, ...] = ()


class Page:
    """A parsed page, of its first `PAGE_BYTES` bytes. Cheap to make once, then asked several times."""

    def __init__(self, body: bytes, content_type: str | None = None) -> None:
        self.charset, self.source = html_to_unicode(content_type, shallow(body[:PAGE_BYTES]))
        self.tree = LexborHTMLParser(self.source)
        self._visible: str | None = None

    @property
    def title(self) -> str:
        """The title and the first h1, in lower case, white space folded."""
        found = [self.tree.css_first("head > title"), self.tree.css_first("h1")]
        return fold(" | ".join(node.text() for node in found if node is not None))

    def text(self) -> str:
        """Return the visible text, white space folded.

        Takes scripts and styles out of the tree: ask for links first.
        """
        return " ".join(self.shown().split())

    def shown(self) -> str:
        """Return the visible text as it stands; like `text` it takes scripts and styles out of the tree."""
        if self._visible is None:
            self.tree.strip_tags(["script", "style", "noscript", "template", "svg", "head"])
            body = self.tree.body
            self._visible = body.text(separator=" ") if body is not None else ""
        return self._visible

    def length(self, most: int) -> int:
        """Return how many letters the visible text has, white space folded, or *most* and any more if it is longer.

        Takes scripts and styles out of the tree.
        """
        start = " ".join(self.shown()[: 2 * most].split())  # most pages show what is asked there
        return len(start) if len(start) >= most else len(self.text())


def fold(text: str) -> str:
    """Return *text* in lower case with white space folded."""
    return " ".join(text.split()).lower()  # five times as fast as a regular expression


def is_html(body: bytes, content_type: str | None) -> bool:
    """Tell whether the body is an HTML page: by its declared type, or by its first bytes when that says little."""
    declared = (content_type or "").split(";")[0].strip().lower()
    if body.startswith(_NO_PAGE):
        return False
    if declared in _HTML_TYPES:
        return True
    return declared in ("", "text/plain", "application/octet-stream") and bool(_SNIFFED.match(body[:_SNIFF_BYTES]))


def shallow(body: bytes) -> bytes:
    """Return *body* cut where its elements nest deeper than any page does: parsers take a second per few thousand.

    Only large bodies are looked at; elements that need no end tag do not count.
    """
    if len(body) < _LARGE or body.count(b"<") - body.count(b"</") <= _DEEPEST:  # fewer begin than may nest
        return body
    depth = 0
    for hit in _TAG.finditer(body):
        if hit[2].lower() not in _UNCLOSED:
            depth = max(0, depth - 1) if hit[1] else depth + 1
        if depth > _DEEPEST:
            return body[: hit.start()]
    return body


def links(body: bytes, url: str, headers: Iterable[tuple[str, str]]) -> Links:
    """Return what the page at *url* names."""
    content_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    return links_of(Page(body, content_type), url)


def links_of(page: Page, url: str) -> Links:
    """Return what a parsed page names."""
    tree = page.tree
    base = base_of(tree, url)
    origin = urljoin(base, "/").rstrip("/")
    shy = any("nofollow" in (_attr(node, "content")).lower() for node in tree.css('meta[name="robots" i]'))
    found: dict[str, Link] = {}
    for node in tree.css("a[href], area[href], iframe[src], frame[src]"):
        attributes = node.attributes
        href = attributes.get("href") or attributes.get("src") or ""
        rel = attributes.get("rel")
        bound = shy or (rel is not None and "nofollow" in rel.lower())
        link = _rooted(origin, href, bound) if href[:1] == "/" else _link(base, href, nofollow=bound)
        if link and link.url not in found:
            found[link.url] = link
    refresh = _refresh(tree, base)
    if refresh and refresh not in found:
        found[refresh] = judge(refresh)
    return Links(
        tuple(found.values()), _canonical(tree, base), _alternates(tree, base), refresh, page.charset,
        _feeds(tree, base),
    )  # fmt: skip


@lru_cache(maxsize=_REMEMBERED)
def _rooted(origin: str, href: str, nofollow: bool) -> Link | None:  # noqa: FBT001 - a part of the key
    """Return a link that is the same on every page of a site, as those of menus are: what was worked out is kept."""
    return _link(f"{origin}/", href, nofollow=nofollow)


def _link(base: str, href: str, *, nofollow: bool) -> Link | None:
    try:
        return _linked(urljoin(base, href.strip()), nofollow)
    except ValueError:
        return None


@lru_cache(maxsize=_REMEMBERED)
def _linked(url: str, nofollow: bool) -> Link | None:  # noqa: FBT001 - as above
    address = absolute(url, "")
    return judge(address, nofollow=nofollow) if address else None


@lru_cache(maxsize=_REMEMBERED)
def judge(url: str, *, nofollow: bool = False) -> Link:
    """Return the link with what its address alone tells: its likely purpose, and whether it is worth asking for."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.lower().split("/") if segment]
    extension = segments[-1].rpartition(".")[2] if segments and "." in segments[-1] else ""
    lists = _lists()
    if extension in lists["media"]:
        return Link(url, nofollow=nofollow, skip="policy")
    purpose = Purpose.DOCUMENT if extension in lists["documents"] else Purpose.PAGE
    return Link(url, purpose, nofollow, _skip(url, segments, parts.query))


def without_session(url: str) -> str:
    """Return *url* without session ids, in the path (`;jsessionid=`) or the query: they name a visitor, not a page."""
    lowered = url.lower()
    if not any(name in lowered for name in _lists()["session"]):
        return url
    parts = urlsplit(_PATH_SESSION.sub("", url))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not pair[0].lower().startswith(tuple(_lists()["session"]))]
    return urlunsplit(parts if len(kept) == len(pairs) else parts._replace(query=urlencode(kept)))


def _skip(url: str, segments: list[str], query: str) -> str | None:
    if is_trap(url, segments):
        return "trap"
    names = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)} if query else set()
    for reason, words in _lists()["skip"].items():
        if not words["segments"].isdisjoint(segments) or not words["parameters"].isdisjoint(names):
            return str(reason)
    return None


def is_trap(url: str, segments: list[str]) -> bool:
    """Tell whether an address looks endless: too long, or the same path segments over and over."""
    repeated = max((segments.count(segment) for segment in set(segments)), default=0)
    return len(url) > _LONGEST or repeated > 2  # noqa: PLR2004  # /a/b/a/b/a: twice happens, thrice is a loop


@cache
def _lists() -> Mapping[str, Any]:
    data = parse_yaml(files("crawler.data").joinpath("links.yaml").read_text("utf-8"))
    skip = {reason: {kind: frozenset(words) for kind, words in lists.items()} for reason, lists in data["skip"].items()}
    session = tuple(data["session"])
    named = {kind: frozenset(data[kind]) for kind in ("documents", "media")}
    return {"skip": skip, "session": session, **named}


def _attr(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Return the address that a page's links are relative to."""
    node = tree.css_first("base[href]")
    try:
        return urljoin(url, _attr(node, "href").strip()) if node is not None else url
    except ValueError:
        return url


def _canonical(tree: LexborHTMLParser, base: str) -> str | None:
    node = tree.css_first('link[rel~="canonical" i][href]')
    return absolute(base, _attr(node, "href")) if node is not None else None


def _alternates(tree: LexborHTMLParser, base: str) -> tuple[tuple[str, str], ...]:
    pairs = (
        (_attr(node, "hreflang").strip().lower(), absolute(base, _attr(node, "href")))
        for node in tree.css('link[rel~="alternate" i][hreflang][href]')
    )
    return tuple((language, url) for language, url in pairs if language and url)


def _feeds(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    nodes = tree.css('link[rel~="alternate" i][type$="+xml" i][href]')
    named = [absolute(base, _attr(node, "href")) for node in nodes if _attr(node, "type").lower() in _FEEDS]
    return tuple(dict.fromkeys(url for url in named if url))


def _refresh(tree: LexborHTMLParser, base: str) -> str | None:
    node = tree.css_first('meta[http-equiv="refresh" i][content]')
    match = _REFRESH.match(_attr(node, "content")) if node is not None else None
    return absolute(base, match[1]) if match else None
