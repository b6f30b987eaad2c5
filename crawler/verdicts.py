"""What an answer is, beside what it says: a page, a block page, a log-in wall, a shell, an error in disguise.

Plain and versioned: the crawl asks it as it goes, the checks ask it again, and a better one re-marks the past.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import msgspec

from config.yamltext import parse_yaml
from crawler.baselines import Baseline
from crawler.capture import Capture
from crawler.html import Page, fold, is_html, is_trap

VERSION = "3"

_HTTP_ERRORS = 400
_JSON_BYTES = 65_536
_SMALL_JSON = 12  # an error object is small; a data set that has a column called "error" is not
_SOAP_FAULT = re.compile(rb"<[\w.-]+:Body[^<>]*+>\s*+<(?:[\w.-]+:)?Fault\b")
_XML_ROOT = re.compile(rb"^\s*+(?><\?xml.*?\?>)?\s*+(?:(?><!--.*?-->)\s*+)*+<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)


class Verdict(StrEnum):
    """What an answer is."""

    PAGE = "page"
    SOFT_404 = "soft_404"
    BLOCKED = "blocked"
    ACCESS_CONTROL = "access_control"
    JS_SHELL = "js_shell"
    ERROR_BODY = "error_body"
    TRAP = "trap"
    EMPTY = "empty"
    NOT_PAGE = "not_page"


class VerdictFact(msgspec.Struct, frozen=True):
    """A verdict, the id of what it rests on, and the version of the code that gave it."""

    verdict: Verdict
    reason: str
    version: str = VERSION


def classify(capture: Capture, body: bytes, baseline: Baseline | None = None) -> VerdictFact:
    """Return what the captured answer is. *baseline* is what the host shows for an address that names nothing."""
    page = Page(body, capture.header("content-type")) if is_html(body, capture.header("content-type")) else None
    return judge_page(capture, body, page, baseline)


def judge_page(capture: Capture, body: bytes, page: Page | None, baseline: Baseline | None = None) -> VerdictFact:
    """Return what the answer is, given its parsed page. Takes scripts out of the page's tree."""
    found = _by_status(capture, page) or _by_address(capture)
    if found:
        return found
    if not body.strip():
        return VerdictFact(Verdict.EMPTY, "no_bytes")
    if page is None:
        return _other(body)
    if baseline is None and (found := judge_long(capture, page.length(_data()["long_text"] + 1))):
        return found  # most pages: no signature speaks of so long a text
    return _page(capture, _Look(Page(body, capture.header("content-type"))), baseline)


def judge_long(capture: Capture, length: int) -> VerdictFact | None:
    """Return what an answered page is by its length alone; None where its words must be looked at.

    *length* is that of its visible text, or less. No signature is looked for on a page of more than `long_text`.
    """
    plain = capture.status is not None and capture.status < _HTTP_ERRORS and not capture.header("cf-mitigated")
    if not plain or length <= _data()["long_text"]:
        return None
    return _by_address(capture) or VerdictFact(Verdict.PAGE, "page")


class _Look:
    """A page as the signatures see it. Order matters: scripts are counted before the text is taken.

    Most pages are longer than any signature speaks of; of those nothing is folded and searched.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.title = page.title
        self.scripts = page.tree.css_first("script") is not None
        self.password = page.tree.css_first('input[type="password" i]') is not None
        self.content = page.tree.css_first("img, video, iframe, object, embed, form, canvas") is not None
        self._noscript = [node.text() for node in page.tree.css("noscript")]
        self.shell_root = _has_root(page)
        self._shown = page.shown()
        self._start = page.length(_data()["long_text"] + 1)

    @cached_property
    def text(self) -> str:
        """The visible text."""
        return fold(self._shown)

    @cached_property
    def html(self) -> str:
        """The source."""
        return self._page.source.lower()

    @cached_property
    def noscript(self) -> str:
        """What is said to those without JavaScript."""
        return fold(" ".join(self._noscript))

    @property
    def shows(self) -> bool:
        """Whether there is any visible text."""
        return self._start > 0

    def within(self, limit: str) -> bool:
        """Tell whether the text is no longer than the limit of that name. None is over the longest."""
        return self._start <= int(_data()[limit])

    def holds(self, entry: Mapping[str, Any]) -> bool:
        """Tell whether a signature is there, in the place it asks for and on a page short enough."""
        where = entry["where"]
        if not self.within("long_text" if where == "title" else "short_text"):
            return False
        haystack: str = getattr(self, where)
        return any(word in haystack for word in entry["any"])


def _by_status(capture: Capture, page: Page | None) -> VerdictFact | None:
    status = capture.status
    if capture.header("cf-mitigated"):
        return VerdictFact(Verdict.BLOCKED, "cloudflare_challenge")
    if status is None or status < _HTTP_ERRORS:
        return None
    signature = _first("blocked", _Look(page)) if page else None
    if signature or status == 429:  # noqa: PLR2004
        return VerdictFact(Verdict.BLOCKED, signature or "status_429")
    if status in (401, 403, 407):
        return VerdictFact(Verdict.ACCESS_CONTROL, f"status_{status}")
    return VerdictFact(Verdict.NOT_PAGE, f"status_{status}")


def _by_address(capture: Capture) -> VerdictFact | None:
    segments = [segment for segment in urlsplit(capture.url).path.lower().split("/") if segment]
    return VerdictFact(Verdict.TRAP, "endless_address") if is_trap(capture.url, segments) else None


def _page(capture: Capture, look: _Look, baseline: Baseline | None) -> VerdictFact:
    def same(look: _Look) -> str | None:
        return baseline.same(capture, look.title, look.text) if baseline else None

    looks: tuple[tuple[Verdict, Callable[[_Look], str | None]], ...] = (
        (Verdict.BLOCKED, lambda look: _first("blocked", look)),
        (Verdict.ACCESS_CONTROL, _login),
        # Before soft_404: a shell looks the same for every address, whether there is a page or not.
        (Verdict.JS_SHELL, _shell),
        (Verdict.SOFT_404, same),
        (Verdict.SOFT_404, _missing),
        (Verdict.ERROR_BODY, lambda look: _first("error_page", look)),
        (Verdict.EMPTY, lambda look: None if look.shows or look.content else "no_text"),
    )
    found = ((verdict, reason) for verdict, test in looks if (reason := test(look)))
    return VerdictFact(*next(found, (Verdict.PAGE, "page")))


def _first(kind: str, look: _Look) -> str | None:
    return next((str(entry["id"]) for entry in _data()[kind] if look.holds(entry)), None)


def _login(look: _Look) -> str | None:
    if not look.within("short_text"):
        return None
    entries = (entry for entry in _data()["access_control"] if look.password or entry.get("alone"))
    return next((str(entry["id"]) for entry in entries if look.holds(entry)), None)


def _shell(look: _Look) -> str | None:
    data = _data()
    if not look.within("shell_text"):
        return None
    if any(word in look.noscript for word in data["js_shell"]["noscript"]):
        return "noscript_notice"
    return "empty_root" if look.scripts and look.shell_root else None


def _missing(look: _Look) -> str | None:
    found = _first("soft_404", look)
    if found != "not_found_number":
        return found
    lone = re.search(r"(?<![\w.-])404(?![\w.-])", look.title)
    return found if lone and not any(word in look.title for word in _data()["not_found_unless"]) else None


def _has_root(page: Page) -> bool:
    shell = _data()["js_shell"]
    wanted = [f'[id="{name}"]' for name in shell["roots"]] + list(shell["elements"])
    node = page.tree.css_first(", ".join(wanted))
    return node is not None and len(node.text(strip=True)) <= _data()["shell_text"]


def _other(body: bytes) -> VerdictFact:
    root = _XML_ROOT.match(body[:_JSON_BYTES])
    if root and root[1].decode("ascii", "replace").lower() in _data()["error_body"]["xml_roots"]:
        return VerdictFact(Verdict.ERROR_BODY, "xml_exception")
    if root and root[1].lower() == b"envelope" and _SOAP_FAULT.search(body[:_JSON_BYTES]):
        return VerdictFact(Verdict.ERROR_BODY, "xml_exception")
    if body.lstrip()[:1] == b"{" and len(body) <= _JSON_BYTES and _json_error(body):
        return VerdictFact(Verdict.ERROR_BODY, "json_error")
    return VerdictFact(Verdict.NOT_PAGE, "not_html")


def _json_error(body: bytes) -> bool:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict) or len(data) > _SMALL_JSON:
        return False
    rules = _data()["error_body"]
    lowered = {str(key).lower(): value for key, value in data.items()}
    flagged = any(_same(lowered.get(rule["key"]), rule["is"]) for rule in rules["json_flags"])
    return flagged or any(lowered.get(key) for key in rules["json_keys"]) or _json_refusal(lowered, rules)


def _json_refusal(told: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    """Tell a status and its words (RFC 9457 and its many relatives), or nothing but words."""
    worded = any(isinstance(told.get(key), str) for key in rules["json_words"])
    coded = any(re.fullmatch(r"[45]\d\d", str(told.get(key))) for key in rules["json_codes"])
    return worded and (coded or len(told) == 1)


def _same(value: object, wanted: object) -> bool:
    if isinstance(wanted, str):
        return isinstance(value, str) and value.lower() == wanted
    return value is wanted


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = parse_yaml(files("crawler.data").joinpath("signatures.yaml").read_text("utf-8"))
    return data
