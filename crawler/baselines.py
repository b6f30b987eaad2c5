"""Baselines: what a host shows for an address that names nothing, per path prefix, language variant and way of looking.

A host that answers 200 to every address hides which pages exist. So one address that cannot exist is asked under each
prefix once a night (as GSA's site-scanning engine does at the root of a site), and pages are compared with
what came. Its name is the same every night, so that the answer can be confirmed rather than sent again.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from config.urls import site_host, under
from crawler.capture import Capture, CaptureKey, How, Purpose
from crawler.html import Page, fold, is_html

NAME = "no-such-page-"
"""How the last segment of a baseline's address begins."""

_NEAR_EQUAL = 0.9
_OWN_WORDS = 12  # a page whose frame is large is nearly equal to anything on its site: what is its own must be little
_SHINGLE = 4
_DIGITS = re.compile(r"\d+")
_TOKEN = re.compile(NAME + r"[0-9a-f]{12}")
_GOOD = range(200, 300)
_Place = tuple[str, tuple[tuple[str, str], ...], How]


class Baseline(msgspec.Struct, frozen=True):
    """What was shown for the address `url`, which names nothing; `shown` is where redirects ended.

    `title` and `text` are folded to lower case, as `crawler.html.Page` gives them.
    """

    url: str
    shown: str
    status: int | None
    title: str
    text: str

    @property
    def lies(self) -> bool:
        """Whether the host says that all is well for an address that names nothing."""
        return self.status in _GOOD and bool(self.text)

    @property
    def prefix(self) -> str:
        """The prefix it stands for, ending in a slash."""
        return self.url.rpartition("/")[0] + "/"

    @property
    def digest(self) -> str:
        """SHA-256 of all that pages are compared with."""
        parts = (self.url, self.shown, str(self.status), self.title, _masked(self.text, self.url))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def same(self, capture: Capture, title: str, text: str) -> str | None:
        """Return the reason code when a page is what the host shows for nothing, else None.

        The home page is what it says it is, even where every unknown address shows it, too.
        """
        if not self.lies or self._is_home(capture.key.url):
            return None
        moved, away = capture.url != capture.key.url, self.shown != self.url
        if moved and away and _bare(capture.url) == _bare(self.shown):
            return "baseline_redirect"
        own = capture.key.url
        if not near_equal(_masked(title, own), _masked(self.title, self.url)) and title != self.title:
            return None
        left, right = _masked(text, own), _masked(self.text, self.url)
        return "baseline" if near_equal(left, right) and _own_words(left, right) <= _OWN_WORDS else None

    def _is_home(self, url: str) -> bool:
        roots = {_bare(self.prefix), _bare(_root(url)), _bare(self.shown)}
        return _bare(url) in roots


def baseline_of(capture: Capture, body: bytes) -> Baseline:
    """Read a baseline from its capture."""
    content_type = capture.header("content-type")
    if not is_html(body, content_type):
        return Baseline(capture.key.url, capture.url, capture.shown_status, "", "")
    page = Page(body, content_type)
    title = page.title
    return Baseline(capture.key.url, capture.url, capture.shown_status, title, fold(page.text()))


def prefix_of(url: str, scope_url: str) -> str:
    """Return the prefix that a page's baseline is asked under: its scope's, and one directory more where it has one."""
    parts = urlsplit(url)
    root = urlsplit(scope_url).path.rstrip("/") if under(url, scope_url) else ""
    rest = [segment for segment in parts.path[len(root) :].split("/") if segment]
    deeper = f"/{rest[0]}" if len(rest) > 1 else ""
    return urlunsplit((parts.scheme, parts.netloc, f"{root}{deeper}/", "", ""))


def probe_url(prefix: str) -> str:
    """Return the address under *prefix* that cannot exist."""
    parts = urlsplit(prefix)
    seed = f"{site_host(parts.netloc)}{parts.path}"
    return f"{prefix}{NAME}{hashlib.sha256(seed.encode()).hexdigest()[:12]}"


class Baselines:
    """The baselines of a night: which are to be asked, and which one a page is compared with."""

    def __init__(self, per_scope: int = 0) -> None:
        self._per_scope = per_scope
        self._asked: set[_Place] = set()
        self._spent: Counter[str] = Counter()
        self._known: dict[_Place, Baseline] = {}

    def wanted(self, capture: Capture) -> CaptureKey | None:
        """Return the question whose answer the page's verdict waits for, the first time it is needed, else None."""
        scope = next(iter(capture.scopes), None)
        if scope is None or capture.purpose is not Purpose.PAGE:
            return None
        if self._spent[scope] >= self._per_scope:
            return None
        prefix = prefix_of(capture.key.url, scope)
        place = _place(prefix, capture)
        if place in self._asked:
            return None
        self._spent[scope] += 1
        self._asked.add(place)
        return CaptureKey("GET", probe_url(prefix), None, capture.key.variant)

    def add(self, capture: Capture, body: bytes) -> None:
        """Take in a baseline's answer. A failed one tells nothing, but is not asked again."""
        found = baseline_of(capture, body)
        place = _place(found.prefix, capture)
        self._asked.add(place)
        if capture.sha256 is not None:
            self._known[place] = found

    def of(self, capture: Capture) -> Baseline | None:
        """Return the baseline of the longest prefix that the page lies under, looked at in the same way, or None."""
        return nearest(self._known, capture)


def nearest(known: dict[_Place, Baseline], capture: Capture) -> Baseline | None:
    """Return the baseline of the longest prefix of the page's address among *known*, or None."""
    parts = urlsplit(capture.key.url)
    segments = parts.path.split("/")
    for length in range(len(segments) - 1, 0, -1):
        path = "/".join(segments[:length]) + "/"
        found = known.get((f"{site_host(parts.netloc)}{path}", capture.key.variant, capture.how))
        if found:
            return found
    return None


def index(items: Iterable[tuple[Capture, Baseline]]) -> dict[_Place, Baseline]:
    """Return baselines by what they stand for; the first of a place counts."""
    found: dict[_Place, Baseline] = {}
    for capture, baseline in items:
        found.setdefault(_place(baseline.prefix, capture), baseline)
    return found


def near_equal(left: str, right: str) -> bool:
    """Tell whether two texts are the same but for numbers and a few words."""
    first, second = _shingles(left), _shingles(right)
    return bool(first) and len(first & second) >= _NEAR_EQUAL * len(first | second)


def _place(prefix: str, capture: Capture) -> _Place:
    parts = urlsplit(prefix)
    return f"{site_host(parts.netloc)}{parts.path}", capture.key.variant, capture.how


def _own_words(page: str, other: str) -> int:
    """Return how many words of a page the other does not have."""
    return (Counter(_words(page)) - Counter(_words(other))).total()


def _words(text: str) -> list[str]:
    return _DIGITS.sub("0", text).split()


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    if len(words) <= _SHINGLE:
        return {tuple(words)} if words else set()
    return {tuple(words[index : index + _SHINGLE]) for index in range(len(words) - _SHINGLE + 1)}


def _masked(text: str, url: str) -> str:
    """Take a page's own address out of its text: error pages like to repeat what was asked."""
    path = urlsplit(url).path
    for own in dict.fromkeys((url, unquote(path), path)):
        if len(own) > _SHINGLE:
            text = text.replace(own.lower(), "0")
    return _TOKEN.sub("0", text)


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return site_host(parts.netloc) + parts.path.rstrip("/")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
